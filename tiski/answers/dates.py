"""Dates, times and prices as they are said in each language (tiski/answers/formats.yml)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from ruamel.yaml import YAML


@lru_cache(maxsize=1)
def _formats() -> dict[str, dict[str, Any]]:
    file = Path(__file__).with_name("formats.yml")
    formats: dict[str, dict[str, Any]] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return formats


def _date(day: date, pattern: str, language: str) -> str:
    form = _formats()[language]
    return format_date(day, form[pattern], locale=form["locale"])


def say_day(day: date, language: str) -> str:
    """Weekday and date, e.g. "tiistaina 24.11." or "Tuesday 24 November"."""
    said = _date(day, "day", language)
    for wrong, right in _formats()[language].get("replace", {}).items():
        said = said.replace(wrong, right)
    return said


def say_day_short(day: date, language: str) -> str:
    """Weekday and date for a button, e.g. "ti 24.11."."""
    return _date(day, "day_short", language)


def say_date(day: date, language: str) -> str:
    """The date with its year, e.g. "24.11.2026" or "24 November 2026"."""
    return _date(day, "date", language)


def say_weekday(day: date, language: str) -> str:
    """The weekday alone, e.g. "tiistai" or "Tuesday"."""
    return _date(day, "weekday", language)


def say_weekday_short(day: date, language: str) -> str:
    """The weekday in short, e.g. "ti" or "Tue"."""
    return _date(day, "weekday_short", language)


def say_clock(moment: datetime, language: str) -> str:
    """The time of day of a moment in its own zone, e.g. "15.00" or "15:00"."""
    form = _formats()[language]
    return format_time(moment.replace(tzinfo=None), form["clock"], locale=form["locale"])


def say_moment(moment: datetime, language: str) -> str:
    """Weekday, date and time, e.g. "tiistaina 24.11. klo 15.00"."""
    return str(_formats()[language]["moment"]).format(
        day=say_day(moment, language), clock=say_clock(moment, language)
    )


def say_moment_short(moment: datetime, language: str) -> str:
    """Weekday, date and time for a button, e.g. "ti 24.11. klo 15.00"."""
    return str(_formats()[language]["moment_short"]).format(
        day_short=say_day_short(moment, language), clock=say_clock(moment, language)
    )


def say_hours(begin: datetime, end: datetime, language: str) -> str:
    """Hours of one day, e.g. "9.00–18.00"."""
    return str(_formats()[language]["span"]).format(
        begin=say_clock(begin, language), end=say_clock(end, language)
    )


def say_price(cents: int, language: str, *, starting: bool = False) -> str:
    """A price in euros, e.g. "49 €", "5,90 €", "from €75"; cents only where there are some."""
    form = _formats()[language]
    amount = _amount(cents, language, with_cents=cents % 100 != 0)
    return str(form["price_from" if starting else "price"]).format(amount=amount)


def say_price_range(low: int, high: int, language: str) -> str:
    """From one price to another, both in cents, e.g. "19,90–23,50 €" or "€20–€35".

    Cents stand in both where one has some ("19,90–24,00 €"); two equal prices are one.
    """
    if low == high:
        return say_price(low, language)
    with_cents = low % 100 != 0 or high % 100 != 0
    return str(_formats()[language]["price_range"]).format(
        low=_amount(low, language, with_cents=with_cents),
        high=_amount(high, language, with_cents=with_cents),
    )


def _amount(cents: int, language: str, *, with_cents: bool) -> str:
    pattern = "#,##0.00" if with_cents else "#,##0"
    return str(format_decimal(cents / 100, pattern, locale=_formats()[language]["locale"]))


def say_list(items: Sequence[str], language: str) -> str:
    """A list in a sentence: "a, b ja c"."""
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + str(_formats()[language]["and"]) + items[-1]
