"""The files of an encoder's publisher, and what the encoder in them is called.

Apart from `publisher.py`, so that whoever asks for the name need not load the engine.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tiski.nlu.encoder.names import VERSION

NETWORK, PIECES = "model.onnx", "sentencepiece.bpe.model"
_CHUNK = 1 << 20  # bytes


def name_of(folder: Path) -> str:
    """Name an encoder after all that is in its files: some 0.3 s for 470 MB.

    Raises:
        OSError: one of them is not there or cannot be read.
    """
    state = hashlib.sha256(f"{VERSION}\n".encode())
    for name in (NETWORK, PIECES):
        # the sizes keep the end of one file apart from the beginning of the next
        state.update(f"{name} {(folder / name).stat().st_size}\n".encode())
        with (folder / name).open("rb") as file:
            while chunk := file.read(_CHUNK):
                state.update(chunk)
    return f"publisher-{state.hexdigest()[:12]}"
