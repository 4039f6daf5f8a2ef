"""How a language is laid out: phrases and what they mean, as data.

A file in `languages/` makes one `Language` named LANGUAGE. The tags are explained in
`languages/__init__.py`; the grammar knows tags only, never words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .tokens import words_of

# what a phrase stands for: one or more (tag, value) pairs in the order they are said
Meaning = tuple[tuple[str, Any], ...]

# a word shorter than this is never corrected: too many others are one letter away
SHORTEST_CORRECTED = 6
# without its umlaut a shorter word is another one ("yö", "yo")
SHORTEST_PLAIN = 4


@dataclass(frozen=True)
class Language:
    """One language's words.

    phrases: phrase → meaning; matched longest first, lower case.
    hints: everyday words that show a text is in this language.
    stems: tag → beginnings of words that carry it, for words that no phrase names.
    greetings: parts of the day that greet when they open a message ("Morning!").
    now_beside: beginnings of words beside which a doubtful "now" is a time ("can I come now").
    corrected: phrases (single words) in which one wrong, missing or extra letter is forgiven.
    never_corrected: words that look like a misspelt time and are not ("frida").
    plain: umlauts may be left out (ä→a, ö→o, å→a) in words that are not very short.
    counted: a word that a bare number counts ("2 shampoota"), so that it is no time.
    not_counted: words that look counted and are not.
    agreeing: endings that make a case-marked hour an attribute of the next word
        ("kahdelta kampaajalta": not two o'clock).
    labels: words after which a number is a name or a price, not a time ("huone 12").
    label_stems: beginnings of such words ("tilau": tilaus, tilauksen).
    never_after: words after which a doubtful word is no time ("we sat", "what now").
    case_endings: what stands after the colon in "14:lta" → tag of the number.
    month_first: "11/24" may be read month first when it cannot be day first.
    """

    code: str
    phrases: Mapping[str, Meaning]
    hints: frozenset[str]
    stems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    greetings: frozenset[str] = frozenset()
    now_beside: tuple[str, ...] = ()
    corrected: frozenset[str] = frozenset()
    never_corrected: frozenset[str] = frozenset()
    plain: bool = False
    counted: re.Pattern[str] = re.compile(r"$.")
    not_counted: frozenset[str] = frozenset()
    agreeing: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()
    label_stems: tuple[str, ...] = ()
    never_after: frozenset[str] = frozenset()
    case_endings: Mapping[str, str] = field(default_factory=dict)
    month_first: bool = False


class Lexicon:
    """A language's phrases, ready for look-up."""

    def __init__(self, language: Language) -> None:
        """Index the phrases of `language`, with their spellings without umlauts if allowed."""
        self.language = language
        # first word → how many words → phrase → meaning, longest phrases first
        self._by_first: dict[str, dict[int, dict[tuple[str, ...], Meaning]]] = {}
        for phrase, meaning in _with_plain_spellings(language).items():
            words = tuple(phrase.split())
            if not all(map(str.isalpha, words)):
                words = tuple(words_of(phrase))
            sizes = self._by_first.setdefault(words[0], {})
            sizes.setdefault(len(words), {})[words] = meaning
        for first, sizes in self._by_first.items():
            if len(sizes) > 1:
                self._by_first[first] = dict(sorted(sizes.items(), reverse=True))
        self._misspelt = _misspellings(language.corrected, self._by_first.keys())

    def knows(self, word: str) -> bool:
        """Whether the word begins a phrase of the language or is one of its everyday words."""
        return word in self._by_first or word in self.language.hints

    def is_label(self, word: str) -> bool:
        """Whether a number after this word names or prices something: 'tilausnumero 12'."""
        stems = self.language.label_stems
        return word in self.language.labels or (bool(stems) and word.startswith(stems))

    def longest(self, words: list[str], at: int) -> tuple[int, Meaning] | None:
        """The longest phrase that begins at words[at]: how many words it takes, what it means."""
        sizes = self._by_first.get(words[at])
        if sizes is None:
            for tag, stems in self.language.stems.items():
                if words[at].startswith(stems):
                    return 1, ((tag, None),)
            corrected = self._correct(words[at])
            if corrected is None:
                return None
            return 1, self._by_first[corrected][1][(corrected,)]
        for size, phrases in sizes.items():
            meaning = phrases.get(tuple(words[at : at + size]))
            if meaning is not None:
                return size, meaning
        return None

    def _correct(self, word: str) -> str | None:
        if word in self.language.never_corrected:
            return None
        if not SHORTEST_CORRECTED - 1 <= len(word) <= 24:
            return None
        shorter = _one_letter_less(word) if len(word) >= SHORTEST_CORRECTED else []
        for key in (word, *shorter):
            meant = self._misspelt.get(key)
            if meant is not None and meant[0] == word[0] and abs(len(meant) - len(word)) < 2:
                return meant
        return None


def _with_plain_spellings(language: Language) -> dict[str, Meaning]:
    phrases = dict(language.phrases)
    if language.plain:
        without = str.maketrans("äöå", "aoa")
        for phrase, meaning in language.phrases.items():
            if len(phrase) >= SHORTEST_PLAIN:
                phrases.setdefault(phrase.translate(without), meaning)
    return phrases


def _misspellings(corrected: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Each spelling that is one letter short of a word → the word; real words stay themselves."""
    real = set(known)
    found: dict[str, str] = {}
    for word in sorted(corrected):
        found.setdefault(word, word)
        for shorter in _one_letter_less(word):
            if shorter not in real and len(shorter) >= SHORTEST_CORRECTED - 1:
                found.setdefault(shorter, word)
    return found


def _one_letter_less(word: str) -> list[str]:
    return [word[:index] + word[index + 1 :] for index in range(1, len(word))]
