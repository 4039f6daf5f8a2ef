"""Classifies vectors of messages: a small network, and for few examples Fisher's discriminants.

The network (one hidden layer) wins where there are dozens of examples per intent, the discriminants
where there are ten; both are scikit-learn's. What they learnt is kept as plain arrays.
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
_BATCHES = 500  # a network of ten examples per class needs more rounds than one of a hundred
_ROUNDS = (10, 30)
_SMALL = 4000  # examples; up to here batches are small and the discriminants are asked, too


class SentenceModel:
    """Two opinions on vectors, as logarithms of probabilities.

    Args:
        seed: makes two fits equal.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._weights: list[np.ndarray] = []
        self._shifts: list[np.ndarray] = []
        self._discriminants: tuple[np.ndarray, np.ndarray] | None = None
        self.classes: list[str] = []

    def fit(self, rows: np.ndarray, labels: Sequence[str]) -> SentenceModel:
        """Fit to a row of numbers and a label for each example."""
        few = len(rows) <= _SMALL
        mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
        batch = 64 if few else 256
        rounds = min(max(_BATCHES // math.ceil(len(rows) / batch), _ROUNDS[0]), _ROUNDS[1])
        network = MLPClassifier(
            (_HIDDEN,),
            alpha=_ALPHA,
            batch_size=min(batch, len(rows)),
            max_iter=rounds,
            random_state=self._seed,
        )
        network.fit(((rows - mean) / spread).astype(np.float32), labels)
        self.classes = [str(label) for label in network.classes_]
        first, last = network.coefs_
        self._weights = [first / spread[:, None], last]
        self._shifts = [network.intercepts_[0] - (mean / spread) @ first, network.intercepts_[1]]
        if len(self.classes) == 2:  # one number for both: give each its own
            self._weights[1] = np.hstack([-last / 2, last / 2])
            self._shifts[1] = np.concatenate([-self._shifts[1] / 2, self._shifts[1] / 2])
        self._discriminants = None
        if few and 2 < len(self.classes) < len(rows):
            fitted = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto").fit(rows, labels)
            self._discriminants = fitted.coef_.T, fitted.intercept_
        return self

    @property
    def has_discriminants(self) -> bool:
        """Whether there are two opinions, not one."""
        return self._discriminants is not None

    def opinions(self, rows: np.ndarray) -> list[np.ndarray]:
        """Logarithms of probabilities, a row for each text: the network's, the discriminants'."""
        hidden = np.maximum(rows @ self._weights[0] + self._shifts[0], 0)
        found = [log_softmax(hidden @ self._weights[1] + self._shifts[1], axis=1)]
        if self._discriminants is not None:
            weights, shifts = self._discriminants
            found.append(log_softmax(rows @ weights + shifts, axis=1))
        return found

    def save(self, folder: Path) -> None:
        """Write the fitted model into a folder."""
        arrays = {"classes": np.array(self.classes)}
        for number, (weights, shifts) in enumerate(zip(self._weights, self._shifts, strict=True)):
            arrays[f"weights{number}"] = weights.astype(np.float32)
            arrays[f"shifts{number}"] = shifts.astype(np.float32)
        if self._discriminants is not None:
            arrays["discriminants"], arrays["thresholds"] = self._discriminants
        np.savez(folder / _ARRAYS, **arrays)

    def read(self, folder: Path) -> SentenceModel:
        """Read a model that was saved."""
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            self.classes = [str(label) for label in arrays["classes"]]
            self._weights = [arrays["weights0"], arrays["weights1"]]
            self._shifts = [arrays["shifts0"], arrays["shifts1"]]
            if "discriminants" in arrays:
                self._discriminants = arrays["discriminants"], arrays["thresholds"]
        return self
