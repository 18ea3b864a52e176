"""Our retrieval as a LlamaIndex retriever, so that its engines and agents can stand on the same index.

from assistant.llama_index import DocumentRetriever
from assistant.settings import load

for found in DocumentRetriever(load({})).retrieve("Who may approve a refund?"):
    print(found.score, found.metadata["title"], found.text)
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.assistant import Assistant
from assistant.contract import search_json
from assistant.settings import Settings


class DocumentRetriever(BaseRetriever):
    """Finds passages of the published index; follows it when a new generation is published.

    `limit` is how many passages are found at most (without it `retrieval.passages`), `within` a document or a folder
    that they must be of. Each node has the passage's id and text; its metadata has document, title, heading, page, url,
    start and end, as `assistant search --json` gives them. Retrieving raises QuestionError, IndexMissing or
    IndexDamaged. Close it when done, or use it in a `with` statement.
    """

    def __init__(self, settings: Settings, *, limit: int | None = None, within: str | None = None) -> None:
        if limit is not None and limit < 1:
            raise ValueError(f"limit must be 1 or more, and not {limit}")
        super().__init__()
        self._assistant = Assistant(settings)
        self._limit = limit
        self._within = within

    def close(self) -> None:
        """Close the open generation."""
        self._assistant.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        passages = search_json(self._assistant.search(query_bundle.query_str, self._limit, self._within))["passages"]
        return [_node(passage) for passage in passages]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


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
