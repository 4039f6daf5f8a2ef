"""Classifies vectors of messages: small networks, and for few examples Fisher's discriminants.

Networks (one hidden layer, two of them: half a point better than one, and steadier from one training
to the next) win where there are
dozens of examples per intent, discriminants where there are ten; both are scikit-learn's. What they
learnt is kept as plain arrays.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy.special import log_softmax
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.neural_network import MLPClassifier

_ARRAYS = "sentences.npz"
_HIDDEN = 512  # 256 is a point less in Finnish, at half the time
# Numbers of a vector that a network of many examples learns from: its principal components. All 1,152
# take twice the time and answer no better.
_COMPONENTS = 512
# Networks of few examples are held back more
_ALPHA_OF_FEW, _ALPHA_OF_MANY = 4.0, 1e-3
_KEPT = np.float16  # of the networks' weights; no answer changes
FEW = 4000  # examples; up to here batches are small and the discriminants are asked, too
# a network of ten examples per class needs more rounds than one of a hundred
_BATCHES_OF_FEW, _LEAST_ROUNDS, _MOST_ROUNDS = 250, 8, 15
_ROUNDS_OF_MANY = 5


@dataclass(frozen=True)
class Lesson:
    """Vectors to learn from, whole or in part.

    Args:
        rows: a vector for each example.
        labels: of each example.
        named: vectors of the labels' names, which every part knows; may be empty.
        names: the labels of those vectors.
        seed: makes two fits equal.
    """

    rows: np.ndarray
    labels: Sequence[str]
    named: np.ndarray
    names: Sequence[str]
    seed: int

    @property
    def has_few(self) -> bool:
        """Whether the examples are so few that every one counts."""
        return len(self.rows) <= FEW

    @cached_property
    def view(self) -> View:
        """How networks look at the vectors."""
        return View.of(self.rows, None if self.has_few else _COMPONENTS)

    def fit(self) -> SentenceModel:
        """Fit two networks to all examples; where there are many, `complete` adds a third."""
        return self._fit(np.arange(len(self.rows)), SentenceModel(self.seed, 2))

    def fit_part(self, seen: np.ndarray) -> SentenceModel:
        """Fit one network to the examples of these numbers, to try it on the others."""
        return self._fit(seen, SentenceModel(self.seed + 2, 1))

    def complete(self, model: SentenceModel, tried: SentenceModel | None) -> SentenceModel:
        """Give a model of many examples a third network, which was fitted already.

        Args:
            tried: a model of a part of the examples; None, or one that misses a label, is left out.
        """
        if self.has_few or tried is None or tried.classes != model.classes:
            return model
        return model.join(tried)

    def _fit(self, seen: np.ndarray, model: SentenceModel) -> SentenceModel:
        rows = np.vstack([self.rows[seen], self.named])
        labels = [*(self.labels[row] for row in seen), *self.names]
        return model.fit(rows, labels, self.view, few=self.has_few)


@dataclass(frozen=True)
class View:
    """What networks are shown of vectors: scaled, and turned to where they differ most.

    Args:
        mean: of each column.
        spread: of each column.
        axes: a column for each principal component of what is scaled; None shows all as it is.
        unit: what the components are divided by.
    """

    mean: np.ndarray
    spread: np.ndarray
    axes: np.ndarray | None = None
    unit: float = 1.0

    @classmethod
    def of(cls, rows: np.ndarray, components: int | None = None) -> View:
        """The view of rows, and of others like them, on so many of their principal components."""
        mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
        if components is None or components >= rows.shape[1]:
            return cls(mean, spread)
        scaled = ((rows - mean) / spread).astype(np.float32)
        # of the columns' products, not of the rows as scikit-learn's PCA does: a tenth of the time
        variances, axes = np.linalg.eigh((scaled.T @ scaled / len(rows)).astype(np.float64))
        # one unit for all keeps what is large large
        unit = math.sqrt(max(float(variances[-components:].mean()), 1e-12))
        return cls(mean, spread, axes[:, -components:].astype(np.float32), unit)

    def turned(self, scaled: np.ndarray) -> np.ndarray:
        """The components of scaled rows."""
        return scaled if self.axes is None else scaled @ (self.axes / np.float32(self.unit))

    def unturned(self, weights: np.ndarray) -> np.ndarray:
        """Weights for scaled rows, of weights for their components."""
        return weights if self.axes is None else self.axes @ weights / np.float32(self.unit)


class SentenceModel:
    """Two opinions on vectors, as logarithms of probabilities.

    Args:
        seed: makes two fits equal.
        networks: how many are asked.
    """

    def __init__(self, seed: int, networks: int = 1) -> None:
        self._seeds = [seed + number for number in range(networks)]
        self._scale = np.zeros(1, np.float32), np.ones(1, np.float32)
        self._weights: list[np.ndarray] = []
        self._shifts: list[np.ndarray] = []
        self._discriminants: tuple[np.ndarray, np.ndarray] | None = None
        self.classes: list[str] = []

    def fit(
        self,
        rows: np.ndarray,
        labels: Sequence[str],
        view: View,
        *,
        few: bool,
    ) -> SentenceModel:
        """Fit to a row of numbers and a label for each example.

        Args:
            view: how the networks look at the rows.
            few: whether the examples are few: small batches, and discriminants beside the networks.
        """
        self._scale = view.mean, view.spread
        seen = view.turned(self._scaled(rows))
        networks = [_network(seed, len(rows), few).fit(seen, labels) for seed in self._seeds]
        self.classes = [str(label) for label in networks[0].classes_]
        # beside each other they are one network, whose answer is the mean of theirs
        first = view.unturned(np.hstack([network.coefs_[0] for network in networks]))
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

    def join(self, other: SentenceModel) -> SentenceModel:
        """Ask the networks of another model from now on, too.

        Args:
            other: of the same labels, and fitted in the same scale.

        Raises:
            ValueError: it is of other labels.
        """
        if other.classes != self.classes:
            raise ValueError(f"labels: {other.classes} is not {self.classes}")
        mine, theirs = len(self._seeds), len(other._seeds)
        share = mine / (mine + theirs)
        first = np.hstack([self._weights[0], other._weights[0]])
        last = np.vstack([self._weights[1] * share, other._weights[1] * (1 - share)])
        inner = np.concatenate([self._shifts[0], other._shifts[0]])
        outer = self._shifts[1] * share + other._shifts[1] * (1 - share)
        self._weights, self._shifts = [_as_kept(first), _as_kept(last)], [inner, outer]
        self._seeds = [*self._seeds, *other._seeds]
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


def _network(seed: int, examples: int, few: bool) -> MLPClassifier:
    if few:
        batch, rate, alpha = min(64, examples), 1e-3, _ALPHA_OF_FEW
        rounds = min(
            max(_BATCHES_OF_FEW // math.ceil(examples / batch), _LEAST_ROUNDS), _MOST_ROUNDS
        )
    else:
        batch, rate, alpha, rounds = 512, 3e-3, _ALPHA_OF_MANY, _ROUNDS_OF_MANY
    return MLPClassifier(
        (_HIDDEN,),
        alpha=alpha,
        batch_size=batch,
        learning_rate_init=rate,
        max_iter=rounds,
        random_state=seed,
    )
