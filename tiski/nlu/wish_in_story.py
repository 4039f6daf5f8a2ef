"""The one wish of a message that tells a story: "We moved. My hair is a mess. Is there time on Friday?"

A message of many sentences looks like none of the examples, and its wish is lost among the rest. When
the whole is not surely understood, its sentences are looked at one by one; when only one of them is
surely a wish, that is what the message is about. What it names is taken from all of it. N-grams look
first, at little cost (as in `two_wishes.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tiski.nlu.two_wishes import LIKELY, NO_WISHES, Classify, are_one_wish

# How sure a sentence must be, as a probability. Of 250 held-out messages among two or four sentences
# without a wish, 84 to 86 of 100 are understood, and of such sentences alone 2 and 7 of 100 taken for
# a wish; without this module it is 21 to 56, and 20 (docs/understanding.md).
SURE = 0.8
# What a message as a whole can surely be and yet ask for something
POLITE = frozenset({"greet", "goodbye", "thank", "affirm", "inform", "out_of_scope"})
# Heard in a sentence, these are what the message is about, wish or not
_HEARD = frozenset({"complain", "report_unhelpful", "stop"})
_FEWEST_LETTERS = 4
_MOST_LOOKED_AT = 4
_ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")


def sentences(text: str) -> list[str]:
    """The sentences of a message; one only, where it has no more."""
    return [part for part in _ENDS.split(text) if len(part.strip()) >= _FEWEST_LETTERS]


def find_wish(parts: Sequence[str], glance: Classify, classify: Classify) -> int | None:
    """The number of the sentence that holds the only wish of a message; None where there is none.

    Args:
        parts: the sentences.
        glance: the best label of each text, and how sure it is, at little cost.
        classify: the same, as well as can be.
    """
    if len(parts) < 2:
        return None
    seen = [
        (confidence, number)
        for number, (label, confidence) in enumerate(glance(parts))
        if confidence >= LIKELY and _is_wish(label)
    ]
    looked_at = [number for _, number in sorted(seen, reverse=True)[:_MOST_LOOKED_AT]]
    if not looked_at:
        return None
    guesses = classify([parts[number] for number in looked_at])
    found = sorted(
        (-confidence, number, label)
        for number, (label, confidence) in zip(looked_at, guesses, strict=True)
        if confidence >= SURE and _is_wish(label)
    )
    if not found:
        return None
    _, number, likeliest = found[0]
    return number if all(are_one_wish(likeliest, label) for _, _, label in found) else None


def _is_wish(label: str) -> bool:
    return label in _HEARD or label not in NO_WISHES
