"""Tables: where they stand, what their rows are encoded with, and how a row is shown as an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml.html import fromstring

from assistant.assistant import Assistant
from assistant.types import Answer
from index.chunking import in_place, split
from index.formats.grids import write_out
from index.formats.markup import read_html, read_markdown
from index.formats.plain import read_plain
from index.tables import cells, empty_cells, find_tables, headers, parting
from index.types import BuildReport, Document
from tests.test_answering import ask
from tests.test_chunking import count

Write = Callable[[Mapping[str, str | bytes]], None]
Rebuild = Callable[[], BuildReport]

CITIES = """# Travel

The limit for a hotel night depends on the city.

| City | Hotel limit | Meals |
| --- | --- | --- |
| Berlin | 140 EUR | 28 EUR |
| Paris | 180 EUR | 34 EUR |

Trains are booked through the travel desk.
"""


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def rows(text: str) -> list[tuple[list[str], str | None]]:
    return [
        ([text[r.start : r.end] for r in t.rows], text[t.header.start : t.header.end] if t.header else None)
        for t in find_tables(text)
    ]


def test_a_table_is_two_lines_with_cells_parted_alike() -> None:
    assert rows("City | Limit\nParis | 180\n\nHome | News") == [(["City | Limit", "Paris | 180"], "City | Limit")]
    assert rows("City\tLimit\nParis\t180") == [(["City\tLimit", "Paris\t180"], "City\tLimit")]
    assert rows("City     Limit\nParis    180") == [(["City     Limit", "Paris    180"], "City     Limit")]
    assert rows("| City | Limit |\n|---|---|\n| Paris | 180 |") == [(["City | Limit", "Paris | 180"], "City | Limit")]
    assert rows("One line.\nAnother | line.\nA third.") == []


@pytest.mark.parametrize(
    ("first", "names"),
    [
        ("Part | 2024 | 2025", True),
        ("Plant | Week 1 | Week 2", True),
        ("Room 1 | Hall 2", False),
        ("Bolt | 12 EUR", False),
        ("Phone: | see below", False),
    ],
)
def test_values_name_no_columns(first: str, names: bool) -> None:
    ((_, header),) = rows(f"{first}\nRing | 14 EUR | 15 EUR")
    assert (header == first) is names


@pytest.mark.parametrize(
    ("line", "row", "empty"),
    [
        ("| Oslo | 140 EUR |", "Oslo | 140 EUR", set()),
        ("| | 140 EUR |", "| 140 EUR", {0}),
        ("| Oslo | |", "Oslo |", {1}),
        ("|  Oslo |  |", "Oslo |", {1}),
        ("Oslo | 140 EUR", "Oslo | 140 EUR", set()),
    ],
)
def test_an_empty_cell_keeps_its_place(line: str, row: str, empty: set[int]) -> None:
    table = f"| City | Price |\n| --- | --- |\n{line}\n"
    assert rows(table) == [(["City | Price", row], "City | Price")]
    assert empty_cells(row, "City | Price") == empty


@given(st.text(alphabet="ab1 .|\t\n-", max_size=200))
@example("1|\n|1| |")
def test_rows_are_lines_of_the_text(text: str) -> None:
    last = 0
    for table in find_tables(text):
        for row in table.rows:
            assert last <= row.start < row.end <= len(text)
            assert "\n" not in text[row.start : row.end]
            assert parting(text[row.start : row.end]) or "|" not in text[row.start : row.end], "all others are empty"
            last = row.end


@pytest.mark.parametrize(
    "read",
    [
        lambda: read_markdown(CITIES.encode()).text,
        lambda: (
            read_html(
                b"<h1>Travel</h1><table><tr><th>City<th>Hotel limit</tr><tr><td>Berlin<td>140 EUR</tr>"
                b"<tr><td>Paris<td>180 EUR. Ask first.</tr></table>"
            ).text
        ),
        lambda: read_plain(b"Travel\n\nCity\tHotel limit\nBerlin\t140 EUR\nParis\t180 EUR\n").text,
        lambda: read_plain(b"Travel\n\nCity       Hotel limit\nBerlin     140 EUR\nParis      180 EUR\n").text,
    ],
)
def test_a_row_is_one_sentence_whatever_it_was_read_from(read: Callable[[], str]) -> None:
    (chunk,) = split(Document("a", "Travel", read(), ""), count, 1000)
    header = next(text for text in chunk.sentence_texts() if text.startswith("City"))
    paris = next(text for text in chunk.sentence_texts() if "Paris" in text)
    assert "180 EUR" in paris
    assert headers(chunk)[chunk.sentence_texts().index(paris)] == header
    assert headers(chunk)[chunk.sentence_texts().index(header)] == ""
    assert f"Travel. {header}: {paris}" in in_place(chunk, "Travel")


SHIFTS = b"""<h1>Shifts</h1><table><tr><th>Site<th>Shift<th>Start<th>Supervisor</tr>
<tr><td rowspan=2>Bremen<td>Early<td>06:00<td>Jon Frey</tr><tr><td>Late<td>14:00<td></tr>
<tr><td>Malmo<td colspan=2>closed<br>until May<td>Eva <b>B</b>erg</tr><tr><td colspan=4>Abroad</tr>
<tr><td>Gdansk</tr></table>"""


def test_every_row_has_every_cell() -> None:
    lines = [line.strip() for line in read_html(SHIFTS).text.split("\n") if "|" in line]
    assert lines == [
        "Site | Shift | Start | Supervisor",
        "Bremen | Early | 06:00 | Jon Frey",
        "Bremen | Late | 14:00 |",
        "Malmo | closed until May | closed until May | Eva Berg",
        "Abroad | | |",
        "Gdansk | | |",
    ]


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=4), min_size=1, max_size=5)
)
def test_spans_of_any_kind_make_rows_of_one_width(spans: list[list[tuple[int, int]]]) -> None:
    rows = "".join(f"<tr>{''.join(f'<td colspan={w} rowspan={h}>x' for w, h in row)}</tr>" for row in spans)
    tree = fromstring(f"<table>{rows}</table>")
    write_out(tree)
    assert len({len(row) for row in tree.iter("tr")}) == 1


def test_empty_cells_are_told() -> None:
    assert cells("| b | c") == ["", "b", "c"]
    assert empty_cells("Bremen | Late | 14:00 |", "Site | Shift | Start | Supervisor") == {3}
    assert empty_cells("Gdansk | | |", "Site | Shift | Start | Supervisor") == {1, 2, 3}
    assert empty_cells("| - | c", "A | B | C") == {0, 1}
    assert empty_cells("Paris     180", "City     Limit     Meals") == frozenset()


@pytest.mark.parametrize(
    ("question", "band"),
    [
        ("Who is the supervisor of the early shift in Bremen?", "answered"),
        ("Who is the supervisor of the late shift in Bremen?", "uncertain"),
        ("When is the start of the late shift in Bremen?", "answered"),
        ("Who is the supervisor in Gdansk?", "uncertain"),
    ],
)
def test_an_empty_cell_is_no_answer(own: Assistant, write: Write, rebuild: Rebuild, question: str, band: str) -> None:
    write({"shifts.html": SHIFTS})
    rebuild()
    assert ask(own, question).band == band


def test_a_long_table_keeps_the_names_of_its_columns() -> None:
    text = "Part | Price\n" + "\n".join(f"Part number {n} | {n} EUR" for n in range(20)) + "\n\nAfter | all."
    first, *others, last = split(Document("a", "Parts", text, ""), count, 40)
    assert (first.header, headers(first)[:2]) == ("", ["", "Part | Price"])
    assert headers(last)[-1] == "", "what follows the table is no row of it"
    assert len(others) > 1
    for chunk in others:
        assert chunk.header == "Part | Price"
        assert set(headers(chunk)) == {"Part | Price"}


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("What is the hotel limit in Paris?", "Paris | 180 EUR | 34 EUR"),
        ("How much may meals in Berlin cost?", "Berlin | 140 EUR | 28 EUR"),
    ],
)
def test_a_row_is_shown_behind_the_names_of_its_columns(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, row: str
) -> None:
    write({"travel.md": CITIES})
    rebuild()
    answer = ask(own, question)
    assert answer.band == "answered"
    assert quotes(answer) == ["City | Hotel limit | Meals", row]
    assert "[1]\n\n" in answer.text


def test_a_short_table_is_shown_whole_where_no_row_is_asked_for(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({"travel.md": CITIES.replace("The limit for a hotel night depends on the city.\n", "")})
    rebuild()
    shown = quotes(ask(own, "Which hotel limits are there?"))
    assert shown == ["City | Hotel limit | Meals", "Berlin | 140 EUR | 28 EUR", "Paris | 180 EUR | 34 EUR"]


PLANS = """# Offers

All prices are net of VAT.

| Plan | Seats | Price a month |
| --- | --- | --- |
| Basic | 5 | 19 |
| Team | 25 | 79 |
| Plus | 100 | 199 |

Every plan can be cancelled at the end of a month.

## Opening hours

| Day | From | To |
| --- | --- | --- |
| Monday to Friday | 8 am | 6 pm |
| Saturday | 9 am | 1 pm |
"""


@pytest.mark.parametrize(
    ("question", "first", "rows"),
    [
        ("Which plans are there?", "Plan | Seats | Price a month", 3),
        ("What does each plan cost?", "Plan | Seats | Price a month", 3),
        ("What plans do you offer?", "Plan | Seats | Price a month", 3),
        ("What are your opening hours?", "Day | From | To", 2),
        ("How much is the Team plan?", "Plan | Seats | Price a month", 1),
        ("Can every plan be cancelled?", "Every plan can be cancelled at the end of a month.", 0),
    ],
)
def test_asked_for_all_of_a_kind_every_row_is_shown(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, first: str, rows: int
) -> None:
    write({"offers.md": PLANS})
    rebuild()
    shown = quotes(ask(own, question))
    assert shown[0] == first
    assert sum(quote.count("|") == 2 for quote in shown[1:]) == rows


COURSES = """# Courses

| Course | Begins | Teacher | Price |
| --- | --- | --- | --- |
| Pottery | 11 April | Amir Haddad | 120 EUR |
| Weaving in the hall | 12 April | Sofia Lund | free |
| Drawing outside the hall | 7 May | Amir Haddad | 30 EUR |
| Drawing in the hall | 9 May | Amir Haddad | 40 EUR |

Water and towels for swimming are not needed.
"""


@pytest.mark.parametrize(
    ("question", "band", "rows"),
    [
        ("Which courses are free?", "answered", ["Weaving"]),
        ("Which courses does Amir Haddad teach?", "answered", ["Pottery", "Drawing outside", "Drawing in"]),
        ("Which courses are not free?", "answered", ["Pottery", "Drawing outside", "Drawing in"]),
        ("price drawing hall", "answered", ["Drawing in"]),
        ("When does the pottery course begin?", "answered", ["Pottery"]),
        ("When does the swimming course begin?", "uncertain", None),
    ],
)
def test_of_a_table_those_rows_are_shown_that_are_asked_for(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, band: str, rows: list[str] | None
) -> None:
    write({"courses.md": COURSES})
    rebuild()
    answer = ask(own, question)
    assert answer.band == band
    shown = [quote for quote in quotes(answer)[1:] if quote.count("|") == 3]
    assert rows is None or [quote.startswith(row) for quote, row in zip(shown, rows, strict=True)] == [True] * len(rows)


def test_all_rows_are_those_of_one_table_however_long(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    def prices(names: list[str]) -> str:
        return "\n".join(["| Plan | Price |", "| --- | --- |", *(f"| {name} | {len(name)}9 |" for name in names)])

    old, new = ["Basic", "Team"], [f"Plan number {n} with a long name" for n in range(60)]
    write({"offers.md": f"# Offers\n\n## Of 2025\n\n{prices(old)}\n\n## Of 2026\n\n{prices(new)}\n"})
    rebuild()
    assert quotes(ask(own, "Which plans were there in 2025?")) == ["Plan | Price", "Basic | 59", "Team | 49"]
    shown = quotes(ask(own, "Which plans are there in 2026?"))
    assert shown[0] == "Plan | Price"
    assert 10 < len(shown) < 60, "as many as can be read"


def test_a_row_far_down_a_long_table_is_found_and_named(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    names = [
        f"{a} {b}"
        for a in ("Oak", "Ash", "Elm", "Fir", "Yew")
        for b in ("plank", "beam", "board", "post", "rail", "sill")
    ]
    table = "\n".join(f"| {name} | {12 + n} EUR | {n % 5 + 2} days |" for n, name in enumerate(names))
    write({"wood.md": f"# Timber\n\n| Piece | Price | Delivery time |\n|---|---|---|\n{table}\n"})
    rebuild()
    answer = ask(own, "What is the delivery time of a yew post?")
    assert answer.band == "answered"
    assert quotes(answer) == ["Piece | Price | Delivery time", "Yew post | 39 EUR | 4 days"]
    assert len({citation.passage for citation in answer.citations}) == 2


def wide(columns: int, rows: int) -> str:
    """A table in which the cell of row r and column c is 1000 * r + c."""
    names = ["product", *(f"{place} {what}" for place in PLACES for what in ("price", "weight"))][:columns]
    lines = [names, ["---"] * columns]
    lines += [[f"{WOODS[r]} lamp", *(str(1000 * (r + 1) + c) for c in range(1, columns))] for r in range(rows)]
    return "# Export\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


WOODS = ("oak", "cedar", "maple", "birch", "walnut", "linden")
PLACES = [f"{when} {where}" for when in ("spring", "summer", "autumn", "winter", "former")
          for where in ("retail", "export", "partner", "outlet", "factory", "customs")]  # fmt: skip


def test_a_wide_row_is_cut_into_stretches_under_the_names_of_their_columns() -> None:
    text = read_markdown(wide(60, 3).encode()).text
    chunks = split(Document("a", "Export", text, ""), count, 1000)
    stretches = [chunk for chunk in chunks if chunk.row]
    assert {chunk.row for chunk in stretches} == {f"product: {wood} lamp" for wood in WOODS[:3]}
    for chunk in stretches:
        assert text[chunk.start : chunk.end] == chunk.text
        (words,), (header,) = chunk.sentence_texts(), headers(chunk)
        assert header in text
        assert len(cells(header)) == len(cells(words))
        assert f"Export. {chunk.row}. {header[:240]}: {words}" in in_place(chunk, "Export")
    assert len([cell for chunk in stretches for cell in cells(chunk.sentence_texts()[0])]) == 3 * 60


@given(st.lists(st.sampled_from(["", " ", "7", "ab", "-", "€"]), min_size=14, max_size=60))
def test_every_character_of_a_wide_row_is_in_one_chunk(values: list[str]) -> None:
    names = " | ".join(f"name of column {'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}" for n in range(60))
    text = f"{names}\nrow | {' | '.join(values)}\n| {' | '.join(values)} |"
    chunks = split(Document("a", "A", text, ""), count, 1000)
    covered = {n for chunk in chunks for n in range(chunk.start, chunk.end)}
    assert all(n in covered for n, c in enumerate(text) if not c.isspace())
    assert sum(chunk.end - chunk.start for chunk in chunks) == len(covered)
    for chunk in chunks:
        assert all(chunk.start <= span.start < span.end <= chunk.end for span in chunk.sentences)


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("What is the winter outlet weight of the cedar lamp?", ["winter outlet weight", "cedar lamp", "2044"]),
        ("What is the summer export price of the oak lamp?", ["summer export price", "oak lamp", "1015"]),
        ("How much is the spring retail price of the birch lamp?", ["spring retail price", "birch lamp", "4001"]),
    ],
)
def test_of_a_wide_row_the_cell_asked_for_is_shown(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, shown: list[str]
) -> None:
    write({"export.md": wide(60, 6)})
    rebuild()
    answer = ask(own, question)
    assert (quotes(answer), answer.band) == (shown, "answered")


CONTACTS = """# Contacts

| Team | Person | Phone | Desk |
|---|---|---|---|
| Help desk | Mira Sommer | 4400 | 12 |
| Post room | Agnes Vogt | 4315 | 7 |
"""


@pytest.mark.parametrize("question", ["help desk phone", "What is the phone number of the help desk?"])
def test_a_cell_asked_for_is_shown_alone(own: Assistant, write: Write, rebuild: Rebuild, question: str) -> None:
    write({
        "contacts.md": CONTACTS,
        "devices.md": "# Devices\n\nReport a lost phone to the help desk at once.\n\nThe help desk is in room 2.\n",
    })  # fmt: skip
    rebuild()
    shown = quotes(ask(own, question))
    assert shown == ["Team | Person | Phone | Desk", "Help desk | Mira Sommer | 4400 | 12"]


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ("| Class | Under 16 | 16 and over |\n| Judo | £9 | £11 |\n| Chess | £4.50 | £5 |", True),
        ("| | Until 30 June | From 1 July |\n| Adult | 9 euros | 11 euros |\n| Child | 4 euros | 5 euros |", True),
        ("| Judo | 9 euros | Hall 2 |\n| Chess | 11 euros | Hall 3 |\n| Yoga | 8 euros | Hall 1 |", False),
        ("| Judo | Under 16 | 3 |\n| Chess | 16 and over | 4 |\n| Yoga | 18 and over | 2 |", False),
    ],
)
def test_a_name_of_a_column_may_have_a_number_where_what_is_below_is_of_another_form(table: str, named: bool) -> None:
    (found,) = find_tables(table)
    assert (found.header is not None) is named
