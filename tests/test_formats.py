"""Reading bytes: what each format gives, and what a bad file is called."""

from __future__ import annotations

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st

from index.formats.markup import read_html, read_markdown
from index.formats.pdf import read_pdf
from index.formats.plain import FormatError, clean, decode, join_wrapped, read_plain


def pdf(*pages: str, title: str = "") -> bytes:
    document = FPDF()
    document.set_font("helvetica", size=12)
    if title:
        document.set_title(title)
    for text in pages:
        document.add_page()
        document.multi_cell(0, 6, text)
    return bytes(document.output())


def test_plain_text_gives_up_its_source_line_and_its_headline() -> None:
    found = read_plain(
        b"Source:\nhttps://example.org/a\nWorld / Europe\n\nThe tram returns\n\nIt came back. All cheered.\n"
    )
    assert found.url == "https://example.org/a"
    assert found.title == "The tram returns"
    assert found.text.startswith("World / Europe")
    assert [found.text[h.start : h.end] for h in found.headings] == ["World / Europe\n\nThe tram returns"]


def test_prose_at_the_start_is_no_headline() -> None:
    assert read_plain(b"It came back. All cheered.\n\nMore of it.").headings == ()
    assert read_plain(b"only one line").headings == ()


def test_wrapped_lines_are_joined_and_meant_breaks_kept() -> None:
    wrapped = (
        "The quick brown fox jumps over the lazy dog and then\ngoes home to sleep until the next morning comes and\n"
        "the sun rises."
    )
    assert "\n" not in join_wrapped(wrapped)
    listed = "Bring with you:\n- a pen that writes\n- some paper\n1. Go in.\n2. Sit down."
    assert join_wrapped(listed) == listed
    verse = "Short line\nAnother\nThird"
    assert join_wrapped(verse) == verse


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_common_encodings_are_read(encoding: str) -> None:
    text = "Die Straßenbahn fährt wieder über die Brücke. Sie kostet 32 Kronen, für Kinder nichts. " * 4
    assert "Straßenbahn fährt" in read_plain(text.encode(encoding)).text


def test_utf8_with_a_few_broken_bytes_is_utf8() -> None:
    text = "Das Café öffnet früh. "
    assert decode(text.encode() + b"\xff\xfe") == text + "\ufffd\ufffd"
    assert decode(text.encode() + "für".encode("cp1252")) == text + "f\ufffdr"
    assert decode("Marked \ufffd before.".encode()) == "Marked \ufffd before."


def test_another_encoding_with_a_pair_of_bytes_as_in_utf8_is_none() -> None:
    text = "Wir gehen früh zur Brücke und hören: „Viel Spaß“ – das wäre schön für müde Bären. " * 4
    assert len("ß“".encode("cp1252").decode()) == 1
    assert "müde Bären" in decode(text.encode("cp1252"))


def test_invisible_and_control_characters_go() -> None:
    assert clean("a\u200bb\u202ec\x00d\U000e0041e\r\nf\ud800g") == "abcde\nfg"


def test_markdown_is_read_as_its_reader_sees_it() -> None:
    source = """---
title: The tram
url: https://wiki.example/tram
---
# Harbour *tram*

It **runs** every [ten minutes](http://x.example).
And a line more.

## Fares

| Who | Fare |
|---|---|
| Adults | 32 |

```
keep   this
  indented
```
"""
    found = read_markdown(source.encode())
    assert (found.title, found.url) == ("The tram", "https://wiki.example/tram")
    assert [(h.level, h.text, found.text[h.start : h.end]) for h in found.headings] == [
        (1, "Harbour tram", "Harbour tram"),
        (2, "Fares", "Fares"),
    ]
    assert "It runs every ten minutes. And a line more." in found.text
    assert "Adults | 32" in found.text
    assert "keep   this\n  indented" in found.text


def test_words_in_angle_brackets_stay_in_markdown() -> None:
    source = "Clone <repository> into <b>one</b> folder<br>as <Your-Name>, <Note>with care</Note>. <u>Or</u> <u>not."
    text = read_markdown(source.encode()).text
    assert " ".join(text.split()) == "Clone <repository> into one folder as <Your-Name>, with care. Or not."


def test_broken_front_matter_costs_nothing_else() -> None:
    assert "The text." in read_markdown(b"---\ntitle: [unclosed\n---\n\nThe text.\n").text


def test_html_keeps_the_content_and_drops_the_furniture() -> None:
    page = b"""<!doctype html><meta charset=utf-8><title>Site</title><link rel=canonical href=https://w.example/p>
    <nav>Menu Home</nav><header>Banner</header><main><h1>The page</h1><p>First
    sentence. <span style="display: none">hidden</span>Second.</p><script>alert(1)</script></main>
    <footer>Imprint</footer>"""
    found = read_html(page)
    assert (found.title, found.url) == ("The page", "https://w.example/p")
    assert "First sentence. Second." in found.text
    for word in ("Menu", "Banner", "hidden", "alert", "Imprint"):
        assert word not in found.text


def test_a_question_above_its_answer_is_a_heading() -> None:
    page = b"""<h1>FAQ</h1><h2>Parking</h2><p><b>Where can I park?</b></p><p>Behind the mill.</p>
    <details><summary>Who pays?</summary><p>We do.</p></details><dl><dt>Term<dd>Meaning<dt>Why?<dd>So.</dl>
    <p>Is it <b>far?</b></p><p>No.</p>"""
    found = read_html(page)
    asked = [("Parking", 2), ("Where can I park?", 3), ("Who pays?", 3), ("Why?", 3)]
    assert [(h.text, h.level) for h in found.headings][1:] == asked
    assert [line for line in found.text.split("\n") if line.strip()][4:8] == ["Who pays?", "We do.", "Term", "Meaning"]


def test_words_in_bold_by_themselves_are_headings() -> None:
    page = b"# List\n\n**Before the first day**\n\n- Order a desk\n\n**First day**\n\nMeet them.\n\n**Why?**\n\nSo.\n"
    found = read_markdown(page)
    named = [("Before the first day", 2), ("First day", 2), ("Why?", 3)]
    assert [(h.text, h.level) for h in found.headings][1:] == named
    found = read_markdown(b"# Minutes\n\n**Home *office*.** Two days.\n\n**The roof.** It leaks. We pay.\n")
    assert [(h.text, h.level) for h in found.headings][1:] == [("Home office", 2), ("The roof", 2)]
    assert " ".join(found.text.split()) == "Minutes Home office Two days. The roof It leaks. We pay."
    assert read_markdown(b"**Note.** It is old.").headings == ()
    for words in (b"**No smoking**\n\nThe hall is old.", b"**It is shut.**\n\nNo.\n\n**It is open.**\n\nYes."):
        assert read_markdown(words).headings == ()


def test_lines_that_name_what_stands_below_them_are_headings() -> None:
    meeting = b"Team meeting, 3 May\nPresent were Ada, Tom and Bea.\n\n1. The roof\nIt was mended on Monday.\n\n"
    found = read_plain(meeting + b"2. Paint\n\nMuch of it was bought.\n\nOld stock\n\nThere is none of it left.")
    assert found.title == "Team meeting, 3 May"
    assert [(h.text, h.level) for h in found.headings][1:] == [("1. The roof", 2), ("2. Paint", 2)]
    assert all(found.text[h.start : h.end] == h.text for h in found.headings)
    for words in (
        b"It is so.\n\nDear members,\n\nThe hall is shut now.",
        b"It is so.\n\n1. Sit down\n2. Stand up and go away.",
    ):
        assert read_plain(words).headings == ()


def test_deep_html_is_read_to_its_end_or_refused() -> None:
    for depth in (300, 3000):
        page = b"<p>first words</p>" + b"<div>" * depth + b"inner words" + b"</div>" * depth + b"<p>last words</p>"
        try:
            text = read_html(page).text
        except (FormatError, RecursionError):
            continue
        for words in ("first words", "inner words", "last words"):
            assert words in text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/relative", "ftp://x.example/"])
def test_only_web_addresses_become_a_documents_url(address: str) -> None:
    assert read_html(f'<link rel="canonical" href="{address}"><p>text</p>'.encode()).url is None
    assert read_markdown(f"---\nurl: {address}\n---\ntext".encode()).url is None


def test_pdf_has_pages_and_a_title() -> None:
    found = read_pdf(pdf("First page here. It has two sentences.", "Second page here.", title="Annual report"))
    assert found.title == "Annual report"
    assert len(found.pages) == 2
    assert found.text[found.pages[1] :].startswith("Second page")


def test_a_word_broken_at_the_end_of_a_pdf_line_is_whole() -> None:
    text = read_pdf(
        pdf("Nobody may remove gaskets with-\nout a signed form of well-\nknown origin. It went well.")
    ).text
    assert "Nobody may remove gaskets without a signed form of well-known origin." in text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.4 this is cut", "not a readable PDF"),
        (b"nothing like it", "not a readable PDF"),
        (pdf(""), "holds no text"),
    ],
)
def test_a_bad_pdf_is_called_what_it_is(data: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        read_pdf(data)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (read_plain, read_markdown, read_html):
        try:
            found = read(data)
        except FormatError:
            continue
        for heading in found.headings:
            assert 0 <= heading.start < heading.end <= len(found.text)


@given(st.text(alphabet="ab -.\n#*|`<>&;1", max_size=200))
def test_headings_stand_where_they_say(source: str) -> None:
    for read in (read_markdown, read_html):
        try:
            found = read(source.encode())
        except FormatError:
            continue
        for heading in found.headings:
            assert found.text[heading.start : heading.end] == heading.text
