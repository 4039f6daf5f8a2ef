"""tiski/nlu/corrected_answers.py: a correction in a form is another answer."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.events import ActiveLoop
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.corrected_answers import CorrectedAnswers


def heard(text: str, named: str, kind: str, form: str | None = "appointment_form") -> Message:
    entity: dict[str, Any] = {"entity": kind, "value": "x"}
    if named:
        start = text.index(named)
        entity |= {"start": start, "end": start + len(named)}
    message = Message(
        {
            "text": text,
            "intent": {"name": "deny", "confidence": 0.6},
            "intent_ranking": [{"name": "deny", "confidence": 0.6}],
            "entities": [entity],
            "decision": "clarify",
        }
    )
    tracker = DialogueStateTracker.from_events("c", evts=[ActiveLoop(form)])
    return CorrectedAnswers({}).process([message], tracker)[0]


@pytest.mark.parametrize(
    ("text", "named", "kind"),
    [
        ("eiku värjäys", "värjäys", "service"),
        ("ei vaan torstaina kymmeneltä", "torstaina kymmeneltä", "time"),
        ("ei, torstaina", "torstaina", "time"),
        ("siis Mikko", "Mikko", "staff"),
        ("oho sori, liisa@posti.example", "liisa@posti.example", "email"),
        ("No wait, Thursday", "Thursday", "time"),
        ("actually no, at four", "four", "time"),
        ("sorry, i meant the balayage", "balayage", "service"),
        ("no, 4", "4", "rating"),
        ("ei Mikko vaan Leevi", "Leevi", "staff"),
        ("It wasn't the balayage, it was the fringe.", "the fringe", "service"),
    ],
)
def test_a_correction_is_an_answer(text: str, named: str, kind: str) -> None:
    message = heard(text, named, kind)
    assert message.get("intent")["name"] == "inform"
    assert message.get("decision") == "sure"


@pytest.mark.parametrize(
    ("text", "named", "kind"),
    [
        ("ei torstaina", "torstaina", "time"),  # denies it, and names no other
        ("not thursday", "thursday", "time"),
        ("torstaina", "torstaina", "time"),
        ("sorry, i won't make it on thursday", "thursday", "time"),
        ("actually where is my order 10234", "10234", "order_number"),
        ("eiku", "", "language"),
        ("ei kiitos", "", "language"),
        ("not sure but ok", "", "language"),
        ("ei käy vaan pitää perua koko aika ja varata uusi", "", "language"),
        ("/inform eiku värjäys", "värjäys", "service"),
    ],
)
def test_what_says_more_or_less_stays(text: str, named: str, kind: str) -> None:
    assert heard(text, named, kind).get("intent")["name"] == "deny"


@pytest.mark.parametrize(
    "text", ["ei pipo vaan lapaset", "Not the hat but the gloves.", "it wasn't my hat, it was mine"]
)
def test_one_thing_for_another_that_nobody_knows_is_a_no(text: str) -> None:
    tracker = DialogueStateTracker.from_events("c", evts=[ActiveLoop("message_form")])
    guess = {"intent": {"name": "report_order_problem"}, "decision": "sure", "entities": []}
    message = CorrectedAnswers({}).process([Message({"text": text, **guess})], tracker)[0]
    assert message.get("intent")["name"] == "deny"


def test_outside_forms_nothing_is_changed() -> None:
    message = heard("eiku värjäys", "värjäys", "service", form=None)
    assert message.get("intent")["name"] == "deny"
