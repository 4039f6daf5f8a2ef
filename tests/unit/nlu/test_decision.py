"""tiski/nlu/decision.py: sure, did you mean, or not at all."""

from __future__ import annotations

import numpy as np
import pytest

from tiski.nlu.decision import CLARIFY, FALLBACK, KEPT, OUT_OF_SCOPE, SURE, Judged, Thresholds


def judged(
    confidence: float, *, language: str = "fi", foreign: float = 0.0, right: bool = True
) -> Judged:
    return Judged(language, "greet", "greet" if right else "thank", confidence, foreign)


@pytest.mark.parametrize(
    ("guess", "confidence", "foreign", "decision"),
    [
        ("greet", 0.9, 0.01, SURE),
        ("greet", 0.6, 0.0, SURE),  # just enough is enough
        ("greet", 0.599, 0.0, CLARIFY),
        ("greet", 0.64, 0.32, FALLBACK),  # half as likely is too likely
        ("greet", 0.64, 0.319, SURE),
        ("greet", 0.2, 0.09, CLARIFY),
        ("greet", 0.2, 0.1, FALLBACK),
        (OUT_OF_SCOPE, 0.99, 0.99, FALLBACK),
        (OUT_OF_SCOPE, 0.2, 0.2, FALLBACK),
    ],
)
def test_decide(guess: str, confidence: float, foreign: float, decision: str) -> None:
    assert Thresholds(sure=0.6, foreign=0.5).decide(guess, confidence, foreign) == decision


@pytest.mark.parametrize(
    ("confidence", "foreign", "decision"),
    [(0.84, 0.1, FALLBACK), (0.85, 0.1, SURE), (0.84, 0.01, SURE)],
)
def test_what_is_surely_ours_is_not_refused(
    confidence: float, foreign: float, decision: str
) -> None:
    assert Thresholds(sure=0.6, foreign=0.05).decide("greet", confidence, foreign) == decision


def test_of_a_row_of_probabilities() -> None:
    row = np.array([0.2, 0.5, 0.3])
    found = Judged.of("en", "thank", ["greet", "thank", OUT_OF_SCOPE], row)
    assert found == Judged("en", "thank", "thank", 0.5, 0.3)
    assert Judged.of("en", "thank", ["greet", "thank", "stop"], row).foreign == 0.0


def test_so_many_of_the_rightly_guessed_are_sure() -> None:
    """Of 1,000 with confidences of 0.001 to 1, 970 are at least the threshold."""
    messages = [judged(number / 1000) for number in range(1, 1001)]
    least = Thresholds.choose(messages)["fi"].sure
    assert sum(one.confidence >= least for one in messages) == pytest.approx(970, abs=1)


def test_what_was_guessed_wrong_says_nothing_of_sure() -> None:
    right = [judged(0.8) for _ in range(100)]
    assert Thresholds.choose([*right, *(judged(0.1, right=False),) * 50])["fi"].sure == 0.8


def test_so_many_in_scope_are_not_refused() -> None:
    """Of 1,000 in scope with ratios of 0.001 to 1, the share that is chosen stays under it."""
    messages = [judged(0.5, foreign=number / 2000) for number in range(1, 1001)]
    limits = Thresholds.choose(messages)["fi"]
    kept = [one for one in messages if limits.decide("greet", 0.5, one.foreign) != FALLBACK]
    assert len(kept) == pytest.approx(1000 * KEPT, abs=1)


def test_where_nothing_is_out_of_scope_nothing_is_refused() -> None:
    """A small business begins without examples of what it does not do."""
    limits = Thresholds.choose([judged(number / 100) for number in range(1, 101)])["fi"]
    assert limits.decide("greet", 0.9, 0.0) == SURE
    assert limits.decide("greet", 0.001, 0.0) == CLARIFY


def test_out_of_scope_is_never_allowed_to_win() -> None:
    """However many in scope look foreign, what is likelier foreign than not is refused."""
    limits = Thresholds.choose([judged(0.1, foreign=0.8) for _ in range(20)])["fi"]
    assert limits.foreign == 1.0
    assert limits.decide("greet", 0.4, 0.4) == FALLBACK


def test_each_language_has_its_own_and_any_other_those_of_all() -> None:
    finnish = [judged(0.9) for _ in range(10)]
    english = [judged(0.5, language="en") for _ in range(10)]
    found = Thresholds.choose([*finnish, *english])
    assert sorted(found) == ["", "en", "fi"]
    assert (found["fi"].sure, found["en"].sure) == (0.9, 0.5)
    assert found[""].sure == 0.5


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [judged(0.9, right=False)],
        [Judged("fi", OUT_OF_SCOPE, OUT_OF_SCOPE, 0.9, 0.9)],
        [Judged("fi", "greet", OUT_OF_SCOPE, 0.9, 0.9)],
    ],
)
def test_nothing_to_choose_from(messages: list[Judged]) -> None:
    assert Thresholds.choose(messages)[""] == Thresholds(sure=0.3, foreign=0.5)
