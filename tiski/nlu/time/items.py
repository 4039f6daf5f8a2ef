"""Tokens become items: what each word or number may mean in one language."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .calendar_days import is_real_date
from .lexicon import Lexicon
from .meanings import CalendarDay, Clock, Impossible, Moment
from .tokens import Token

# parts that may stand right at a number: "klo15", "3pm", "24th", "vk48"
_GLUED = frozenset({"at", "ampm", "oclock", "ordinal_suffix", "week", "week_of", "unit"})

_SIGNS = {".": "dot", ",": "comma", "-": "dash", "–": "dash", "—": "dash", "?": "stop", "!": "stop"}

# how sure a piece is a time: STRONG stands alone, WEAK needs another beside it
STRONG, WEAK, NONE = 2, 1, 0


@dataclass
class Item:
    """One step of the reading.

    tag, value: as in `languages/__init__.py`, later the result of a grammar rule.
    start, end: offsets in the text. first, last: indexes of the tokens it covers.
    strength: STRONG, WEAK or NONE.
    """

    tag: str
    value: Any
    start: int
    end: int
    first: int
    last: int
    strength: int = STRONG


def read_items(tokens: list[Token], lexicon: Lexicon) -> list[Item]:
    """Give every token its meaning; unknown words become items with the tag 'word'."""
    words = [token.text for token in tokens]
    items: list[Item] = []
    at, count = 0, len(tokens)
    while at < count:
        token = tokens[at]
        size = 1
        if token.kind in ("word", "sign"):
            match = lexicon.longest(words, at)
            if match is None:
                tag = _SIGNS.get(token.text, "sign") if token.kind == "sign" else "word"
                items.append(_item(tag, token.text, tokens, at, at))
            else:
                size, meaning = match
                for tag, value in meaning:
                    items.append(_item(tag, value, tokens, at, at + size - 1))
        elif token.kind == "mixed":
            items.extend(_split_mixed(tokens, at, lexicon))
        elif token.kind == "hidden":
            items.append(_item("word", token.text, tokens, at, at))
        else:
            tag, value = _numeric(token, lexicon)
            ending = _case_ending(tokens, at, lexicon)
            if ending is not None:
                size = 3
                tag = ending if tag == "digits" else tag
            items.append(_item(tag, value, tokens, at, at + size - 1))
        at += size
    if lexicon.language.agreeing:
        _drop_attributes(items, words, lexicon)
    return items


def _drop_attributes(items: list[Item], words: list[str], lexicon: Lexicon) -> None:
    """'kahdelta kampaajalta' is "from two hairdressers": the hour agrees with the next word."""
    for item, after in pairwise(items):
        if item.tag not in ("number_at", "number_gen") or after.tag != "word":
            continue
        hour, word = words[item.last], str(after.value)
        for ending in lexicon.language.agreeing:
            if hour.endswith(ending) and word.endswith(ending):
                item.tag = "word"


def _item(tag: str, value: Any, tokens: list[Token], first: int, last: int) -> Item:
    return Item(tag, value, tokens[first].start, tokens[last].end, first, last)


def _split_mixed(tokens: list[Token], at: int, lexicon: Lexicon) -> list[Item]:
    """'klo15' is 'klo' and '15'; anything with an unknown word in it ('k7') is no time."""
    token = tokens[at]
    digits_first = token.text[0].isdigit()
    digits = "".join(letter for letter in token.text if letter.isdigit())
    word = token.text[len(digits) :] if digits_first else token.text[: -len(digits)]
    match = lexicon.longest([word], 0)
    if match is None or match[1][0][0] not in _GLUED or len(digits) > 4:
        return [_item("word", token.text, tokens, at, at)]
    number = _item("digits", int(digits), tokens, at, at)
    other = _item(match[1][0][0], match[1][0][1], tokens, at, at)
    return [number, other] if digits_first else [other, number]


def _case_ending(tokens: list[Token], at: int, lexicon: Lexicon) -> str | None:
    """The tag for '14:lta', whose ending follows a colon without a space."""
    if at + 2 >= len(tokens):
        return None
    number, colon, ending = tokens[at : at + 3]
    if colon.text != ":" or colon.start != number.end or ending.start != colon.end:
        return None
    return lexicon.language.case_endings.get(ending.text)


def _numeric(token: Token, lexicon: Lexicon) -> tuple[str, Any]:
    """Tag and value of a token of digits."""
    if token.kind == "moment":
        return ("moment", Moment(token.text))
    if token.kind == "number":
        number = token.numbers[0]
        return ("year" if 2000 <= number < 2100 else "digits", number)
    if token.kind == "clock":
        return _clock(token)
    if token.kind == "dotted":
        return _dotted(token)
    return _date(token, lexicon)


def clock_of(hour: int, minute: int, text: str) -> Clock | None:
    """A clock time of two numbers, or None if there is no such time.

    `text`: as written; '09:00' with its leading zero counts hours to 24, '9:00' may be 21.
    """
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        return None
    return Clock(hour, minute, fixed=text.startswith("0") or hour > 12, grain="minute")


def bare_clock(item: Item) -> Clock:
    """An hour without minutes; '15', '0' and '09' count hours to 24, '9' may be 21."""
    zero_written = item.tag == "digits" and item.end - item.start == 2 > item.value
    return Clock(item.value, fixed=item.value > 12 or item.value == 0 or zero_written)


def _clock(token: Token) -> tuple[str, Any]:
    clock = clock_of(token.numbers[0], token.numbers[1], token.text)
    return ("clock", clock) if clock else ("impossible", Impossible())


def _dotted(token: Token) -> tuple[str, Any]:
    """'15.30' is a time, '24.11' a date; '10.12' a date unless its neighbours make it a time."""
    first, second = token.numbers
    minutes_written = len(token.text.split(".")[1]) == 2
    clock = clock_of(first, second, token.text) if minutes_written else None
    if 1 <= second <= 12 and 1 <= first <= 31:
        if not is_real_date(first, second):
            return ("clock", clock) if clock else ("impossible", Impossible())
        day = CalendarDay(first, second, clock=clock)
        return ("day_or_clock", day)
    return ("clock_dotted", clock) if clock else ("word", token.text)


def _date(token: Token, lexicon: Lexicon) -> tuple[str, Any]:
    """'24.11.', '24.11.2026', '24/11', '11/24' where months come first."""
    day, month, *rest = token.numbers
    year = rest[0] if rest else None
    if year is not None and year < 100:
        year += 2000
    slashed = "/" in token.text
    if slashed and month > 12 and day <= 12 and lexicon.language.month_first:
        day, month = month, day
    if not is_real_date(day, month, year):
        # a sentence may end in a time: "kello 15.30."
        clock = clock_of(day, month, token.text)
        if clock and not rest and not slashed and len(token.text.split(".")[1]) == 2:
            return ("clock_dotted", clock)
        looks_meant = day <= 39 and month <= (12 if slashed else 19)
        return ("impossible", Impossible()) if looks_meant or rest else ("word", token.text)
    if slashed and not rest and (day, month) == (24, 7):
        return ("word", token.text)  # round the clock
    if slashed and not rest and month in (5, 10) and day <= month:
        return ("rating_or_day", CalendarDay(day, month, year))
    clock = None
    if not rest and not slashed and len(token.text.split(".")[1]) == 2:
        clock = clock_of(day, month, token.text)
    return ("day_dotted", CalendarDay(day, month, year, clock=clock))
