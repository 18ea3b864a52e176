"""Words that are opposites where they stand in one place, beside the same words: "raised the rent", "cut the rent".

Elsewhere in a sentence one says nothing of the other. What one does as another does the contrary is none: scores that
are not lent cannot be borrowed, and tickets are sold where they can be bought.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from index.terms import terms


def paired(*pairs: tuple[str, str]) -> dict[str, frozenset[str]]:
    """For each term of pairs of words, the terms of the other side."""
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for pair in pairs:
        for side, other in (pair, pair[::-1]):
            for term in terms(side):
                found[term] |= {*terms(other)}
    return dict(found)


def sided(pairs: Sequence[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """For each term of pairs of words, the other words of its own side; "north" is no other word than "northern"."""
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for side in (side for pair in pairs for side in pair):
        for term in terms(side):
            found[term] |= {other for other in terms(side) if other[:4] != term[:4]}
    return dict(found)


RIVALS: Mapping[str, frozenset[str]] = paired(
    ("raise raised increase increased lift lifted", "cut reduce reduced lower lowered decrease decreased halve halved"),
    ("rise rose risen climb grew growth", "fall fell fallen decline declined shrank"),
    ("strengthen extend expand widen lengthen", "weaken shorten curtail narrow"),
    ("start started begin begins began begun commence", "end ended finish complete completed stop stopped cease"),
    ("join joined enter entered", "leave left quit exit"),
    ("stay stays stayed remain remained", "leave leaves quit exit"),
    ("upwind", "downwind"),
    ("hire hired recruit", "dismiss fire fired sack"),
    ("gain gained", "lose lost"),
    ("pass passed", "fail failed"),
    ("arrive", "depart"),
    ("add added", "remove removed delete deleted"),
    ("within inside", "outside beyond"),
    ("including included includes inclusive inklusive einschließlich", "plus excluding exclusive zuzüglich ohne"),
    ("propose proposed suggest suggested", "decide decided approve approved resolve resolved adopt adopted"),
    ("indoor indoors", "outdoor outdoors"),
    ("public", "private"),
    ("internal", "external"),
    ("inner", "outer"),
    ("domestic", "foreign international"),
    ("permanent", "temporary"),
    ("manual", "automatic"),
    ("upper", "lower"),
    ("left", "right"),
    ("present", "absent"),
    ("full", "empty"),
    ("free", "chargeable payable"),
    ("direct", "indirect"),
    ("formal", "informal"),
    ("cancel cancelled canceled", "postpone postponed delay delayed"),
    ("required obliged", "welcome invited"),
    ("deny denied", "admit admitted confirm confirmed"),
    ("support supported", "oppose opposed"),
    ("erhöht erhöhte erhöhten erhöhen", "gesenkt senkte senkten senken gekürzt kürzte kürzen"),
    ("stieg steigt stiegen steigen", "fiel fällt fielen fallen sank sinkt sanken sinken"),
    ("beginnt begann", "endet endete"),
    ("innerhalb", "außerhalb"),
    ("innen drinnen", "außen draußen"),
    ("intern interne internen", "extern externe externen"),
    ("öffentlich öffentliche öffentlichen", "privat private privaten"),
    ("dauerhaft", "vorübergehend befristet"),
    ("kostenlos kostenfrei gratis", "kostenpflichtig gebührenpflichtig"),
    ("pflicht verpflichtend", "freiwillig"),
    ("ersten erste erster erstes", "letzten letzte letzter letztes"),
    ("angenommen", "abgelehnt"),
    ("gewann gewinnt gewonnen", "verlor verliert verloren"),
)
"""For a term, those that say the contrary in its place."""
