"""How many of which unit of time some items say."""

from __future__ import annotations

from .grammar import has, value_of
from .items import Item
from .meanings import Day, Length, Month, RelativeDay, Week, Year

NUMBERS = (
    "digits",
    "number",
    "number_gen",
    "number_part",
    "number_in",
    "number_at",
    "number_from",
    "number_to",
    "ordinal",
    "couple",
    "a",
)
OFFSETS = {"this": 0, "next": 1, "last": -1, "over_next": 2}
# words that are units of time beside an amount, and something else elsewhere; None: the item's
# value is the unit
UNITS: dict[str, tuple[int, str] | None] = {
    "unit": None,
    "units": None,
    "week": (1, "weeks"),
    "week_of": (1, "weeks"),
    "month_unit": (1, "months"),
    "day_word": (1, "days"),
    "year_word": (1, "years"),
}
# the present one of each unit
PERIODS: dict[str, Day] = {
    "days": RelativeDay(0),
    "weeks": Week(0),
    "months": Month(offset=0),
    "years": Year(offset=0),
}


def number_in(items: list[Item]) -> int | None:
    """The first number that the items say."""
    value = value_of(items, *NUMBERS)
    return value if isinstance(value, int) else None


def offset_of(items: list[Item], default: int = 0) -> int:
    """Which of its kind, from the present one: 'next' is 1."""
    return next((OFFSETS[item.tag] for item in items if item.tag in OFFSETS), default)


def length_of(items: list[Item]) -> Length | None:
    """How long, in the unit said; 'half' of a unit counts."""
    unit = next((UNITS[item.tag] or item.value for item in items if item.tag in UNITS), None)
    if unit is None:
        return None
    number = number_in(items)
    count: float = 1 if number is None else number
    if has(items, "half_before", "half_after"):
        count = 0.5
    return Length(count * unit[0], unit[1])
