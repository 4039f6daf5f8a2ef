"""What the words of a time expression mean, before anybody asks what day it is today.

The grammar turns words into these small facts; `resolve.py` turns them into datetimes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RelativeDay:
    """'tomorrow', 'in three days': so many days from today. weekday: said beside it."""

    offset: int
    weekday: int | None = None


@dataclass(frozen=True)
class Weekday:
    """A day of the week, Monday is 0.

    which: 'coming' (said plainly), 'this', 'next', 'last' or 'after' (a week after the coming); week: set when a week was named too.
    source: said as what something is moved away from ("torstailta"). nth: 2 for "two Fridays ago".
    """

    number: int
    which: str = "coming"
    week: Week | None = None
    source: bool = False
    nth: int = 1


@dataclass(frozen=True)
class CalendarDay:
    """A day by its number; without month the next such day, without year the next such date.

    month_offset: 0 for 'the 15th of this month', 1 for 'of next month'.
    weekday: said beside it, Monday is 0. of_year: said as "this year", "next year".
    clock: the other reading of '10.12' (ten hours, twelve minutes), where there is one.
    """

    day: int
    month: int | None = None
    year: int | None = None
    month_offset: int | None = None
    weekday: int | None = None
    of_year: Year | None = None
    clock: Clock | None = None


@dataclass(frozen=True)
class Holiday:
    """A feast day by its name in `calendar_days.py`; of_year: where a year was said, too."""

    name: str
    of_year: Year | None = None


@dataclass(frozen=True)
class Week:
    """A week, by offset from this one or by its ISO number.

    part: '' (all of it), 'start', 'middle', 'end', 'weekend' or 'workdays'.
    """

    offset: int | None = None
    number: int | None = None
    part: str = ""


@dataclass(frozen=True)
class WeekOf:
    """'the week of the twentieth': the week, Monday to Sunday, that holds the day."""

    day: CalendarDay | Holiday


@dataclass(frozen=True)
class Month:
    """A month, by its number or by offset from this one; part: '', 'start', 'middle' or 'end'.

    of_year: where a year was said, too.
    """

    number: int | None = None
    offset: int | None = None
    part: str = ""
    of_year: Year | None = None


@dataclass(frozen=True)
class NthWeekday:
    """'the third Monday of March', or the third week of it (weekday None); nth -1: the last."""

    nth: int
    weekday: int | None
    month: Month


@dataclass(frozen=True)
class Year:
    """A year, by its number or by offset from this one."""

    number: int | None = None
    offset: int | None = None


@dataclass(frozen=True)
class Later:
    """So many weeks, months or years, and then some days, from today (negative: ago)."""

    count: int
    unit: str
    days: int = 0


@dataclass(frozen=True)
class DayRange:
    """From one day to another; an open end is None. `inclusive`: the last day belongs to it.

    since: an open end that is today where the beginning is past. within: of an open beginning, so
    many days at most.
    """

    first: Day | None
    last: Day | None
    inclusive: bool = True
    since: bool = False
    within: int | None = None


Day = (
    RelativeDay
    | Weekday
    | CalendarDay
    | Holiday
    | Week
    | WeekOf
    | Month
    | NthWeekday
    | Year
    | Later
    | DayRange
)


@dataclass(frozen=True)
class Clock:
    """A time of day as said.

    fixed: the hour counts 0 to 24 for sure ('15', '09:00', '3pm'); otherwise 3 may be 15.
    grain: 'hour' or 'minute', how exactly it was said.
    """

    hour: int
    minute: int = 0
    fixed: bool = False
    grain: str = "hour"


@dataclass(frozen=True)
class Part:
    """A part of the day in hours, `until` exclusive; half: 'am', 'pm', 'night' or ''."""

    begin: int
    until: int
    half: str = ""


@dataclass(frozen=True)
class TimeRange:
    """From one clock time to another; an open end is None."""

    first: Clock | None
    last: Clock | None


@dataclass(frozen=True)
class InMinutes:
    """'in an hour': so many minutes from now (negative: ago).

    shift: said with "later" or "earlier", so that it may be counted from something else.
    """

    minutes: int
    shift: bool = False


@dataclass(frozen=True)
class MinuteOfHour:
    """'ten to', without an hour: the next time the clock shows that minute."""

    minute: int


@dataclass(frozen=True)
class Moment:
    """A full date and time, as machines write it: ISO 8601, with or without an offset."""

    text: str


@dataclass(frozen=True)
class Now:
    """'now', 'as soon as possible'."""


@dataclass(frozen=True)
class Around:
    """'the next two hours': from now so many minutes on (negative: back)."""

    minutes: int


@dataclass(frozen=True)
class RestOfDay:
    """'later today', 'the rest of the day'; past: 'earlier today'."""

    past: bool = False


@dataclass(frozen=True)
class Length:
    """'two hours', of no certain time; unit: as in `tables.py`."""

    count: float
    unit: str


# what vague words stand for: minutes from now, from and to
VAGUE = {
    "now": (0, 60),
    "soon": (0, 2 * 60),
    "ahead": (0, 14 * 24 * 60),
    "recently": (-14 * 24 * 60, 0),
}


@dataclass(frozen=True)
class Vague:
    """'soon', 'in the future', 'recently': a direction in time, by its name in VAGUE."""

    name: str


Time = (
    Clock
    | TimeRange
    | InMinutes
    | MinuteOfHour
    | Moment
    | Now
    | Around
    | RestOfDay
    | Length
    | Vague
)


@dataclass(frozen=True)
class Every:
    """'every second Friday': unit 'hours', 'days', 'weeks', 'months' or 'years', and how many.

    day, part: which of them, as far as said.
    """

    unit: str
    count: int = 1
    day: Day | None = None
    part: Part | None = None


@dataclass(frozen=True)
class Impossible:
    """Something said as a date or time that does not exist: '31.2.', 'klo 25'."""
