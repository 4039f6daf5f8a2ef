"""tiski/nlu/follow_ups.py: a message that only adds a detail asks the same once more."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.events import ActiveLoop, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.follow_ups import FollowUps, asks_on


def entity(kind: str, text: str, part: str) -> dict[str, Any]:
    start = text.index(part)
    return {"entity": kind, "value": part, "start": start, "end": start + len(part)}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("entä jouluaattona", "jouluaattona"),
        ("Entäs lauantaina?", "lauantaina"),
        ("no entä sitten sunnuntaisin", "sunnuntaisin"),
        ("mites huomenna", "huomenna"),
        ("what about Sunday?", "Sunday"),
        ("and on christmas eve", "christmas eve"),
        ("how about saturdays then", "saturdays"),
    ],
)
def test_an_opening_and_a_detail_ask_on(text: str, part: str) -> None:
    assert asks_on(text, [entity("time", text, part)], ["time"])


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("lauantaina", "lauantaina"),  # by itself it may be an answer
        ("entä paljonko se maksaa lauantaina", "lauantaina"),
        ("what about parking on Sunday", "Sunday"),
        ("varaa huomenna", "huomenna"),
        ("and can i come on sunday with my dog", "sunday"),
    ],
)
def test_who_says_more_is_left_alone(text: str, part: str) -> None:
    assert not asks_on(text, [entity("time", text, part)], ["time"])


def test_a_detail_of_another_kind_is_another_question() -> None:
    text = "entä värjäys lauantaina"
    found = [entity("service", text, "värjäys"), entity("time", text, "lauantaina")]
    assert not asks_on(text, found, ["time"])
    assert asks_on(text, found, ["time", "service"])
    assert not asks_on("entä", [], ["time"])


def heard(intent: str, question: str | None, *more: Event) -> DialogueStateTracker:
    """A conversation whose last message was understood as this."""
    answer = {"response": {"intent_response_key": question}}
    parsed = {"text": "x", "intent": {"name": intent}, "response_selector": {intent: answer}}
    message = UserUttered("x", intent={"name": intent}, parse_data=parsed if question else None)
    return DialogueStateTracker.from_events("c", evts=[message, *more])


def parsed(text: str, part: str, tracker: DialogueStateTracker | None, kind: str = "time") -> Any:
    message = Message(
        {
            "text": text,
            "entities": [entity(kind, text, part)],
            "intent": {"name": "nlu_fallback", "confidence": 0.6},
            "intent_ranking": [{"name": "book_appointment", "confidence": 0.4}],
            "decision": "clarify",
        }
    )
    return FollowUps({}).process([message], tracker)[0]


def test_it_is_the_question_before() -> None:
    message = parsed("entä jouluaattona", "jouluaattona", heard("faq", "faq/opening_hours"))
    assert message.get("intent")["name"] == "faq"
    assert message.get("intent_ranking")[0]["name"] == "faq/opening_hours"
    assert message.get("intent_ranking")[1]["name"] == "book_appointment"
    assert message.get("decision") == "sure"
    answer = message.get("response_selector")["faq"]["response"]
    assert answer["utter_action"] == "utter_faq/opening_hours"


def test_an_intent_that_is_no_question_of_the_faq_is_asked_on_too() -> None:
    message = parsed("what about Sara", "Sara", heard("check_availability", None), "staff")
    assert message.get("intent")["name"] == "check_availability"
    assert message.get("response_selector") is None


@pytest.mark.parametrize(
    "tracker",
    [
        None,
        heard("faq", "faq/parking"),
        heard("greet", None),
        heard("faq", "faq/opening_hours", ActiveLoop("appointment_form")),
        DialogueStateTracker.from_events("c", evts=[]),
    ],
)
def test_elsewhere_nothing_is_changed(tracker: DialogueStateTracker | None) -> None:
    message = parsed("entä jouluaattona", "jouluaattona", tracker)
    assert message.get("intent")["name"] == "nlu_fallback"
    assert message.get("decision") == "clarify"
