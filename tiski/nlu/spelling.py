"""Mends the spelling of a message before its intent is looked for.

Three things people do that a classifier suffers from most: they leave out the dots of umlauts, hit
the wrong key, and leave out spaces. Words of the training examples get their dots back, words that
nobody writes are replaced by the nearest word of the examples, and what is too long to be a word is
cut into such words, the likeliest way (Viterbi over the frequencies of words, as in Norvig,
"Natural Language Corpus Data", 2009). Which word is nearest, the words beside it help to tell: "dost
of" is "cost of", though "dost" is a word in some language. Nothing is shown to anybody: entities,
names and numbers are taken from what was written.
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

from tiski.nlu.near_words import BEGIN, NearWords, WordPairs
from tiski.nlu.text import without_umlauts

_FILE = "spelling.json"
# A word, with its apostrophes; addresses are left as they are
_WORD = re.compile(r"[\w.+%-]+@[\w.-]+|(?<!\w)\w+://\S+|www\.\S+|([^\W\d_]+(?:['’][^\W\d_]+)*)")
# Letters of a word that may be mended, and of one where a neighbour agrees
_SHORTEST, _SHORTEST_AMONG_OTHERS = 3, 2
# Letters from which two typos are looked for; below the second number only where a neighbour agrees
_TWO_TYPOS, _TWO_TYPOS_ALONE = 6, 9
_OTHER_FIRST_LETTER = 2.0  # what it costs; people mistype first letters least
_ONE_TYPO = 5.0  # what it costs, in logarithms of frequency
# What a word of the examples must lose by to one that its neighbours know, and its fewest letters
_DOUBT, _DOUBTED = 2.0, 3
_NEVER_SAID = 4.0  # what a word costs that is in no example
# How often a word stands in the examples that is meant even where its bare form is a word elsewhere
_SURELY_MEANT = 5
_WITHOUT_DOTS = 0.5  # what it costs a part of a word
# Letters from which a word is cut, the longest part, and what a part costs that is no word
_LONG, _LONGEST_PART = 7, 22
_STRANGE, _STRANGE_LETTER = 8.0, 3.0
# A word of fewer letters than this is cut only when its parts are this likely per letter
_SURELY_JOINED, _COST_OF_LETTER = 13, 2.3
# So many unknown words of a message are mended, of so many letters together: a bound for hostile
# texts. Dots cost nothing, and are put on all of them.
_MOST_MENDED, _MOST_LETTERS = 12, 200
# Letters of a known word that a number was run together with: "after5pm", and no "klo14" or "a4"
_BESIDE_NUMBER = 4


class Spelling:
    """Knows the words of the training examples.

    Args:
        is_word: whether a word is known elsewhere (to the encoder); it gives way only to one that
            its neighbours know much better.
        is_name: whether a word names something of the business; such words are left alone.
    """

    def __init__(
        self,
        is_word: Callable[[str], bool] = lambda word: False,
        is_name: Callable[[str], bool] = lambda word: False,
    ) -> None:
        self._is_word, self._is_name = is_word, is_name
        self._counts: dict[str, Counter[str]] = {}
        self._texts = 0
        self._words: Counter[str] = Counter()
        self._with_dots: dict[str, str] = {}
        self._by_length: dict[int, list[str]] = {}
        self._costs: dict[str, dict[str, float]] = {}
        self._pairs = WordPairs()
        self._near = NearWords()
        self._candidates = lru_cache(maxsize=4096)(self._find_candidates)
        self._cut = lru_cache(maxsize=4096)(self._find_cut)

    def learn(self, texts: Iterable[str], languages: Iterable[str] | None = None) -> Spelling:
        """Count the words of normalised texts.

        Args:
            languages: of each text; what is run together is in one of them.
        """
        counts: dict[str, Counter[str]] = {}
        spoken = languages if languages is not None else repeat("")
        said = [_words(text) for text in texts]
        for words, language in zip(said, spoken, strict=False):
            counts.setdefault(language, Counter()).update(words)
        self._pairs = WordPairs().learn(said)
        return self._set(counts, len(said))

    def _set(self, counts: dict[str, Counter[str]], texts: int) -> Spelling:
        self._counts, self._texts = counts, texts
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
        self._pairs.of(words, texts)
        self._near = NearWords(word for word in words if len(word) > 1)
        self._candidates.cache_clear()
        self._cut.cache_clear()
        return self

    def mend(self, text: str) -> str:
        """Return a normalised text with its spelling mended; what is well spelt stays as it is."""
        found = list(_WORD.finditer(text))
        words = [self._dotted(match[1] or "") for match in found]
        budget, letters = _MOST_MENDED, _MOST_LETTERS
        parts, end, before = [], 0, BEGIN
        for number, (match, word) in enumerate(zip(found, words, strict=True)):
            after = words[number + 1] if number + 1 < len(words) else ""
            if (
                word
                and budget
                and len(word) <= letters
                and not _is_code(match)
                and self._is_doubtful(before, word, after)
            ):
                mended = self._replacement(before, word, after)
                budget, letters = budget - 1, letters - len(word)
            else:
                mended = word
            parts += [text[end : match.start()], self._apart(match, mended) if word else match[0]]
            end, before = match.end(), mended.rpartition(" ")[2]
        return "".join([*parts, text[end:]])

    def _dotted(self, word: str) -> str:
        """The word with its umlauts, where it is known with them only."""
        return word if self._knows(word) else self._with_dots.get(word, word)

    def _knows(self, word: str) -> bool:
        if self._words[self._with_dots.get(word, "")] >= _SURELY_MEANT:
            return False
        return word in self._words or self._is_word(word) or self._is_name(word)

    def _is_doubtful(self, before: str, word: str, after: str) -> bool:
        """Whether a word is none, or one that never stands beside its neighbours."""
        if not self._knows(word):
            return True
        seldom = len(word) >= _DOUBTED or word not in self._words
        stands_there = self._pairs.are_neighbours(before, word) or self._pairs.are_neighbours(
            word, after
        )
        return seldom and not stands_there and not self._is_name(word)

    def _replacement(self, before: str, word: str, after: str) -> str:
        """The word that is meant between two others; words, where spaces were left out."""

        def agrees(known: str) -> bool:
            pairs = self._pairs
            return pairs.are_neighbours(before, known) or pairs.are_neighbours(known, after)

        def cost(known: str, distance: int) -> float:
            first = _OTHER_FIRST_LETTER if known[0] != word[0] else 0.0
            told = self._pairs.told(before, known) + self._pairs.told(known, after)
            return distance * _ONE_TYPO + first - math.log(self._words[known]) - told

        is_known, is_short = self._knows(word), len(word) < _SHORTEST
        is_alone = before == BEGIN and not after
        if is_alone and is_short:
            return word
        likeliest = min(
            (
                (cost(known, distance), known)
                for known, distance in self._candidates(word, is_known)
                if agrees(known)
                # by itself tells enough: one slip in a word of three letters, two in a long word
                or (
                    not (is_known or is_short)
                    and (distance == 1 or is_alone or len(word) >= _TWO_TYPOS_ALONE)
                )
            ),
            default=None,
        )
        if is_known:
            as_written = -math.log(self._words[word]) if word in self._words else _NEVER_SAID
            return likeliest[1] if likeliest and likeliest[0] + _DOUBT < as_written else word
        return likeliest[1] if likeliest else self._cut(word) or word

    def _find_candidates(self, word: str, is_known: bool) -> list[tuple[str, int]]:
        """Known words within one typo, each with the typos; else within two of what is no word."""
        if len(word) < _SHORTEST_AMONG_OTHERS:
            return []
        near = [(known, 1) for known in self._near.near(word)]
        if near or is_known or len(word) < _TWO_TYPOS:
            return near
        lengths = range(len(word) - 2, len(word) + 3)
        known = [known for length in lengths for known in self._by_length.get(length, ())]
        found = process.extract(word, known, scorer=OSA.distance, score_cutoff=2, limit=None)
        return [(match, 2) for match, _, _ in found]

    def _apart(self, match: re.Match[str], mended: str) -> str:
        """The mended word, with a space beside a number that it was run together with."""
        text, (start, end) = match.string, match.span()
        first, _, _ = mended.partition(" ")
        last = mended.rpartition(" ")[2]
        if len(first) >= _BESIDE_NUMBER and text[:start][-1:].isdigit() and first in self._words:
            mended = f" {mended}"
        if len(last) >= _BESIDE_NUMBER and text[end : end + 1].isdigit() and last in self._words:
            mended = f"{mended} "
        return mended

    def _find_cut(self, word: str) -> str | None:
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
        held = {"words": self._counts, "pairs": self._pairs.counts, "texts": self._texts}
        saved = json.dumps(held, ensure_ascii=False)
        (folder / _FILE).write_text(saved, encoding="utf-8")

    def read(self, folder: Path) -> Spelling:
        """Read words that were saved."""
        saved = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        self._pairs = WordPairs().set(saved["pairs"])
        counts = {language: Counter(words) for language, words in saved["words"].items()}
        return self._set(counts, saved["texts"])


def _is_code(match: re.Match[str]) -> bool:
    """Whether a few letters stand beside a number, as in "K7PM2X" and "gk33018"."""
    text, (start, end) = match.string, match.span()
    beside = text[:start][-1:] + text[end : end + 1]
    return end - start < _BESIDE_NUMBER and any(sign.isdigit() for sign in beside)


def _words(text: str) -> list[str]:
    return [match[1] for match in _WORD.finditer(text) if match[1]]
