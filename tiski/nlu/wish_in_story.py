"""The wish of a message that tells a story: "We moved. My hair is a mess. Is there time on Friday?"

A message of many sentences looks like none of the examples, and its wish is lost among the rest, or
taken for another one. So its sentences are looked at one by one: when one of them is surely a wish, or
two, that is what the message is about. What it names is taken from all of it. N-grams look first, at
little cost (as in `two_wishes.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tiski.nlu.two_wishes import LIKELY, NO_WISHES, Classify, are_one_wish

# How sure a sentence must be, as a probability
SURE = 0.8
# A complaint must be surer: "the house is a mess" sounds like one, too
_SURE_OF_HEARD = 0.98
# So many sentences are a story: whole they are hardly ever what they look like
STORY = 3
# What a message as a whole can surely be and yet ask for something
POLITE = frozenset({"greet", "goodbye", "thank", "affirm", "inform", "out_of_scope"})
# Heard in a sentence, these are what the message is about, wish or not
HEARD = frozenset({"complain", "report_unhelpful", "stop"})
_FEWEST_LETTERS = 4
_MOST_LOOKED_AT = 4
_MOST_WISHES = 2
_END = re.compile(r"(?<=[.!?…])\s+|\n+")


class Sentence(NamedTuple):
    """A sentence of a message, with its place there."""

    text: str
    start: int
    end: int


def sentences(text: str) -> list[Sentence]:
    """The sentences of a message; one only, where it has no more."""
    ends = [(match.start(), match.end()) for match in _END.finditer(text)]
    starts = [0, *(after for _, after in ends)]
    stops = [*(before for before, _ in ends), len(text)]
    return [
        Sentence(text[start:stop], start, stop)
        for start, stop in zip(starts, stops, strict=True)
        if len(text[start:stop].strip()) >= _FEWEST_LETTERS
    ]


def find_wishes(parts: Sequence[Sentence], glance: Classify, classify: Classify) -> list[Sentence]:
    """The sentences that say what a message is about: one or two, or none that is sure.

    Args:
        parts: the sentences.
        glance: the best label of each text, and how sure it is, at little cost.
        classify: the same, as well as can be.

    Returns:
        In the order of the message, of each wish the sentence that says it the most clearly.
    """
    if len(parts) < 2:
        return []
    seen = [
        (confidence, number)
        for number, (label, confidence) in enumerate(glance([part.text for part in parts]))
        if confidence >= LIKELY and _is_wish(label)
    ]
    looked_at = [number for _, number in sorted(seen, reverse=True)[:_MOST_LOOKED_AT]]
    if not looked_at:
        return []
    guesses = classify([parts[number].text for number in looked_at])
    clearest: list[tuple[int, str]] = []
    for _, number, label in sorted(
        (-confidence, number, label)
        for number, (label, confidence) in zip(looked_at, guesses, strict=True)
        if confidence >= (_SURE_OF_HEARD if label in HEARD else SURE) and _is_wish(label)
    ):
        if not any(are_one_wish(label, other) for _, other in clearest):
            clearest.append((number, label))
    if len(clearest) > _MOST_WISHES:
        return []
    return [parts[number] for number, _ in sorted(clearest)]


def _is_wish(label: str) -> bool:
    return label in HEARD or label not in NO_WISHES
