"""Settings: one order, unknown ones refused, each documented."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from assistant.settings import Settings, load
from index.errors import SettingsError


def test_flags_win_over_the_environment_and_that_over_the_file(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "assistant.toml").write_text('title = "From file"\nport = 7000\n[chunking]\ntokens = 100\n')
    monkeypatch.setenv("ASSISTANT_PORT", "7001")
    monkeypatch.setenv("ASSISTANT_CHUNKING__TOKENS", "120")
    settings = load({"port": 7002, "data": None})
    assert (settings.title, settings.port, settings.chunking.tokens) == ("From file", 7002, 120)


@pytest.mark.parametrize(
    "content",
    [
        "colour = 1",
        "[chunking]\ntoken = 3",
        "port = 0",
        'host = "0.0.0.0"',
        "not toml at all",
        'url_template = "{x}"',
        'url_template = "https://x.example/{path.foo}"',
        "[answers]\nanswer_from = 0.2\nuncertain_from = 0.9",
        'host = "::"',
        'host = "2001:db8::1"',
        'host = "::1%lo"',
        'host = "::ffff:127.0.0.1"',
        'host = "[::1]"',
        'allowed_hosts = ["::1"]',
        'allowed_hosts = ["[::1"]',
    ],
)
def test_a_wrong_file_is_named_with_a_remedy(place: Path, content: str) -> None:
    (place / "assistant.toml").write_text(content)
    with pytest.raises(SettingsError) as caught:
        load({})
    assert "assistant.toml" in caught.value.hint


@pytest.mark.parametrize("folder", ["ASSISTANT_DOCUMENTS", "ASSISTANT_DATA"])
def test_an_empty_folder_name_is_not_the_folder_one_stands_in(
    place: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.setenv(folder, "")
    with pytest.raises(SettingsError, match="may not be empty"):
        load({})


@pytest.mark.parametrize("variable", ["ASSISTANT_COLOUR", "ASSISTANT_CHUNKING__TOKEN", "ASSISTANT_PORT"])
def test_a_wrong_variable_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "x")
    with pytest.raises(SettingsError):
        load({})


def test_every_number_has_bounds() -> None:
    def walk(model: type[BaseModel]) -> None:
        for name, field in model.model_fields.items():
            if field.annotation in (int, float):
                kinds = {type(constraint).__name__ for constraint in field.metadata}
                assert {"Ge", "Le"} <= kinds or {"Gt", "Le"} <= kinds, f"{model.__name__}.{name} has no bounds"
            elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
                walk(field.annotation)

    walk(Settings)
