"""tiski/answers/action_schema.py: as strict as Rasa's own check, and quicker."""

from __future__ import annotations

import time
from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from tiski.answers import action_schema
from tiski.answers.action_schema import check_schema_once

SLOT = {"event": "slot", "timestamp": None, "name": "requested_slot", "value": "order_proof"}
ANSWER: dict[str, Any] = {
    "events": [SLOT],
    "responses": [{"text": None, "buttons": [], "response": "utter_ask_contact"}],
}


@pytest.fixture
def action() -> RemoteAction:
    check_schema_once()
    return RemoteAction("action_stop", None)


def test_an_answer_is_taken(action: RemoteAction) -> None:
    assert action._validate_action_result(ANSWER)


@pytest.mark.parametrize(
    "wrong",
    [
        {"events": "none"},
        {"events": [{"event": "slot", "name": 3}]},
        {"events": [{"event": "no such event"}]},
        {"events": [], "responses": ["text"]},
    ],
)
def test_another_shape_is_refused_in_rasas_words(
    action: RemoteAction, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError, match="make sure your response from the Action endpoint"):
        action._validate_action_result(wrong)


def test_it_is_quicker(action: RemoteAction) -> None:
    def seconds(check: Any) -> float:
        began = time.process_time()
        for _ in range(5):
            check(action, ANSWER)
        return time.process_time() - began

    action._validate_action_result(ANSWER)
    assert seconds(action_schema._validate) * 5 < seconds(action_schema._validate_as_rasa_does)
