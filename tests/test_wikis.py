"""Pages of wikis as documents: what their readers see, and the address of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.settings import load
from index.dokuwiki import read_dokuwiki
from index.errors import SettingsError
from index.types import Document, Skipped
from index.wikis import read_mkdocs
from tests.test_reading import outcomes

Write = Callable[[Mapping[str, str | bytes]], None]

PAGE = """~~NOTOC~~
====== Harbour tram ======

The **harbour //tram//** runs every [[timetable|ten minutes]] -- on
Sundays every [[fares:sunday|{{clock.png}}]]hour.((Not at //night//.)) It's __quiet__.
{{wiki:tram.png?200 |A picture}} See [[wiki:fares#Children]], [[wp>Tram]] and {{files:map.pdf|the map}} :!:.\\\\
Next line.

===== Fares & more =====

^ Who     ^ Crowns ^ Note ^
| Adults  | 32     | [[help:cards|cards]] only ||
| :::     | 16     | |

  * Bring ''%%**a**%% card''
    - first touch in
    - then touch out
  * and keep it

  keep   this
    <indented> %%and%% <code>all</code>
  == of it ==

<code bash>
tram --stop // now
</code>

> Quoted <nowiki>//as is//</nowiki> at https://example.org/a//b, 640x480

<note warning>Mind the gap.</note>
"""


def test_a_page_of_dokuwiki_is_read_as_its_reader_sees_it() -> None:
    found = read_dokuwiki(PAGE.encode())
    assert found.title == "Harbour tram"
    assert [(h.level, h.text) for h in found.headings] == [(1, "Harbour tram"), (2, "Fares & more")]
    paragraphs = [part for part in found.text.split("\n\n") if part.strip()]
    assert paragraphs[1] == (
        "The harbour tram runs every ten minutes – on Sundays every hour. It's quiet. "
        "See Children, Tram and the map .\nNext line."
    )
    assert paragraphs[2] == "Not at night."
    table = [[cell.strip() for cell in line.split(" | ")] for line in found.text.split("\n") if " | " in line]
    assert table == [["Who", "Crowns", "Note"], ["Adults", "32", "cards only |"], ["", "16 |"]]
    assert "Bring **a** card\n" in found.text
    assert "1. first touch in\n" in found.text
    assert "\nkeep   this\n  <indented> %%and%% <code>all</code>\n== of it ==\n" in found.text
    assert "tram --stop // now" in found.text
    assert "Quoted //as is// at https://example.org/a//b, 640×480" in found.text
    assert found.text.rstrip().endswith("Mind the gap.")


def test_headings_of_dokuwiki_have_five_levels_and_no_markup() -> None:
    found = read_dokuwiki(b"======= Too high =======\n=== The **third** ===\n== Last ==\n==\n= no heading =\nText.")
    assert [(h.level, h.text) for h in found.headings] == [(1, "Too high"), (4, "The **third**"), (5, "Last")]


@given(st.text(alphabet="ab *=/_'-^|[]{}()<>%\\~:\n\t&;1\x02\x03", max_size=200))
def test_any_page_of_dokuwiki_is_read_and_its_headings_stand_where_they_say(source: str) -> None:
    found = read_dokuwiki(source.encode())
    assert "\x02" not in found.text
    for heading in found.headings:
        assert found.text[heading.start : heading.end] == heading.text


@given(st.lists(st.sampled_from(["tram", "fare", "32", "Δ", "don't", "a<b", "x & y", "50%"]), min_size=1, max_size=20))
def test_plain_words_are_kept_as_they_are(words: list[str]) -> None:
    text = " ".join(words)
    assert " ".join(read_dokuwiki(text.encode()).text.split()) == text


def test_a_page_of_mkdocs_is_read_as_its_reader_sees_it() -> None:
    source = """---
title: The tram
---
# Harbour tram { #tram .wide }

It runs[^1] on [rails](a.md){ target=_blank }. :material-tram: `keep { .this }`

!!! warning "Mind the gap"
    The gap is wide.

    - Look down.

??? note
    Folded words.

=== "Adults"
    Adults pay 32.
=== "Children"
    Children pay 16.

```
=== "kept" { .as } it is
```

[TOC]

[^1]: Not at night.
"""
    found = read_mkdocs(source.encode())
    assert found.title == "The tram"
    assert [h.text for h in found.headings] == ["Harbour tram"]
    assert "It runs on rails. keep { .this }" in found.text
    for words in ("\nMind the gap\n", "\nThe gap is wide.\n", "Look down.", "\nNote\n\nFolded words.", "Not at night."):
        assert words in found.text, words
    assert "\nAdults\n\nAdults pay 32.\n\nChildren\n\nChildren pay 16." in found.text
    assert '=== "kept" { .as } it is' in found.text
    assert "TOC" not in found.text
    assert "!!!" not in found.text


def urls(place: Path, wiki: str | None, template: str) -> dict[str, str | None]:
    settings = load({"documents": place / "docs", "wiki": wiki, "url_template": template})
    found = outcomes(settings)
    assert not [entry for entry in found.values() if isinstance(entry, Skipped)]
    return {name: outcome.url for name, outcome in found.items() if isinstance(outcome, Document)}


def test_pages_of_dokuwiki_have_their_own_addresses_and_templates_are_no_pages(place: Path, write: Write) -> None:
    write(
        {
            "start.txt": "Text.",
            "wiki/my_page.txt": "Text.",
            "wiki/%C3%BCber_uns.txt": "Text.",
            "wiki/_template.txt": "@USER@",
            "__template.txt": "@USER@",
        }
    )
    assert urls(place, "dokuwiki", "https://wiki.example.org/doku.php?id={page}") == {
        "start.txt": "https://wiki.example.org/doku.php?id=start",
        "wiki/my_page.txt": "https://wiki.example.org/doku.php?id=wiki:my_page",
        "wiki/%C3%BCber_uns.txt": "https://wiki.example.org/doku.php?id=wiki:%C3%BCber_uns",
    }


def test_a_page_without_a_heading_is_called_what_its_wiki_calls_it(place: Path, write: Write) -> None:
    write({"wiki/%C3%BCber_uns.txt": "Text."})
    found = outcomes(load({"documents": place / "docs", "wiki": "dokuwiki"}))["wiki/%C3%BCber_uns.txt"]
    assert isinstance(found, Document)
    assert (found.title, found.url) == ("über_uns", None)


def test_pages_of_mkdocs_have_the_addresses_of_folders(place: Path, write: Write) -> None:
    write(
        {
            "index.md": "Text.",
            "guide/README.md": "Text.",
            "guide/first steps.md": "Text.",
            "files/form.txt": "Text.",
            "own.md": "---\nurl: https://own.example/c\n---\nText.",
        }
    )
    assert urls(place, "mkdocs", "https://docs.example.org/{page}") == {
        "index.md": "https://docs.example.org/",
        "guide/README.md": "https://docs.example.org/guide/",
        "guide/first steps.md": "https://docs.example.org/guide/first%20steps/",
        "files/form.txt": "https://docs.example.org/files/form.txt",
        "own.md": "https://own.example/c",
    }


def test_the_name_of_a_page_needs_a_wiki() -> None:
    with pytest.raises(SettingsError, match="wiki"):
        load({"url_template": "https://wiki.example.org/{page}"})


def test_another_wiki_means_a_full_build() -> None:
    assert load({}).fingerprint() != load({"wiki": "dokuwiki"}).fingerprint()
