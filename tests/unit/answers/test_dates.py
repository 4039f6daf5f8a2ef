"""tiski/answers/dates.py: dates, times and prices in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tiski.answers import dates

HELSINKI = ZoneInfo("Europe/Helsinki")
MONDAY = date(2026, 11, 23)
THREE = datetime(2026, 11, 24, 15, 0, tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("offset", "finnish", "english"),
    [
        (0, "maanantaina 23.11.", "Monday 23 November"),
        (1, "tiistaina 24.11.", "Tuesday 24 November"),
        (2, "keskiviikkona 25.11.", "Wednesday 25 November"),
        (3, "torstaina 26.11.", "Thursday 26 November"),
        (4, "perjantaina 27.11.", "Friday 27 November"),
        (5, "lauantaina 28.11.", "Saturday 28 November"),
        (6, "sunnuntaina 29.11.", "Sunday 29 November"),  # CLDR has "sunnuntai" here
    ],
)
def test_day(offset: int, finnish: str, english: str) -> None:
    day = MONDAY + timedelta(days=offset)
    assert dates.say_day(day, "fi") == finnish
    assert dates.say_day(day, "en") == english


def test_weekdays() -> None:
    sunday = MONDAY - timedelta(days=1)
    assert dates.say_weekday(sunday, "fi") == "sunnuntai"
    assert dates.say_weekday(sunday, "en") == "Sunday"
    assert dates.say_weekday(MONDAY, "fi") == "maanantai"
    assert dates.say_weekday_short(MONDAY, "fi") == "ma"
    assert dates.say_weekday_short(MONDAY, "en") == "Mon"


def test_moments() -> None:
    assert dates.say_moment(THREE, "fi") == "tiistaina 24.11. klo 15.00"
    assert dates.say_moment(THREE, "en") == "Tuesday 24 November at 15:00"
    assert dates.say_moment_short(THREE, "fi") == "ti 24.11. klo 15.00"
    assert dates.say_moment_short(THREE, "en") == "Tue 24 Nov 15:00"
    assert dates.say_day_short(THREE, "fi") == "ti 24.11."


def test_a_clock_is_of_the_moments_own_zone() -> None:
    assert dates.say_clock(THREE, "fi") == "15.00"
    assert dates.say_clock(THREE.astimezone(ZoneInfo("UTC")), "fi") == "13.00"
    assert dates.say_clock(THREE.replace(hour=9, minute=5), "fi") == "9.05"
    assert dates.say_clock(THREE.replace(hour=9, minute=5), "en") == "09:05"


def test_hours() -> None:
    assert dates.say_hours(THREE, THREE + timedelta(minutes=45), "fi") == "15.00–15.45"
    assert dates.say_hours(THREE, THREE + timedelta(minutes=45), "en") == "15:00–15:45"


@pytest.mark.parametrize(
    ("cents", "finnish", "english"),
    [
        (4900, "49 €", "€49"),
        (590, "5,90 €", "€5.90"),
        (0, "0 €", "€0"),
        (5, "0,05 €", "€0.05"),
        (123450, "1\xa0234,50 €", "€1,234.50"),
    ],
)
def test_price(cents: int, finnish: str, english: str) -> None:
    assert dates.say_price(cents, "fi") == finnish
    assert dates.say_price(cents, "en") == english


def test_a_lowest_price() -> None:
    assert dates.say_price(7500, "fi", starting=True) == "alkaen 75 €"
    assert dates.say_price(7500, "en", starting=True) == "from €75"


@pytest.mark.parametrize(
    ("low", "high", "finnish", "english"),
    [
        (1990, 2350, "19,90–23,50 €", "€19.90–€23.50"),
        (1990, 2400, "19,90–24,00 €", "€19.90–€24.00"),
        (2000, 3500, "20–35 €", "€20–€35"),
        (2000, 2000, "20 €", "€20"),
    ],
)
def test_a_range_of_prices(low: int, high: int, finnish: str, english: str) -> None:
    assert dates.say_price_range(low, high, "fi") == finnish
    assert dates.say_price_range(low, high, "en") == english


def test_list() -> None:
    assert dates.say_list([], "fi") == ""
    assert dates.say_list(["a"], "fi") == "a"
    assert dates.say_list(["a", "b"], "fi") == "a ja b"
    assert dates.say_list(["a", "b", "c"], "en") == "a, b and c"
