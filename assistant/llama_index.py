"""Our retrieval as a LlamaIndex retriever, so that its engines and agents can stand on the same index.

from assistant.llama_index import DocumentRetriever
from assistant.settings import load

for found in DocumentRetriever(load({})).retrieve("Who may approve a refund?"):
    print(found.score, found.metadata["title"], found.text)
"""

from __future__ import annotations

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.assistant import Assistant
from assistant.contract import search_json
from assistant.settings import Settings


class DocumentRetriever(BaseRetriever):
    """Finds passages of the published index; follows it when a new generation is published.

    Each node has the passage's id and text; its metadata has document, title, heading, page, url, start and end, as
    `assistant search --json` gives them. Raises QuestionError, IndexMissing or IndexDamaged.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._assistant = Assistant(settings)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        passages = search_json(self._assistant.search(query_bundle.query_str))["passages"]
        return [_node(passage) for passage in passages]


def _node(passage: dict[str, object]) -> NodeWithScore:
    place = {name: passage[name] for name in ("document", "title", "heading", "page", "url", "start", "end")}
    # What tells where a passage stands is for citing, not for an encoder or a model to read as its text.
    node = TextNode(
        id_=str(passage["id"]),
        text=str(passage["text"]),
        metadata=place,
        excluded_embed_metadata_keys=list(place),
        excluded_llm_metadata_keys=[name for name in place if name not in ("title", "heading")],
    )
    return NodeWithScore(node=node, score=float(str(passage["score"])))
