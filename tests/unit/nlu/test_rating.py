"""tiski/nlu/rating.py and the component around it: what is a rating, and what only looks like one."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.rating import find_rating, is_all
from tiski.nlu.ratings import RatingExtractor


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4/5", 4),
        ("4 / 5", 4),
        ("nelonen", 4),
        ("annan arvosanaksi nelosen", 4),
        ("viis tähteä", 5),
        ("kolme tähteä viidestä", 3),
        ("antaisin käynnille neljä viidestä", 4),
        ("neljä kautta viisi", 4),
        ("täydet pisteet", 5),
        ("arvosana 2", 2),
        ("1 tähti, en tule enää", 1),
        ("five stars", 5),
        ("4 out of 5", 4),
        ("nine out of ten", 5),
        ("10/10", 5),
        ("3/10", 2),
        ("stars: 5, lovely", 5),
        ("⭐⭐⭐⭐", 4),
        ("4/5, no sorry, 5/5", 5),
    ],
)
def test_a_rating_that_says_so(text: str, value: int) -> None:
    found = find_rating(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "text",
    ["5", "viisi", "0/5", "6/5", "11/10", "klo 15.5", "4/5/2026", "order 10234", "yksi asia vielä"],
)
def test_what_is_none(text: str) -> None:
    assert find_rating(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("5", 5), ("4+", 4), ("4,5", 5), ("kolme", 3), ("I'd say four", 4), ("eiku 4", 4), ("5!", 5)],
)
def test_a_bare_number_where_one_was_asked_for(text: str, value: int) -> None:
    found = find_rating(text, asked=True)
    assert found is not None
    assert found.value == value
    assert is_all(text, found)


@pytest.mark.parametrize("text", ["6", "0", "10234", "0455550123", "24.11.", "klo 15", "12.30"])
def test_a_number_that_cannot_be_one(text: str) -> None:
    assert find_rating(text, asked=True) is None


def test_more_than_a_rating() -> None:
    found = find_rating("one more thing", asked=True)
    assert found is not None
    assert not is_all("one more thing", found)


def understand(text: str, *, asked: str | None = None, said: str | None = None) -> Message:
    """A message after the component, with what the desk said or asked for last."""
    tracker = DialogueStateTracker(
        "someone", [TextSlot("requested_slot", [{"type": "custom"}], asked)]
    )
    if said:
        tracker.update(UserUttered("hei"))
        tracker.update(BotUttered("…", metadata={"utter_action": said}))
    message = Message(data={TEXT: text, INTENT: {"name": "inform", "confidence": 0.4}})
    return RatingExtractor({}).process([message], tracker)[0]


def values(message: Message) -> list[Any]:
    return [entity["value"] for entity in message.get(ENTITIES, [])]


def test_a_bare_number_right_after_the_question_is_feedback() -> None:
    message = understand("5", said="utter_ask_rating_after")
    assert values(message) == [5]
    assert message.get(INTENT)["name"] == "give_feedback"


def test_a_bare_number_after_anything_else_is_not() -> None:
    message = understand("5", said="utter_faq/parking")
    assert values(message) == []
    assert message.get(INTENT)["name"] == "inform"


def test_more_than_a_number_after_the_question_goes_on_as_usual() -> None:
    message = understand("vielä yksi asia", said="utter_ask_rating_after")
    assert values(message) == []
    assert message.get(INTENT)["name"] == "inform"


def test_a_number_for_another_question_is_left_alone() -> None:
    message = understand("vitonen", asked="lead_budget")
    assert message.get(INTENT)["name"] == "inform"
    assert values(understand("5", asked="lead_budget")) == []


def test_a_number_inside_a_comment_is_no_correction() -> None:
    assert values(understand("odotin 3 tuntia", asked="feedback_comment")) == []
    assert values(understand("eiku 3", asked="feedback_comment")) == [3]


def test_a_button_keeps_what_it_carries() -> None:
    assert values(understand('/give_feedback{"rating": "5"}', asked="rating")) == []
