"""What the index needs to know. Plain values with bounds; who reads them from where is the caller's business."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

LAYOUT = 12
"""Version of everything that is written below the data folder; a change means a full build."""

WikiKind = Literal["dokuwiki", "mediawiki", "mkdocs"]
"""The wikis whose pages are read as their own readers see them."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ChunkingSettings(_Section):
    """How documents are cut. `tokens` counts word pieces of the encoder's own tokenizer."""

    tokens: int = Field(230, ge=32, le=2000)


class EncoderSettings(_Section):
    """Which encoder, and how it runs. No `model` means the packaged all-MiniLM-L6-v2."""

    model: Path | None = None
    batch_size: int = Field(32, ge=1, le=1024)


class ReadingSettings(_Section):
    """Limits for reading one file, kept by the child process that reads it."""

    max_file_mb: int = Field(50, ge=1, le=10_000)
    max_text_mb: int = Field(20, ge=1, le=1_000)
    timeout_seconds: float = Field(90, gt=0, le=3600)
    memory_mb: int = Field(2048, ge=256, le=65_536)


class IndexSettings(BaseModel):
    """Everything `index` is told, see docs/settings.md.

    `wiki` says whose pages the documents are, `url_template` turns a path into the page's own address. `max_shrink` is
    the share of documents that may go at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    documents: Path = Path("seeds")
    data: Path = Path(".data")
    wiki: WikiKind | None = None
    url_template: str | None = None
    max_shrink: float = Field(0.5, ge=0, le=1)
    chunking: ChunkingSettings = ChunkingSettings()
    encoder: EncoderSettings = EncoderSettings()
    reading: ReadingSettings = ReadingSettings()

    @field_validator("documents", "data", mode="before")
    @classmethod
    def _named(cls, folder: object) -> object:
        if folder == "":
            raise ValueError("may not be empty")
        return folder

    @field_validator("documents", "data")
    @classmethod
    def _home(cls, folder: Path) -> Path:
        return folder.expanduser()

    @field_validator("url_template")
    @classmethod
    def _known_places(cls, template: str | None, info: ValidationInfo) -> str | None:
        places = {"path": "", "stem": ""} | ({"page": ""} if info.data.get("wiki") else {})
        if template is not None:
            if not template.startswith(("http://", "https://")):
                raise ValueError("must start with http:// or https://")
            try:
                template.format(**places)
            except (KeyError, IndexError, ValueError, AttributeError) as error:
                raise ValueError("may use {path} and {stem} only, and {page} with the setting wiki") from error
        return template

    def fingerprint(self) -> str:
        """A digest of all that shapes an index besides documents and encoder; another one means a full build."""
        shape = f"{LAYOUT} {self.chunking.model_dump_json()} {self.url_template} {self.wiki}"
        return hashlib.sha256(shape.encode()).hexdigest()[:16]
