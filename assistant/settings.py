"""All settings, and the only reader of the environment and of assistant.toml.

Later ones win: defaults, assistant.toml, ASSISTANT_* variables (nested by "__"), flags. An unknown key is an error.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FilePath,
    HttpUrl,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.origins import host_name, in_address, origin
from index.errors import SettingsError
from index.settings import IndexSettings

FILE = Path("assistant.toml")
PREFIX = "ASSISTANT_"
_SETTING = "setting"  # what names the setting that is wrong, where another one is looked at


class RetrievalSettings(BaseModel):
    """How passages are found. `vector_weight` is the share of the vectors' score, the rest is the keywords'."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passages: int = Field(8, ge=1, le=50)
    candidates: int = Field(100, ge=10, le=1000)
    vector_weight: float = Field(0.5, ge=0, le=1)


class AnswerSettings(BaseModel):
    """How answers are written. The thresholds divide the three bands, see docs/experiments.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sentences: int = Field(3, ge=1, le=10)
    answer_from: float = Field(0.5, ge=0, le=1)
    uncertain_from: float = Field(0.15, ge=0, le=1)
    unsupported: Literal["mark", "drop"] = "mark"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.uncertain_from > self.answer_from:
            raise ValueError("uncertain_from may not be above answer_from")
        return self


class LlmSettings(BaseModel):
    """The language model that writes answers when `writer` is "generative". See docs/models.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["openai", "ollama", "gguf"] = "openai"
    base_url: HttpUrl | None = None
    model: str = Field("", max_length=1000)
    api_key: SecretStr | None = Field(None, min_length=1)
    weak: bool = False
    instructions: FilePath | None = None
    context_tokens: int = Field(8192, ge=1024, le=2_000_000)
    answer_tokens: int = Field(600, ge=16, le=16_000)
    temperature: float = Field(0.0, ge=0, le=2)
    first_token_seconds: float = Field(20, ge=0.1, le=600)
    answer_seconds: float = Field(120, ge=1, le=3600)
    answers_at_once: int = Field(4, ge=1, le=1000)
    answers_waiting: int = Field(32, ge=0, le=1000)

    @field_validator("base_url", mode="before")
    @classmethod
    def _is_address(cls, address: object) -> object:
        if isinstance(address, str) and not address.startswith(("http://", "https://")):
            raise ValueError(f"must be the server's address, as http://127.0.0.1:8000/v1, and not {address!r}")
        return address

    @field_validator("instructions", mode="before")
    @classmethod
    def _is_there(cls, path: object) -> object:
        if isinstance(path, str | Path) and not Path(path).is_file():
            raise ValueError(f"must be a text file; there is none at {path}")
        return path

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if 2 * self.answer_tokens > self.context_tokens:
            raise ValueError("answer_tokens may be at most half of context_tokens, the rest is for the passages")
        return self


class LimitSettings(BaseModel):
    """What one question may cost, and how many are answered. Rates are a minute; what is more is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question_characters: int = Field(4000, ge=100, le=100_000)
    questions_of_user: int = Field(30, ge=1, le=100_000)
    questions_of_address: int = Field(300, ge=1, le=1_000_000)
    wrong_tokens: int = Field(30, ge=1, le=100_000)
    answers_at_once: int = Field(256, ge=1, le=10_000)
    answers_waiting: int = Field(64, ge=0, le=10_000)
    waiting_seconds: float = Field(5, ge=0, le=60)


class WebhookSettings(BaseModel):
    """Who may ask for a build from elsewhere: whoever knows the `secret`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret: SecretStr | None = Field(None, min_length=16)


class AccessSettings(BaseModel):
    """Who may ask. A user is known by a token that a wiki signs, or by the header of a proxy that is trusted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    require_user: bool = False
    token_secrets: tuple[Annotated[SecretStr, Field(min_length=32)], ...] = ()
    token_seconds: int = Field(300, ge=10, le=300)
    session_seconds: int = Field(3600, ge=60, le=86_400)
    trusted_proxies: tuple[IPvAnyNetwork, ...] = ()
    user_header: str | None = Field(None, pattern=r"^[A-Za-z][A-Za-z0-9-]{2,60}$")

    @field_validator("trusted_proxies")
    @classmethod
    def _some_only(cls, networks: tuple[IPvAnyNetwork, ...]) -> tuple[IPvAnyNetwork, ...]:
        if any(network.prefixlen == 0 for network in networks):
            raise ValueError("may not trust every address; name those of the proxies")
        return networks

    @field_validator("user_header")
    @classmethod
    def _of_its_own(cls, name: str | None) -> str | None:
        if name is not None and name.lower().startswith(_TAKEN_HEADERS):
            raise ValueError(f"may not be {name}, which has another meaning")
        return name.lower() if name else None

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.user_header and not self.trusted_proxies:
            raise ValueError("user_header is believed from trusted_proxies only; name their addresses")
        if self.require_user and not (self.token_secrets or self.user_header):
            raise ValueError("require_user needs a way to know users: set token_secrets or user_header")
        return self


_TAKEN_HEADERS = (
    *("accept", "authorization", "content-", "cookie", "forwarded", "host", "origin", "sec-"),
    *("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"),
)


class Settings(IndexSettings, BaseSettings):
    """Everything that can be set; docs/settings.md says each in words."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", toml_file=FILE, extra="forbid", frozen=True
    )

    retrieval: RetrievalSettings = RetrievalSettings()
    answers: AnswerSettings = AnswerSettings()
    limits: LimitSettings = LimitSettings()
    webhook: WebhookSettings = WebhookSettings()
    access: AccessSettings = AccessSettings()
    watch: bool = True
    llm: LlmSettings = LlmSettings()
    writer: Literal["extractive", "generative"] = "extractive"
    title: str = Field("Ask the documents", min_length=1, max_length=80)
    greeting: str = Field("", max_length=200)
    examples: tuple[str, ...] = ()
    development: bool = False
    host: str = "127.0.0.1"
    port: int = Field(7860, ge=1, le=65535)
    allowed_hosts: tuple[Annotated[str, AfterValidator(host_name)], ...] = ()
    allowed_origins: tuple[Annotated[str, AfterValidator(origin)], ...] = ()

    @field_validator("writer")
    @classmethod
    def _has_a_model(cls, writer: str, info: ValidationInfo) -> str:
        """Nothing is guessed about where the documents' words may be sent."""
        llm = info.data.get("llm")
        if writer == "generative" and llm is not None:
            if not llm.model:
                raise _of_another("llm.model", 'must name the language model that writes, since writer is "generative"')
            if llm.kind == "openai" and not llm.base_url:
                raise _of_another(
                    "llm.base_url",
                    "must be the address of the language model's server, as http://127.0.0.1:8000/v1, since writer is"
                    ' "generative"',
                )
            if llm.kind == "gguf" and not Path(llm.model).is_file():
                raise _of_another("llm.model", f"must be a GGUF file; there is none at {Path(llm.model).absolute()}")
        return writer

    @field_validator("host")
    @classmethod
    def _within_reach(cls, host: str, info: ValidationInfo) -> str:
        """Whoever can reach another address than this machine's has to be known."""
        if host == "localhost":
            return host
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            raise ValueError("must be localhost or an IP address of this machine, as 127.0.0.1 or ::1") from None
        if isinstance(address, ipaddress.IPv6Address) and (address.scope_id or address.ipv4_mapped):
            raise ValueError("must be an IPv4 address or an IPv6 address without a zone")
        access = info.data.get("access")
        if not address.is_loopback and not (access and access.require_user):
            raise ValueError(
                "may leave this machine only when users are known: set access.require_user with"
                " access.token_secrets, or with access.user_header and access.trusted_proxies"
            )
        return str(address)

    @property
    def served_hosts(self) -> frozenset[str]:
        """The names under which the server answers."""
        own = () if self.host in ("0.0.0.0", "::") else (in_address(self.host),)
        return frozenset(("127.0.0.1", "localhost", *own, *self.allowed_hosts))

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


def _of_another(setting: str, wrong: str) -> PydanticCustomError:
    """What is wrong with `setting`, found out while another one is looked at."""
    return PydanticCustomError("value_error", "{wrong}", {"wrong": wrong, _SETTING: setting})


def load(flags: Mapping[str, Any]) -> Settings:
    """The settings of this run; `flags` holds those given by hand, None meaning not given. Raises SettingsError."""
    _refuse_unknown_variables()
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = first.get("ctx", {}).get(_SETTING) or ".".join(str(part) for part in first["loc"])
        variable = PREFIX + name.upper().replace(".", "__")
        if first["type"] == "extra_forbidden":
            told = f"There is no setting {name}."
            where = f"Unset {variable}" if variable in map(str.upper, os.environ) else f"Take it out of {FILE}"
            raise SettingsError(told, hint=f"{where}; docs/settings.md has them all.") from None
        raise SettingsError(
            f"The setting {name or '(all)'} is wrong: {first['msg'].removeprefix('Value error, ')}.",
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
