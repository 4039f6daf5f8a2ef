"""tiski/nlu/taught.py: an example is understood as what it is an example of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tiski.nlu.taught import Taught

CLASSES = ["goodbye", "greet", "stop"]
TEXTS = ["moikka", "moi", "ei nyt", "ei nyt"]
LABELS = ["greet", "greet", "stop", "goodbye"]


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("moikka", [0.9, 0.05, 0.05], [0.45, 0.525, 0.025]),
        ("moikkelis", [0.9, 0.05, 0.05], [0.9, 0.05, 0.05]),  # no example
        ("ei nyt", [0.6, 0.1, 0.3], [0.6, 0.1, 0.3]),  # an example of two
    ],
)
def test_an_example_is_what_it_says(text: str, row: list[float], expected: list[float]) -> None:
    taught = Taught().learn(TEXTS, LABELS)
    given = np.array([row])
    assert taught.sway([text], given, CLASSES) == pytest.approx(np.array([expected]))
    assert given == pytest.approx(np.array([row]))  # the caller's own is left alone


def test_what_was_saved_is_known_again(tmp_path: Path) -> None:
    Taught().learn(TEXTS, LABELS).save(tmp_path)
    even = np.full((1, 3), 1 / 3)
    assert Taught().read(tmp_path).sway(["moi"], even, CLASSES)[0].argmax() == 1
