"""The encoder: what is kept and what is compared, from several threads, and weights that are packed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from torch import nn

from index.encoder import Encoder, packaged_folder
from index.packing import can_be_short, pack

TEXTS = [
    "How much does a single ticket cost?",
    "Every employee has 25 days of annual leave, to be requested two weeks ahead from the team lead.",
    "Wo steht das Auto?",
    "a",
    "The line was shut in March 2025 when engineers found cracks. " * 40,
]


def test_the_vectors_are_those_of_the_model_as_it_was_published(encoder: Encoder) -> None:
    published = SentenceTransformer(str(packaged_folder()), device="cpu", local_files_only=True)
    expected = published.encode(TEXTS * 4, normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode(TEXTS), expected[: len(TEXTS)], atol=1e-5)
    np.testing.assert_allclose(encoder.encode(TEXTS * 4), expected, atol=1e-5)


def test_a_text_that_is_compared_is_as_near_to_others_as_if_it_were_kept(encoder: Encoder) -> None:
    kept, compared = encoder.encode(TEXTS), np.stack([encoder.encode_one(text) for text in TEXTS])
    np.testing.assert_allclose(np.linalg.norm(compared, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose((kept * compared).sum(axis=1), 1, atol=3e-4)
    np.testing.assert_allclose(kept @ compared.T, kept @ kept.T, atol=3e-3)


def test_threads_encode_and_count_at_once(encoder: Encoder) -> None:
    texts = [f"Reader {n} asks about line {n}, and about much else. " * (n % 5 + 1) for n in range(12)]
    alone = [encoder.encode_one(text) for text in texts]
    counts = encoder.count_tokens(texts)
    with ThreadPoolExecutor(12) as threads:
        encoding = [threads.submit(encoder.encode_one, text) for text in texts * 6]
        keeping = threads.submit(encoder.encode, texts)
        while not (encoding[-1].done() and keeping.done()):
            assert encoder.count_tokens(texts) == counts
    for one, expected in zip(encoding, alone * 6, strict=True):
        np.testing.assert_allclose(one.result(), expected, atol=3e-2)
        assert float(one.result() @ expected) > 0.999
    np.testing.assert_allclose(keeping.result(), encoder.encode(texts), atol=1e-5)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("numbers", [torch.float32, torch.bfloat16, torch.float64])
def test_a_packed_layer_computes_what_it_did(numbers: torch.dtype, bias: bool) -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(24, 40, bias=bias), nn.Sequential(nn.GELU(), nn.Linear(40, 8, bias=bias)))
    model = model.to(numbers)
    some = [torch.randn(rows, 24, dtype=numbers) for rows in (1, 7, 300)]
    with torch.inference_mode():
        expected = [model(values) for values in some]
        pack(model)
        for values, before in zip(some, expected, strict=True):
            torch.testing.assert_close(model(values), before)
    was_packed = type(model[0]) is not nn.Linear
    if torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        assert was_packed is (numbers is torch.float32 or (numbers is torch.bfloat16 and can_be_short()))
