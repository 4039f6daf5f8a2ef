"""Spoil a message as people and their phones do: capitals, no umlauts, typos, no spaces, NFD.

Each variant takes a text and a seed and returns a text; the same two always give the same result,
on any machine. `VARIANTS` names them all. Only letters are mistyped, so that numbers, e-mail signs
and punctuation stay what they were.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from functools import partial
from types import MappingProxyType

# Rows of the Finnish keyboard, and how far each is shifted to the right, in keys
_ROWS = (("qwertyuiopå", 0.0), ("asdfghjklöä", 0.25), ("zxcvbnm", 0.75))
# Centres of keys that a finger can take for one another are less than this apart, in keys
_REACH = 1.3

_UMLAUTS = str.maketrans("äöåÄÖÅ", "aoaAOA")


def upper_case(text: str, seed: int = 0) -> str:
    """All in capitals, as with the caps lock on."""
    return text.upper()


def without_umlauts(text: str, seed: int = 0) -> str:
    """ä, ö and å typed as a, o and a, as on a foreign keyboard."""
    return unicodedata.normalize("NFC", text).translate(_UMLAUTS)


def without_spaces(text: str, seed: int = 0) -> str:
    """All words run together."""
    return "".join(text.split())


def decomposed(text: str, seed: int = 0) -> str:
    """In Unicode's form NFD, as some phones and file systems write: "ä" is an a and a sign."""
    return unicodedata.normalize("NFD", text)


def one_typo(text: str, seed: int = 0) -> str:
    """One letter is its neighbour's, missing, doubled, or swapped with the next one."""
    return _mistyped(text, seed, 1)


def two_typos(text: str, seed: int = 0) -> str:
    """Two typos at places apart; one only, where a text has no room for two."""
    return _mistyped(text, seed, 2)


VARIANTS: MappingProxyType[str, Callable[[str, int], str]] = MappingProxyType(
    {
        "upper case": upper_case,
        "no umlauts": without_umlauts,
        "one typo": one_typo,
        "two typos": two_typos,
        "no spaces": without_spaces,
        "NFD": decomposed,
    }
)


def _neighbours() -> dict[str, str]:
    """For each letter those beside it on the keyboard, in the order of the rows."""
    places = {
        letter: (column + shift, row)
        for row, (letters, shift) in enumerate(_ROWS)
        for column, letter in enumerate(letters)
    }
    return {
        letter: "".join(
            other
            for other, (column, row) in places.items()
            if other != letter and (column - x) ** 2 + (row - y) ** 2 < _REACH**2
        )
        for letter, (x, y) in places.items()
    }


NEIGHBOURS = MappingProxyType(_neighbours())


def _mistyped(text: str, seed: int, count: int) -> str:
    text = unicodedata.normalize("NFC", text)
    chance = random.Random(f"{seed} {text}")  # of a str: the same in every process
    places = [place for place in range(len(text)) if _ways(text, place)]
    chosen: list[int] = []
    while places and len(chosen) < count:
        place = chance.choice(places)
        chosen.append(place)
        # a swap touches the next letter, so the next typo keeps a letter's distance
        places = [other for other in places if abs(other - place) > 2]
    for place in sorted(chosen, reverse=True):
        text = chance.choice(_ways(text, place))(chance)
    return text


def _ways(text: str, place: int) -> list[Callable[[random.Random], str]]:
    """The typos that can be made at a place of a text; none but on a letter of the keyboard."""
    letter = text[place]
    if letter.lower() not in NEIGHBOURS:
        return []
    before, after = text[:place], text[place + 1 :]

    def neighbour(chance: random.Random) -> str:
        other = chance.choice(NEIGHBOURS[letter.lower()])
        return before + (other.upper() if letter.isupper() else other) + after

    def fixed(result: str, chance: random.Random) -> str:
        return result

    ways: list[Callable[[random.Random], str]] = [
        neighbour,
        partial(fixed, before + letter + letter + after),
    ]
    # A letter that is a word by itself would leave no trace
    if before[-1:].isalpha() or after[:1].isalpha():
        ways.append(partial(fixed, before + after))
    if after[:1].isalpha() and after[0] != letter:
        ways.append(partial(fixed, before + after[0] + letter + after[1:]))
    return ways
