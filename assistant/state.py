"""What the index holds and whether it is up to date, for people and for `status`."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.settings import Settings
from index.building import is_stale
from index.errors import DocumentsError
from index.generation import is_building
from index.published import Published
from index.types import Skipped


@dataclass(frozen=True, slots=True)
class State:
    """The published index. `stale` says that a build would change it; `fault` why an older one is served;
    `documents_fault` why the documents cannot be looked at."""

    generation: int
    built_at: str
    documents: int
    chunks: int
    skipped: tuple[Skipped, ...]
    encoder: str
    writer: str
    stale: bool
    building: bool
    fault: str | None
    documents_fault: str | None


def state(settings: Settings, published: Published) -> State:
    """The state of the index now. Raises IndexMissing or IndexDamaged when there is none to serve."""
    with published.reading() as generation:
        documents_fault = None
        try:
            stale = is_stale(settings, generation)
        except DocumentsError as error:
            stale, documents_fault = True, error.message
        seal = generation.seal
        return State(
            generation=generation.number,
            built_at=seal.built_at,
            documents=seal.documents,
            chunks=seal.chunks,
            skipped=seal.skipped,
            encoder=seal.encoder,
            writer=settings.writer,
            stale=stale,
            building=is_building(settings.data),
            fault=published.fault.message if published.fault else None,
            documents_fault=documents_fault,
        )
