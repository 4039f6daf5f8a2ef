"""Vectors that were computed before: of the last messages in memory, of the examples on the disk."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from tiski.nlu.text import normalise

if TYPE_CHECKING:
    from tiski.nlu.encoder import Encoder

_LAST = 2000  # messages; some 9 MB
_KEY_BYTES = 16


class Remembering:
    """An encoder that computes nothing twice.

    Args:
        encoder: computes what is not known.
        folder: where `encode_examples` keeps its vectors.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self.name, self.width = encoder.name, encoder.width
        self._encoder = encoder
        self._file = folder / f"{encoder.name}.examples.npz"
        self._last: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = Lock()

    def encode(self, texts: list[str]) -> np.ndarray:
        """Return a row for each text; customers' texts are remembered in memory only."""
        texts = [normalise(text) for text in texts]
        with self._lock:
            known = {text: self._last[text] for text in texts if text in self._last}
        new = list(dict.fromkeys(text for text in texts if text not in known))
        if new:
            known.update(zip(new, self._encoder.encode(new), strict=True))
            self._remember({text: known[text] for text in new})
        return np.stack([known[text] for text in texts])

    def _remember(self, vectors: dict[str, np.ndarray]) -> None:
        with self._lock:
            self._last.update(vectors)
            while len(self._last) > _LAST:
                self._last.popitem(last=False)

    def encode_examples(self, texts: list[str]) -> np.ndarray:
        """Return a row for each training example; those of the last training are read back.

        Half precision on the disk, and so for all: a second training sees what the first one saw.
        """
        known = self._stored()
        keys = [_key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if new:
            rows = self._encoder.encode(list(new.values())).astype(np.float16)
            known.update(zip(new, rows, strict=True))
        wanted = {key: known[key] for key in keys}
        if new or len(wanted) < len(known):
            self._store(wanted)
        return np.stack([known[key] for key in keys]).astype(np.float32)

    def _stored(self) -> dict[bytes, np.ndarray]:
        try:
            with np.load(self._file, allow_pickle=False) as stored:
                return dict(zip(map(bytes, stored["keys"]), stored["rows"], strict=True))
        except (OSError, ValueError, KeyError):  # none yet, or cut off in the middle
            return {}

    def _store(self, vectors: dict[bytes, np.ndarray]) -> None:
        keys = np.array([np.frombuffer(key, np.uint8) for key in vectors])
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._file.parent, delete=False) as unfinished:
            np.savez(unfinished, keys=keys, rows=np.stack(list(vectors.values())))
        os.replace(unfinished.name, self._file)


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=_KEY_BYTES).digest()
