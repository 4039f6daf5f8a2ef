"""tiski/nlu/component.py: when Rasa may take a trained component from its cache."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.engine.training.fingerprinting import calculate_fingerprint_key

from tiski.nlu import component
from tiski.nlu.intent import IntentClassifier


@pytest.fixture
def nlu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of tiski/nlu/."""
    (tmp_path / "decision.py").write_text("KEPT = 0.9\n", encoding="utf-8")
    (tmp_path / "words.yml").write_text("yes: [joo]\n", encoding="utf-8")
    monkeypatch.setattr(component, "__file__", str(tmp_path / "component.py"))
    return tmp_path


def key() -> str:
    component._state_of_code.cache_clear()  # as in a new process
    return calculate_fingerprint_key(IntentClassifier, {}, {})


@pytest.fixture(autouse=True)
def the_real_state_afterwards() -> Iterator[None]:
    yield
    component._state_of_code.cache_clear()


@pytest.mark.parametrize("name", ["decision.py", "words.yml", "new.py"])
def test_any_module_behind_a_component_counts(nlu: Path, name: str) -> None:
    before = key()
    assert key() == before
    (nlu / name).write_text("KEPT = 0.5\n", encoding="utf-8")
    assert key() != before


def test_another_encoder_is_another_model(nlu: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TISKI_ENCODER", "off")
    before = key()
    monkeypatch.delenv("TISKI_ENCODER")
    assert key() != before
