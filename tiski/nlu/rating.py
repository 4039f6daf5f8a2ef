"""A rating from 1 to 5 in a message: "4/5", "nelonen", "five stars", "9 out of 10".

A bare number is a rating only where one was asked for; elsewhere "5" may be anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tiski.nlu.lexicon import any_of, pattern, words

LEAST, MOST = 1, 5
_OF_TEN = 10
# 4, 4.5, 4,5, 4½, 4+; no part of a longer number, of a time or of a date
_DIGITS = r"(?<![\w.,:/€$£-])(?:10|\d)(?:[.,]5|½)?"
_STARS = re.compile(r"[⭐★🌟]\ufe0f?(?:\s?[⭐★🌟]\ufe0f?)*")
_BARE = re.compile(rf"{_DIGITS}(?=[+-]?(?:[^\w.,:/%+-]|[.,!](?!\d)|$))")


@dataclass(frozen=True)
class Rating:
    """A rating and where it stands in the text."""

    value: int  # 1 to 5
    start: int
    end: int


def find_rating(text: str, *, asked: bool = False) -> Rating | None:
    """Find the last rating of a message: who corrects himself says the right one last.

    Args:
        asked: the desk has just asked for one, so that a bare number or number word counts.

    Returns:
        None when there is none, or none from 1 to 5 (or to 10, which is halved).
    """
    found = sorted(_named(text), key=lambda rating: rating.start)
    if not found and asked:
        found = sorted(_bare(text), key=lambda rating: rating.start)
    return found[-1] if found else None


def is_all(text: str, rating: Rating) -> bool:
    """Whether a message is a rating and nothing else ("5", "annan nelosen kiitos")."""
    rest = text[: rating.start] + " " + text[rating.end :]
    rest = pattern("rating_around").sub(" ", rest)
    return not re.search(r"[\w?€$£%]", rest)


def _named(text: str) -> Iterator[Rating]:
    number = _number()
    for match in re.finditer(
        rf"({number})\s*(?:/|{_any('rating_out_of')})\s*({_any('rating_five')}|{_any('rating_ten')}|5|10)(?![\w/]|[.,]\d)",
        text,
        re.IGNORECASE,
    ):
        whole = match.group(2).lower()
        of_ten = whole == "10" or whole in words("rating_ten")
        yield from _rating(match.group(1), match.start(), match.end(), of_ten)
    for match in re.finditer(
        rf"({number})\s*(?:{_any('rating_five_joined')})", text, re.IGNORECASE
    ):  # "neljä viidestä"
        yield from _rating(match.group(1), match.start(), match.end())
    for match in re.finditer(rf"({number})[\s-]*(?:{_any('rating_stars')})", text, re.IGNORECASE):
        yield from _rating(match.group(1), match.start(), match.end())
    for match in re.finditer(
        rf"(?:{_any('rating_follows')})\s*:?\s*({number})(?![\w/])", text, re.IGNORECASE
    ):
        yield from _rating(match.group(1), match.start(1), match.end(1))
    for match in _STARS.finditer(text):
        count = len(re.findall("[⭐★🌟]", match.group()))
        if LEAST <= count <= MOST:
            yield Rating(count, match.start(), match.end())
    for match in pattern("rating_full").finditer(text):
        yield Rating(MOST, match.start(), match.end())
    for value in range(LEAST, MOST + 1):
        for match in any_of(words("rating_grade", str(value))).finditer(text):
            yield Rating(value, match.start(), match.end())


def _bare(text: str) -> Iterator[Rating]:
    for match in _BARE.finditer(text):
        yield from _rating(match.group(), match.start(), match.end())
    for value in range(LEAST, MOST + 1):
        for match in any_of(words("rating_number", str(value))).finditer(text):
            yield Rating(value, match.start(), match.end())


def _rating(written: str, start: int, end: int, of_ten: bool = False) -> Iterator[Rating]:
    value = _value(written)
    if value is not None and of_ten:
        value /= 2
    # halves are rounded up, so that 4½ and 9/10 are not less than they were meant to be
    if value is not None and LEAST <= (rounded := int(value + 0.5)) <= MOST:
        yield Rating(rounded, start, end)


def _value(written: str) -> float | None:
    written = written.strip().lower()
    half = next(
        (m for m in pattern("rating_half").finditer(written) if m.end() == len(written)), None
    )
    if half and half.start():
        whole = _value(written[: half.start()])
        return None if whole is None else whole + 0.5
    for value in range(1, _OF_TEN + 1):
        if written in words("rating_number", str(value)):
            return value
        if value <= MOST and any_of(words("rating_grade", str(value))).fullmatch(written):
            return value
    try:
        return float(written.replace(",", ".").replace("½", ".5"))
    except ValueError:
        return None


@lru_cache(maxsize=1)
def _number() -> str:
    spoken = [
        word for value in range(1, _OF_TEN + 1) for word in words("rating_number", str(value))
    ]
    return rf"(?:{_DIGITS}|{any_of(spoken).pattern})(?:\s+(?:{_any('rating_half')}))?"


def _any(key: str) -> str:
    return pattern(key).pattern
