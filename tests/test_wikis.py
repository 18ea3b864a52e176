"""Pages of wikis as documents: what their readers see, and the address of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.settings import load
from index.building import build
from index.chunking import in_place, split
from index.encoder import Encoder
from index.errors import SettingsError
from index.formats.dokuwiki import read_dokuwiki
from index.formats.mediawiki import read_wikitext
from index.formats.wikis import read_mkdocs
from index.planning import find_due
from index.types import Document, Skipped
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
    # "cards only" spans a fourth column, which the others leave empty.
    assert table == [["Who", "Crowns", "Note |"], ["Adults", "32", "cards only", "cards only"], ["Adults", "16", "|"]]
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


WIKITEXT = """{{Infobox|name=Tram}}
'''Harbour tram''' is a ''line'' along the [[quay]]s, see [[Fares#Children|the fares]]<ref>Not shown.</ref>.
It goes on &amp; on, says [https://x.example the site].<!-- not shown --> __NOTOC__
[[File:tram.jpg|thumb|A [[picture]]]]

== Fares ==
{| class="wikitable"
! Who !! Crowns
|-
| Adults || 32
|-
| Children
| 16
|}
* Bring a card
*# touch <div>in</div>
* keep it
: set in

<syntaxhighlight lang="bash">
tram --stop <now>
</syntaxhighlight>
<nowiki>''as is''</nowiki> {{Trams}}

[[Category:Trams]]
"""


SPANNING = """{| class="wikitable"
|+ style="color: red" | Fares of the ''tram''
! Who !! Crowns !! Note
|-
| Adults || 32 || rowspan="2" | cards only
|-
| Children || 16
|-
| Dogs || colspan=2 | half
|}
; Term : what it is: for short
; Other
: its sense
# first
#: set in
# second
#* of it
#:: deeper
# third
"""


def test_a_page_of_mediawiki_is_read_as_its_reader_sees_it() -> None:
    found = read_wikitext(WIKITEXT.encode())
    assert [(h.level, h.text) for h in found.headings] == [(2, "Fares")]
    lines = [line.strip() for line in found.text.split("\n") if line.strip()]
    assert lines == [
        "Harbour tram is a line along the quays, see the fares. It goes on & on, says the site.",
        "Fares",
        "Who | Crowns",
        "Adults | 32",
        "Children | 16",
        "* Bring a card",
        "1. touch",
        "in",
        "* keep it",
        "set in",
        "tram --stop <now>",
        "''as is''",
    ]


def test_spanning_cells_captions_terms_and_lines_set_in_are_read_as_mediawiki_shows_them() -> None:
    found = read_wikitext(SPANNING.encode())
    assert [line.strip() for line in found.text.split("\n") if line.strip()] == [
        "Fares of the tram",
        "Who | Crowns | Note",
        "Adults | 32 | cards only",
        "Children | 16 | cards only",
        "Dogs | half | half",
        "Term",
        "what it is: for short",
        "Other",
        "its sense",
        "1. first",
        "set in",
        "2. second",
        "+ of it",
        "deeper",
        "3. third",
    ]


@given(st.text(alphabet="ab '=[]{}|<>/!*#:;-\n&refdiv\x01\x02\x03", max_size=200))
def test_any_page_of_mediawiki_is_read_and_its_headings_stand_where_they_say(source: str) -> None:
    found = read_wikitext(source.encode())
    assert not {"\x01", "\x02"} & {*found.text}
    for heading in found.headings:
        assert found.text[heading.start : heading.end] == heading.text


def export(pages: Mapping[str, str], more: str = "") -> str:
    """An XML export with these pages; "|" parts the revisions of one, the newest first."""
    written = []
    for title, texts in pages.items():
        revisions = "".join(
            f"<revision><timestamp>2026-01-{20 - age:02}T10:00:00Z</timestamp><model>wikitext</model>"
            f"<text>{escape(text)}</text></revision>"
            for age, text in enumerate(texts.split("|"))
        )
        written.append(f"<page><title>{escape(title)}</title><ns>0</ns>{revisions}</page>")
    return f'<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/">{"".join(written)}{more}</mediawiki>'


OTHERS = """<page><title>Talk:Tram</title><ns>1</ns><revision><text>Said.</text></revision></page>
<page><title>Trams</title><ns>0</ns><redirect title="Tram"/><revision><text>#REDIRECT [[Tram]]</text></revision></page>
<page><title>Map</title><ns>0</ns><revision><model>json</model><text>{}</text></revision></page>"""


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


def test_each_page_of_an_export_is_a_document(place: Path, write: Write) -> None:
    write({"wiki.xml": export({"Harbour tram": "New words.|Old words.", "A/B & C?": "= Top =\nText."}, OTHERS)})
    settings = load({"documents": place / "docs", "wiki": "mediawiki", "url_template": "https://w.example/{page}"})
    found = outcomes(settings)
    assert all(isinstance(outcome, Document) for outcome in found.values())
    assert {name: (d.title, d.url, d.text.strip()) for name, d in found.items() if isinstance(d, Document)} == {
        "wiki.xml/A/B & C?": ("A/B & C?", "https://w.example/A/B_%26_C%3F", "Top\n\nText."),
        "wiki.xml/Harbour tram": ("Harbour tram", "https://w.example/Harbour_tram", "New words."),
    }


def test_a_page_of_an_export_is_encoded_behind_its_title(place: Path, write: Write) -> None:
    """Unlike the name of a file, which may be anything, it is what the page is about."""
    write({"wiki.xml": export({"Harbour tram": "It runs.", "A 2.0/B": "It runs."}), "tram.txt": "It runs."})
    found = outcomes(load({"documents": place / "docs", "wiki": "mediawiki"}))
    encoded = {
        name: in_place(chunk, document.title)
        for name, document in found.items()
        if isinstance(document, Document)
        for chunk in split(document, lambda texts: [len(text) for text in texts], 1000)
    }
    assert encoded == {
        "wiki.xml/Harbour tram": ["Harbour tram: It runs."],
        "wiki.xml/A 2.0/B": ["A 2.0/B: It runs."],
        "tram.txt": ["It runs."],
    }


def test_only_the_pages_of_an_export_that_changed_are_read_again(place: Path, write: Write, encoder: Encoder) -> None:
    settings = load({"documents": place / "docs", "data": place / "data", "wiki": "mediawiki"})
    write({"wiki.xml": export({"Tram": "It runs.", "Ferry": "It swims.", "Bus": "It drives."})})
    build(settings, encoder)
    assert not find_due(settings, encoder.fingerprint).stale
    write({"wiki.xml": export({"Tram": "It runs.", "Ferry": "It sails.", "Coach": "It drives."})})
    report = build(settings, encoder)
    assert (report.changed, report.unchanged) == (("wiki.xml/Ferry",), 1)
    assert [(name.before, name.after) for name in report.renamed] == [("wiki.xml/Bus", "wiki.xml/Coach")]


BOMB = """<!DOCTYPE m [<!ENTITY a "words words "><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>
<mediawiki><page><title>T</title><ns>0</ns><revision><text>Plain. &b;&c;</text></revision></page></mediawiki>"""


@pytest.mark.parametrize(
    ("content", "reason"),
    [("<mediawiki><page><title>T", "not a whole XML export"), ("<feed/>", "holds no pages"), ("words", "not a whole")],
)
def test_what_is_no_export_is_skipped_with_a_reason(place: Path, write: Write, content: str, reason: str) -> None:
    write({"wiki.xml": content, "a.txt": "Text."})
    found = outcomes(load({"documents": place / "docs", "wiki": "mediawiki"}))
    skipped = found["wiki.xml"]
    assert isinstance(skipped, Skipped)
    assert reason in skipped.reason
    assert isinstance(found["a.txt"], Document)


def test_entities_of_an_export_are_not_resolved(place: Path, write: Write) -> None:
    write({"wiki.xml": BOMB})
    found = outcomes(load({"documents": place / "docs", "wiki": "mediawiki"}))
    texts = [outcome.text for outcome in found.values() if isinstance(outcome, Document)]
    assert [text.strip() for text in texts] == ["Plain."]


def test_the_name_of_a_page_needs_a_wiki() -> None:
    with pytest.raises(SettingsError, match="wiki"):
        load({"url_template": "https://wiki.example.org/{page}"})


def test_another_wiki_means_a_full_build() -> None:
    assert load({}).fingerprint() != load({"wiki": "dokuwiki"}).fingerprint()
