"""What a language model writes, in whatever form, as statements: markers, lines, lead-ins and refusals."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.citing import Citing
from assistant.verdict.verdicts import Judge, Verdict
from assistant.writing.leads import Leads, Said
from assistant.writing.lines import Line, Lines
from assistant.writing.markers import Markers, Part
from assistant.writing.prompt import compose
from assistant.writing.refusing import is_refusal
from assistant.writing.statements import Writing

QUESTION = "Why was the harbour tram closed, and how much did the repairs and dogs cost?"
COST, DOGS = "Repairs cost 38.6 million crowns", "Dogs pay half"

Written = Callable[..., tuple[Citing, Writing]]


@pytest.fixture(scope="module")
def written(assistant: Assistant) -> Iterator[Written]:
    """Writes an answer to QUESTION of what a model says; {million} stands for the id of the passage with that word."""
    with assistant.published.reading() as generation:
        passages = assistant.search(QUESTION).passages
        prompt = compose(QUESTION, (), passages, "Answer.", assistant.settings.llm)
        judge = Judge(QUESTION, tuple(prompt.passages.values()), generation, assistant.encoder)

        def name(found: re.Match[str]) -> str:
            return next(name for name, passage in prompt.passages.items() if found[1] in passage.chunk.text)

        def write(said: str, lengths: Sequence[int] = (3,), drop: bool = False) -> tuple[Citing, Writing]:
            citing = Citing(generation)
            writing = Writing(citing, prompt, judge, drop)
            heard = [delta for piece in cut(re.sub(r"\{(\w+)\}", name, said), lengths) for delta in writing.feed(piece)]
            heard += writing.end(cut=False)
            assert "".join(delta.text for delta in heard) == citing.text
            return citing, writing

        yield write


def cut(text: str, lengths: Sequence[int]) -> Iterator[str]:
    """The text in pieces of these lengths, over and over."""
    place = 0
    for length in itertools.cycle(lengths):
        if place >= len(text):
            return
        yield text[place : place + length]
        place += length


def sources(citing: Citing) -> list[tuple[str, tuple[str, ...]]]:
    """Each sentence with the headings of what it cites."""
    return [
        (
            citing.text[said.start : said.end],
            tuple(citing.citations[number - 1].heading[-1] for number in said.citations),
        )
        for said in citing.statements
    ]


# --- markers and lines ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        f"{COST} [{{million}}], [{{Dogs}}]. {DOGS} [{{Dogs}}].",
        f"{COST} [{{million}}] and [{{million}}]. {DOGS} [{{Dogs}}] & [{{Dogs}}].",
        f"{COST}.[{{million}}]{DOGS}.[{{Dogs}}]",
        f"{COST}[{{million}}].{DOGS}[{{Dogs}}].",
        f"[{{million}}] {COST}. [{{Dogs}}] {DOGS}.",
        f"[{{million}}]: {COST}. [{{Dogs}}]: {DOGS}.",
        f"{COST} **[{{million}}]**. {DOGS} *[{{Dogs}}]*.",
        f"{COST} `[{{million}}]`. {DOGS} `[{{Dogs}}]`.",
        f"{COST}.<sup>[{{million}}]</sup> {DOGS}.<sup>[{{Dogs}}]</sup>",
        f"{COST} (see [{{million}}]). {DOGS} (source: [{{Dogs}}]).",
        f"{COST} \\[{{million}}\\]. {DOGS} \\[{{Dogs}}\\].",
        f"{COST} [zzzz] [{{million}}]. {DOGS} [k7f2] [{{Dogs}}].",
        f"{COST} `[a1b2]` [{{million}}]. {DOGS}. Sources: [{{Dogs}}]",
        f"{COST} [] [{{million}}]. {DOGS} [{{Dogs}}] ().",
        f"{COST} ([{{million}}], [zzzz]). {DOGS} ( [{{Dogs}}] ).",
        f"{COST} [[zzzz], [{{million}}]]. {DOGS} ([zzzz]) [{{Dogs}}].",
        f"{COST} , [{{million}}]. {DOGS},[{{Dogs}}].",
        f"{COST}, (see [{{million}}]). {DOGS} – [{{Dogs}}].",
        f"{COST}, [zzzz]. {DOGS}, ([{{Dogs}}]).",
        f"{COST} [{{million}}](http://a.example/{'long/' * 30}#b). {DOGS} ([{{Dogs}}](hr/fares_(old).md)).",
        f"{COST} `[{{million}}](hr/cost.md)`. {DOGS} [{{Dogs}}](#fares)[{{Dogs}}](#fares).",
        f"{COST} [[{{million}}](a/b.md)]. {DOGS} [{{Dogs}}, p. 3](a.md).",
    ],
)
def test_a_marker_leaves_nothing_behind(written: Written, said: str) -> None:
    citing, _ = written(said)
    assert sources(citing) == [(f"{COST}.", ("Cost",)), (f"{DOGS}.", ("Fares",))]


@pytest.mark.parametrize(
    "said", [f"{COST}.\n[{{million}}]\n\n{DOGS}.\n[{{Dogs}}]", f"[{{million}}]\n{COST}.\n[{{Dogs}}] {DOGS}."]
)
def test_a_marker_on_a_line_of_its_own(written: Written, said: str) -> None:
    citing, _ = written(said)
    assert sources(citing) == [(f"{COST}.", ("Cost",)), (f"{DOGS}.", ("Fares",))]


@pytest.mark.parametrize("text", ["[sic]", "[emphasis added]", "`list[item]`", "`a[1]`", "list[item]", "(2021)", "[x]"])
def test_other_brackets_are_words(written: Written, text: str) -> None:
    citing, writing = written(f"{DOGS} {text} always [{{Dogs}}].")
    assert citing.text.startswith(f"{DOGS} {text} always.")
    assert writing.unknown == 0


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (f"{DOGS}, [{{Dogs}}] as do cats, [{{Dogs}}], and mice.", f"{DOGS}, as do cats, and mice."),
        (f"{DOGS} ([{{Dogs}}] says so).", f"{DOGS} (says so)."),
        (f"- [{{Dogs}}] {DOGS} if main() and `[]` are", f"- {DOGS} if main() and `[]` are"),
        ("```\nf = ()\nx = []\n```", "f = ()\n\nx = []"),
        ("So:\n```yaml\na:\n  b:\n\tc: 1\n```\n  Done.", "So:\n\na:\n\n  b:\n\n\tc: 1\n\nDone."),
    ],
)
def test_what_stands_beside_a_marker_stays(written: Written, said: str, shown: str) -> None:
    citing, _ = written(said)
    assert re.sub(r" \[\d\]", "", citing.text) == shown


def test_what_the_passages_have_in_brackets_is_a_word() -> None:
    assert list(Markers({"b4k"}, "Load [b2b] or [html].").feed("See [b2b] and [html] ")) == ["See [b2b] and [html] "]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("## Cost\n\n---\n**Details**\n\nTwice.", ["Cost", "Details", "Twice."]),
        ("| A | B |\n|---|---|\n| x | y<br>z |\n| *u* |  |\n\nEnd", ["- A: x; B: y z", "- A: u", "End"]),
        ("| a | b |\nc | d", ["- a; b", "c | d"]),
        ("```sh\n# run | it\n  a  b\n```\nEnd", ["# run | it", "  a  b", "End"]),
        (
            "1. One:\n   - two\n     + three\n2) four\n1.1. five",
            ["1. One:", "- two", "+ three", "2) four", "1.1. five"],
        ),
        ("```a = 1``` is code.\n```sh\nb\n``` [{Dogs}]\nEnd", ["```a = 1``` is code.", "b", "End"]),
        ("✅ Yes! 🐕 Dogs.\n→ Go 🎉", ["✅ Yes!", "🐕 Dogs.", "→ Go 🎉"]),
        ("***Bold*** and __b__ 2*3*4 [l](http://a.b/c_d_e)", ["Bold and b 2*3*4 [l](http://a.b/c_d_e)"]),
        ("#\n## \n| |\n|\n> \n** **\n", []),
    ],
)
def test_lines_of_many_kinds(written: Written, said: str, shown: list[str]) -> None:
    citing, _ = written(said)
    assert [citing.text[one.start : one.end] for one in citing.statements] == shown


def test_a_heading_is_judged_if_it_claims_something(written: Written) -> None:
    citing, _ = written(f"## Overview\n{DOGS} [{{Dogs}}].\n## Not for penguins\n{COST} [{{million}}].\n## Ends on Mars")
    assert [said.support for said in citing.statements] == [
        *("supported", "supported", "unsupported", "supported", "unsupported")
    ]


@pytest.mark.parametrize(
    "lead", ["Here is what the handbook says:", "Here is what the handbook says: [{Dogs}]", "The council decided this:"]
)
def test_a_lead_in_claims_nothing(written: Written, lead: str) -> None:
    citing, _ = written(f"{lead}\n\n- {DOGS} [{{Dogs}}]\n- {COST} [{{million}}]")
    assert [said.support for said in citing.statements] == ["supported"] * 3
    assert [len(said.citations) for said in citing.statements] == [0, 1, 1]


def test_a_lead_in_is_judged_if_it_claims_something(written: Written) -> None:
    citing, _ = written(f"Seven penguins sing on Mars in these 12 places:\n- {DOGS} [{{Dogs}}]")
    assert [said.support for said in citing.statements] == ["unsupported", "supported"]


def test_rows_of_a_table_are_statements(written: Written) -> None:
    citing, _ = written(
        "| Fare | Price |\n|:--|--:|\n| Single ticket | 32 crowns [{Dogs}] |\n| Dogs | half | [{Dogs}]\n"
        "| Penguins | 7 invoices. Daily. [{Dogs}] |"
    )
    assert [said.support for said in citing.statements] == ["supported", "supported", "unsupported"]
    assert [len(said.citations) for said in citing.statements] == [1, 1, 1]


def test_a_long_answer_stays_whole(written: Written) -> None:
    said = "\n".join(f"- Case {n} of the council is number {n * 7} [{{million}}]" for n in range(300))
    citing, _ = written(said, lengths=(50,))
    assert len(citing.statements) == 300
    assert re.findall(r"number (\d+)", citing.text) == [str(n * 7) for n in range(300)]


@pytest.mark.parametrize(
    "listed",
    [
        "Sources:\n- [{Dogs}] Fares\n- [{million}] Cost",
        "## Sources\n\n1. [{Dogs}] tram.md, Fares\n2. Cost [{million}]",
        "**References:** [{Dogs}] Fares",
        "References: [{Dogs}] Fares; [{million}] Cost",
        "**Quellen**\n\n* Fares [{Dogs}]\n\n* Cost [{million}]",
        "Sources:",
    ],
)
@pytest.mark.parametrize("drop", [False, True])
@pytest.mark.parametrize("length", [1, 3, 999])
def test_a_list_of_sources_is_no_part_of_an_answer(written: Written, listed: str, drop: bool, length: int) -> None:
    citing, _ = written(f"{COST} [{{million}}]. {DOGS} [{{Dogs}}].\n\n{listed}", (length,), drop)
    assert sources(citing) == [(f"{COST}.", ("Cost",)), (f"{DOGS}.", ("Fares",))]


@pytest.mark.parametrize("length", [1, 3, 999])
def test_words_below_sources_are_an_answers(written: Written, length: int) -> None:
    citing, _ = written(f"Sources:\n- {DOGS} [{{Dogs}}]\n\nSo: {COST} [{{million}}].", (length,))
    assert [said for said, _ in sources(citing)] == ["Sources:", f"- {DOGS}", f"So: {COST}."]


def test_a_word_of_many_letters_holds_up_nobody(written: Written) -> None:
    begun = time.perf_counter()
    citing, _ = written(f"{DOGS} {'x' * 20_000}.", lengths=(50_000,))
    assert time.perf_counter() - begun < 2, "it takes as long as its letters, not as their square"
    assert len(citing.statements) == 1


_PIECES = st.lists(
    st.sampled_from(
        [
            *("[b4k]", "(m7t)", "b4k", "[", "]", " and ", "[5]", "[sic]", "`", "code[1]", "【m7t】", "[b4k, m7t]"),
            *("word. ", "\n", "(2021)", "[none]", "none", "[c2d]", "[[", "passage b4k", "漢字", "é", "[zzzz]"),
            *("[html]", "(see ", ")", "Sources: ", "Sources", ":", "**", "*", "_", "\\[", "\\]", ", ", " ", " or "),
            *("- ", "a", "```", "| a | b |\n", "|---|---|\n", "## ", "**Cost**\n", "|", "<sup>", "</sup>"),
            *("()", "( ", "[]", " – ", ";", "(", "main()"),
            *(
                "[b4k](a.md)",
                "(http://a.b/c)",
                "](",
                "(a/" + "b" * 70,
                "[b4k](m7t)",
                "[sic](a.md)",
                "`[b4k](a_(b).md)`",
            ),
        ]
    ),
    max_size=14,
)
_LENGTHS = st.lists(st.integers(1, 9), min_size=1, max_size=12)


@given(_PIECES, _LENGTHS)
def test_how_a_stream_is_cut_changes_nothing(pieces: list[str], lengths: list[int]) -> None:
    text = "".join(pieces)
    assert _parts(cut(text, lengths)) == _parts([text])


def _parts(pieces: Iterator[str] | list[str]) -> list[Part | Line]:
    markers, lines = Markers({"b4k", "m7t", "none"}, "html"), Lines()
    parts = [part for piece in pieces for part in lines.feed(markers.feed(piece))]
    joined: list[Part | Line] = []
    for part in (*parts, *lines.feed(markers.end()), *lines.end()):
        if joined and isinstance(part, str) and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


_SAID = st.lists(
    st.sampled_from(
        [
            *(f"{DOGS} [{{Dogs}}]. ", f"{COST} [{{million}}]", ". ", "\n", "\n\n", "- ", "  - ", "1. ", "To pay:\n"),
            *("## Fares\n", "| Fare | Half |\n", "|---|---|\n", "| dogs | yes [{Dogs}] |\n", "```\n", "**Cost**\n"),
            *(
                "[none]",
                "🐕 ",
                "Penguins sing on Mars [{Dogs}]. ",
                "(see [{million}])",
                "„Nein.“ ",
                "狗半价。",
                "I don't know. ",
            ),
            *(
                "[{million}][{Dogs}] ",
                "<b>bold</b> ",
                "![x](http://a.b/c) ",
                "`x[1]` ",
                "> quoted\n",
                "Sources:\n",
                "So",
                "\u202e",
                "a" * 50,
            ),
        ]
    ),
    max_size=9,
)


@settings(max_examples=40, deadline=None)
@given(_SAID, _LENGTHS, st.booleans())
@example(["| Fare | Half |\n", "|---|---|\n"], [1], False)
@example(["| Fare | Half |\n", "|---|---|\n", "| dogs | yes [{Dogs}] |\n"], [1], False)
def test_what_was_streamed_is_the_answer(written: Written, said: list[str], lengths: list[int], drop: bool) -> None:
    text = "".join(said)
    citing, writing = written(text, lengths, drop)  # which holds the pieces against the whole
    whole, _ = written(text, (10_000,), drop)
    assert citing.text == whole.text
    assert citing.statements == whole.statements
    rest, place = "", 0
    for one in citing.statements:
        rest += citing.text[place : one.start]
        place = one.end + sum(len(f" [{number}]") for number in one.citations)
    assert not (rest + citing.text[place:]).strip()
    if not drop and not writing.is_circling:
        words = re.findall(r"\w+", re.sub(r"\[?\{\w+\}\]?|\[none\]|\(see |</?b>|\*\*", " ", text))
        letters = "".join(re.findall(r"\w", citing.text))
        words = [word for word in words if word != "Sources"]  # it may lead to names of sources only
        assert [word for word in words if word not in letters] == [], "no word is lost"


# --- what leads to nothing ------------------------------------------------------------------------------------------


def test_who_leads_to_nothing_goes(written: Written) -> None:
    nothing, writing = written(
        f"To pay: [{{Dogs}}]\n- Sing on Mars [{{Dogs}}]\n- Dance with penguins [{{Dogs}}]\n\n{DOGS} [{{Dogs}}].",
        drop=True,
    )
    assert nothing.text == f"{DOGS}. [1]"
    assert writing.left_out == 2
    one, writing = written(f"Steps:\n1. Sing on Mars.\n2. {DOGS} [{{Dogs}}].", drop=True)
    assert one.text == f"Steps:\n\n2. {DOGS}. [1]"
    assert writing.left_out == 1


def _said(text: str, between: str = "\n\n", **more: int) -> Said:
    return Said(text, between, Verdict("supported", (), 1.0), **more)


def test_what_belongs_to_a_lead_in() -> None:
    leads = Leads()
    assert leads.take(_said("A", level=1), kept=True) == []
    assert leads.take(_said("B:"), kept=True) == []
    assert leads.take(_said("- C:", indent=0), kept=True) == []
    assert leads.take(_said("- d", indent=2), kept=False) == []
    kept = leads.take(_said("- e", indent=0), kept=True)
    assert [said.text for said in kept] == ["A", "B:", "- e"], "what led to d only went"
    leads.take(_said("F:"), kept=True)
    leads.take(_said("g."), kept=False)
    assert [said.text for said in leads.take(_said("h.", between=" "), kept=True)] == ["F:", "h."]
    leads.take(_said("I:"), kept=True)
    leads.take(_said("j."), kept=False)
    assert [said.text for said in leads.take(_said("k."), kept=True)] == ["k."], "another paragraph"
    leads.take(_said("L", level=2), kept=True)
    leads.take(_said("m."), kept=False)
    assert [said.text for said in leads.take(_said("n."), kept=True)] == ["L", "n."]
    leads.take(_said("O", level=2), kept=True)
    leads.take(_said("P", level=2), kept=True)
    assert [said.text for said in leads.take(_said("q."), kept=True)] == ["P", "q."]


# --- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        *("I don’t know.", "None.", "Not mentioned.", "The passages say nothing about cats."),
        *("The documents do not say who paid.", "- The provided context does not contain enough information."),
        *("Unfortunately, the given documents don't mention dogs.", "There is no information about dogs."),
        *("I'm sorry, but the text does not specify the price.", "None of the passages mentions cats."),
        *("The price of a ticket is not specified in the passages.", "No information about parrots is available."),
        *("Based on the provided passages, I cannot find the answer.", "The documents do not refer to dogs."),
        *("The question cannot be answered from the passages.", "Die Dokumente enthalten keine Angaben zu Hunden."),
        *("In den Dokumenten steht nichts über Katzen.", "Das weiß ich nicht.", "Es gibt keine Angaben dazu."),
        *("Leider geben die Passagen darüber keine Auskunft.", "Los documentos no mencionan el precio."),
        *("Les documents ne mentionnent pas le prix.", "Je ne sais pas.", "No se menciona el precio."),
        *("It is not stated in the passages.", "They do not mention dogs.", "It does not say how much it costs."),
        *("It's not stated in the passages.", "It isn't mentioned anywhere.", "None of them mentions the price."),
        *(
            "They say nothing about dogs.",
            "It provides no information about the price.",
            "It is not said whether it is.",
        ),
        *(
            "There is nothing about dogs in the documents.",
            "It cannot be determined.",
            "They do not answer the question.",
        ),
        *("Es steht nicht in den Dokumenten.", "Sie erwähnen keine Hunde.", "Das wird nicht erwähnt."),
        *("Es geht daraus nicht hervor.", "Sie enthalten keine Angaben dazu.", "Keine davon nennt den Preis."),
        *("No lo mencionan.", "Ellos no mencionan el precio.", "Esto no está indicado en los documentos."),
        *("Ils ne mentionnent pas le prix.", "Cela n'est pas mentionné dans les passages.", "Ce n'est pas précisé."),
    ],
)
def test_who_says_that_the_documents_do_not_say_it_claims_nothing(sentence: str) -> None:
    assert is_refusal(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        *("The warranty does not include water damage.", "Guests cannot find parking.", "Breakfast is not provided."),
        *("The contract does not mention overtime.", "No data is provided to third parties.", "No refunds are given."),
        *("There is no information desk at the station.", "There is no evidence that it is safe."),
        *("This information is not provided to third parties.", "Documents do not have to be signed."),
        *("The documents say nothing of it, but dogs pay half.", "The documents do not mention cats; dogs pay half."),
        *("The documents say that dogs are not allowed.", "Applicants who do not provide documents are refused."),
        *("Die Dokumente sagen, dass Hunde nicht mitfahren dürfen.", "Es gibt keine Parkplätze."),
        *("The information desk cannot answer calls after 5 pm.", "Documents are not included in the price."),
        *("They do not disclose data to third parties.", "It does not include water damage.", "It is not covered."),
        *(
            "It provides no information to third parties.",
            "They say no to dogs.",
            "They do not answer calls after 5 pm.",
        ),
        *("It was not stated in the contract.", "They do not mention it, but dogs pay half.", "It is not allowed."),
        *("Sie sagen, dass Hunde nicht mitfahren dürfen.", "Sie enthalten keine Nüsse.", "Es geht nicht."),
        *("No contienen nueces.", "Ils ne contiennent pas de noix.", "Ce n'est pas précis."),
    ],
)
def test_what_documents_deny_is_a_claim(sentence: str) -> None:
    assert not is_refusal(sentence)
