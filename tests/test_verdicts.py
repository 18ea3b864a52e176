"""Verdicts on written sentences, over made-up documents in a real index."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from assistant.verdict.verdicts import Judge, _has_addresses
from assistant.words.figures import bears_out, figures
from assistant.words.pieces import pieces
from index.encoder import Encoder
from index.generation import Generation
from index.types import Chunk, Passage

DOCUMENTS = {
    "observatory.md": """# Kestrel Hill observatory

The observatory on Kestrel Hill was opened on 3 March 1928 by the astronomer Edda Lindqvist. Its dome weighs 1,400
tonnes and was cast in Aberdeen. In 1961 the mechanic Tobias Okafor replaced the main mirror.

Visitors may not bring drones onto the hill. The shop accepts cards. About 38,000 people come every year, and a quarter
of them are pupils.
""",
    "ferry.md": """# Skerry ferry

The ferry to Skerry island leaves the old pier at 9:30 and returns at 17:15. A crossing takes forty minutes. Captain
Mairi Sutherland has steered it since 2004, after Jonas Brandt retired.
""",
    "bakery.md": """# Orchard Lane bakery

Rye bread is baked with a sourdough that is fed twice a day. The oven is heated with beech wood. Loaves rest overnight
before they are sold.
""",
    "sternwarte.txt": """Sternwarte Falkenberg

Die Sternwarte wurde am 12. Mai 1931 von Greta Hollmann eröffnet. Der Spiegel hat einen Durchmesser von 1,5 Metern.
Im Winter ist die Kuppel für Besucher nicht geöffnet.
""",
    "molino.txt": """El molino de Valdeoro

El molino fue construido en 1874 por Ramón Echeverri. Muele 2.500 kilos de trigo cada semana.
""",
    "phare.txt": """Le phare de Kermorvan

Le phare a été allumé le 5 juillet 1849 par Yves Le Goff. Sa lumière porte à 22 milles.
""",
    "tram.txt": "电车\n\n该线路于1911年开通。桥梁于2025年关闭，因为工程师发现了裂缝。\n",
}
QUESTION = "What can you tell me about it?"


@pytest.fixture
def judge(index: Generation, passages: Mapping[str, Passage], encoder: Encoder) -> Callable[..., Judge]:
    return lambda question=QUESTION: Judge(question, list(passages.values()), index, encoder)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("observatory", "The observatory on Kestrel Hill was opened on 3 March 1928 by the astronomer Edda Lindqvist."),
        ("observatory", "Edda Lindqvist opened the Kestrel Hill observatory on March 3rd, 1928."),
        ("observatory", "The dome of the observatory weighs 1400 tonnes."),
        ("observatory", "The main mirror was replaced by Tobias Okafor in 1961 [1]."),
        ("observatory", "Visitors may not bring drones onto the hill."),
        ("ferry", "A crossing to Skerry takes 40 minutes."),
        ("ferry", "The ferry leaves the old pier at 9:30 and returns at 5:15 pm."),
        ("bakery", "The rye bread's sourdough is fed twice a day."),
        ("sternwarte", "Greta Hollmann hat die Sternwarte am 12.05.1931 eröffnet."),
        ("molino", "El molino fue construido por Ramón Echeverri en 1874."),
        ("phare", "Yves Le Goff a allumé le phare le 5 juillet 1849."),
        ("tram", "该线路于1911年开通。"),
        ("bakery", "Yes, the rye bread's sourdough is fed twice a day."),
    ],
)
def test_what_a_passage_says_is_supported(
    judge: Callable[..., Judge], passages: Mapping[str, Passage], document: str, sentence: str
) -> None:
    verdict = judge().verdict(sentence, [passages[document]])
    assert verdict.support == "supported", verdict


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        # Another passage.
        ("bakery", "The observatory on Kestrel Hill was opened on 3 March 1928 by the astronomer Edda Lindqvist."),
        ("ferry", "The rye bread's sourdough is fed twice a day."),
        # A number, near or from elsewhere in the passage.
        ("observatory", "The observatory on Kestrel Hill was opened on 4 March 1928 by Edda Lindqvist."),
        ("observatory", "Its dome weighs 1,500 tonnes and was cast in Aberdeen."),
        ("observatory", "The observatory was opened on 3 March 1961 by the astronomer Edda Lindqvist."),
        ("ferry", "The ferry leaves the old pier at 9:45 and returns at 17:15."),
        ("sternwarte", "Die Sternwarte wurde am 12. Mai 1932 von Greta Hollmann eröffnet."),
        ("molino", "Muele 2.800 kilos de trigo cada semana."),
        ("phare", "Sa lumière porte à 27 milles."),
        # A name, strange or from elsewhere in the passage.
        ("observatory", "The main mirror was replaced in 1961 by the mechanic Pavel Novotny."),
        ("observatory", "In 1961 the mechanic Edda Lindqvist replaced the main mirror."),
        ("ferry", "Captain Jonas Brandt has steered it since 2004."),
        ("sternwarte", "Die Sternwarte wurde am 12. Mai 1931 von Otto Brennecke eröffnet."),
        ("molino", "El molino fue construido en 1874 por Julián Ortega."),
        ("phare", "Le phare a été allumé le 5 juillet 1849 par Alain Morvan."),
        # The sense turned.
        ("observatory", "Visitors may bring drones onto the hill."),
        ("observatory", "The shop does not accept cards."),
        ("observatory", "The shop rejects cards."),
        ("observatory", "The observatory on Kestrel Hill was closed on 3 March 1928 by the astronomer Edda Lindqvist."),
    ],
)
def test_what_it_does_not_say_is_unsupported(
    judge: Callable[..., Judge], passages: Mapping[str, Passage], document: str, sentence: str
) -> None:
    verdict = judge().verdict(sentence, [passages[document]])
    assert verdict.support == "unsupported", verdict


def test_a_sentence_may_join_two_passages(judge: Callable[..., Judge], passages: Mapping[str, Passage]) -> None:
    both = "The observatory on Kestrel Hill was opened by Edda Lindqvist, while Mairi Sutherland has steered the ferry."
    cited = [passages["observatory"], passages["ferry"]]
    verdict = judge().verdict(both, cited)
    assert verdict.support == "supported"
    assert [quote.chunk for quote in verdict.quotes] == [passage.chunk for passage in cited]
    assert "Lindqvist" in verdict.quotes[0].text
    assert "Sutherland" in verdict.quotes[1].text
    assert judge().verdict(both, cited[:1]).score < verdict.score


def test_words_of_the_question_need_no_support(judge: Callable[..., Judge], passages: Mapping[str, Passage]) -> None:
    sentence = "The telescope house that tourists love was cast in Aberdeen."
    asked = judge("Where was the telescope house that tourists love made?")
    assert (
        asked.verdict(sentence, [passages["observatory"]]).score
        > judge().verdict(sentence, [passages["observatory"]]).score
    )


def test_nothing_cited_supports_nothing(judge: Callable[..., Judge]) -> None:
    verdict = judge().verdict("The dome weighs 1,400 tonnes.", [])
    assert (verdict.support, verdict.quotes, verdict.score) == ("unsupported", (), 0.0)


def test_what_can_be_checked_by_nothing_is_left_open(
    judge: Callable[..., Judge], passages: Mapping[str, Passage]
) -> None:
    assert judge().verdict("No.", [passages["ferry"]]).support == "partly"


@pytest.mark.parametrize(
    ("sentence", "document"),
    [
        ("Edda Lindqvist opened the observatory in 1928.", "observatory"),
        ("The oven of the bakery is heated with beech wood.", "bakery"),
        ("Der Spiegel der Sternwarte hat einen Durchmesser von 1,5 Metern.", "sternwarte"),
        ("The oven is heated with coal from Poland.", None),
        ("Edda Lindqvist opened the observatory in 1938.", None),
        ("Penguins are fed at noon.", None),
        ("", None),
    ],
)
def test_the_source_of_a_sentence_without_a_marker(
    judge: Callable[..., Judge], passages: Mapping[str, Passage], sentence: str, document: str | None
) -> None:
    assert judge().source(sentence) == (passages[document] if document else None)


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("Here are the steps:", False),
        ("To reset the password, follow these steps:", False),
        ("Based on the sources, here is what I found.", False),
        ("I hope this helps!", False),
        ("**", False),
        ("Yes.", True),
        ("No, the password is not reset.", True),
        ("You reset the password.", True),
        ("You reset the password in the account menu.", True),
        ("The answer is 5.", True),
    ],
)
def test_a_lead_in_says_nothing(judge: Callable[..., Judge], sentence: str, says: bool) -> None:
    assert judge("How do I reset the password?").says_something(sentence) == says


WORDS = st.sampled_from(
    ["the", "dome", "1928", "3 March", "Edda", "not", "38,000", "该线路", "[1]", ",", ".", "**", "é\n"]
)


@examples(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS | st.text(max_size=8), max_size=14), which=st.sets(st.sampled_from(sorted(DOCUMENTS))))
def test_quotes_are_verbatim_slices_of_their_documents(
    judge: Callable[..., Judge], index: Generation, passages: Mapping[str, Passage], words: list[str], which: set[str]
) -> None:
    cited = [passages[name.partition(".")[0]] for name in sorted(which)]
    verdict = judge().verdict(" ".join(words), cited)
    assert [quote.chunk for quote in verdict.quotes] == [passage.chunk for passage in cited]
    assert 0 <= verdict.score <= 1
    for quote in verdict.quotes:
        document = index.catalog.document(quote.chunk.document)
        assert document
        assert quote.text
        assert document.text[quote.span.start : quote.span.end] == quote.text
        assert quote.span in quote.chunk.sentences


@pytest.mark.parametrize(
    ("said", "found", "same"),
    [
        ("1,000", "one thousand", True),
        ("1000", "1.000", True),
        ("one hundred and twenty", "120", True),
        ("twenty-one", "20", False),
        ("3 March 2025", "2025-03-03", True),
        ("March 3rd", "3 March 2025", True),
        ("3. März 2025", "3 de marzo de 2025", True),
        ("3 March 2025", "on March 3, as it was in 2025", True),
        ("3 March 2025", "March 2025", False),
        ("March 2025", "3 March 2025", True),
        ("in 2025", "March 2025", True),
        ("25%", "25 percent", True),
        ("25 Prozent", "25 por ciento", True),
        ("25%", "25 km", False),
        ("$1.2bn", "1.2 billion dollars", True),
        ("about 40 million", "38.6 million", True),
        ("40 million", "38.6 million", False),
        ("3rd", "third", True),
        ("the 19th century", "in 1850", True),
        ("the 1990s", "in 1994", True),
        ("the 1990s", "in 2001", False),
        ("2 pm", "14:00", True),
        ("nine o'clock", "9 am", True),
        ("5 km", "5 miles", False),
        ("2025年", "2025", True),
    ],
)
def test_figures_agree_in_whatever_form(said: str, found: str, same: bool) -> None:
    assert bears_out(figures(said)[0], figures(found)) == same


@given(st.text())
def test_any_text_has_pieces_and_figures_within_it(text: str) -> None:
    assert all(0 <= figure.start < figure.end <= len(text) for figure in figures(text))
    assert all(piece.terms or piece.figure for piece in pieces(text))


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("https://ferry.example/times", True),
        ("ferry.example/times is www.ferry.example/times.", True),
        ("http://Ferry.example/", True),
        ("HARBOUR@ferry.example.", True),
        ("https://ferry.example/times?q=secret", False),
        ("[here](https://evil.example)", False),
        ("www.evil.example", False),
        ("captain@ferry.example", False),
        ("e.g. at 9:30, and/or later", True),
    ],
)
def test_an_address_has_to_stand_in_what_is_cited(address: str, known: bool) -> None:
    text = "The ferry leaves at 9:30, see https://ferry.example/ti\nmes and harbour@ferry.example."
    chunk = Chunk("1", "ferry.md", 0, len(text), text, (), None, ((0, len(text)),))
    assert _has_addresses([Passage(chunk, "Ferry", None, "", 1.0)], f"The ferry leaves at 9:30, see {address}") == known


@pytest.mark.parametrize("address", ["https://evil.example/?q=pier", "![x](https://evil.example)", "a@evil.example"])
def test_an_invented_address_bears_nothing_out(
    judge: Callable[..., Judge], passages: Mapping[str, Passage], address: str
) -> None:
    true = "The ferry to Skerry island leaves the old pier at 9:30"
    assert judge().verdict(f"{true}.", [passages["ferry"]]).support == "supported"
    assert judge().verdict(f"{true}, see {address}.", [passages["ferry"]]).support == "unsupported"
    assert judge().source(f"{true}, see {address}.") is None
