"""tiski/bench/nlu/rasa_pipeline.py: what is read from the shapes that Rasa's parse gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tiski.bench.nlu.answers import Answer
from tiski.bench.nlu.rasa_pipeline import _as_rasa, _set_epochs, answer_of
from tiski.bench.nlu.sets import Example
from tiski.paths import ROOT

CONFIGS = ROOT / "tests" / "configs"


def named(*ranking: tuple[str, float]) -> list[dict]:
    return [{"name": name, "confidence": confidence} for name, confidence in ranking]


def test_the_best_intent_is_the_answer() -> None:
    ranking = named(("greet", 0.7), ("stop", 0.2))
    parsed = {"intent": ranking[0], "intent_ranking": ranking}
    assert answer_of(parsed) == Answer("greet", 0.7, 0.7, "sure")


def test_below_a_fallback_stands_what_was_guessed() -> None:
    ranking = named(("nlu_fallback", 0.7), ("greet", 0.3), ("stop", 0.2))
    parsed = {"intent": ranking[0], "intent_ranking": ranking}
    assert answer_of(parsed) == Answer("greet", 0.3, 0.3, "fallback")


def test_out_of_scope_is_a_refusal_and_speaks_against_the_rest() -> None:
    ranking = named(("out_of_scope", 0.6), ("greet", 0.2))
    parsed = {"intent": ranking[0], "intent_ranking": ranking}
    found = answer_of(parsed, knows_foreign=True)
    assert found == Answer("out_of_scope", 0.6, pytest.approx(0.25), "fallback")


def test_what_is_too_unlikely_for_the_ranking_speaks_against_nothing() -> None:
    ranking = named(("greet", 0.3), ("stop", 0.2))
    parsed = {"intent": ranking[0], "intent_ranking": ranking}
    assert answer_of(parsed, knows_foreign=True).score == 1.0


def test_the_desks_own_decision_counts() -> None:
    ranking = named(("nlu_fallback", 0.6), ("greet", 0.4))
    parsed = {"intent": ranking[0], "intent_ranking": ranking, "decision": "clarify"}
    assert answer_of(parsed).decision == "clarify"


def test_nothing_understood_is_nothing() -> None:
    parsed = {"intent": {"name": None, "confidence": 0.0}, "intent_ranking": []}
    assert answer_of(parsed) == Answer("", 0.0, 0.0, "fallback")


@pytest.mark.parametrize("key", ["faq", "default"])
def test_a_question_has_its_full_name(key: str) -> None:
    """Our classifier files it under its intent, Rasa's ResponseSelector under "default"."""
    ranking = named(("faq", 0.9), ("greet", 0.1))
    response = {"response": {"intent_response_key": "faq/parking"}}
    selector = {"all_retrieval_intents": ["faq"], key: response}
    parsed = {"intent": ranking[0], "intent_ranking": ranking, "response_selector": selector}
    assert answer_of(parsed).label == "faq/parking"


def test_questions_can_be_intents_of_their_own() -> None:
    example = Example("onko [pysäköinti](ilmainen)?", "faq/parking", "fi")
    (row,) = _as_rasa([example], flat=True)["rasa_nlu_data"]["common_examples"]
    assert "/" not in row["intent"]
    ranking = named((row["intent"], 0.9))
    parsed = {"intent": ranking[0], "intent_ranking": ranking}
    assert answer_of(parsed, flat=True).label == "faq/parking"


def test_rasa_reads_the_examples_as_they_are(tmp_path: Path) -> None:
    from rasa.shared.nlu.training_data.loading import load_data

    examples = [
        Example("onko [pysäköinti](ilmainen)?", "faq/parking", "fi"),
        Example('- "moi": # {}', "greet", "fi"),
    ]
    file = tmp_path / "nlu.json"
    file.write_text(json.dumps(_as_rasa(examples, flat=False)), encoding="utf-8")
    read = load_data(str(file)).intent_examples
    assert [message.get("text") for message in read] == [example.text for example in examples]
    assert [message.get_full_intent() for message in read] == ["faq/parking", "greet"]
    assert read[0].get("metadata") == {"intent": {"language": "fi"}}


def test_epochs_are_set_for_every_network(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    source = CONFIGS / "rasa_default_nlu.yml"
    config.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    _set_epochs(config, 3)
    pipeline = YAML(typ="safe").load(config.read_text(encoding="utf-8"))["pipeline"]
    assert [c["epochs"] for c in pipeline if "epochs" in c] == [3, 3]
