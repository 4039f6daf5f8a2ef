"""tiski/nlu/giving_up.py: "cancel" by itself gives up what is being asked for."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import ActiveLoop
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.giving_up import BareCancel


def heard(text: str, form: str | None) -> Message:
    message = Message(
        {
            "text": text,
            "intent": {"name": "nlu_fallback", "confidence": 0.6},
            "intent_ranking": [{"name": "cancel_appointment", "confidence": 0.4}],
            "decision": "clarify",
        }
    )
    tracker = DialogueStateTracker.from_events("c", evts=[ActiveLoop(form)]) if form else None
    return BareCancel({}).process([message], tracker)[0]


@pytest.mark.parametrize(
    "text", ["peru", "Peru!", "peruuta", "perutaan tää", "cancel", "CANCEL IT"]
)
def test_in_a_form_it_is_given_up(text: str) -> None:
    message = heard(text, "appointment_form")
    assert message.get("intent")["name"] == "stop"
    assert message.get("intent_ranking")[0]["name"] == "stop"
    assert message.get("decision") == "sure"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("peru", None),
        ("peru", "cancel_appointment_form"),  # there it is the wish itself
        ("cancel", "reschedule_form"),  # there is an appointment that could be meant
        ("peru mun huominen aika", "appointment_form"),
        ("cancel my order", "appointment_form"),
        ("", "appointment_form"),
    ],
)
def test_elsewhere_and_with_more_words_nothing_is_changed(text: str, form: str | None) -> None:
    assert heard(text, form).get("intent")["name"] == "nlu_fallback"
