"""All settings, and the only reader of the environment and of assistant.toml.

Later ones win: defaults, assistant.toml, ASSISTANT_* variables (nested by "__"), flags. An unknown key is an error.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.errors import SettingsError
from index.settings import IndexSettings

FILE = Path("assistant.toml")
PREFIX = "ASSISTANT_"


class RetrievalSettings(BaseModel):
    """How passages are found. `vector_weight` is the share of the vectors' score, the rest is the keywords'."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passages: int = Field(8, ge=1, le=50)
    candidates: int = Field(100, ge=10, le=1000)
    vector_weight: float = Field(0.5, ge=0, le=1)


class AnswerSettings(BaseModel):
    """How answers are written. The thresholds divide the three bands, see docs/quality.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sentences: int = Field(3, ge=1, le=10)
    answer_from: float = Field(0.5, ge=0, le=1)
    uncertain_from: float = Field(0.15, ge=0, le=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.uncertain_from > self.answer_from:
            raise ValueError("uncertain_from may not be above answer_from")
        return self


class LimitSettings(BaseModel):
    """What one question may cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question_characters: int = Field(4000, ge=100, le=100_000)


class WebhookSettings(BaseModel):
    """Who may ask for a build from elsewhere: whoever knows the `secret`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret: SecretStr | None = Field(None, min_length=16)


class Settings(IndexSettings, BaseSettings):
    """Everything that can be set; docs/settings.md says each in words."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", toml_file=FILE, extra="forbid", frozen=True
    )

    retrieval: RetrievalSettings = RetrievalSettings()
    answers: AnswerSettings = AnswerSettings()
    limits: LimitSettings = LimitSettings()
    webhook: WebhookSettings = WebhookSettings()
    watch: bool = True
    writer: Literal["extractive"] = "extractive"
    title: str = Field("Ask the documents", min_length=1, max_length=80)
    greeting: str = Field("", max_length=200)
    examples: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    development: bool = False
    host: Literal["127.0.0.1", "localhost"] = "127.0.0.1"
    port: int = Field(7860, ge=1, le=65535)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then the environment, then the file; no .env and no secrets folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(flags: Mapping[str, Any]) -> Settings:
    """The settings of this run; `flags` holds those given by hand, None meaning not given. Raises SettingsError."""
    _refuse_unknown_variables()
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        variable = PREFIX + name.upper().replace(".", "__")
        if first["type"] == "extra_forbidden":
            told = f"There is no setting {name}."
            raise SettingsError(told, hint=f"Take it out of {FILE}; docs/settings.md has them all.") from None
        raise SettingsError(
            f"The setting {name or '(all)'} is wrong: {first['msg']}.",
            hint=f"Correct it in {FILE}, in {variable} or on the command line; see docs/settings.md.",
        ) from None
    except ValueError as error:  # not TOML, or a variable that should hold JSON
        told = f"The settings cannot be read: {error}"
        raise SettingsError(told, hint=f"Correct {FILE} or the {PREFIX}* variables.") from None


def _refuse_unknown_variables() -> None:
    for variable in os.environ:
        if variable.startswith(PREFIX):
            first = variable.removeprefix(PREFIX).split("__", 1)[0].lower()
            if first not in Settings.model_fields:
                raise SettingsError(
                    f"There is no setting for the variable {variable}.",
                    hint=f"Known are {', '.join(Settings.model_fields)}; see docs/settings.md.",
                )
