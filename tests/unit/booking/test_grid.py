from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from salon import HELSINKI, at

from tiski.booking.grid import grid, midnight, utc


def test_an_ordinary_day() -> None:
    moments = grid(date(2026, 11, 24), 15, HELSINKI)

    assert len(moments) == 96
    assert (moments[0], moments[1]) == (at("2026-11-24 00:00"), at("2026-11-24 00:15"))
    assert {moment.tzinfo for moment in moments} == {timezone.utc}


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25)])
def test_the_days_on_which_the_clocks_change(day: date, hours: int) -> None:
    moments = grid(day, 30, HELSINKI)

    assert len(moments) == 2 * hours
    assert {later - earlier for earlier, later in pairwise(moments)} == {timedelta(minutes=30)}


def test_a_clock_time_that_is_skipped_is_not_on_the_grid() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")  # at 2:00 the clocks go to 2:30

    shown = [f"{one.astimezone(lord_howe):%H:%M}" for one in grid(date(2027, 10, 3), 60, lord_howe)]

    assert shown[:4] == ["00:00", "01:00", "03:00", "04:00"]


def test_midnight_is_the_local_one() -> None:
    assert utc(midnight(date(2027, 3, 28), HELSINKI)).hour == 22
    assert utc(midnight(date(2027, 3, 29), HELSINKI)).hour == 21


def test_utc_refuses_a_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="expected an aware datetime"):
        utc(datetime(2026, 11, 24))
