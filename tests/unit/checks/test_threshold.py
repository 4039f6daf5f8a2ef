"""tiski/checks/threshold.py: what a threshold keeps and catches."""

from __future__ import annotations

import pytest

from tiski.checks.threshold import Guess, Row, guesses, rows, suggested

MADE = [
    Guess("fi", "greet", "greet", 0.9),
    Guess("fi", "greet", "greet", 0.4),
    Guess("fi", "greet", "thank", 0.3),
    Guess("fi", "thank", "greet", 0.6),
    Guess("fi", "out_of_scope", "greet", 0.95),  # not in scope: no share counts it
]


def test_shares() -> None:
    low, middle, high = rows(MADE, (0.1, 0.35, 0.5))
    assert low == Row(0.1, kept=1.0, right_of_kept=0.5, right_kept=1.0, wrong_caught=0.0)
    assert middle == Row(
        0.35, kept=0.75, right_of_kept=pytest.approx(2 / 3), right_kept=1.0, wrong_caught=0.5
    )
    assert high == Row(0.5, kept=0.5, right_of_kept=0.5, right_kept=0.5, wrong_caught=0.5)


def test_a_confidence_of_just_the_threshold_is_kept() -> None:
    assert rows(MADE, (0.4,))[0].right_kept == 1.0


def row(threshold: float, right_kept: float) -> Row:
    return Row(threshold, 1.0, 1.0, right_kept, 0.0)


def test_the_highest_that_is_enough_in_every_language_is_suggested() -> None:
    finnish = [row(0.1, 1.0), row(0.2, 0.98), row(0.3, 0.97)]
    english = [row(0.1, 1.0), row(0.2, 0.97), row(0.3, 0.96)]
    assert suggested([finnish, english]) == 0.2
    assert suggested([finnish]) == 0.3
    assert suggested([[row(0.1, 0.5)]]) is None


def test_each_message_is_classified_once_by_a_model_that_has_not_seen_it() -> None:
    words = ("yksi", "kaksi", "kolme", "neljä")
    examples = [("fi", f"avaatte {word}", "hours") for word in words]
    examples += [("en", f"where park {word}", "parking") for word in words]
    made = list(guesses(examples, folds=4))
    assert sorted((g.language, g.label) for g in made) == sorted((x, z) for x, _, z in examples)
    assert all(guess.is_right for guess in made)
    assert all(0.5 < guess.confidence < 1 for guess in made)
    assert made == list(guesses(examples, folds=4))
