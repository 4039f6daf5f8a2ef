"""Which days an expression means, seen from today."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from .calendar_days import (
    HOLIDAYS,
    add_months,
    is_real_date,
    monday_of_week,
    next_date,
    next_day_of_month,
    next_holiday,
)
from .expressions import Expression
from .meanings import (
    CalendarDay,
    Day,
    DayRange,
    Holiday,
    Later,
    Month,
    NthWeekday,
    RelativeDay,
    Week,
    Weekday,
    WeekOf,
    Year,
)

# an open range of days ends so many days after its beginning
OPEN_END_DAYS = 14


@dataclass(frozen=True)
class DaySpan:
    """Days from `first` to `until` (exclusive); grain 'day', 'week', 'month' or 'year'."""

    first: date
    until: date
    grain: str = "day"
    single: bool = True


def day_readings(expression: Expression, now: datetime) -> tuple[list[DaySpan], bool]:
    """The days an expression may mean, likeliest first.

    Returns also whether they are rolling: said without a date, or by a weekday that is today, so
    that the first one that is not over counts.

    Raises:
        ValueError, OverflowError: a day beyond the calendar.
    """
    today = now.date()
    if expression.day is None:
        return [_one(today), _one(today + timedelta(days=1))], True
    day = expression.day
    if expression.past:
        past = _last_such_day(day, today)
        if past is not None:
            return [_one(past)], False
    if isinstance(day, Weekday) and day.which == "coming" and day.week is None:
        ahead = (day.number - today.weekday()) % 7
        if ahead == 0:
            return [_one(today), _one(today + timedelta(days=7))], True
        return [_one(today + timedelta(days=ahead))], False
    return _days(day, today), False


def settle(expression: Expression, now: datetime) -> Expression:
    """Decide between two days, or a date and a time, by the weekday said beside them.

    'ti 10.12' is a time unless that date is a Tuesday; of 'tomorrow' and a weekday that is not
    tomorrow the weekday counts.
    """
    day = expression.day
    if isinstance(day, RelativeDay) and day.weekday is not None:
        fits = (now.date() + timedelta(days=day.offset)).weekday() == day.weekday
        return expression if fits else replace(expression, day=Weekday(day.weekday))
    if not isinstance(day, CalendarDay) or day.weekday is None or day.clock is None:
        return expression
    if expression.time is not None or day.month is None or day.year is not None:
        return expression
    if next_date(day.day, day.month, now.date()).weekday() == day.weekday:
        return expression
    return replace(expression, day=Weekday(day.weekday), time=day.clock)


def _one(day: date) -> DaySpan:
    return DaySpan(day, day + timedelta(days=1))


def _days(day: Day, today: date) -> list[DaySpan]:
    if isinstance(day, RelativeDay):
        return [_one(today + timedelta(days=day.offset))]
    if isinstance(day, Weekday):
        return _weekdays(day, today)
    if isinstance(day, CalendarDay):
        return _calendar_days(day, today)
    if isinstance(day, Holiday):
        if day.of_year is not None:
            return [_one(HOLIDAYS[day.name](_year(day.of_year, today)))]
        return [_one(next_holiday(day.name, today))]
    if isinstance(day, Week):
        return [_week(day, today)]
    if isinstance(day, Month):
        return [_month(day, today)]
    if isinstance(day, WeekOf):
        first = _days(day.day, today)[0].first
        first -= timedelta(days=first.weekday())
        return [DaySpan(first, first + _A_WEEK, "week", single=False)]
    if isinstance(day, Year):
        year = _year(day, today)
        begin = today if year == today.year else date(year, 1, 1)
        return [DaySpan(begin, date(year + 1, 1, 1), "year", single=False)]
    if isinstance(day, NthWeekday):
        return [_nth(day, today)]
    if isinstance(day, Later):
        return [_one(_later(day, today))]
    return [_range(day, today)]


def _last_such_day(day: Day, today: date) -> date | None:
    """The last day of that name or date before today, or None if the words leave no choice."""
    if isinstance(day, Weekday) and day.which == "coming" and day.week is None:
        return today - timedelta(days=(today.weekday() - day.number) % 7 or 7)
    if isinstance(day, CalendarDay) and day.year is None and day.month is not None:
        if (day.month, day.day) == (today.month, today.day):
            return today
        coming = next_date(day.day, day.month, today)
        if is_real_date(day.day, day.month, coming.year - 1):
            return coming.replace(year=coming.year - 1)
    return None


def _weekdays(day: Weekday, today: date) -> list[DaySpan]:
    """A weekday of a certain week; 'next' means the next week's, 'the coming one' stands beside."""
    monday = today - timedelta(days=today.weekday())
    coming = today + timedelta(days=(day.number - today.weekday()) % 7)
    if day.week is not None:
        return [_one(_monday(day.week, today) + timedelta(days=day.number))]
    if day.which == "next":
        following = monday + timedelta(days=7 + day.number)
        return [_one(following)] + ([_one(coming)] if today < coming < following else [])
    if day.which == "after":
        return [_one(coming + timedelta(days=7))]
    if day.which == "last":
        back = (today.weekday() - day.number) % 7 or 7
        return [_one(today - timedelta(days=back + 7 * (day.nth - 1)))]
    if day.which == "ahead":
        ahead = (day.number - today.weekday()) % 7 or 7
        return [_one(today + timedelta(days=ahead + 7 * (day.nth - 1)))]
    # "this friday", or the coming one where no words tell more
    return [_one(coming)]


def _calendar_days(day: CalendarDay, today: date) -> list[DaySpan]:
    if day.month is None:
        if day.month_offset is not None:
            month = add_months(today.replace(day=1), day.month_offset)
            return [_one(month.replace(day=day.day))]
        return [_one(next_day_of_month(day.day, today))]
    if day.of_year is not None:
        return [_one(date(_year(day.of_year, today), day.month, day.day))]
    if day.year is not None:
        return [_one(date(day.year, day.month, day.day))]
    return [_one(next_date(day.day, day.month, today))]


def _monday(week: Week, today: date) -> date:
    if week.number is not None:
        return monday_of_week(week.number, today)
    return today + timedelta(days=7 * (week.offset or 0) - today.weekday())


_WEEK_PARTS = {
    "": (0, 7),
    "start": (0, 3),
    "middle": (1, 4),
    "end": (3, 6),
    "weekend": (5, 7),
    "workdays": (0, 5),
}


def _week(week: Week, today: date) -> DaySpan:
    """A week or a piece of it; days that are over are left out unless all are."""
    monday = _monday(week, today)
    begin, until = _WEEK_PARTS[week.part]
    first, last = monday + timedelta(days=begin), monday + timedelta(days=until)
    if week.offset == 0 and week.part and last <= today:
        first, last = first + timedelta(days=7), last + timedelta(days=7)
    if first < today < last:
        first = today
    return DaySpan(first, last, "day" if week.part else "week", single=False)


def _year(year: Year, today: date) -> int:
    return year.number if year.number is not None else today.year + (year.offset or 0)


def _nth(day: NthWeekday, today: date) -> DaySpan:
    """The third Monday of a month; of a month that has gone by, next year's."""
    first = _first_of(day.month, today)
    span = _nth_in(day, first)
    if span.until <= today and day.month.number is not None and day.month.of_year is None:
        span = _nth_in(day, add_months(first, 12))
    return span


def _nth_in(day: NthWeekday, first: date) -> DaySpan:
    following = add_months(first, 1)
    if day.weekday is None:
        begin = first + timedelta(days=7 * (day.nth - 1)) if day.nth > 0 else following - _A_WEEK
        return DaySpan(begin, begin + _A_WEEK, "week", single=False)
    if day.nth < 0:
        last = following - timedelta(days=1)
        return _one(last - timedelta(days=(last.weekday() - day.weekday) % 7))
    found = first + timedelta(days=(day.weekday - first.weekday()) % 7 + 7 * (day.nth - 1))
    if found >= following:
        raise ValueError("the month has no such weekday")
    return _one(found)


_A_WEEK = timedelta(days=7)
_MONTH_PARTS = {"": (1, None), "start": (1, 11), "middle": (10, 21), "end": (20, None)}


def _first_of(month: Month, today: date) -> date:
    first = today.replace(day=1)
    if month.offset is not None:
        return add_months(first, month.offset)
    assert month.number is not None
    if month.of_year is not None:
        return date(_year(month.of_year, today), month.number, 1)
    return add_months(first, (month.number - first.month) % 12)


def _month(month: Month, today: date) -> DaySpan:
    first = _first_of(month, today)
    begin, until = _MONTH_PARTS[month.part]
    last = first.replace(day=until) if until else add_months(first, 1)
    first = first.replace(day=begin)
    if first < today < last:
        first = today
    return DaySpan(first, last, "day" if month.part else "month", single=False)


def _later(later: Later, today: date) -> date:
    if later.unit == "weeks":
        return today + timedelta(weeks=later.count, days=later.days)
    months = later.count * (12 if later.unit == "years" else 1)
    return add_months(today, months) + timedelta(days=later.days)


def _range(days: DayRange, today: date) -> DaySpan:
    first = _end_of_range(days.first, today)
    last = _end_of_range(days.last, today)
    if first is None:
        assert last is not None
        until = last.until if days.inclusive else last.first
        begin = min(today, until - timedelta(days=1))
        if days.within is not None:
            begin = max(begin, until - timedelta(days=days.within))
        return DaySpan(begin, until, "day", single=False)
    if last is None:
        if first.until <= today and days.inclusive:
            # "news from last month" is that month's; "since" reaches to today
            until = today + timedelta(days=1) if days.since else first.until
            return DaySpan(first.first, until, first.grain, single=first.single and not days.since)
        begin = first.first if days.inclusive else first.until
        return DaySpan(begin, begin + timedelta(days=OPEN_END_DAYS), "day", single=False)
    until = last.until
    if until <= first.first and isinstance(days.last, Weekday):
        until += timedelta(days=7)
    if until <= first.first:
        raise ValueError("a range of days ends before it begins")
    return DaySpan(first.first, until, "day", single=False)


def _end_of_range(day: Day | None, today: date) -> DaySpan | None:
    return None if day is None else _days(day, today)[0]
