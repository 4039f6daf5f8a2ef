"""Why the model took a message for what it took it for: what changes when a word is missing.

Each word is left out in turn and the message is read again. That asks the model itself, whatever it
is made of, instead of telling what its weights might mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tiski.tools.reading import Reading

LEAST_CHANGE = 0.03  # of the confidence; less says nothing
_MOST_WORDS = 30
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Reason:
    """What the confidence in the best intent is without one word."""

    word: str
    confidence: float
    change: float  # below 0: the word speaks for the intent; above: against it


def reasons(reading: Reading, read: Callable[[str], Reading]) -> list[Reason]:
    """Return the words that matter to the best intent, those that matter most first.

    Args:
        read: reads a message, as it read this one.
    """
    places = list(_WORD.finditer(reading.text))[:_MOST_WORDS]
    intent = reading.intent
    if intent is None or len(places) < 2:
        return []
    found = []
    for place in places:
        without = reading.text[: place.start()] + reading.text[place.end() :]
        confidence = read(" ".join(without.split())).confidence_of(intent)
        found.append(Reason(place.group(), confidence, confidence - reading.confidence))
    found = [reason for reason in found if abs(reason.change) >= LEAST_CHANGE]
    return sorted(found, key=lambda reason: reason.change)
