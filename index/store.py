"""One generation's sentence vectors in Chroma. The only file that knows chromadb.

A Chroma directory is written once, closed, and from then on never touched: a kill inside one of its flushes breaks it
for good, and a second process never sees what the first one adds. Chroma writes to its SQLite file even to read, so a
reader opens a working copy of that file beside links to the vectors; what is sealed keeps its bytes.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from index.encoder import Vectors

_COLLECTION = "sentences"


class Store:
    """An open directory of vectors. Reading is safe from several threads at once."""

    def __init__(self, client: ClientAPI, collection: chromadb.Collection) -> None:
        self._client = client
        self._collection = collection

    @classmethod
    def create(cls, folder: Path, expected: int) -> Store:
        """A new, empty store that will be given `expected` vectors; their graph is flushed to disk once."""
        whole = max(expected, 1)
        # Built with twice Chroma's care: of 3,000 among 48,000 sentences each then finds itself, of the default's graph
        # one in a thousand does not. Inserting them takes 30 s instead of 21 s.
        graph = {"space": "cosine", "ef_construction": 200}
        configuration = {"hnsw": {**graph, "sync_threshold": whole, "batch_size": min(whole, 100)}}
        with _writing(), _opening(folder) as client:
            collection = client.create_collection(_COLLECTION, embedding_function=None, configuration=configuration)  # type: ignore[arg-type]
            return cls(client, collection)

    @classmethod
    def edit(cls, folder: Path, changes: int) -> Store:
        """A copy of a finished store, to be given `changes` removals and additions; flushed to disk once."""
        with _writing(), _opening(folder) as client:
            client.get_collection(_COLLECTION, embedding_function=None).modify(
                configuration={"hnsw": {"sync_threshold": max(changes, 1)}}
            )
            client.close()  # type: ignore[attr-defined]  # an open collection keeps the threshold it was opened with
        return cls._open(folder)

    @classmethod
    def open(cls, folder: Path, workspace: Path) -> Store:
        """A finished store, warm, worked on in the new folder `workspace`, which is to be removed when it is closed.

        Raises ValueError if there is none or Chroma cannot use it; never makes one.
        """
        if not (folder / "chroma.sqlite3").is_file():
            raise ValueError(f"no vectors in {folder}")
        workspace.mkdir(parents=True)
        for part in folder.iterdir():
            if part.is_dir():
                (workspace / part.name).symlink_to(part.absolute())
            else:
                shutil.copyfile(part, workspace / part.name)
        return cls._open(workspace)

    @classmethod
    def _open(cls, folder: Path) -> Store:
        try:
            with _opening(folder) as client:
                collection = client.get_collection(_COLLECTION, embedding_function=None)
                collection.get(limit=1, include=["embeddings"])
                return cls(client, collection)
        except ChromaError as error:
            raise ValueError(f"Chroma cannot use {folder}: {error}") from error

    def close(self) -> None:
        """Flush and close."""
        self._client.close()  # type: ignore[attr-defined]

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Write vectors under new ids. Raises OSError when Chroma cannot, as on a full disk."""
        with _writing():
            for start in range(0, len(ids), self._batch):
                part = slice(start, start + self._batch)
                self._collection.add(ids=list(ids[part]), embeddings=vectors[part])

    def remove(self, ids: Sequence[str]) -> None:
        """Remove vectors by id. Raises OSError when Chroma cannot."""
        with _writing():
            for start in range(0, len(ids), self._batch):
                self._collection.delete(ids=list(ids[start : start + self._batch]))

    @property
    def _batch(self) -> int:
        return self._client.get_max_batch_size()

    def ids(self) -> set[str]:
        """Every id there is."""
        found: set[str] = set()
        while part := self._collection.get(limit=10_000, offset=len(found), include=[])["ids"]:
            found.update(part)
        return found

    def count(self) -> int:
        """How many vectors there are."""
        return int(self._collection.count())

    @cached_property
    def _sealed(self) -> int:  # of a finished store, which never changes; asking Chroma takes as long as half a query
        return self.count()

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """The `limit` ids of a finished store nearest to a unit vector, best first, with their cosine."""
        limit = min(limit, self._sealed)
        if limit == 0:
            return []
        found = self._collection.query(query_embeddings=vector[np.newaxis], n_results=limit, include=["distances"])
        ids, distances = found["ids"][0], (found["distances"] or [[]])[0]
        return [(identity, 1.0 - float(distance)) for identity, distance in zip(ids, distances, strict=True)]

    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors under these ids."""
        found = self._collection.get(ids=list(ids), include=["embeddings"])
        rows = found["embeddings"]
        if rows is None:
            return {}
        return {identity: np.asarray(row, dtype=np.float32) for identity, row in zip(found["ids"], rows, strict=True)}


def compact(folder: Path) -> None:
    """Give back the room that Chroma's log took in a store that was made or changed, and is closed."""
    with contextlib.closing(sqlite3.connect(folder / "chroma.sqlite3")) as connection:
        connection.execute("VACUUM")


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except ChromaError as error:
        raise OSError(f"Chroma cannot write: {error}") from error


@contextlib.contextmanager
def _opening(folder: Path) -> Iterator[ClientAPI]:
    """A client of a folder, closed if what it is opened for fails: Chroma keeps open clients by their path."""
    try:
        client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    except AttributeError as error:  # it stumbles over its own cleaning up, which hides why it could not start
        raise OSError(f"Chroma cannot start in {folder}: {error.__context__}") from error
    try:
        yield client
    except BaseException:
        client.close()  # type: ignore[attr-defined]
        raise
