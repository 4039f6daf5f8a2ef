"""The rules for days, weeks and months, and for lengths of time."""

from __future__ import annotations

from .calendar_days import is_real_date
from .combine import one_day
from .grammar import Pass, has, merged, value_of
from .items import NONE, STRONG, WEAK, Item
from .meanings import (
    CalendarDay,
    DayRange,
    Holiday,
    Impossible,
    InMinutes,
    Later,
    Month,
    Part,
    RelativeDay,
    Week,
    Weekday,
)

_NUMBERS = (
    "digits",
    "number",
    "number_gen",
    "number_part",
    "number_at",
    "number_from",
    "number_to",
    "ordinal",
    "couple",
    "a",
)
_OFFSETS = {"this": 0, "next": 1, "last": -1, "over_next": 2}
# words that are units of time beside an amount, and something else elsewhere
_UNITS: dict[str, tuple[int, str] | None] = {
    "unit": None,
    "units": None,
    "week": (1, "weeks"),
    "week_of": (1, "weeks"),
    "month_unit": (1, "months"),
    "day_word": (1, "days"),
}
_PIECES = {"start_of": "start", "middle_of": "middle", "end_of": "end"}


def _number(items: list[Item]) -> int | None:
    value = value_of(items, *_NUMBERS)
    return value if isinstance(value, int) else None


def _offset(items: list[Item], default: int = 0) -> int:
    return next((_OFFSETS[item.tag] for item in items if item.tag in _OFFSETS), default)


def _piece(items: list[Item]) -> str:
    return next((_PIECES[item.tag] for item in items if item.tag in _PIECES), "")


def _length(items: list[Item]) -> tuple[float, str] | None:
    """How long, in the unit said; 'half' of a unit counts."""
    unit = next((_UNITS[item.tag] or item.value for item in items if item.tag in _UNITS), None)
    if unit is None:
        return None
    number = _number(items)
    count: float = 1 if number is None else number
    if has(items, "half_before", "half_after"):
        count = 0.5
    return count * unit[0], unit[1]


def _later(items: list[Item]) -> list[Item] | None:
    length = _length(items)
    if length is None or length[0] > 5_000_000:
        return None
    count, unit = length
    if unit == "years":
        count, unit = count * 12, "months"
    if unit == "months" and count != round(count):
        count, unit = count * 30, "days"
    if has(items, "ago"):
        count = -count
    if unit == "minutes":
        return merged("in_minutes", InMinutes(round(count)), items)
    if unit == "days":
        return merged("day", RelativeDay(round(count)), items)
    if abs(count) > 1000:
        return None
    return merged("day", Later(round(count), unit), items)


def _not_understood(items: list[Item]) -> list[Item]:
    """'the first monday of december': better nothing than the coming Monday."""
    return merged("word", "", items, NONE)


def _quarter_later(items: list[Item]) -> list[Item]:
    return merged("in_minutes", InMinutes(-15 if has(items, "ago") else 15), items)


def _greeting(items: list[Item]) -> list[Item] | None:
    """'good evening', 'hyvää joulua' wish something and name no time."""
    wished = items[-1]
    if wished.tag == "day" and not isinstance(wished.value, Holiday):
        return None
    if wished.first != wished.last:
        return None
    return merged("greeting", None, items, NONE)


def _span_of_days(items: list[Item]) -> list[Item] | None:
    """'the next five days', 'viimeisen kahden viikon'."""
    length = _length(items)
    if length is None or length[1] not in ("days", "weeks") or not 1 <= length[0] <= 1000:
        return None
    days = round(length[0]) * (7 if length[1] == "weeks" else 1)
    if has(items, "last"):
        return merged("day", DayRange(RelativeDay(-days), RelativeDay(-1)), items)
    return merged("day", DayRange(RelativeDay(0), RelativeDay(days - 1)), items)


def _duration(items: list[Item]) -> list[Item]:
    return merged("duration", None, items, NONE)


def _date(items: list[Item]) -> list[Item] | None:
    day, month, year = _number(items), value_of(items, "month", "month_in"), value_of(items, "year")
    if day is None or not isinstance(month, int) or not (year is None or isinstance(year, int)):
        return None
    said = next(item for item in items if item.tag in _NUMBERS)
    if not 1 <= day <= 39 or (said.tag, day) == ("number", 1):
        return None
    if not is_real_date(day, month, year):
        return merged("impossible", Impossible(), items)
    return merged("day", CalendarDay(day, month, year), items)


def _day_of_month(items: list[Item]) -> list[Item] | None:
    day = _number(items)
    if day is None or not 1 <= day <= 39:
        return None
    if has(items, "ordinal") and not has(items, "month_unit") and day < 4:
        return None  # "the first" of whatever; "toinen päivä" is another day
    if day > 31:
        return merged("impossible", Impossible(), items)
    offset = _offset(items) if has(items, "month_unit") else None
    return merged("day", CalendarDay(day, month_offset=offset), items)


def _day_and_at(items: list[Item]) -> list[Item] | None:
    """'24. klo 12': the number is a day because a time follows."""
    day = _day_of_month(items[:2])
    return None if day is None else [*day, items[2]]


def _week(items: list[Item]) -> list[Item]:
    return merged("day", Week(_offset(items), part=_piece(items)), items)


def _numbered_week(items: list[Item]) -> list[Item] | None:
    number = _number(items)
    if number is None or number > 99:
        return None
    if not 1 <= number <= 53:
        return merged("impossible", Impossible(), items)
    return merged("day", Week(number=number), items)


def _weekend(items: list[Item]) -> list[Item]:
    return merged("day", Week(_offset(items), part="weekend"), items)


def _weekday(items: list[Item]) -> list[Item]:
    item = items[-1]
    which = next((item.tag for item in items if item.tag in _OFFSETS), "coming")
    if which == "over_next":
        return merged("day", Weekday(item.value, week=Week(2)), items)
    day = Weekday(item.value, which, source=item.tag == "weekday_from")
    return merged("day", day, items)


def _short_weekday(items: list[Item]) -> list[Item]:
    # how much a short name counts is decided in `joining.py`, which knows the language
    return [_kept(items[0], Weekday(items[0].value), "day", WEAK)]


def _doubtful_weekday(items: list[Item]) -> list[Item]:
    return [_kept(items[0], Weekday(items[0].value), "day", NONE)]


def _kept(item: Item, value: object, tag: str, strength: int) -> Item:
    return Item(tag, value, item.start, item.end, item.first, item.last, strength)


def _weekday_week(items: list[Item]) -> list[Item] | None:
    """'monday week': a week after the coming Monday."""
    if items[1].value != "after":
        return None
    return merged("day", Weekday(items[0].value, "after"), items)


def _weekdays(items: list[Item]) -> list[Item]:
    """'maanantaista keskiviikkoon'."""
    first, last = (Weekday(item.value) for item in items)
    return merged("day", DayRange(first, last), items)


def _month(items: list[Item]) -> list[Item]:
    number = value_of(items, "month", "month_in")
    piece = _piece(items)
    if isinstance(number, int):
        return merged("day", Month(number=number, part=piece), items)
    return merged("day", Month(offset=_offset(items), part=piece), items)


def _this_part(items: list[Item]) -> list[Item] | None:
    part = items[-1]
    if not isinstance(part.value, Part):
        return None
    offset = {"this": 0, "next": 1, "last": -1, "over_next": 2}[items[0].tag]
    return [_kept(items[0], RelativeDay(offset), "day", STRONG), part]


def _pair(items: list[Item]) -> list[Item] | None:
    first, last = items[0], items[-1]
    sure = {first.strength, last.strength} == {STRONG}
    if isinstance(last.value, CalendarDay) and last.value.clock is not None:
        return None  # "huomenna 9.10": rather a time
    day = one_day(first.value, last.value) if sure else None
    return None if day is None else merged("day", day, items)


def _numeric_day(items: list[Item]) -> list[Item]:
    item = items[0]
    sure = STRONG
    if item.tag == "day_or_clock" and item.end - item.start == 3:
        sure = WEAK  # "4.5" may be a mark or a size
    if item.tag == "rating_or_day":
        sure = WEAK
    return [_kept(item, item.value, "day", sure)]


DAYS = Pass(
    [
        ("wish (a|this)? (part|weekend|day)", _greeting),
        ("some (any_unit|units) (in_post|ago)", _later),
        ("any_unit (in_post|ago)", _later),
        ("quarter (in_post|ago)", _quarter_later),
        ("in_pre some (any_unit|units) in_post?", _later),
        ("in_pre unit in_post?", _later),
        ("(this|next|last) some (units|unit|day_word|week)", _span_of_days),
        ("some (unit|units|week)", _duration),
        ("number_at (unit|day_word)", _duration),
        ("(ordinal|last) any_weekday (of|the|in_pre)* any_month", _not_understood),
        ("any_month (ordinal|last) any_weekday", _not_understood),
        (
            "the? (digits (dot|ordinal_suffix)?|ordinal) (of|the|day_word)* any_month (comma? year)?",
            _date,
        ),
        (
            "any_month (the|of)? (digits (dot|ordinal_suffix)?|ordinal|number) day_word?"
            " (comma? year)?",
            _date,
        ),
        (
            "the? (digits (dot|ordinal_suffix)|ordinal) day_word? of (the)? (this|next) month_unit",
            _day_of_month,
        ),
        (
            "(this|next) month_unit (digits (dot|ordinal_suffix)?|ordinal) day_word?",
            _day_of_month,
        ),
        ("the? digits ordinal_suffix", _day_of_month),
        ("the? (digits dot?|ordinal) day_word", _day_of_month),
        ("(the|filler) ordinal !word", _day_of_month),
        ("digits dot at", _day_and_at),
        ("piece_of of? the? which? any_week", _week),
        ("which piece_of of? the? any_week", _week),
        ("which any_week piece_of", _week),
        ("any_week (digits|number)", _numbered_week),
        ("(digits dot|ordinal) any_week", _numbered_week),
        ("which week", _week),
        ("which? weekend", _weekend),
        ("which any_weekday", _weekday),
        ("weekday week !digits", _weekday_week),
        ("weekday_from weekday", _weekdays),
        ("piece_of of? the? any_month", _month),
        ("piece_of of? the? which? month_unit", _month),
        ("which month_unit piece_of?", _month),
        ("any_month piece_of", _month),
        ("in_pre month", _month),
        ("month_in", _month),
        ("which part", _this_part),
        ("weekday|weekday_from", _weekday),
        ("weekday_short", _short_weekday),
        ("weekday_doubtful", _doubtful_weekday),
    ]
)

# what is left over after the clock rules had their turn
NUMERIC_DAYS = Pass([("day_dotted|day_or_clock|rating_or_day", _numeric_day)])

# "friday the 27th" is one day, before ranges are looked for
DAY_PAIRS = Pass([("day comma? day", _pair)])
