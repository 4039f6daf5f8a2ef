"""Sums of money in a message: "alle 20 euroo", "max 30€", "between 20 and 30 euros".

A sum has the shape that Duckling gives: `value` is a number for a sum as it is, and
{"from": …, "to": …} (either may be missing) for one with a bound; `additional_info` holds the unit
and the type. Only euros are understood: the prices of business.yml are in euros.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tiski.nlu.lexicon import any_of, lexicon, words
from tiski.nlu.text import without_umlauts

UNIT = "EUR"
# "about 20" is a fifth less or more
_ABOUT = 0.2
# "1 200", "1,200" and "49,90"; before a comma or a point there are no thousands of one or two digits
_THOUSANDS = r"\d{1,3}(?:[ \u00a0.,]\d{3})+(?!\d)"
_NUMBER = rf"(?:{_THOUSANDS}|\d{{1,5}}(?:[.,]\d{{1,2}})?)"
_FAR = 60
_TWENTY, _HUNDRED = 20, 100
_NEAR = 14  # characters after a sum in which "or less" may stand
# what follows a number that is no price: "alle 12-vuotiaille", "under 30 min"
_OTHER_UNIT = re.compile(r"\s?-?\s?[^\W\d_]|[.:,]\d|%")


@dataclass(frozen=True)
class Money:
    """A sum in a text. Bounds are in euros; None is open."""

    least: float | None
    most: float | None
    start: int
    end: int

    def as_entity(self) -> dict[str, Any]:
        """The entity `amount_of_money`."""
        exact = self.least == self.most
        bounds = {"from": self.least, "to": self.most}
        value: Any = self.least if exact else {k: v for k, v in bounds.items() if v is not None}
        info = {"unit": UNIT, "type": "value" if exact else "interval"}
        return {
            "entity": "amount_of_money",
            "value": value,
            "start": self.start,
            "end": self.end,
            "additional_info": info,
        }


def bounds_in_cents(value: Any) -> tuple[int | None, int | None]:
    """Read an entity's value back: the least and the most, in cents; equal for an exact sum.

    Raises:
        ValueError: it is no such value.
    """
    if isinstance(value, dict):
        return _cents(value.get("from")), _cents(value.get("to"))
    return _cents(value), _cents(value)


def _cents(value: Any) -> int | None:
    try:
        return None if value is None else round(float(value) * 100)
    except TypeError:
        raise ValueError(f"{type(value).__name__} is no sum of money") from None


def find_money(text: str, *, expected: bool = False) -> list[Money]:
    """Find sums in a message.

    Args:
        expected: the desk has just asked for a sum, so "20" alone is one.
    """
    found: list[Money] = []
    for match in _sums().finditer(text):
        money = _read(text, match, expected)
        if money:
            found.append(money)
    return found


def _read(text: str, match: re.Match[str], expected: bool) -> Money | None:
    first, second = match["first"] or match["word"], match["second"]
    # the words right before are enough, and a message of a thousand numbers must not take long
    begin = max(0, match.start() - _FAR)
    before, after = text[begin : match.start()], text[match.end() :][:_FAR]
    if any(_pattern("not_sums").fullmatch(each) for each in (first, second) if each):
        return None
    upper = _last_word("at_most", before, begin)
    lower = _last_word("at_least", before, begin)
    about = _last_word("about", before, begin)
    behind = _pattern("at_most_after").match(after[:_NEAR].lstrip(" ,"))
    is_sum = bool(match["before"] or match["after"] or match["word"] or _is_sum(second))
    if not is_sum:
        bounded = upper is not None or lower is not None
        if not (expected or bounded) or (_OTHER_UNIT.match(after) and not behind):
            return None
        if re.search(r"[\d.,:/#-]$", before) or (not expected and _is_age(before)):
            return None
    low = _amount(first)
    if second:
        high = _amount(second)
        between = _last_word("range_before", before, begin)
        start = match.start() if between is None else between
        return Money(min(low, high), max(low, high), start, match.end())
    start = min(place for place in (upper, lower, about, match.start()) if place is not None)
    if upper is not None or behind:
        return Money(None, low, start, match.end())
    if lower is not None:
        return Money(low, None, start, match.end())
    if about is not None or _is_rough(match["word"]):
        margin = round(low * _ABOUT, 2)
        return Money(low - margin, low + margin, start, match.end())
    return Money(low, low, match.start(), match.end())


def _is_age(before: str) -> bool:
    """ "A boy under 12" is no boy for twelve euros."""
    return bool(_pattern("ages").search(before[-_NEAR * 2 :]))


def _last_word(kind: str, before: str, begin: int) -> int | None:
    """Where a word begins that stands right before a sum, or None; `before` begins at `begin`."""
    found = None
    for match in _pattern(kind).finditer(before):
        if not before[match.end() :].strip(" :."):
            found = begin + match.start()
    return found


def _amount(written: str) -> float:
    folded = _fold(written)
    for stem, value in _spelled("sums", "numbers"):
        if folded.startswith(stem):
            return value + _joined(folded[len(stem) :], value)
    if re.fullmatch(_THOUSANDS, written):
        return float(re.sub(r"\D", "", written))
    return float(written.replace(",", "."))


def _joined(rest: str, value: int) -> float:
    """What is joined to a number in words: 5 in "nelkytviis", 20 in "satakaksikymmentä"."""
    if value == _HUNDRED:
        numbers = [number for stem, number in _spelled("numbers") if rest.startswith(stem)]
        return float(numbers[0]) if numbers else 0.0
    if value < _TWENTY or value > _HUNDRED:
        return 0.0
    found = (unit for stem, unit in _spelled("units") if stem in rest)
    return float(next(found, 0))


def _is_sum(written: str | None) -> bool:
    """Whether a word is a sum by itself ("kolmenkympin"), without a currency."""
    return bool(written) and any(_fold(str(written)).startswith(s) for s, _ in _spelled("sums"))


def _is_rough(word: str | None) -> bool:
    return bool(word) and any(_fold(str(word)).startswith(s) for s in words("money", "rough"))


def _fold(word: str) -> str:
    return without_umlauts(word.casefold())


@lru_cache(maxsize=8)
def _pattern(key: str) -> re.Pattern[str]:
    return any_of(words("money", key)) if words("money", key) else re.compile(r"(?!)")


@lru_cache(maxsize=4)
def _spelled(*kinds: str) -> list[tuple[str, int]]:
    """Sums in words ("kaksikymppi", "twenty") without umlauts, the longest stem first."""
    pairs = [
        (_fold(stem), value)
        for language in lexicon().values()
        for kind in kinds
        for stem, value in language["money"][kind].items()
    ]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def _stems(kind: str) -> str:
    """A pattern for words of a kind, typed with umlauts or without."""
    stems = "|".join(re.escape(stem) for stem, _ in _spelled(kind))
    typed = stems.replace("a", "[aä]").replace("o", "[oö]")
    units = "|".join(re.escape(unit) for unit, _ in _spelled("units"))
    return rf"(?:{typed})\w*(?:[ -](?:{units})(?!\w))?" if stems else r"(?!)"


@lru_cache(maxsize=1)
def _sums() -> re.Pattern[str]:
    number, word = rf"(?:{_NUMBER}|{_stems('numbers')})", _stems("sums")
    signs = [sign for sign in words("money", "currency") if not sign[0].isalpha()]
    currency = rf"(?:{'|'.join(map(re.escape, signs))}|{_pattern('currency').pattern})"
    currency = currency.replace(r"(?<!\w)", "")  # "20e", "20eur"
    joins = rf"-|–|\.\.|{'|'.join(map(re.escape, words('money', 'range_joins')))}"
    return re.compile(
        rf"(?<![\w.,:])(?P<before>€\s?|eur\s)?(?:(?P<word>{word})|(?P<first>{number}))"
        rf"(?:\s?(?:{currency})?\s?(?:{joins})\s?€?(?P<second>{number}|{word}))?"
        rf"(?![\d])(?P<after>\s?{currency})?",
        re.IGNORECASE,
    )
