"""Feast days that customers name, and the calendar arithmetic behind dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _midsummer(year: int) -> date:
    """The Saturday between 20 and 26 June."""
    first = date(year, 6, 20)
    return first + timedelta(days=(5 - first.weekday()) % 7)


def _all_saints(year: int) -> date:
    """The Saturday between 31 October and 6 November, as Finland keeps it."""
    first = date(year, 10, 31)
    return first + timedelta(days=(5 - first.weekday()) % 7)


def _second_sunday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7)


HOLIDAYS: dict[str, Callable[[int], date]] = {
    "new_year": lambda year: date(year, 1, 1),
    "epiphany": lambda year: date(year, 1, 6),
    "valentine": lambda year: date(year, 2, 14),
    "good_friday": lambda year: _easter(year) - timedelta(days=2),
    "easter": _easter,
    "easter_monday": lambda year: _easter(year) + timedelta(days=1),
    "ascension": lambda year: _easter(year) + timedelta(days=39),
    "pentecost": lambda year: _easter(year) + timedelta(days=49),
    # as Finland keeps them
    "mothers_day": lambda year: _second_sunday(year, 5),
    "fathers_day": lambda year: _second_sunday(year, 11),
    "halloween": lambda year: date(year, 10, 31),
    "all_saints": _all_saints,
    "may_eve": lambda year: date(year, 4, 30),
    "may_day": lambda year: date(year, 5, 1),
    "midsummer_eve": lambda year: _midsummer(year) - timedelta(days=1),
    "midsummer": _midsummer,
    "independence_day": lambda year: date(year, 12, 6),
    "christmas_eve": lambda year: date(year, 12, 24),
    "christmas_day": lambda year: date(year, 12, 25),
    "boxing_day": lambda year: date(year, 12, 26),
    "new_years_eve": lambda year: date(year, 12, 31),
}


def next_holiday(name: str, today: date) -> date:
    """The next day with that name, today included."""
    day = HOLIDAYS[name](today.year)
    return day if day >= today else HOLIDAYS[name](today.year + 1)


def is_real_date(day: int, month: int, year: int | None = None) -> bool:
    """Whether such a day exists; without a year, in some year (so 29.2. does)."""
    try:
        date(2028 if year is None else year, month, day)
    except ValueError:
        return False
    return True


def next_date(day: int, month: int, today: date) -> date:
    """The next such date, today included. 29 February may be years away."""
    for year in range(today.year, today.year + 9):
        if is_real_date(day, month, year) and date(year, month, day) >= today:
            return date(year, month, day)
    raise ValueError(f"{day}.{month}. is no date; expected one that some year has")


def next_day_of_month(day: int, today: date) -> date:
    """The next day with that number (1 to 31), today included."""
    for ahead in range(0, 12):
        first = add_months(today.replace(day=1), ahead)
        if is_real_date(day, first.month, first.year) and first.replace(day=day) >= today:
            return first.replace(day=day)
    raise ValueError(f"{day} is no day of a month; expected 1 to 31")


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month if it is shorter."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    number = day.day
    while not is_real_date(number, month, year):
        number -= 1
    return date(year, month, number)


def monday_of_week(number: int, today: date) -> date:
    """Monday of the next week with that ISO number (1 to 53), this week included."""
    this_monday = today - timedelta(days=today.weekday())
    for year in range(today.year - 1, today.year + 9):
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            continue
        if monday >= this_monday:
            return monday
    raise ValueError(f"{number} is no week; expected 1 to 53")
