"""Which words are one slip of the keyboard away, and which words stand side by side.

The first is found by leaving out a letter: two words that differ by one letter, by a letter more or
by two letters swapped have a form in common that lacks one letter of each (W. Garbe, "Symmetric
Delete spelling correction", 2012). It takes microseconds where comparing with every word takes
milliseconds.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.distance import OSA

BEGIN = ""  # stands before the first word
_SEEN = 2  # times that two words stand side by side in the examples, to say anything
_MOST_TOLD = 6.0  # what a neighbour can tell, in logarithms of probability


class NearWords:
    """Finds known words within one typo.

    Args:
        words: those that are known.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._by_form: dict[str, list[str]] = {}
        for word in words:
            for form in _forms(word):
                self._by_form.setdefault(form, []).append(word)

    def near(self, word: str) -> list[str]:
        """Known words at a distance of one typo, in the order in which they were given."""
        found = dict.fromkeys(
            known for form in _forms(word) for known in self._by_form.get(form, ())
        )
        return [
            known
            for known in found
            if known != word and OSA.distance(word, known, score_cutoff=1) <= 1
        ]


class WordPairs:
    """How much likelier a word is beside another one than anywhere else."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self._words: Mapping[str, int] = {}
        self._total = 1

    def learn(self, texts: Iterable[Sequence[str]]) -> WordPairs:
        """Count the neighbours in texts, each given as its words."""
        counts: Counter[str] = Counter()
        for words in texts:
            counts.update(map(_pair, [BEGIN, *words], words))
        return self.set({pair: count for pair, count in counts.items() if count >= _SEEN})

    def set(self, counts: Mapping[str, int]) -> WordPairs:
        """Take counts as `learn` leaves them in `counts`."""
        self.counts = dict(counts)
        return self

    def of(self, words: Counter[str], texts: int) -> WordPairs:
        """Take how often each word stands anywhere, and how many texts there are."""
        self._words = {**words, BEGIN: texts}
        self._total = max(1, sum(words.values()))
        return self

    def are_neighbours(self, left: str, right: str) -> bool:
        """Whether these two stand side by side in the examples."""
        return _pair(left, right) in self.counts

    def told(self, left: str, right: str) -> float:
        """The logarithm of how much likelier `right` is after `left` than anywhere, 0 to 6."""
        together = self.counts.get(_pair(left, right))
        if not together:
            return 0.0
        alone = self._words.get(right, 1) / self._total
        found = math.log(together / max(self._words.get(left, 1), together) / alone)
        return min(max(found, 0.0), _MOST_TOLD)


def _pair(left: str, right: str) -> str:
    return f"{left} {right}"


def _forms(word: str) -> set[str]:
    """The word, and each form of it that lacks a letter."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
