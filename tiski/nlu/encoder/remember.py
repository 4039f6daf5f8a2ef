"""Vectors that were computed before: of the last messages in memory, of the examples on the disk.

And of the messages that a tool reads at every call, such as the held-out ones, for as long as it
asks for them.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from tiski.nlu.text import normalise

if TYPE_CHECKING:
    from tiski.nlu.encoder import Encoder

logger = logging.getLogger(__name__)

_KEPT = 50_000  # examples; some 120 MB on the disk
_KEY_BYTES = 16
_CORES, _MANY = 2, 32


class Remembering:
    """An encoder that computes nothing twice.

    Args:
        encoder: computes what is not known.
        folder: where `encode_examples` keeps its vectors.
        last: of so many messages the vectors stay in memory; 2,000 are some 9 MB.
    """

    def __init__(self, encoder: Encoder, folder: Path, last: int = 2000) -> None:
        self.name, self.width = encoder.name, encoder.width
        self._encoder = encoder
        self._folder = folder
        self._most = last
        self._last: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = Lock()
        self._tool: _Kept | None = None

    @contextmanager
    def keeping(self, name: str) -> Iterator[None]:
        """Meanwhile, have the vectors of all messages on the disk: for a tool that reads the same.

        They are kept as they are computed, in 32 bits: a second call sees what the first one saw.
        What was kept before and was not asked for now is forgotten.

        Args:
            name: of the messages, for the file's name.
        """
        file = self._folder / f"{self.name}.{name}.npz"
        before = self._stored(file)
        self._tool = _Kept(before)
        try:
            yield
        finally:
            used, self._tool = self._tool.used, None
            if used.keys() != before.keys():
                self._store(file, used)

    def encode(self, texts: list[str]) -> np.ndarray:
        """Return a row for each text; customers' texts are remembered in memory only."""
        texts = [normalise(text) for text in texts]
        with self._lock:
            known = {text: self._last[text] for text in texts if text in self._last}
        if self._tool is not None:
            known.update(self._tool.find(text for text in texts if text not in known))
        new = list(dict.fromkeys(text for text in texts if text not in known))
        if new:
            known.update(zip(new, self._computed(new), strict=True))
            self._remember({text: known[text] for text in new})
        if self._tool is not None:
            self._tool.use(known)
        return self._table([known[text] for text in texts])

    def _computed(self, texts: list[str]) -> np.ndarray:
        """One core for a message; a training or a tool, with many of them, has the machine."""
        if len(texts) < _MANY:
            return self._encoder.encode(texts)
        rows = np.empty((len(texts), self.width), np.float32)
        parts = [texts[start::_CORES] for start in range(_CORES)]
        with ThreadPoolExecutor(_CORES) as pool:
            for start, found in enumerate(pool.map(self._encoder.encode, parts)):
                rows[start::_CORES] = found
        return rows

    def knows(self, word: str) -> bool:
        """Whether a word is a word piece of its own."""
        return self._encoder.knows(word)

    def _table(self, rows: list[np.ndarray]) -> np.ndarray:
        return np.array(rows, np.float32).reshape(len(rows), self.width)

    def _remember(self, vectors: dict[str, np.ndarray]) -> None:
        with self._lock:
            self._last.update(vectors)
            while len(self._last) > self._most:
                self._last.popitem(last=False)

    def encode_examples(self, texts: list[str], kind: str = "examples") -> np.ndarray:
        """Return a row for each training example; those of earlier trainings are read back.

        Half precision on the disk, and so for all: a second training sees what the first one saw.

        Args:
            kind: names the file of the vectors. A few that one component needs are read in no time
                from a file of their own, where the intents' twenty thousand take a second.
        """
        file = self._folder / f"{self.name}.{kind}.npz"
        known = self._stored(file)
        keys = [_key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if new:
            rows = self._computed(list(new.values())).astype(np.float16)
            known.update(zip(new, rows, strict=True))
            # those of now last: a small training in between (a test, a bench) forgets none of them
            wanted = {key: known.pop(key) for key in dict.fromkeys(keys)}
            known.update(wanted)
            self._store(file, dict(list(known.items())[-max(_KEPT, len(wanted)) :]))
        return self._table([known[key] for key in keys])

    def _stored(self, file: Path) -> dict[bytes, np.ndarray]:
        try:
            with np.load(file, allow_pickle=False) as stored:
                keys, rows = stored["keys"], stored["rows"]
                if rows.shape[1:] != (self.width,):
                    return {}
                return dict(zip(map(bytes, keys), rows, strict=True))
        # none yet, or cut off in the middle, or of another shape
        except (OSError, EOFError, ValueError, KeyError, BadZipFile):
            return {}

    def _store(self, file: Path, vectors: dict[bytes, np.ndarray]) -> None:
        if not vectors:
            return
        keys = np.array([np.frombuffer(key, np.uint8) for key in vectors])
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=file.parent, delete=False) as unfinished:
                np.savez(unfinished, keys=keys, rows=np.stack(list(vectors.values())))
            os.replace(unfinished.name, file)
        except OSError as error:  # the next time takes longer; this one is as good
            logger.warning(f"Vectors are not kept: {error}")


class _Kept:
    """Vectors that a tool has on the disk, and those of them and of new ones that it asks for."""

    def __init__(self, stored: dict[bytes, np.ndarray]) -> None:
        self._stored = stored
        self.used: dict[bytes, np.ndarray] = {}

    def find(self, texts: Iterable[str]) -> dict[str, np.ndarray]:
        """The vectors of those texts that are stored."""
        keys = {text: _key(text) for text in texts}
        return {text: self._stored[key] for text, key in keys.items() if key in self._stored}

    def use(self, vectors: dict[str, np.ndarray]) -> None:
        """Note what was asked for."""
        self.used.update((_key(text), row) for text, row in vectors.items())


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=_KEY_BYTES).digest()
