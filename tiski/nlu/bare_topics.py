"""A message that names a topic and no wish: "tilaus", "about my order".

A classifier that has seen whole sentences is too sure of a word alone: "order" is nearest to
cancelling one. What the examples with that word want says how sure it can be. Where no intent has
half of them the desk asks back; a question (FAQ) that is guessed is answered all the same: an
answer more costs nobody anything. Which words are topics stands in the lexicon: "move", "Friday" and
"I want a haircut" say what is wanted, whatever else the examples with these words want.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np

from tiski.nlu.lexicon import pattern, words
from tiski.nlu.two_wishes import NO_WISHES

#: set on a message that names a topic only: it takes HALF to be sure what it wants
TOPIC_ONLY = "topic_only"
HALF = 0.5
_MOST = 0.45
_FLATTER, _STEPS = 0.9, 20
_FILE = "bare_topics.json"
_LEAST = 10  # examples with a word, to say what it can mean
# A topic that is announced ("tilauksesta kysyisin") is in another case than in most examples
_STEM = 5
_WORD = re.compile(r"\w+")


class BareTopics:
    """Knows what the examples want that a word stands in."""

    def __init__(self) -> None:
        self._shares: dict[str, dict[str, float]] = {}

    def learn(self, texts: Iterable[str], labels: Iterable[str]) -> BareTopics:
        """Count in which examples each word stands; words that say the wish are left out."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for text, label in zip(texts, labels, strict=True):
            said = set(_WORD.findall(text))
            for key in said | {_stem(word) for word in said}:
                counts[key][label] += 1
        for key, found in counts.items():
            total = sum(found.values())
            if total >= _LEAST and found.most_common(1)[0][1] < HALF * total:
                self._shares[key] = {
                    label: round(count / total, 3) for label, count in found.items()
                }
        return self

    def shares(self, text: str) -> dict[str, float]:
        """What a message may want, as shares of the examples by label; {} where it says so itself.

        Args:
            text: as the examples were when they were learnt.
        """
        said = _WORD.findall(text)
        topics = [word for word in said if word not in _around_a_topic()]
        if len(topics) != 1 or not pattern("topics").fullmatch(topics[0]):
            return {}
        word = topics[0]
        if len(said) > 1 and word not in self._shares:
            return self._shares.get(_stem(word), {})
        return self._shares.get(word, {})

    def save(self, folder: Path) -> None:
        """Write what is known into a folder."""
        saved = json.dumps(self._shares, ensure_ascii=False)
        (folder / _FILE).write_text(saved, encoding="utf-8")

    def read(self, folder: Path) -> BareTopics:
        """Read what was saved."""
        self._shares = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return self


def less_sure(
    row: np.ndarray,
    labels: list[str],
    shares: dict[str, float],
    is_question: Callable[[str], bool],
) -> np.ndarray | None:
    """The probabilities of a message that names a topic only.

    Args:
        row: the classifier's probabilities, in the order of `labels`.
        shares: of `BareTopics.shares`.
        is_question: whether a label asks for an answer and begins nothing.

    Returns:
        Halfway between both; the best guess keeps less than HALF unless it is a question. None where
        the message says more than a topic, or what is no wish.
    """
    guess = int(np.argmax(row))
    told = np.array([0.0 if name in NO_WISHES else shares.get(name, 0.0) for name in labels])
    if labels[guess] in NO_WISHES or not told.any():
        return None
    others = np.array([name in NO_WISHES for name in labels])  # as likely as they were
    told = np.where(others, row, told / told.sum() * (1 - row[others].sum()))
    mixed: np.ndarray = (row + told) / 2
    best = labels[int(np.argmax(mixed))]
    if best in NO_WISHES:
        return None
    if is_question(best):
        return mixed
    for _ in range(_STEPS):  # flatter, in the same order
        if mixed.max() <= _MOST:
            break
        mixed = mixed**_FLATTER
        mixed /= mixed.sum()
    mixed *= min(1.0, _MOST / mixed.max())  # where two wishes share everything
    return mixed


def _stem(word: str) -> str:
    return f"{word[:_STEM]}*"


@lru_cache(maxsize=1)
def _around_a_topic() -> frozenset[str]:
    return frozenset(words("around_a_topic"))
