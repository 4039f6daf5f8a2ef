"""Mends the spelling of a message before its intent is looked for.

Three things people do that a classifier suffers from most: they leave out the dots of umlauts, hit
the wrong key, and leave out spaces. Words of the training examples get their dots back, words that
nobody writes are replaced by the nearest word of the examples, and what is too long to be a word is
cut into such words, the likeliest way (Viterbi over the frequencies of words, as in Norvig,
"Natural Language Corpus Data", 2009). Nothing is shown to anybody: entities, names and numbers are
taken from what was written.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import repeat
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tiski.nlu.text import without_umlauts

_FILE = "spelling.json"
# A word, with its apostrophes; addresses are left as they are
_WORD = re.compile(r"(?<!\S)\S+@\S+|(?<!\w)\w+://\S+|www\.\S+|([^\W\d_]+(?:['’][^\W\d_]+)*)")
_SHORTEST = 3  # letters of a word that may be mended
_TWO_TYPOS = 9  # letters from which two typos are looked for
_OTHER_FIRST_LETTER = 1.0  # what it costs; people mistype first letters least
_ONE_TYPO = 6.0  # what it costs, in logarithms of frequency
# How often a word stands in the examples that is meant even where its bare form is a word elsewhere
_SURELY_MEANT = 5
_WITHOUT_DOTS = 0.5  # what it costs a part of a word
# Letters from which a word is cut, the longest part, and what a part costs that is no word
_LONG, _LONGEST_PART = 9, 22
_STRANGE, _STRANGE_LETTER = 8.0, 3.0
# A word of fewer letters than this is cut only when its parts are this likely per letter
_SURELY_JOINED, _COST_OF_LETTER = 13, 2.3
# So many unknown words of a message are mended, of so many letters together: a bound for hostile
# texts. Dots cost nothing, and are put on all of them.
_MOST_MENDED, _MOST_LETTERS = 12, 200


class Spelling:
    """Knows the words of the training examples.

    Args:
        is_word: whether a word is known elsewhere (to the encoder, to the business); such words
            are left alone.
    """

    def __init__(self, is_word: Callable[[str], bool] = lambda word: False) -> None:
        self._is_word = is_word
        self._counts: dict[str, Counter[str]] = {}
        self._words: Counter[str] = Counter()
        self._with_dots: dict[str, str] = {}
        self._by_length: dict[int, list[str]] = {}
        self._costs: dict[str, dict[str, float]] = {}
        self._replacement = lru_cache(maxsize=4096)(self._find_replacement)

    def learn(self, texts: Iterable[str], languages: Iterable[str] | None = None) -> Spelling:
        """Count the words of normalised texts.

        Args:
            languages: of each text; what is run together is in one of them.
        """
        counts: dict[str, Counter[str]] = {}
        spoken = languages if languages is not None else repeat("")
        for text, language in zip(texts, spoken, strict=False):
            counts.setdefault(language, Counter()).update(_words(text))
        return self._set(counts)

    def _set(self, counts: dict[str, Counter[str]]) -> Spelling:
        self._counts = counts
        words: Counter[str] = Counter()
        for counted in counts.values():
            words.update(counted)
        self._words = words
        self._by_length, self._with_dots = {}, {}
        for word, _ in reversed(words.most_common()):  # the commonest last: it is the one meant
            self._by_length.setdefault(len(word), []).append(word)
            bare = without_umlauts(word)
            if bare not in words:
                self._with_dots[bare] = word
        self._costs = {language: self._costs_in(language) for language in counts}
        self._replacement.cache_clear()
        return self

    def mend(self, text: str) -> str:
        """Return a normalised text with its spelling mended; what is well spelt stays as it is."""
        words, letters = _MOST_MENDED, _MOST_LETTERS

        def mended(match: re.Match[str]) -> str:
            nonlocal words, letters
            word = match[1]
            if word is None or self._knows(word):
                return match[0]
            if word in self._with_dots:
                return self._with_dots[word]
            if not words or len(word) > letters:
                return word
            words, letters = words - 1, letters - len(word)
            return self._replacement(word)

        return _WORD.sub(mended, text)

    def _knows(self, word: str) -> bool:
        if self._words[self._with_dots.get(word, "")] >= _SURELY_MEANT:
            return False
        return word in self._words or self._is_word(word)

    def _find_replacement(self, word: str) -> str:
        return self._nearest(word) or self._cut(word) or word

    def _nearest(self, word: str) -> str | None:
        """The likeliest known word within one typo, or within two of a long word."""
        if len(word) < _SHORTEST:
            return None
        typos = 2 if len(word) >= _TWO_TYPOS else 1
        lengths = range(len(word) - typos, len(word) + typos + 1)
        candidates = [known for length in lengths for known in self._by_length.get(length, ())]
        found = process.extract(
            word, candidates, scorer=OSA.distance, score_cutoff=typos, limit=None
        )

        def cost(entry: tuple[str, int, int]) -> float:
            known, distance, _ = entry
            first = _OTHER_FIRST_LETTER if known[0] != word[0] else 0.0
            return distance * _ONE_TYPO + first - math.log(self._words[known])

        return min(found, key=cost)[0] if found else None

    def _cut(self, word: str) -> str | None:
        """The likeliest words that were written without spaces; None for what is one word."""
        if not self._counts or len(word) < _LONG:
            return None
        cost, parts = min(self._cut_in(language, word) for language in sorted(self._counts))
        if len(word) < _SURELY_JOINED and cost > _COST_OF_LETTER * len(word):
            return None
        return " ".join(self._with_dots.get(part, part) for part in parts)

    def _cut_in(self, language: str, word: str) -> tuple[float, list[str]]:
        """The likeliest parts in a language, and what they cost."""
        known = self._costs[language]
        # of each beginning of the word: what it costs, where its last part begins
        best = [(0.0, 0)]
        for end in range(1, len(word) + 1):
            least = math.inf, 0
            for start in range(max(0, end - _LONGEST_PART), end):
                cost = known.get(word[start:end])
                if cost is None:
                    cost = _STRANGE + _STRANGE_LETTER * (end - start)
                if best[start][0] + cost < least[0]:
                    least = best[start][0] + cost, start
            best.append(least)
        parts, end = [], len(word)
        while end:
            start = best[end][1]
            parts.append(word[start:end])
            end = start
        return best[-1][0], parts[::-1]

    def _costs_in(self, language: str) -> dict[str, float]:
        """What each word of a language costs as a part of a longer one, with its dots and without."""
        counts = self._counts[language]
        total = max(1, sum(counts.values()))
        bare = {
            part: _WITHOUT_DOTS + math.log(total / counts[dotted])
            for part, dotted in self._with_dots.items()
            if counts[dotted]
        }
        return {**bare, **{part: math.log(total / count) for part, count in counts.items()}}

    def save(self, folder: Path) -> None:
        """Write the words into a folder."""
        saved = json.dumps(self._counts, ensure_ascii=False)
        (folder / _FILE).write_text(saved, encoding="utf-8")

    def read(self, folder: Path) -> Spelling:
        """Read words that were saved."""
        saved = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return self._set({language: Counter(words) for language, words in saved.items()})


def _words(text: str) -> list[str]:
    return [match[1] for match in _WORD.finditer(text) if match[1]]
