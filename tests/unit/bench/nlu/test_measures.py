"""tiski/bench/nlu/measures.py against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tiski.bench.nlu.measures import (
    accuracy,
    auroc,
    estimate,
    macro_f1,
    percentile,
    refused_keeping,
    risk_by_coverage,
    threshold_keeping,
)


def test_accuracy_is_the_share_of_right_guesses() -> None:
    assert accuracy(np.array(["a", "b", "a", "c"]), np.array(["a", "b", "c", "c"])) == 0.75


def test_macro_f1_is_the_mean_over_labels() -> None:
    truth = np.array(["a", "a", "b", "c"])
    guessed = np.array(["a", "b", "b", "d"])
    # a: precision 1, recall 1/2, F1 2/3; b: 1/2, 1, 2/3; c: 0. d is no label of the truth.
    assert macro_f1(truth, guessed) == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)


def test_macro_f1_agrees_with_scikit_learn() -> None:
    from sklearn.metrics import f1_score

    chance = np.random.default_rng(1)
    truth, guessed = chance.integers(0, 9, 200), chance.integers(0, 9, 200)
    assert macro_f1(truth, guessed) == pytest.approx(f1_score(truth, guessed, average="macro"))


def test_auroc_counts_pairs_and_half_of_ties() -> None:
    # 0.9 beats both; 0.5 beats 0.2 and ties with 0.5: 3.5 of 4 pairs
    assert auroc(np.array([0.9, 0.5]), np.array([0.2, 0.5])) == pytest.approx(3.5 / 4)
    assert auroc(np.array([0.1]), np.array([0.2])) == 0


@pytest.mark.parametrize(
    ("kept", "threshold"), [(1.0, 0.1), (0.9, 0.2), (0.95, 0.1), (0.5, 0.6), (0.1, 1.0)]
)
def test_the_threshold_keeps_at_least_its_share(kept: float, threshold: float) -> None:
    inside = np.arange(1, 11) / 10
    assert threshold_keeping(inside, kept) == pytest.approx(threshold)
    assert np.mean(inside >= threshold_keeping(inside, kept)) >= kept


def test_only_what_lies_below_the_threshold_is_refused() -> None:
    inside = np.arange(1, 11) / 10  # 90 % kept: threshold 0.2
    assert refused_keeping(inside, np.array([0.1, 0.19, 0.2, 0.9]), 0.9) == 0.5


def test_scores_that_are_all_alike_refuse_nothing() -> None:
    assert refused_keeping(np.ones(10), np.ones(5), 0.95) == 0


def test_risk_falls_with_coverage_when_the_unsure_are_wrong() -> None:
    scores = np.array([0.9, 0.2, 0.8, 0.8])
    right = np.array([True, False, True, False])
    coverage, risk = risk_by_coverage(scores, right)
    # the two of 0.8 are answered together
    assert coverage.tolist() == [0.25, 0.75, 1.0]
    assert risk.tolist() == pytest.approx([0, 1 / 3, 1 / 2])


def test_the_bootstrap_is_the_same_each_time() -> None:
    chance = np.random.default_rng(1)
    rows = [chance.random(50), chance.random(50)]

    def difference(a: np.ndarray, b: np.ndarray) -> float:
        return float(a.mean() - b.mean())

    assert estimate(difference, rows) == estimate(difference, rows)
    assert estimate(difference, rows) != estimate(difference, rows, seed=1)


def test_the_interval_is_that_of_a_binomial_share() -> None:
    right = np.array([1] * 800 + [0] * 200)
    found = estimate(accuracy, [np.ones(1000, int), right])
    assert found.value == 0.8
    spread = 1.96 * (0.8 * 0.2 / 1000) ** 0.5
    assert found.low == pytest.approx(0.8 - spread, abs=0.005)
    assert found.high == pytest.approx(0.8 + spread, abs=0.005)


def test_groups_are_drawn_apart_and_rows_stay_together() -> None:
    sizes = []

    def measure(truth: np.ndarray, guessed: np.ndarray, outside: np.ndarray) -> float:
        assert (truth == guessed).all()
        sizes.append((len(truth), len(outside)))
        return 0.0

    labels = np.arange(7)
    estimate(measure, [labels, labels], [np.arange(3)], resamples=5)
    assert sizes == [(7, 3)] * 6


@pytest.mark.parametrize(("share", "time"), [(0.5, 2), (0.95, 4), (0.25, 1), (0.26, 2)])
def test_percentiles_are_of_the_times_themselves(share: float, time: float) -> None:
    assert percentile([4, 1, 3, 2], share) == time
