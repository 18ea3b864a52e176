"""The cache that keeps a text from being encoded twice."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, Vectors

log = logging.getLogger(__name__)

_COMMIT_EVERY = 256  # texts; what a killed build has to encode again at most


def _open_cache(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS encodings"
        " (encoder TEXT, text_digest BLOB, vector BLOB, PRIMARY KEY (encoder, text_digest)) WITHOUT ROWID"
    )
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("it does not pass SQLite's check")
    return connection


class EncodingsCache:
    """Vectors by (encoder, text), on disk. Holds digests and vectors, never texts.

    Committed by batch, so that a build which was stopped goes on where it was. Each vector carries a check sum: one
    that was damaged counts as not known.
    """

    def __init__(self, path: Path, encoder: Encoder) -> None:
        self._encoder = encoder
        try:
            self._connection = _open_cache(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # a full disk or a missing right, which a new file would not mend
            log.warning("the cache of encodings is damaged (%s); it is made anew", error)
            for part in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
                part.unlink(missing_ok=True)
            self._connection = _open_cache(path)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def missing(self, texts: Iterable[str]) -> list[str]:
        """Those of `texts` whose vectors are not known, each once, neighbours of like length."""
        by_key = {_key(text): text for text in texts}
        known = self._known(list(by_key))
        # A batch of like lengths is padded least.
        return sorted((text for key, text in by_key.items() if key not in known), key=lambda text: (len(text), text))

    def add(self, texts: Sequence[str], tell: Callable[[int], None] = lambda _: None) -> None:
        """Encode `texts` and keep their vectors; `tell` is told how many are kept so far."""
        for start in range(0, len(texts), _COMMIT_EVERY):
            batch = texts[start : start + _COMMIT_EVERY]
            vectors = self._encoder.encode(batch)
            rows = [(self._encoder.fingerprint, _key(t), _packed(v)) for t, v in zip(batch, vectors, strict=True)]
            with self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO encodings VALUES (?, ?, ?)", rows)
            tell(start + len(batch))

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`, in their order. Raises sqlite3.DatabaseError if one is not known any more."""
        if not texts:
            return np.empty((0, 0), dtype=np.float32)
        keys = [_key(text) for text in texts]
        known = self._known(keys)
        if any(key not in known for key in keys):
            raise sqlite3.DatabaseError("encodings that were kept are gone")
        return np.stack([known[key] for key in keys])

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        found: dict[bytes, NDArray[np.float32]] = {}
        for start in range(0, len(keys), 500):
            part = keys[start : start + 500]
            places = ",".join("?" * len(part))
            query = f"SELECT text_digest, vector FROM encodings WHERE encoder = ? AND text_digest IN ({places})"
            with closing(self._connection.execute(query, [self._encoder.fingerprint, *part])) as rows:
                found.update((key, vector) for key, blob in rows if (vector := _unpacked(blob)) is not None)
        return found

    def keep_only(self, texts: Iterable[str]) -> None:
        """Forget every vector but those of `texts`, so that the file follows the documents down too."""
        with self._connection:
            self._connection.execute("CREATE TEMP TABLE kept (key BLOB PRIMARY KEY)")
            self._connection.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((_key(text),) for text in texts))
            self._connection.execute(
                "DELETE FROM encodings WHERE encoder != ? OR text_digest NOT IN (SELECT key FROM kept)",
                (self._encoder.fingerprint,),
            )
            self._connection.execute("DROP TABLE kept")


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _packed(vector: NDArray[np.float32]) -> bytes:
    return vector.tobytes() + zlib.crc32(vector.tobytes()).to_bytes(4, "big")


def _unpacked(blob: bytes) -> NDArray[np.float32] | None:
    content, check = blob[:-4], blob[-4:]
    whole = len(content) % 4 == 0 and zlib.crc32(content).to_bytes(4, "big") == check
    return np.frombuffer(content, dtype=np.float32) if whole else None
