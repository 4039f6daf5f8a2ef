"""The encoder from a folder with its publisher's own ONNX files.

The folder holds what intfloat/multilingual-e5-small has under `onnx/`: `model.onnx` (or another
quantisation of it, renamed) and `sentencepiece.bpe.model`. Its network gives the last layer only.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tiski.nlu.encoder.engine import open_session, unit
from tiski.nlu.encoder.packed import WeightsError
from tiski.nlu.encoder.pieces import WordPieces
from tiski.nlu.encoder.published import NETWORK, PIECES, name_of
from tiski.nlu.text import normalise


class PublisherEncoder:
    """A BERT with mean pooling, exported to ONNX with the usual names of inputs.

    Raises:
        WeightsError: when the folder lacks a file, or the network takes or gives something else.
    """

    def __init__(self, folder: Path) -> None:
        for name in (NETWORK, PIECES):
            if not (folder / name).is_file():
                raise WeightsError(f"{folder / name}: no such file")
        try:
            self._session = open_session(folder / NETWORK)
            self._pieces = WordPieces((folder / PIECES).read_bytes())
            self.name = name_of(folder)
        except Exception as error:  # onnxruntime and sentencepiece raise classes of their own
            raise WeightsError(f"{folder}: cannot be read: {error}") from error
        self._inputs = {entry.name for entry in self._session.get_inputs()}
        output = self._session.get_outputs()[0]
        if "input_ids" not in self._inputs or len(output.shape) != 3:
            raise WeightsError(
                f"{folder / NETWORK}: expected input_ids and a vector for each piece"
            )
        self.width = int(output.shape[2])

    def encode(self, texts: list[str]) -> np.ndarray:
        """Return a row for each text, of length one."""
        result = np.empty((len(texts), self.width), np.float32)
        for row, text in enumerate(texts):
            result[row] = self._run(self._pieces.numbers(normalise(text)))
        return result

    def knows(self, word: str) -> bool:
        """Whether a word is a word piece of its own."""
        return self._pieces.has_word(word)

    def _run(self, numbers: list[int]) -> np.ndarray:
        pieces = np.array([numbers], np.int64)
        ones = np.ones_like(pieces)
        inputs = {"input_ids": pieces, "attention_mask": ones, "token_type_ids": ones * 0}
        wanted = {name: value for name, value in inputs.items() if name in self._inputs}
        (last, *_) = self._session.run(None, wanted)
        return unit(last[0].mean(axis=0))
