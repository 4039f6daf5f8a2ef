"""Messages that are an example, word for word: they are what the example says.

A classifier weighs an example against its neighbours and can still decide otherwise ("moikka" is a
greeting, and most of what looks like it says goodbye). Who adds a sentence to the examples expects
it to be understood, and so it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

_FILE = "taught.json"


class Taught:
    """Knows the examples, as n-grams see them."""

    def __init__(self) -> None:
        self._labels: dict[str, str] = {}

    def learn(self, texts: Iterable[str], labels: Iterable[str]) -> Taught:
        """Remember what each text is; a text with two labels teaches nothing."""
        known: dict[str, set[str]] = {}
        for text, label in zip(texts, labels, strict=True):
            known.setdefault(text, set()).add(label)
        self._labels = {text: found.pop() for text, found in known.items() if len(found) == 1}
        return self

    def knows(self, text: str) -> bool:
        """Whether a text is an example, of one label."""
        return text in self._labels

    def sway(self, texts: list[str], probabilities: np.ndarray, classes: list[str]) -> np.ndarray:
        """Give half of all probability to the label of a text that is an example.

        Args:
            probabilities: a row for each text, in the order of `classes`.

        Returns:
            Rows in which such a label is the likeliest; other rows as they were.
        """
        swayed = probabilities.copy()
        for row, text in enumerate(texts):
            label = self._labels.get(text)
            if label is not None:
                swayed[row] /= 2
                swayed[row, classes.index(label)] += 0.5
        return swayed

    def save(self, folder: Path) -> None:
        """Write what is known into a folder."""
        saved = json.dumps(self._labels, ensure_ascii=False)
        (folder / _FILE).write_text(saved, encoding="utf-8")

    def read(self, folder: Path) -> Taught:
        """Read what was saved."""
        self._labels = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return self
