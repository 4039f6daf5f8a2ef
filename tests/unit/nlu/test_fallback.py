"""tiski/nlu/fallback.py: the decision on a message, and what becomes of its intent."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.decision import CLARIFY, FALLBACK, OUT_OF_SCOPE, SURE, Thresholds
from tiski.nlu.fallback import DecisionMaker

LIMITS = {
    "": Thresholds(sure=0.5, foreign=0.5),
    "fi": Thresholds(sure=0.5, foreign=0.5),
    "en": Thresholds(sure=0.8, foreign=0.5),
}


def decided(
    *ranking: tuple[str, float], language: str | None = "fi", foreign: float | None = None
) -> Message:
    guesses = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    data: dict[str, Any] = {TEXT: "moi", "intent_ranking": guesses, "intent": guesses[0]}
    data.update(thresholds=LIMITS, language=language)
    if foreign is not None:
        data["foreign"] = foreign
    return DecisionMaker({}).process([Message(data=data)])[0]


def names(message: Message) -> list[str]:
    return [guess["name"] for guess in message.get("intent_ranking")]


def test_sure_leaves_all_as_it_is() -> None:
    message = decided(("greet", 0.7), ("thank", 0.2), foreign=0.1)
    assert message.get("decision") == SURE
    assert message.get("intent") == {"name": "greet", "confidence": 0.7}
    assert names(message) == ["greet", "thank"]


def test_unsure_asks_back_and_keeps_the_guesses() -> None:
    message = decided(("greet", 0.4), ("thank", 0.3), foreign=0.1)
    assert message.get("decision") == CLARIFY
    assert message.get("intent") == {"name": "nlu_fallback", "confidence": pytest.approx(0.6)}
    assert names(message) == ["nlu_fallback", "greet", "thank"]


def test_foreign_is_refused_however_sure_the_guess() -> None:
    message = decided(("greet", 0.6), ("out_of_scope", 0.35), foreign=0.35)
    assert message.get("decision") == FALLBACK
    assert message.get("intent")["name"] == "nlu_fallback"
    assert names(message) == ["nlu_fallback", "greet", "out_of_scope"]


def test_out_of_scope_has_an_answer_of_its_own() -> None:
    message = decided((OUT_OF_SCOPE, 0.6), ("greet", 0.2), foreign=0.6)
    assert message.get("decision") == FALLBACK
    assert message.get("intent") == {"name": OUT_OF_SCOPE, "confidence": 0.6}
    assert names(message) == [OUT_OF_SCOPE, "greet"]


@pytest.mark.parametrize(
    ("language", "decision"), [("fi", SURE), ("en", CLARIFY), ("sv", SURE), (None, SURE)]
)
def test_each_language_has_its_own_thresholds(language: str | None, decision: str) -> None:
    assert decided(("greet", 0.7), language=language).get("decision") == decision


@pytest.mark.parametrize("data", [{}, {"intent_ranking": []}, {"thresholds": LIMITS}])
def test_nothing_to_decide_on(data: dict[str, Any]) -> None:
    intent = {"name": None, "confidence": 0.0}
    message = DecisionMaker({}).process([Message(data={TEXT: "", "intent": intent, **data})])[0]
    assert message.get("decision") == FALLBACK
    assert message.get("intent") == intent


def test_the_decision_is_part_of_what_is_told() -> None:
    told = decided(("greet", 0.7)).as_dict(only_output_properties=True)
    assert told["decision"] == SURE
