"""The route by which readers say what an answer was worth."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant import feedback
from assistant.web.api import TheAssistant
from index.addresses import canonical

router = APIRouter()

_KEPT = 4000  # characters of a question; more of a long one tells nothing of its answer


def _address(text: str) -> str:
    if text and (canonical(text) is None or " " in text or not text.isprintable()):
        raise ValueError("must be the address of a page")
    return text


class Said(BaseModel):
    """The body of POST /api/feedback. With the same `id`, a page's own, it takes the place of what was said before."""

    model_config = ConfigDict(extra="forbid")

    verdict: Literal["up", "down"]
    comment: str = Field("", max_length=2000)
    question: str = Field(max_length=100_000)
    text: str = Field("", max_length=20_000)
    passages: tuple[Annotated[str, Field(max_length=200)], ...] = Field((), max_length=50)
    generation: int | None = Field(None, ge=0, lt=2**63)
    page: Annotated[str, AfterValidator(_address)] = Field("", max_length=2000)
    id: str | None = Field(None, pattern=r"^[A-Za-z0-9-]{8,64}$")


@router.post("/api/feedback", status_code=204)
def say(body: Said, assistant: TheAssistant) -> None:
    """Keep what was said of an answer."""
    kept = body.model_dump(exclude={"id"}) | {"question": body.question[:_KEPT]}
    said = feedback.Feedback(at=feedback.now(), **kept)
    feedback.add(assistant.settings.data, said, body.id)
