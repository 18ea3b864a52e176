"""What the usual tutorials build over the same documents, to hold the product against.

Passages are LlamaIndex's sentence splitter's, 256 tokens with 20 of overlap, so that a paragraph is one passage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import chromadb
import Stemmer
from chromadb.config import Settings
from llama_index.core import VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms.mock import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import BaseRetriever, QueryFusionRetriever
from llama_index.core.schema import Document, NodeWithScore, QueryBundle, TextNode

from index.encoder import Vectors
from index.encodings import EncodingsCache

_TOKENS, _OVERLAP = 256, 20


@dataclass(frozen=True, slots=True)
class Found:
    """A passage and the document it is from."""

    document: str
    text: str


Search = Callable[[str, int], list[Found]]


def baselines(documents: Mapping[str, str], encodings: EncodingsCache, folder: Path) -> dict[str, Search]:
    """Searches by name, over passages of `documents`; Chroma works in `folder`."""
    splitter = SentenceSplitter(chunk_size=_TOKENS, chunk_overlap=_OVERLAP)
    made = splitter.get_nodes_from_documents([Document(text=text, id_=path) for path, text in documents.items()])
    nodes = [node for node in made if isinstance(node, TextNode)]
    vectors = _encoded(encodings, [node.text for node in nodes])
    keyword = _keyword_search(nodes)
    for node, vector in zip(nodes, vectors, strict=True):
        node.embedding = vector.tolist()
    return {
        "Chroma + MiniLM passages": _vector_search(nodes, encodings, folder),
        "BM25": lambda query, limit: [_found(nodes[n]) for n, _ in keyword(query, limit)],
        "LlamaIndex fusion": _fusion_search(nodes, encodings, keyword),
    }


def _encoded(encodings: EncodingsCache, texts: Sequence[str]) -> Vectors:
    encodings.add(encodings.missing(texts))
    return encodings.vectors(texts)


def _found(node: TextNode) -> Found:
    return Found(str(node.ref_doc_id), node.text)


def _vector_search(nodes: list[TextNode], encodings: EncodingsCache, folder: Path) -> Search:
    client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    collection = client.create_collection(
        "passages",
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine"}},
    )
    size = client.get_max_batch_size()
    for start in range(0, len(nodes), size):
        part = nodes[start : start + size]
        ids = [str(n) for n in range(start, start + len(part))]
        collection.add(ids=ids, embeddings=[node.embedding for node in part])

    def search(query: str, limit: int) -> list[Found]:
        vector = _encoded(encodings, [query])
        ids = collection.query(query_embeddings=vector, n_results=min(limit, len(nodes)), include=[])["ids"][0]
        return [_found(nodes[int(identity)]) for identity in ids]

    return search


def _keyword_search(nodes: list[TextNode]) -> Callable[[str, int], list[tuple[int, float]]]:
    stemmer = Stemmer.Stemmer("english")
    index = bm25s.BM25()
    index.index(bm25s.tokenize([n.text for n in nodes], stemmer=stemmer, show_progress=False), show_progress=False)

    def search(query: str, limit: int) -> list[tuple[int, float]]:
        tokens = bm25s.tokenize(query, stemmer=stemmer, show_progress=False)
        places, scores = index.retrieve(tokens, k=min(limit, len(nodes)), show_progress=False)
        return [(int(n), float(s)) for n, s in zip(places[0], scores[0], strict=True) if s > 0]

    return search


class _Embedding(BaseEmbedding):
    """Our encoder behind LlamaIndex's interface."""

    _encodings: EncodingsCache

    def __init__(self, encodings: EncodingsCache) -> None:
        super().__init__(model_name="all-MiniLM-L6-v2")
        self._encodings = encodings

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(value) for value in _encoded(self._encodings, [text])[0]]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


class _Keywords(BaseRetriever):
    """BM25 behind LlamaIndex's interface."""

    def __init__(self, nodes: list[TextNode], search: Callable[[str, int], list[tuple[int, float]]]) -> None:
        super().__init__()
        self._nodes, self._search = nodes, search

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [NodeWithScore(node=self._nodes[n], score=s) for n, s in self._search(query_bundle.query_str, 50)]


def _fusion_search(
    nodes: list[TextNode], encodings: EncodingsCache, keyword: Callable[[str, int], list[tuple[int, float]]]
) -> Search:
    index = VectorStoreIndex(nodes, embed_model=_Embedding(encodings))
    fusion = QueryFusionRetriever(
        [index.as_retriever(similarity_top_k=50), _Keywords(nodes, keyword)],
        llm=MockLLM(),
        similarity_top_k=50,
        num_queries=1,
        mode="reciprocal_rerank",
        use_async=False,
    )

    def search(query: str, limit: int) -> list[Found]:
        return [_found(hit.node) for hit in fusion.retrieve(query)[:limit] if isinstance(hit.node, TextNode)]

    return search
