"""The rules for lengths of time, for spans counted from now, and for what recurs."""

from __future__ import annotations

from .amounts import NUMBERS, OFFSETS, PERIODS, UNITS, length_of, number_in, offset_of
from .grammar import has, merged, value_of
from .items import NONE, Item
from .meanings import (
    Around,
    Day,
    DayRange,
    Every,
    InMinutes,
    Later,
    Length,
    Month,
    Part,
    RelativeDay,
    RestOfDay,
    Week,
    Weekday,
    Year,
)

# longer than any wish, shorter than the calendar
_MOST_MINUTES = 5_000_000
_MOST_WEEKS = 1000


def later(items: list[Item]) -> list[Item] | None:
    """'in two weeks', 'kolmen tunnin päästä', 'three hours later', 'a year ago'."""
    length = length_of(items)
    if length is None or length.count > _MOST_MINUTES:
        return None
    count, unit = length.count, length.unit
    if unit == "years":
        count, unit = count * 12, "months"
    if unit == "months" and count != round(count):
        count, unit = count * 30, "days"
    if has(items, "ago", "earlier"):
        count = -count
    if unit in ("seconds", "minutes"):
        minutes = count / 60 if unit == "seconds" else count
        shift = has(items, "later", "earlier")
        return merged("in_minutes", InMinutes(round(minutes), shift), items)
    if unit == "days":
        return merged("day", RelativeDay(round(count)), items)
    if abs(count) > _MOST_WEEKS:
        return None
    return merged("day", Later(round(count), unit), items)


def later_from_today(items: list[Item]) -> list[Item] | None:
    """'two weeks from today'; from another day is not understood."""
    return later(items) if items[-1].value == RelativeDay(0) else None


def later_in_two(items: list[Item]) -> list[Item] | None:
    """'a month and two days from now', 'tunnin ja vartin päästä'."""
    before, items = (items[:1], items[1:]) if items[0].tag == "number_at" else ([], items)
    first = next(index for index, item in enumerate(items) if item.tag in UNITS)
    one, two = length_of(items[: first + 1]), length_of(items[first + 1 :])
    sign = -1 if has(items, "ago") else 1
    if one is None or two is None or max(one.count, two.count) > _MOST_WEEKS:
        return None
    if one.unit == two.unit == "minutes":
        minutes = InMinutes(sign * round(one.count + two.count))
        return [*before, *merged("in_minutes", minutes, items)]
    if two.unit == "days" and one.unit in ("weeks", "months", "years"):
        day = Later(sign * round(one.count), one.unit, sign * round(two.count))
        return [*before, *merged("day", day, items)]
    return None


def and_a_quarter(items: list[Item]) -> list[Item] | None:
    """'tunnin ja vartin päästä'."""
    length = length_of(items)
    if length is None or length.unit != "minutes":
        return None
    return merged("in_minutes", InMinutes(round(length.count) + 15), items)


def weekdays_from_now(items: list[Item]) -> list[Item] | None:
    """'two fridays ago', 'kahden lauantain päästä'."""
    number = number_in(items)
    weekday = next(item.value for item in items if item.tag in _WEEKDAYS)
    if number is None or not 1 <= number <= 60:
        return None
    which = "last" if has(items, "ago") else "ahead"
    return merged("day", Weekday(weekday, which, nth=number), items)


def several_weekdays(items: list[Item]) -> list[Item] | None:
    """'the next three sundays' recurs weekly, from the coming one on."""
    return merged("habit", Every("weeks", 1, Weekday(items[-1].value)), items)


_WEEKDAYS = ("weekday", "weekday_short", "weekday_doubtful", "weekday_from")


def quarter_later(items: list[Item]) -> list[Item]:
    """'vartin päästä'."""
    return merged("in_minutes", InMinutes(-15 if has(items, "ago") else 15), items)


def span_from_now(items: list[Item]) -> list[Item] | None:
    """'the next five days', 'viimeisen kahden viikon', 'past hour', 'this year'."""
    length = length_of(items)
    if length is None or not 0 < length.count <= _MOST_MINUTES:
        return None
    back = has(items, "last", "past")
    count, unit = length.count, length.unit
    alone = not has(items, *NUMBERS, "half_before", "half_after", "during")
    if alone and length in (Length(1, "minutes"), Length(1, "seconds")):
        return merged("vague", "now", items, NONE)  # "cancel at the last minute"
    if unit in ("seconds", "minutes"):
        minutes = max(1, round(count / 60 if unit == "seconds" else count))
        return merged("around", Around(-minutes if back else minutes), items)
    if length.count > _MOST_WEEKS:
        return None
    if alone and length.count == 1 and not has(items, "past"):
        return _one_period(items, unit)
    if unit in ("days", "weeks"):
        days = round(count) * (7 if unit == "weeks" else 1)
        first, last = (-days, -1) if back else (0, days - 1)
        return merged("day", DayRange(RelativeDay(first), RelativeDay(last)), items)
    ahead = Later(round(count) * (-1 if back else 1), unit)
    day = DayRange(ahead, RelativeDay(-1)) if back else DayRange(RelativeDay(0), ahead)
    return merged("day", day, items)


def _one_period(items: list[Item], unit: str) -> list[Item] | None:
    """'this year'; of 'next day' nobody knows from which day it is counted."""
    offset = offset_of(items)
    if unit == "years":
        return merged("day", Year(offset=offset), items)
    if unit == "days":
        return merged("vague", RelativeDay(offset), items, NONE)
    if unit == "weeks":
        return merged("day", Week(offset), items)
    return merged("day", Month(offset=offset), items) if unit == "months" else None


def one_weekday(items: list[Item]) -> list[Item]:
    """'next saturdays (weather)': the apostrophe is missing."""
    which = next(item.tag for item in items if item.tag in OFFSETS)
    return merged("day", Weekday(items[-1].value, which), items)


def next_day(items: list[Item]) -> list[Item] | None:
    """'the day after', of nobody knows which."""
    length = length_of(items)
    if length != Length(1, "days"):
        return None
    return merged("vague", RelativeDay(1), items, NONE)


def not_understood(items: list[Item]) -> list[Item]:
    """'the first fifteen days (of the month)': better nothing than fifteen days."""
    return merged("word", "", items, NONE)


def duration(items: list[Item]) -> list[Item] | None:
    """'two hours', 'kahdeksi tunniksi', 'puolitoista tuntia'."""
    length = length_of(items)
    return None if length is None else merged("duration", length, items, NONE)


def added(items: list[Item]) -> list[Item] | None:
    """'1 h 30 min', 'two hours and ten minutes'; 'two and a half hours'."""
    if has(items, "half_before", "half_after"):
        number, unit = number_in(items), items[-1]
        size = UNITS[unit.tag] or unit.value
        if number is None:
            return None
        return merged("duration", Length((number + 0.5) * size[0], size[1]), items, NONE)
    # each unit ends a piece
    ends = [index for index, item in enumerate(items) if item.tag in UNITS]
    one, two = length_of(items[: ends[0] + 1]), length_of(items[ends[0] + 1 :])
    if one is None or two is None or one.unit != two.unit:
        return None
    return merged("duration", Length(one.count + two.count, one.unit), items, NONE)


def year(items: list[Item]) -> list[Item] | None:
    """'vuonna 2027'; a year in words needs nothing beside it."""
    said = next(item for item in items if item.tag == "year")
    if not has(items, "year_word", "in_pre") and said.end - said.start < 5:
        return None
    return merged("day", Year(number=said.value), items)


def rest(items: list[Item]) -> list[Item] | None:
    """'the rest of the week', 'loppupäivän', 'the whole week', 'later today'."""
    last = next(item for item in reversed(items) if item.tag not in ("later", "earlier"))
    if last.tag == "day":
        if last.value != RelativeDay(0):
            return merged("day", last.value, items)
        return merged("around", RestOfDay(past=has(items, "earlier")), items)
    period = PERIODS.get((UNITS[last.tag] or last.value)[1])
    if period is None:
        return None
    if period == RelativeDay(0) and has(items, "rest_of"):
        return merged("around", RestOfDay(), items)
    if period == RelativeDay(0):
        return merged("vague", period, items, NONE)  # "the whole day", of any day
    return merged("day", period, items)


def recurs(items: list[Item]) -> list[Item] | None:
    """'every day', 'joka toinen viikko', 'maanantaisin', 'weekdays', 'every morning'."""
    numbers = [item.value for item in items[1:] if item.tag in NUMBERS]
    of_first = items[0].value if isinstance(items[0].value, int) else 1
    times = int(numbers[0]) if numbers else of_first
    part = value_of(items, "part")
    last = next(item for item in reversed(items) if item.tag != "part" or item is items[1])
    every = _every(last, times)
    if every is None:
        return None
    if isinstance(part, Part):
        every = Every(every.unit, every.count, every.day, part)
    return merged("habit", every, items)


def _every(item: Item, times: int) -> Every | None:
    day: Day | None = None
    if item.tag == "part":
        return Every("days", times)
    if item.tag.startswith("weekday"):
        return Every("weeks", times, Weekday(item.value))
    if item.tag in ("month", "month_in"):
        return Every("years", times, Month(number=item.value))
    if item.tag == "weekend":
        return Every("weeks", times, Week(0, part="weekend"))
    if item.tag == "day":
        day = item.value
        return Every("weeks" if isinstance(day, (Week, Weekday)) else "years", times, day)
    count, unit = UNITS[item.tag] or item.value
    if unit == "minutes":
        return Every("minutes", times * count)
    return Every(unit, times * count, PERIODS.get(unit))


LENGTHS = [
    ("(next|this|last) the? amount every? any_weekday", several_weekdays),
    ("(next|this|last) every any_weekday", one_weekday),
    ("ordinal amount any_units", not_understood),
    ("(unit|day_word) after_pre !any_time", next_day),
    ("number_at? some? any_unit and? amount any_units (in_post|ago|later)", later_in_two),
    ("amount units and? amount any_units (in_post|ago|later)", later_in_two),
    ("in_pre some any_units and amount any_units", later_in_two),
    ("some? unit and quarter (in_post|later)", and_a_quarter),
    ("amount every? any_weekday (in_post|ago)", weekdays_from_now),
    ("some any_units from_pre day", later_from_today),
    ("after_pre amount any_units", later),
    ("some any_units (before_pre|after_pre|after_post) !any_time", duration),
    ("any_unit before_pre !any_time", duration),
    ("some any_units (in_post|ago|later|earlier)", later),
    ("any_unit (in_post|ago|later)", later),
    ("quarter (in_post|ago)", quarter_later),
    ("in_pre some any_units in_post?", later),
    ("in_pre unit in_post?", later),
    ("(past|last|next|this) the? amount any_units during?", span_from_now),
    ("amount (last|next) any_units during?", span_from_now),
    ("(past|last|next|this) (unit|units|year_word|day_word) during?", span_from_now),
    ("(unit|week|month_unit) during", span_from_now),
    ("past (week|month_unit)", span_from_now),
    ("last (week|month_unit) during", span_from_now),
    ("every (ordinal|number|digits|couple)? any_units", recurs),
    ("every ordinal? any_weekday (of|the)* (month_unit|any_month)?", recurs),
    ("every any_weekday part?", recurs),
    ("every (part|weekend|day)", recurs),
    ("(rest_of|whole) (of|the)* (this)? (unit|week|month_unit|day_word|year_word)", rest),
    ("amount and a? (half_before|half_after) (unit|units)", added),
    ("some unit and? amount (unit|units)", added),
    ("amount units and? amount (unit|units)", added),
    ("(amount|some) (unit|units|week|month_unit|year_word) during?", duration),
    (
        "(number|number_gen|number_part|number_in|number_at|number_from|number_to|couple) day_word",
        duration,
    ),
    ("(year_word|in_pre)? year", year),
]
