"""The ear for meaning: how far a message's vector lies on the side of anger or of distress.

"nyt se on sitten asiakkaan vika" has no angry word and is angry. A logistic regression on the
vector that the intent classifier has computed already, learnt from data/mood/ and, for what is
calm, from examples of the intents. Where the line lies is chosen by cross-validation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from tiski.nlu.encoder import Encoder
from tiski.nlu.encoder.remember import Remembering
from tiski.nlu.linear import ONE_AT_A_TIME
from tiski.nlu.mood_examples import MOODS, MoodExample
from tiski.nlu.text import normalise

_FILE = "mood.npz"
_FOLDS = 2
# Neighbours in a file are alike, and so are the same places of two languages' files: they stay
# together, or cross-validation would ask for what was learnt
_BLOCKS = 15
_NEUTRAL = MOODS.index("neutral")


@dataclass(frozen=True)
class MeaningSettings:
    """The parameters; see `MoodDetector.get_default_config` for what each means."""

    C: float = 3.0
    mistaken: float = 0.02
    random_seed: int = 42


@dataclass(frozen=True)
class Meant:
    """What a message means: the mood it is nearest to, and how clearly.

    Args:
        mood: angry or distressed, whichever is nearer.
        margin: how far on that mood's side, against neutral (a difference of log odds).
        is_heard: whether that is clear enough to be told where no word says it.
    """

    mood: str
    margin: float
    is_heard: bool


class MoodMeaning:
    """Hears a mood in a message's vector.

    Args:
        settings: parameters.
        encoder: turns messages into vectors; without one nothing is learnt and nothing heard.
    """

    def __init__(self, settings: MeaningSettings, encoder: Encoder | None) -> None:
        self.settings = settings
        self._encoder = encoder
        self._encoder_name = ""
        self._weights = np.zeros((0, len(MOODS)), np.float32)
        self._shifts = np.zeros(len(MOODS), np.float32)
        self.threshold = 0.0

    @property
    def hears(self) -> bool:
        """Whether it has learnt something and the encoder that it learnt with is here."""
        return self._encoder is not None and self._encoder.name == self._encoder_name

    def fit(self, examples: Sequence[MoodExample], calm: Sequence[str]) -> MoodMeaning:
        """Learn from examples, of which each mood needs some.

        Args:
            calm: further messages without a mood; no threshold is chosen by them.
        """
        assert self._encoder is not None
        texts = [normalise(text) for text in (*(one.text for one in examples), *calm)]
        rows = _rows(self._encoder, texts)
        moods = np.array([MOODS.index(one.mood) for one in examples] + [_NEUTRAL] * len(calm))
        folds = np.array([int(one.place * _BLOCKS) % _FOLDS for one in examples])
        margins = np.zeros(len(examples))
        for fold in range(_FOLDS):
            tried = np.flatnonzero(folds == fold)
            seen = np.setdiff1d(np.arange(len(texts)), tried)
            self._learn(rows[seen], moods[seen])
            margins[tried] = [margin for _, margin in self._nearest(rows[tried])]
        neutral = moods[: len(examples)] == _NEUTRAL
        self.threshold = float(np.quantile(margins[neutral], 1 - self.settings.mistaken))
        self._learn(rows, moods)
        self._encoder_name = self._encoder.name
        return self

    def _learn(self, rows: np.ndarray, moods: np.ndarray) -> None:
        # in its dual, as the n-grams' (linear.py): a tenth of the time that lbfgs takes
        model = LogisticRegression(
            C=self.settings.C,
            solver="liblinear",
            dual=True,
            tol=0.3,
            random_state=self.settings.random_seed,
        )
        with ONE_AT_A_TIME:
            model.fit(rows, moods)
        self._weights = model.coef_.T.astype(np.float32)
        self._shifts = model.intercept_.astype(np.float32)

    def _nearest(self, rows: np.ndarray) -> list[tuple[str, float]]:
        sides = rows @ self._weights + self._shifts
        upset = np.delete(sides, _NEUTRAL, axis=1)
        found = zip(upset.argmax(axis=1), upset.max(axis=1) - sides[:, _NEUTRAL], strict=True)
        return [(MOODS[mood], float(margin)) for mood, margin in found]

    def listen(self, texts: list[str]) -> Meant:
        """What a message means, the clearest of its parts.

        Args:
            texts: one or more, as the intent classifier had them encoded.
        """
        assert self._encoder is not None
        found = self._nearest(self._encoder.encode(texts))
        mood, margin = max(found, key=lambda one: one[1])
        return Meant(mood, margin, margin > self.threshold)

    def save(self, folder: Path) -> None:
        """Write what was learnt into a folder, as plain arrays."""
        np.savez(
            folder / _FILE,
            weights=self._weights,
            shifts=self._shifts,
            threshold=np.array(self.threshold),
            encoder=np.array(self._encoder_name),
        )

    def read(self, folder: Path) -> MoodMeaning:
        """Read what was saved; silent where the encoder is another one or none."""
        with np.load(folder / _FILE, allow_pickle=False) as saved:
            self._weights, self._shifts = saved["weights"], saved["shifts"]
            self.threshold = float(saved["threshold"])
            self._encoder_name = str(saved["encoder"])
        return self


def _rows(encoder: Encoder, texts: list[str]) -> np.ndarray:
    """Vectors of training examples; those of the last training are remembered."""
    if isinstance(encoder, Remembering):
        return encoder.encode_examples(texts, "moods")
    return encoder.encode(texts)
