"""tiski/tools/reading.py: from Rasa's parse result to what tools print."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from tiski.tools.reading import as_json, reading_of


def guesses(**confidences: float) -> list[dict[str, Any]]:
    return [{"name": name, "confidence": value} for name, value in confidences.items()]


QUESTION = {
    "intent": {"name": "faq", "confidence": 0.9},
    "intent_ranking": [
        {"name": "faq/parking", "confidence": 0.9},
        {"name": "faq/location", "confidence": 0.05},
    ],
    "response_selector": {
        "all_retrieval_intents": ["faq"],
        "faq": {"response": {"intent_response_key": "faq/parking"}},
    },
    "language": "fi",
    "entities": [{"entity": "language", "value": "fi"}, {"entity": "rating", "value": 4}],
}


def test_a_question_has_its_full_name_once() -> None:
    reading = reading_of("missä parkki", QUESTION)
    assert reading.ranking == (("faq/parking", 0.9), ("faq/location", 0.05))
    assert (reading.intent, reading.confidence) == ("faq/parking", 0.9)
    assert reading.confidence_of("faq/location") == 0.05
    assert reading.confidence_of("greet") == 0.0


def test_the_change_of_language_is_no_entity_of_the_message() -> None:
    assert reading_of("x", QUESTION).entities == ({"entity": "rating", "value": 4},)


@pytest.mark.parametrize("decision", ["sure", "clarify", "fallback"])
def test_the_pipelines_decision_is_taken(decision: str) -> None:
    parsed = {"intent_ranking": guesses(greet=0.5), "decision": decision}
    assert reading_of("moi", parsed).decision == decision


def test_below_the_threshold_the_best_real_guess_is_named() -> None:
    parsed = {
        "intent": {"name": "nlu_fallback", "confidence": 0.8},
        "intent_ranking": guesses(nlu_fallback=0.8, greet=0.15, thank=0.1),
    }
    reading = reading_of("öö", parsed)
    assert (reading.intent, reading.confidence, reading.decision) == ("greet", 0.15, "fallback")


def test_without_a_decision_what_was_not_taken_by_the_fallback_is_sure() -> None:
    parsed = {"intent": guesses(greet=0.4)[0], "intent_ranking": guesses(greet=0.4, thank=0.3)}
    assert reading_of("moi", parsed).decision == "sure"


def test_out_of_scope_is_a_fallback_however_sure() -> None:
    parsed = {"intent": guesses(out_of_scope=0.99)[0], "decision": "sure"}
    assert reading_of("sää?", parsed).decision == "fallback"


def test_nothing_to_read() -> None:
    assert json.loads(as_json(reading_of("", {}), "en")) == {
        "text": "",
        "language": "en",
        "decision": "fallback",
        "intent": {"name": None, "confidence": 0.0},
        "intent_ranking": [],
        "entities": [],
    }


def test_json_is_one_line_and_takes_numbers_of_numpy() -> None:
    parsed = {**QUESTION, "entities": [{"entity": "rating", "value": np.float32(4)}]}
    said = as_json(reading_of("ä\u2028b\nc", parsed), "fi")
    assert "\n" not in said
    read = json.loads(said)
    assert read["text"] == "ä\u2028b\nc"
    assert read["entities"] == [{"entity": "rating", "value": 4.0}]
    assert read["intent_ranking"][1] == {"name": "faq/location", "confidence": 0.05}


def test_a_second_wish() -> None:
    second = {"intent": "faq/parking", "confidence": 0.7, "start": 3, "end": 9}
    assert reading_of("x", {"second_wish": second}).second_wish == ("faq/parking", 0.7)
