"""Whether a message is understood: sure, "did you mean", or not at all.

Two numbers say so. How much likelier than `out_of_scope` is the best of what the desk does? Too
little, and the desk says kindly what it is for (*fallback*). How likely is the best guess? Enough
is *sure*; else the desk asks back (*clarify*). The thresholds come from cross-validation, for each
language apart, and are kept with the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SURE, CLARIFY, FALLBACK = "sure", "clarify", "fallback"
OUT_OF_SCOPE = "out_of_scope"
# Shares of the messages in scope that are not refused, and of the rightly guessed that are sure, in
# cross-validation. Examples are written where intents lie close to each other and to what is foreign:
# of the held-out messages 98 of 100 are kept with the first (./scripts/bench-nlu).
KEPT = 0.90
KEPT_SURE = 0.97
# What is guessed with this probability is not refused, however strict the first is.
SURELY_OURS = 0.85


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
    """Of one language.

    Args:
        sure: at least this likely is sure.
        foreign: out_of_scope, at least so many times as likely as the best guess, refuses it,
            unless the guess is SURELY_OURS.
    """

    sure: float
    foreign: float

    def decide(self, guess: str, confidence: float, foreign: float) -> str:
        """SURE, CLARIFY or FALLBACK.

        Args:
            guess: the likeliest label.
            confidence: its probability.
            foreign: the probability of out_of_scope.
        """
        # without examples of out_of_scope nothing is foreign, and `self.foreign` is 0
        looks_foreign = 0 < foreign >= self.foreign * confidence and confidence < SURELY_OURS
        if guess == OUT_OF_SCOPE or looks_foreign:
            return FALLBACK
        return SURE if confidence >= self.sure else CLARIFY

    @classmethod
    def choose(cls, judged: Sequence[Judged]) -> dict[str, Thresholds]:
        """The thresholds of each language, and under "" those of all."""
        return {
            language: cls._of([one for one in judged if language in ("", one.language)])
            for language in sorted({"", *(one.language for one in judged)})
        }

    @classmethod
    def _of(cls, judged: Sequence[Judged]) -> Thresholds:
        ours = [one for one in judged if OUT_OF_SCOPE not in (one.label, one.guess)]
        right = [one.confidence for one in ours if one.guess == one.label]
        if not right:  # too few examples to learn from
            return cls(sure=0.3, foreign=0.5)
        ratios = [one.foreign / one.confidence for one in judged if one.label != OUT_OF_SCOPE]
        return cls(
            sure=float(np.quantile(right, 1 - KEPT_SURE)),
            foreign=min(float(np.quantile(ratios, KEPT)), 1.0),
        )
