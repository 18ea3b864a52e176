"""A slip of the pen in a question is put right by the documents' own words; what may be meant as it is stays."""

from __future__ import annotations

import pytest

from assistant.spelling import respelled
from index.encoder import Encoder
from index.generation import Generation

DOCUMENTS = {
    "singapore.md": "# Schools\n\nThere are six madrasahs in Singapore. Montcalm attacked Fort Oswego.\n",
    "people.md": "# People\n\nIn the Appalachian Mountains, Shirley led an expedition. The policy is new.\n",
    "network.md": "# Network\n\nThe Wi-Fi is new. Send an email to the co-working desk. Over 66, free. Since 1066.\n",
    "army.md": "# Army\n\nThe gunpowder and the workplace burnt. A powderhorn is new. The tool box is hers.\n",
    "maps.md": "# Maps\n\nA backup runs. Is land free? Somaliland is on the map.\n",
    "urlaub.md": "# Urlaub\n\nDie Kündigungsfrist beträgt drei Monate. Der Betriebsrat stimmt zu.\n",
}


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("How many madrasahs are in Sinagapore?", "How many madrasahs are in Singapore?"),
        ("Whom did Moncalm attack?", "Whom did Montcalm attack?"),
        ("What does Shirey lead in the Moutains?", "What does Shirley lead in the Mountains?"),
        ("Who joins the expediton?", "Who joins the expedition?"),
        ("Who climbs appalachain slopes?", "Who climbs appalachian slopes?"),
        ("Where are the Appalachain Mountains?", "Where are the Appalachian Mountains?"),
        ("What is the wifi password?", "What is the Wi-Fi password?"),
        ("May I send an e-mail to the coworking desk?", "May I send an email to the co-working desk?"),
        ("Is it free for over 66s?", "Is it free for over 66?"),
        ("How much gun powder burnt at the work place?", "How much gunpowder burnt at the workplace?"),
        ("Is the gun powder horn new?", "Is the gun powderhorn new?"),
        ("Whose is the toolbox?", "Whose is the tool box?"),
        ("Is the polciy open?", "Is the policy open?"),
        ("Is there a dsek?", "Is there a dsek?"),  # too short to tell
        ("May I eamil them?", "May I email them?"),
        ("Wie lang ist die Kündigungsrist?", "Wie lang ist die Kündigungsfrist?"),
    ],
)
def test_a_slip_is_put_right(index: Generation, encoder: Encoder, question: str, meant: str) -> None:
    assert respelled(question, index, encoder) == meant


@pytest.mark.parametrize(
    "question",
    [
        "What does the police say?",  # not "policy", though no document has it
        "Who is Zorbulon?",
        "When is the MOUTAIN open?",  # initials, perhaps
        "Who wrote to moutain@example.org?",
        "What is at example.org/moutain?",
        "Is it new in the 1066s?",
        "Is it new?",
        "Is the tool box new?",
        "Is there an island?",
        "Who can back up files?",
        "Is the army fully new?",
        "Who bought the Somali land?",
        "Is it mountainlike?",  # far from "mountain", which has the same beginning
    ],
)
def test_what_may_be_meant_stays(index: Generation, encoder: Encoder, question: str) -> None:
    assert respelled(question, index, encoder) == question


def test_words_of_the_documents_stay(index: Generation, encoder: Encoder) -> None:
    for chunk in index.catalog.chunks():
        assert respelled(chunk.text, index, encoder) == chunk.text
