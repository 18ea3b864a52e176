"""A sealed generation is checked by a fresh process before it is published.

Fresh, because what a builder has in memory says nothing about what it left on disk; a process of its own, because a
damaged vector file can end the process that opens it, or keep it waiting for ever.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from pathlib import Path

import numpy as np

from index import apart
from index.catalog import Catalog
from index.chunking import in_place
from index.encoder import Encoder
from index.encodings import EncodingsCache
from index.errors import IndexDamaged
from index.generation import Seal, check_files
from index.settings import EncoderSettings, IndexSettings
from index.store import Store

_PROBES = 64  # sentences whose vectors are compared and searched for
_MISSED = 0.05  # the share that may not be found: the graph is approximate, while a damaged one misses most
_SECONDS, _SENTENCES_A_SECOND = 60.0, 2000.0


def verify_apart(folder: Path, settings: IndexSettings, sealed: Seal) -> None:
    """Check the generation in `folder` in a process of its own. Raises IndexDamaged if it fails or takes too long."""
    deadline = _SECONDS + sealed.sentences / _SENTENCES_A_SECOND
    task = {"folder": str(folder), "data": str(settings.data), "encoder": settings.encoder.model_dump(mode="json")}
    with apart.Child("index.verifying", task) as child:
        try:
            told = list(child.lines(deadline))
            found = told[0]["fault"] if told else child.wait()
        except TimeoutError:
            found = f"they took longer than {deadline:.0f} seconds"
    if found:
        raise IndexDamaged(
            f"The new index did not pass its checks ({found}).",
            hint="The index before goes on serving. Try again: assistant index --full",
        )


def main(task: apart.Json) -> None:
    """The checking process: says what is wrong, or null."""
    fault = None
    try:
        verify(Path(task["folder"]), Path(task["data"]), Encoder(EncoderSettings(**task["encoder"])))
    except (OSError, ValueError, LookupError, sqlite3.Error) as error:
        fault = str(error) or repr(error)
    apart.write_line({"fault": fault})


def verify(folder: Path, data: Path, encoder: Encoder) -> None:
    """Check files, counts, ids and sample vectors. Raises OSError, ValueError, LookupError or sqlite3.Error."""
    fields = json.loads((folder / "SEALED.json").read_bytes())
    check_files(folder, {name: (size, digest) for name, (size, digest) in fields["files"].items()})
    with contextlib.closing(Catalog.open(folder / "catalog.sqlite")) as catalog:
        if not catalog.check() or catalog.counts() != (fields["documents"], fields["chunks"]):
            raise ValueError("the catalog is not whole")
        sentences: dict[str, str] = {}
        for chunk in catalog.chunks():
            texts = in_place(chunk, catalog.entry(chunk.document).title)
            sentences.update((chunk.sentence_id(number), text) for number, text in enumerate(texts))
    workspace = folder / "check"
    try:
        with contextlib.closing(Store.open(folder / "chroma", workspace)) as store:
            if store.ids() != sentences.keys() or len(sentences) != fields["sentences"]:
                raise ValueError("the vectors are not those of the sentences")
            _probe(store, sentences, data, encoder)
    finally:
        shutil.rmtree(workspace)


def _probe(store: Store, sentences: dict[str, str], data: Path, encoder: Encoder) -> None:
    """Evenly spaced sentences must have the vector they were encoded to, and nearly all be found by it."""
    if not sentences:
        return
    probes = list(sentences)[:: max(1, len(sentences) // _PROBES)]
    with contextlib.closing(EncodingsCache(data / "encodings.sqlite", encoder)) as cache:
        expected = cache.vectors([sentences[probe] for probe in probes])
    stored = store.vectors(probes)
    missed = 0
    for probe, vector in zip(probes, expected, strict=True):
        if not np.allclose(stored[probe], vector, atol=1e-6):
            raise ValueError(f"the vector of {probe} is not the sentence's")
        best = store.nearest(vector, 3)
        missed += not best or best[0][1] < 0.9999  # found itself, or a sentence of the same words
    if missed > _MISSED * len(probes):
        raise ValueError(f"{missed} of {len(probes)} sentences are not found by their own vectors")
