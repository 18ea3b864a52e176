"""The documentation names what there is: every setting, command, option and route, and nothing that is not there."""

from __future__ import annotations

import re

import pytest
import typer
from fastapi.routing import APIRoute
from pydantic import BaseModel

from assistant.cli import app as commands
from assistant.settings import Settings
from assistant.web import api, completions, feedback, indexing, session, source, widget
from index.formats.choosing import READERS
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text()
SETTINGS = (ROOT / "docs" / "settings.md").read_text()
API = (ROOT / "docs" / "api.md").read_text()
ARCHITECTURE = (ROOT / "docs" / "ARCHITECTURE.md").read_text()


def test_every_setting_is_documented_with_its_default() -> None:
    sections = dict(re.findall(r"`\[(\w+)\]`(.*?)(?=\n`\[|\Z)", SETTINGS, re.DOTALL))
    top = SETTINGS.split("\n`[")[0]

    def rows(text: str) -> dict[str, str]:
        return dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", text, re.MULTILINE))

    def check(model: type[BaseModel], text: str) -> None:
        plain = {name: field for name, field in model.model_fields.items() if not is_section(field.annotation)}
        assert set(rows(text)) == set(plain)
        for name, field in plain.items():
            told = rows(text)[name]
            if told.startswith("`"):
                assert told.strip("`") == str(field.default), name

    def is_section(annotation: object) -> bool:
        return isinstance(annotation, type) and issubclass(annotation, BaseModel)

    check(Settings, top)
    nested = {name: field.annotation for name, field in Settings.model_fields.items() if is_section(field.annotation)}
    assert set(sections) == set(nested)
    for name, model in nested.items():
        assert isinstance(model, type)
        check(model, sections[name])


def test_every_row_of_a_table_is_in_it() -> None:
    """An empty line ends a table: rows behind it are shown as bars."""
    for path in (ROOT / "docs").glob("*.md"):
        for block in re.split(r"\n\s*\n", path.read_text()):
            rows = [line for line in block.splitlines() if line.startswith("|")]
            assert not rows or re.fullmatch(r"[|: -]+", rows[1:2][0] if rows[1:] else ""), (path.name, rows[0])


def test_every_route_is_documented() -> None:
    for part in (api, completions, feedback, indexing, session, source, widget):
        for route in part.router.routes:
            assert isinstance(route, APIRoute)
            (method,) = route.methods - {"HEAD"}
            path = route.path.replace(":path}", "}")
            assert f"`{method} {path}" in API


def test_every_setting_of_the_widget_is_documented() -> None:
    table = (ROOT / "docs" / "widget.md").read_text().split("## Settings")[1].split("\n## ")[0]
    source = (ROOT / "assistant" / "web" / "static" / "widget" / "settings.js").read_text()
    choices = re.search(r"return \{ (theme.*?) \};", source)
    assert choices
    used = {*re.findall(r"given\.(\w+)", source), *re.findall(r"(\w+):", choices.group(1))} - {"languages"}
    elsewhere = {"token", "target", "greeting", "title"}
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == used | elsewhere


def test_every_command_and_format_is_in_the_readme() -> None:
    group = typer.main.get_command(commands)
    names = set(group.commands)  # type: ignore[attr-defined]
    assert names == set(re.findall(r"^\| `assistant (\w+)", README, re.MULTILINE))
    for ending in READERS:
        assert f"`{ending}`" in README


def test_every_room_is_in_the_architecture() -> None:
    listing = ARCHITECTURE.split("```")[1]
    for package in ("index", "assistant"):
        for file in (ROOT / package).rglob("*.py"):
            if file.name != "__init__.py":
                assert file.name in listing, f"{package}/{file.name}"


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/settings.md",
        "docs/api.md",
        "docs/ARCHITECTURE.md",
        "docs/widget.md",
        "docs/operations.md",
        "docs/quality.md",
        "docs/experiments.md",
        "CHANGELOG.md",
    ],
)
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text()):
        assert (path.parent / target).exists(), target
