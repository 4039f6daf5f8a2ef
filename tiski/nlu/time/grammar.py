"""A small grammar engine: rules over tags, tried in passes, each pass one regular expression.

Every tag is one character, so that a message is a short string and a rule is a pattern over it;
the matching is done in C and its cost grows with the length of the message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .items import Item

# what a rule makes of the items it matched; None: it was nothing after all
Builder = Callable[[list[Item]], list[Item] | None]
Rule = tuple[str, Builder]


def names(text: str) -> list[str]:
    """Names written in a row."""
    return text.split()


TAGS = names(
    "number number_gen number_part number_at number_from number_to digits year ordinal "
    "ordinal_suffix clock clock_dotted at oclock ampm half_before half_after quarter past till "
    "about_pre about_post after_pre after_post before_pre until_pre until_post from_pre from_post "
    "between_pre between_post and or to day day_dotted day_or_clock rating_or_day "
    "part now weekday weekday_short weekday_doubtful weekday_from month month_in this next last "
    "over_next week weekend month_unit week_of day_word the of a couple unit units wish greeting in_pre in_post ago "
    "start_of middle_of end_of filler not_pre not_post cannot instead instead_pre correct move "
    "habit answer word sign dot comma dash stop moment impossible range in_minutes duration "
    "exactly minute_of_hour now_doubtful happened number_in hundred year_word every later earlier "
    "rest_of vague whole around during just_before_post"
)

_CODE = {tag: chr(0x4E00 + index) for index, tag in enumerate(TAGS)}

MACROS = {
    "hour": "(number|number_gen|number_part|number_at|number_from|number_to|digits)",
    "some": "(number|number_gen|number_part|number_in|digits|couple|a|half_before|half_after)",
    "amount": "(number|number_gen|number_part|number_in|number_at|number_to|number_from|digits|couple)",
    "any_unit": "(unit|week|week_of|month_unit|day_word|year_word)",
    "any_units": "(unit|units|week|week_of|month_unit|day_word|year_word)",
    "which": "(this|next|last|over_next)",
    "piece_of": "(start_of|middle_of|end_of)",
    "any_weekday": "(weekday|weekday_short|weekday_doubtful|weekday_from)",
    "any_week": "(week|week_of)",
    "any_month": "(month|month_in)",
    "any_clock": "(clock|clock_dotted|day_or_clock)",
    "any_time": "(hour|any_clock|day|day_dotted|any_weekday|part|any_month|at|half_before|half_after|quarter|year|this|next|the)",
    "hyphen": "(dash|to)",
}


class Pass:
    """A list of rules tried together; where several match at a place, the first one wins."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Compile the rules; a rule names tags and macros, with ( ) | ? * between them; !x means that
        no x follows.
        """
        self._builders = [builder for _, builder in rules]
        parts = [f"({_compile(pattern)})" for pattern, _ in rules]
        self._pattern = re.compile("|".join(parts))

    def apply(self, items: list[Item]) -> list[Item]:
        """Replace what the rules match, from left to right, by what they make of it."""
        codes = "".join([_CODE[item.tag] for item in items])
        match = self._pattern.search(codes)
        if match is None:
            return items
        done: list[Item] = []
        position = 0
        while match is not None:
            begin, finish = match.span()
            assert match.lastindex is not None
            made = self._builders[match.lastindex - 1](items[begin:finish])
            if made is None:
                finish = begin + 1
                made = items[begin:finish]
            done.extend(items[position:begin])
            done.extend(made)
            position = finish
            match = self._pattern.search(codes, position)
        done.extend(items[position:])
        return done


def _compile(pattern: str) -> str:
    def code(match: re.Match[str]) -> str:
        name = match.group()
        if name in MACROS:
            return _compile(MACROS[name])
        return _CODE[name]

    grouped = re.sub(r"!([a-z_]+)", r"(?!\1)", pattern).replace("(", "(?:").replace("(?:?!", "(?!")
    return re.sub(r"[a-z_]+", code, grouped).replace(" ", "")


def merged(tag: str, value: object, items: list[Item], strength: int = 2) -> list[Item]:
    """One item in the place of several."""
    first, last = items[0], items[-1]
    return [Item(tag, value, first.start, last.end, first.first, last.last, strength)]


def value_of(items: list[Item], *tags: str) -> object:
    """The value of the first item that has one of the tags, or None."""
    for item in items:
        if item.tag in tags:
            return item.value
    return None


def has(items: list[Item], *tags: str) -> bool:
    """Whether one of the items has one of the tags."""
    return any(item.tag in tags for item in items)
