"""Services and staff of business.yml in a message, in any inflection, without a lemmatiser.

A Finnish word changes at its end ("värjäys", "värjäykseen", "Mikko", "Mikolle"): a word of the
message matches a name when it begins like it, nearly to its end, and goes on for a few letters
only. What the stem itself does ("parta", "parran") follows a short table of consonant gradation
(A. Hakulinen et al., Iso suomen kielioppi, § 41).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tiski.nlu.text import normalise, without_umlauts

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# strong grade -> weak grade, before the last vowel; longest first
_GRADATION = (
    ("kk", "k"), ("pp", "p"), ("tt", "t"), ("nt", "nn"), ("rt", "rr"), ("lt", "ll"),
    ("nk", "ng"), ("mp", "mm"), ("t", "d"), ("p", "v"), ("k", ""),
)  # fmt: skip
_VOWELS = "aeiouyäö"
_LONGEST_ENDING = 8


@dataclass(frozen=True)
class Named:
    """A service or a member of staff that a message names."""

    id: str
    start: int
    end: int


class NameFinder:
    """Finds the names it is made with; made once, used for each message."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        """Take each id's names and spoken aliases, of all languages together."""
        entries: dict[tuple[str, ...], str] = {}
        for identifier, aliases in names.items():
            for alias in aliases:
                words = tuple(_fold(match.group()) for match in _TOKEN.finditer(alias))
                if words:
                    entries.setdefault(words, identifier)
        # the longest name first: "tyvivärjäys" before "värjäys", "värjäys ja leikkaus" before both
        self._entries = sorted(entries.items(), key=lambda entry: (-len("".join(entry[0])), entry))
        self._stems = {word: _stems(word) for words, _ in self._entries for word in words}

    def find(self, text: str) -> list[Named]:
        """Return what the text names, in its order; nothing is named twice at one place."""
        tokens = [(_fold(m.group()), m.start(), m.end()) for m in _TOKEN.finditer(text)]
        taken: set[int] = set()
        found: list[Named] = []
        for words, identifier in self._entries:
            for first in range(len(tokens) - len(words) + 1):
                places = range(first, first + len(words))
                if taken.isdisjoint(places) and all(
                    self._matches(tokens[place][0], word)
                    for place, word in zip(places, words, strict=True)
                ):
                    taken.update(places)
                    found.append(Named(identifier, tokens[first][1], tokens[places[-1]][2]))
        return sorted(found, key=lambda named: named.start)

    def _matches(self, token: str, word: str) -> bool:
        return any(
            token.startswith(stem) and len(token) - len(stem) <= ending
            for stem, ending in self._stems[word]
        )


def _stems(word: str) -> tuple[tuple[str, int], ...]:
    """Return the beginnings by which a word is known, each with the longest ending it takes."""
    if len(word) <= 3:
        return ((word, 3),)
    cut = 0 if len(word) <= 5 else 1
    stems = {word[: len(word) - cut]}
    if word[-1] in _VOWELS:
        body, vowel = word[:-1], word[-1]
        for strong, weak in _GRADATION:
            if body.endswith(strong):
                stems.add(body[: len(body) - len(strong)] + weak + vowel)
                break
    return tuple((stem, _LONGEST_ENDING if len(word) > 4 else 4) for stem in sorted(stems))


def _fold(word: str) -> str:
    return without_umlauts(normalise(word))
