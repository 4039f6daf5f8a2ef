"""tiski/channels/action_answers.py: the same verdicts as Rasa's own check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction

from tiski.channels import action_answers

GOOD: list[dict[str, Any]] = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "staff", "value": "aino", "timestamp": None}]},
    {"responses": [{"response": "utter_greet", "name": "Anna"}]},
]
BAD: list[Any] = [
    {"events": [{"event": "no such event"}]},
    {"events": [{"event": "slot"}]},
    {"responses": ["utter_greet"]},
    {"events": {}},
    [],
]


@pytest.fixture
def action(monkeypatch: pytest.MonkeyPatch) -> Iterator[RemoteAction]:
    monkeypatch.setattr(
        RemoteAction, "_validate_action_result", action_answers._checked_by_rasa
    )  # as Rasa has it again after the test
    action_answers.check_rules_once()
    yield RemoteAction("action_greet", None)


@pytest.mark.parametrize("answer", GOOD)
def test_a_good_answer_passes(action: RemoteAction, answer: dict[str, Any]) -> None:
    assert action_answers._checked_by_rasa(action, answer)
    assert action._validate_action_result(answer)


@pytest.mark.parametrize("answer", BAD)
def test_a_bad_answer_raises_what_rasa_raises(action: RemoteAction, answer: Any) -> None:
    with pytest.raises(jsonschema.ValidationError) as of_rasa:
        action_answers._checked_by_rasa(action, answer)
    with pytest.raises(jsonschema.ValidationError) as ours:
        action._validate_action_result(answer)
    assert str(ours.value) == str(of_rasa.value)


def test_the_schema_is_checked_once(action: RemoteAction, monkeypatch: pytest.MonkeyPatch) -> None:
    action._validate_action_result(GOOD[0])
    monkeypatch.setattr(jsonschema, "validate", lambda *_: pytest.fail("checked the rules again"))
    assert action._validate_action_result(GOOD[1])
