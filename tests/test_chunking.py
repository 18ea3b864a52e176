"""Chunks: exact, complete, within their limit, and never across a heading."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunking import segments, split
from index.formats.markup import read_markdown
from index.types import Document, Heading

LIMIT = 32


def count(texts: Sequence[str]) -> list[int]:
    """A stand-in for a tokenizer: one token for each four characters of a word."""
    return [sum((len(word) + 3) // 4 for word in text.split()) for text in texts]


def document(text: str, headings: tuple[Heading, ...] = (), pages: tuple[int, ...] = ()) -> Document:
    return Document("a.txt", "A title", text, "digest", None, headings, pages)


words = st.text(alphabet="abcdeé.,!?• -\n–1)漢字。", min_size=0, max_size=400)


@settings(max_examples=300)
@given(words)
def test_chunks_are_exact_and_cover_every_character_once(text: str) -> None:
    whole = document(text)
    chunks = split(whole, count, LIMIT)
    covered = [0] * len(text)
    for chunk in chunks:
        assert text[chunk.start : chunk.end] == chunk.text
        assert chunk.sentences
        for span in chunk.sentences:
            assert chunk.start <= span.start < span.end <= chunk.end
            assert "\n" not in text[span.start : span.end].strip("\n") or len(chunk.sentences) == 1
        for position in range(chunk.start, chunk.end):
            covered[position] += 1
    assert all(covered[i] == 1 for i, character in enumerate(text) if not character.isspace())


@settings(max_examples=200)
@given(words)
def test_chunks_keep_the_limit(text: str) -> None:
    for chunk in split(document(text), count, LIMIT):
        assert sum(count([chunk.text[s.start - chunk.start : s.end - chunk.start] for s in chunk.sentences])) <= LIMIT


@given(st.lists(st.tuples(st.integers(1, 4), st.text(alphabet="abc. ", max_size=60)), max_size=8))
def test_no_chunk_crosses_a_heading_with_text_before_it(sections: list[tuple[int, str]]) -> None:
    source = "\n\n".join(f"{'#' * level} Head {n}\n\n{text}" for n, (level, text) in enumerate(sections))
    found = read_markdown(source.encode())
    for chunk in split(document(found.text, found.headings), count, 1000):
        inside = [h for h in found.headings if chunk.start <= h.start < chunk.end]
        text = chunk.text
        for heading in reversed(inside):
            text = text[: heading.start - chunk.start] + text[heading.end - chunk.start :]
        before_last = chunk.text[: inside[-1].start - chunk.start] if inside else ""
        for heading in inside[:-1]:
            before_last = before_last.replace(heading.text, "", 1)
        assert not before_last.strip()


def test_headings_give_the_path_and_are_not_quoted() -> None:
    found = read_markdown(b"# A title\n\nIntro here.\n\n## Part\n\n### Detail\n\nThe detail.\n\n## Other\n\nThe other.")
    chunks = split(document(found.text, found.headings), count, 1000)
    assert [chunk.heading for chunk in chunks] == [(), ("Part", "Detail"), ("Other",)]
    assert [chunk.sentence_texts() for chunk in chunks] == [["Intro here."], ["The detail."], ["The other."]]


def test_list_items_lines_and_references_are_sentences_of_their_own() -> None:
    text = "Bring:\n• a pen. And ink.\n2. Sit down.[3] Then wait for Dr. Smith of the U.S. embassy.\n02:10"
    (chunk,) = split(document(text), count, 1000)
    assert chunk.sentence_texts() == [
        "Bring:", "a pen.", "And ink.", "2. Sit down.[3]", "Then wait for Dr. Smith of the U.S. embassy.", "02:10",
    ]  # fmt: skip


def test_a_sentence_too_long_is_cut_where_a_clause_ends() -> None:
    (first, *_) = split(document(", ".join(f"the part number {n} of it" for n in range(40)) + "."), count, LIMIT)
    assert first.text.endswith(" of it,")


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("It takes approx. 30 minutes. Then rest.", ["It takes approx. 30 minutes. ", "Then rest."]),
        ("Files of max. 3 MB (incl. Attachments) pass.", ["Files of max. 3 MB (incl. Attachments) pass."]),
        ("Die Miete bzw. Die Pacht zzgl. 19 % MwSt.", ["Die Miete bzw. Die Pacht zzgl. 19 % MwSt."]),
        ("Ask Ms. Maria Berg first. Then go.", ["Ask Ms. Maria Berg first. ", "Then go."]),
        ("I met Max. He left.", ["I met Max. ", "He left."]),
        ("It cuts wood up to 8 mm. PVC must not be cut.", ["It cuts wood up to 8 mm. ", "PVC must not be cut."]),
        ("Pakete bis 10 kg. Größere kosten mehr.", ["Pakete bis 10 kg. ", "Größere kosten mehr."]),
        ("From 5 W. 42nd Street to 3 m. A. Smith", ["From 5 W. 42nd Street to 3 m. A. Smith"]),
    ],
)
def test_an_abbreviation_ends_no_sentence(line: str, sentences: list[str]) -> None:
    assert segments(line) == sentences


def test_a_sentence_ends_at_a_number() -> None:
    (chunk,) = split(document("It was signed on December 2. China agreed."), count, 1000)
    assert chunk.sentence_texts() == ["It was signed on December 2.", "China agreed."]


def test_chinese_sentences_end_at_their_own_stops() -> None:
    (chunk,) = split(document("电车于1911年开始运营。2025年3月，线路关闭。“好。”他说！"), count, 1000)
    assert chunk.sentence_texts() == ["电车于1911年开始运营。", "2025年3月，线路关闭。", "“好。”", "他说！"]


def test_many_headings_and_paragraphs_stay_linear() -> None:
    source = "\n\n".join(f"## Part {n}\n\nOne line of text." for n in range(4000))
    found = read_markdown(source.encode())
    assert len(split(document(found.text, found.headings), count, 1000)) == 4000


def test_pages_are_those_where_the_words_stand() -> None:
    text = "First page.\n\nSecond page."
    chunks = split(document(text, pages=(0, 13)), count, 4)
    assert [(chunk.text, chunk.page) for chunk in chunks] == [("First page.", 1), ("Second page.", 2)]


def test_the_same_text_has_the_same_ids() -> None:
    text = "One sentence. Another one.\n\nA paragraph."
    assert [c.id for c in split(document(text), count, 8)] == [c.id for c in split(document(text), count, 8)]
