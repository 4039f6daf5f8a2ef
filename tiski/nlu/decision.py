"""Whether a message is understood: sure, "did you mean", or not at all.

The model's best guess is *sure* above one threshold. Below it the desk asks back when what it is
torn between are things that it does (*clarify*), and gives up (*fallback*) when the message looks
more like nothing of its business. The thresholds come from cross-validation, for each language
apart, and are kept with the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SURE, CLARIFY, FALLBACK = "sure", "clarify", "fallback"
OUT_OF_SCOPE = "out_of_scope"
# Shares of the messages that were understood rightly, and that the thresholds must keep.
KEPT_SURE = 0.98
KEPT_AT_ALL = 0.995


@dataclass(frozen=True)
class Judged:
    """What a model that had not seen it said of a message with a known label."""

    language: str
    label: str
    guess: str
    confidence: float
    foreign: float  # the probability of out_of_scope

    @classmethod
    def of(
        cls, language: str, label: str, classes: Sequence[str], probabilities: np.ndarray
    ) -> Judged:
        """Make one of a row of probabilities."""
        best = int(np.argmax(probabilities))
        foreign = classes.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in classes else None
        return cls(
            language,
            label,
            classes[best],
            float(probabilities[best]),
            0.0 if foreign is None else float(probabilities[foreign]),
        )


@dataclass(frozen=True)
class Thresholds:
    """Of one language; probabilities.

    Args:
        sure: at least this sure is sure.
        least: less than this is not worth a question back.
        foreign: not sure, and this likely out of scope: not worth one either.
    """

    sure: float
    least: float
    foreign: float

    def decide(self, guess: str, confidence: float, foreign: float) -> str:
        """SURE, CLARIFY or FALLBACK.

        Args:
            guess: the likeliest label.
            confidence: its probability.
            foreign: the probability of out_of_scope.
        """
        if guess == OUT_OF_SCOPE:
            return FALLBACK
        if confidence >= self.sure:
            return SURE
        return FALLBACK if confidence < self.least or foreign >= self.foreign else CLARIFY

    @classmethod
    def choose(cls, judged: Sequence[Judged]) -> dict[str, Thresholds]:
        """The thresholds of each language, and under "" those of all."""
        chosen = {}
        for language in {"", *(one.language for one in judged)}:
            of_language = [one for one in judged if language in ("", one.language)]
            chosen[language] = cls._of(of_language)
        return chosen

    @classmethod
    def _of(cls, judged: Sequence[Judged]) -> Thresholds:
        right = [one for one in judged if one.guess == one.label and one.label != OUT_OF_SCOPE]
        if not right:
            return cls(sure=0.3, least=0.1, foreign=0.2)
        confidences = np.array([one.confidence for one in right])
        sure = float(np.quantile(confidences, 1 - KEPT_SURE))
        least = float(np.quantile(confidences, 1 - KEPT_AT_ALL))
        unsure = [
            one.foreign for one in judged if one.label != OUT_OF_SCOPE and one.confidence < sure
        ]
        # of what the desk does and is unsure of, most is asked back
        foreign = float(np.quantile(unsure, 0.8)) if unsure else 0.2
        return cls(sure, least, max(foreign, 0.05))
