"""Classifies vectors of messages: small networks, and for few examples Fisher's discriminants.

Networks (one hidden layer, two of them, which start from other random numbers) win where there are
dozens of examples per intent, discriminants where there are ten; both are scikit-learn's. What they
learnt is kept as plain arrays.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.special import log_softmax
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.neural_network import MLPClassifier

_ARRAYS = "sentences.npz"
_HIDDEN = 512  # 256 is a point less in Finnish, at half the time
_ALPHA = 1e-3
_KEPT = np.float16  # of the networks' weights; no answer changes
_NETWORKS = 2  # half a point better than one, and steadier from one training to the next
_SMALL = 4000  # examples; up to here batches are small and the discriminants are asked, too
# a network of ten examples per class needs more rounds than one of a hundred
_BATCHES_OF_FEW, _LEAST_ROUNDS, _MOST_ROUNDS = 500, 10, 30
_ROUNDS_OF_MANY = 5


class SentenceModel:
    """Two opinions on vectors, as logarithms of probabilities.

    Args:
        seed: makes two fits equal.
        networks: how many are asked.
    """

    def __init__(self, seed: int, networks: int = _NETWORKS) -> None:
        self._seeds = [seed + number for number in range(networks)]
        self._scale = np.zeros(1, np.float32), np.ones(1, np.float32)
        self._weights: list[np.ndarray] = []
        self._shifts: list[np.ndarray] = []
        self._discriminants: tuple[np.ndarray, np.ndarray] | None = None
        self.classes: list[str] = []

    def fit(self, rows: np.ndarray, labels: Sequence[str]) -> SentenceModel:
        """Fit to a row of numbers and a label for each example."""
        few = len(rows) <= _SMALL
        self._scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
        scaled = self._scaled(rows)
        networks = [_network(seed, len(rows)).fit(scaled, labels) for seed in self._seeds]
        self.classes = [str(label) for label in networks[0].classes_]
        # beside each other they are one network, whose answer is the mean of theirs
        first = np.hstack([network.coefs_[0] for network in networks])
        last = np.vstack([network.coefs_[1] for network in networks]) / len(networks)
        inner = np.concatenate([network.intercepts_[0] for network in networks])
        outer = np.mean([network.intercepts_[1] for network in networks], axis=0)
        self._weights, self._shifts = [first, last], [inner, outer]
        if len(self.classes) == 2:  # one number for both: give each its own
            self._weights[1] = np.hstack([-last / 2, last / 2])
            self._shifts[1] = np.concatenate([-outer / 2, outer / 2])
        self._weights = [_as_kept(weights) for weights in self._weights]
        self._discriminants = None
        if few and 2 < len(self.classes) < len(rows):
            fitted = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto").fit(rows, labels)
            self._discriminants = fitted.coef_.T, fitted.intercept_
        return self

    def _scaled(self, rows: np.ndarray) -> np.ndarray:
        mean, spread = self._scale
        scaled: np.ndarray = ((rows - mean) / spread).astype(np.float32)
        return scaled

    @property
    def has_discriminants(self) -> bool:
        """Whether there are two opinions, not one."""
        return self._discriminants is not None

    def opinions(self, rows: np.ndarray) -> list[np.ndarray]:
        """Logarithms of probabilities, a row for each text: the network's, the discriminants'."""
        hidden = np.maximum(self._scaled(rows) @ self._weights[0] + self._shifts[0], 0)
        found = [log_softmax(hidden @ self._weights[1] + self._shifts[1], axis=1)]
        if self._discriminants is not None:
            weights, shifts = self._discriminants
            found.append(log_softmax(rows @ weights + shifts, axis=1))
        return found

    def save(self, folder: Path) -> None:
        """Write the fitted model into a folder."""
        mean, spread = self._scale
        arrays = {"classes": np.array(self.classes), "mean": mean, "spread": spread}
        for number, (weights, shifts) in enumerate(zip(self._weights, self._shifts, strict=True)):
            arrays[f"weights{number}"] = weights.astype(_KEPT)
            arrays[f"shifts{number}"] = shifts.astype(np.float32)
        if self._discriminants is not None:
            arrays["discriminants"], arrays["thresholds"] = self._discriminants
        np.savez(folder / _ARRAYS, **arrays)

    def read(self, folder: Path) -> SentenceModel:
        """Read a model that was saved."""
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            self.classes = [str(label) for label in arrays["classes"]]
            self._scale = arrays["mean"], arrays["spread"]
            self._weights = [arrays[f"weights{n}"].astype(np.float32) for n in range(2)]
            self._shifts = [arrays["shifts0"], arrays["shifts1"]]
            if "discriminants" in arrays:
                self._discriminants = arrays["discriminants"], arrays["thresholds"]
        return self


def _as_kept(weights: np.ndarray) -> np.ndarray:
    rounded: np.ndarray = weights.astype(_KEPT).astype(np.float32)
    return rounded


def _network(seed: int, examples: int) -> MLPClassifier:
    if examples <= _SMALL:
        batch, rate = min(64, examples), 1e-3
        rounds = min(
            max(_BATCHES_OF_FEW // math.ceil(examples / batch), _LEAST_ROUNDS), _MOST_ROUNDS
        )
    else:
        batch, rate, rounds = 512, 3e-3, _ROUNDS_OF_MANY
    return MLPClassifier(
        (_HIDDEN,),
        alpha=_ALPHA,
        batch_size=batch,
        learning_rate_init=rate,
        max_iter=rounds,
        random_state=seed,
    )
