"""What is measured of a classifier's answers, and how sure each figure is.

All shares are from 0 to 1. A *score* is how sure a classifier is that a message is something it
knows: higher for messages in scope, lower for those out of scope.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 1000
_SEED = 42


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95 % confidence interval."""

    value: float
    low: float
    high: float


def accuracy(truth: np.ndarray, guessed: np.ndarray) -> float:
    """The share of guesses that are the truth."""
    return float(np.mean(truth == guessed))


def macro_f1(truth: np.ndarray, guessed: np.ndarray) -> float:
    """The mean of the F1 of each label that occurs in the truth."""
    if truth.dtype.kind in "iu":  # numbers of labels already, as the bootstrap hands them over
        true_numbers, guessed_numbers = truth, guessed
        count = int(max(truth.max(), guessed.max())) + 1
    else:
        labels, numbers = np.unique(np.concatenate([truth, guessed]), return_inverse=True)
        true_numbers, guessed_numbers = numbers[: len(truth)], numbers[len(truth) :]
        count = len(labels)
    right = np.bincount(true_numbers[true_numbers == guessed_numbers], minlength=count)
    of_truth = np.bincount(true_numbers, minlength=count)
    of_guesses = np.bincount(guessed_numbers, minlength=count)
    # 2 TP / (2 TP + FP + FN)
    occurs = of_truth > 0
    f1 = 2 * right[occurs] / (of_truth[occurs] + of_guesses[occurs])
    return float(f1.mean())


def auroc(inside: np.ndarray, outside: np.ndarray) -> float:
    """The share of pairs in which the message in scope has the higher score; ties count half."""
    ordered = np.sort(outside)
    below = np.searchsorted(ordered, inside, side="left")
    not_above = np.searchsorted(ordered, inside, side="right")
    return float((below + not_above).mean() / 2 / len(outside))


def threshold_keeping(inside: np.ndarray, kept: float) -> float:
    """The highest threshold that at least this share of the scores in scope reaches."""
    ordered = np.sort(inside)[::-1]
    needed = int(np.ceil(kept * len(ordered) - 1e-9))
    return float(ordered[max(needed, 1) - 1])


def refused_keeping(inside: np.ndarray, outside: np.ndarray, kept: float) -> float:
    """The share refused out of scope, where this share in scope is kept.

    The threshold is read off the very messages that it is then counted on, so this tells how far
    scores part the two, not how good a threshold was found in training.
    """
    return float(np.mean(outside < threshold_keeping(inside, kept)))


def estimate(
    measure: Callable[..., float],
    *groups: Sequence[np.ndarray],
    resamples: int = RESAMPLES,
    seed: int = _SEED,
) -> Estimate:
    """Measure, and find a 95 % confidence interval by the percentile bootstrap.

    Args:
        measure: takes the arrays of all groups, in their order.
        groups: arrays that belong together row by row; each group is resampled by itself, so
            messages in scope and out of scope keep their numbers.
        resamples: how often messages are drawn anew.
        seed: makes two runs equal.
    """
    chance = np.random.default_rng(seed)
    values = np.empty(resamples)
    for number in range(resamples):
        drawn: list[np.ndarray] = []
        for group in groups:
            rows = chance.integers(0, len(group[0]), len(group[0]))
            drawn += [array[rows] for array in group]
        values[number] = measure(*drawn)
    low, high = np.quantile(values, [0.025, 0.975])
    value = measure(*[array for group in groups for array in group])
    return Estimate(value, float(low), float(high))


def risk_by_coverage(scores: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What part of the messages is answered, and which part of those wrongly.

    Returns:
        Coverage from the surest message to all of them, and the risk at each. Messages of one
        score are answered together.
    """
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    count = np.arange(1, len(order) + 1)
    wrong = np.cumsum(~right[order].astype(bool))
    last = np.append(ordered[1:] != ordered[:-1], True)
    return (count / len(order))[last], (wrong / count)[last]


def percentile(times: Sequence[float], share: float) -> float:
    """The smallest of the times that at least this share of them does not exceed."""
    ordered = sorted(times)
    return ordered[max(0, int(np.ceil(share * len(ordered))) - 1)]
