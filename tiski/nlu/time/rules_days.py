"""The rules for days, weeks and months, and for lengths of time."""

from __future__ import annotations

from dataclasses import replace

from .amounts import NUMBERS, OFFSETS, number_in, offset_of
from .calendar_days import is_real_date
from .combine import one_day
from .grammar import Pass, has, merged, value_of
from .items import NONE, STRONG, WEAK, Item
from .meanings import (
    CalendarDay,
    DayRange,
    Holiday,
    Impossible,
    Month,
    NthWeekday,
    Part,
    RelativeDay,
    Week,
    Weekday,
    WeekOf,
    Year,
)
from .rules_lengths import LENGTHS, rest

_COUNTED = ("weekday", "weekday_short", "weekday_doubtful", "weekday_from", "week")
_PIECES = {"start_of": "start", "middle_of": "middle", "end_of": "end"}


def _piece(items: list[Item]) -> str:
    return next((_PIECES[item.tag] for item in items if item.tag in _PIECES), "")


def _greeting(items: list[Item]) -> list[Item] | None:
    """'good evening', 'hyvää joulua' wish something and name no time."""
    wished = items[-1]
    if wished.tag == "day" and not isinstance(wished.value, Holiday):
        return None
    if wished.first != wished.last and wished.tag != "day":
        return None
    return merged("greeting", None, items, NONE)


def _date(items: list[Item]) -> list[Item] | None:
    day, month, year = (
        number_in(items),
        value_of(items, "month", "month_in"),
        value_of(items, "year"),
    )
    if day is None or not isinstance(month, int) or not (year is None or isinstance(year, int)):
        return None
    said = next(item for item in items if item.tag in NUMBERS)
    if not 1 <= day <= 39 or ((said.tag, day) == ("number", 1) and year is None):
        return None
    if not is_real_date(day, month, year):
        return merged("impossible", Impossible(), items)
    # "three may come": a number word before the month may count something else
    doubtful = items[0].tag == "number" and day <= 12 and not has(items, "of")
    return merged("day", CalendarDay(day, month, year), items, WEAK if doubtful else STRONG)


def _day_of_month(items: list[Item]) -> list[Item] | None:
    day = number_in(items)
    if day is None or not 1 <= day <= 39:
        return None
    if has(items, "ordinal") and not has(items, "month_unit") and day < 4:
        return None  # "the first" of whatever; "toinen päivä" is another day
    if day > 31:
        return merged("impossible", Impossible(), items)
    offset = offset_of(items) if has(items, "month_unit") else None
    return merged("day", CalendarDay(day, month_offset=offset), items)


def _day_and_at(items: list[Item]) -> list[Item] | None:
    """'24. klo 12': the number is a day because a time follows."""
    day = _day_of_month(items[:2])
    return None if day is None else [*day, items[2]]


def _nth(items: list[Item]) -> list[Item] | None:
    """'the third monday of march', 'kuun viimeinen perjantai', 'the first week of december'."""
    counted = next(index for index, item in enumerate(items) if item.tag in _COUNTED)
    number = items[counted - 1]
    nth = -1 if number.tag == "last" else int(number.value)
    if not nth <= 5:
        return None
    weekday = None if items[counted].tag == "week" else items[counted].value
    rest_of = [item for index, item in enumerate(items) if index not in (counted, counted - 1)]
    name = value_of(rest_of, "month", "month_in")
    if isinstance(name, int):
        month = Month(number=name)
    elif has(rest_of, "month_unit"):
        month = Month(offset=offset_of(rest_of))
    else:
        return None
    return merged("day", NthWeekday(nth, weekday, month), items)


def _week(items: list[Item]) -> list[Item]:
    return merged("day", Week(offset_of(items), part=_piece(items)), items)


def _week_of(items: list[Item]) -> list[Item] | None:
    """'the week of the twentieth'."""
    last = items[-1]
    day = last.value if last.tag == "day" else CalendarDay(last.value)
    if not isinstance(day, CalendarDay) or not 1 <= day.day <= 31:
        return None
    return merged("day", WeekOf(day), items)


def _numbered_week(items: list[Item]) -> list[Item] | None:
    number = number_in(items)
    if number is None or number > 99:
        return None
    if not 1 <= number <= 53:
        return merged("impossible", Impossible(), items)
    return merged("day", Week(number=number), items)


def _weekend(items: list[Item]) -> list[Item]:
    return merged("day", Week(offset_of(items), part="weekend"), items)


def _weekday(items: list[Item]) -> list[Item]:
    item = items[-1]
    which = next((item.tag for item in items if item.tag in OFFSETS), "coming")
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
    return merged("day", Month(offset=offset_of(items), part=piece), items)


def _month_of_year(items: list[Item]) -> list[Item]:
    """'january next year'."""
    number = value_of(items, "month", "month_in")
    assert isinstance(number, int)
    month = Month(number=number, of_year=Year(offset=offset_of(items)))
    return merged("day", month, items)


def _this_part(items: list[Item]) -> list[Item] | None:
    part = items[-1]
    if not isinstance(part.value, Part):
        return None
    offset = {"this": 0, "next": 1, "last": -1, "over_next": 2}[items[0].tag]
    return [_kept(items[0], RelativeDay(offset), "day", STRONG), part]


def _year_of_pair(items: list[Item]) -> list[Item] | None:
    """'march 4 this year', 'perjantai kolmastoista tänä vuonna'."""
    one, two = items[0].value, items[-1].value
    if isinstance(one, Year) == isinstance(two, Year):
        return None
    day, year = (two, one) if isinstance(one, Year) else (one, two)
    if isinstance(day, (CalendarDay, Holiday, Month)):
        if isinstance(day, CalendarDay) and (day.month is None or day.year is not None):
            return None
        return merged("day", replace(day, of_year=year), items)
    if isinstance(day, NthWeekday):
        return merged("day", replace(day, month=replace(day.month, of_year=year)), items)
    return None


def _pair(items: list[Item]) -> list[Item] | None:
    first, last = items[0], items[-1]
    if isinstance(first.value, Year) or isinstance(last.value, Year):
        return _year_of_pair(items)
    if has(items, "of", "in_pre"):
        return None
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
        *LENGTHS,
        (
            "the? (ordinal|last) (any_weekday|week) (of|the|in_pre)* which? (any_month|month_unit)",
            _nth,
        ),
        ("(which|the)* (any_month|month_unit) (ordinal|last) (any_weekday|week)", _nth),
        (
            "the? (digits (dot|ordinal_suffix)?|ordinal) (of|the|day_word)* any_month (comma? year)?",
            _date,
        ),
        (
            "number of? (any_month) (comma? year)?",
            _date,
        ),
        (
            "any_month (the|of)? (digits (dot|ordinal_suffix)?|ordinal|number) day_word?"
            " (comma? year)?",
            _date,
        ),
        (
            "the? (digits (dot|ordinal_suffix)|ordinal) (day_word|unit)? of the? (this|next)? month_unit",
            _day_of_month,
        ),
        (
            "ordinal day_word? (this|next) month_unit",
            _day_of_month,
        ),
        (
            "(this|next)? month_unit (digits (dot|ordinal_suffix)?|ordinal) day_word?",
            _day_of_month,
        ),
        ("the? digits ordinal_suffix", _day_of_month),
        ("the? (digits dot?|ordinal) day_word", _day_of_month),
        ("(the|filler) ordinal !word !any_month !of", _day_of_month),
        ("digits dot at", _day_and_at),
        ("piece_of of? the? which? any_week", _week),
        ("which piece_of of? the? any_week", _week),
        ("which any_week piece_of", _week),
        ("the? week of the? ordinal !of !any_month", _week_of),
        ("any_week (digits|number)", _numbered_week),
        ("(digits dot|ordinal) any_week", _numbered_week),
        ("which week", _week),
        ("which? weekend", _weekend),
        ("which any_weekday", _weekday),
        ("weekday week !digits", _weekday_week),
        ("weekday_from weekday", _weekdays),
        ("in_pre? any_month of? which year_word", _month_of_year),
        ("in_pre? which year_word any_month", _month_of_year),
        ("piece_of of? the? any_month", _month),
        ("piece_of of? the? which? month_unit", _month),
        ("which month_unit piece_of?", _month),
        ("any_month piece_of", _month),
        ("month_unit piece_of", _month),
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
DAY_PAIRS = Pass(
    [
        ("day (of|in_pre|comma)? day", _pair),
        ("(later|earlier|rest_of) day !part", rest),
        ("day (later|earlier) !part", rest),
        ("the? week of the? day", _week_of),
    ]
)
