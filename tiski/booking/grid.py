"""Moments and days: where the clock on the wall and time that passes are kept apart."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@lru_cache(maxsize=512)
def grid(day: date, step_minutes: int, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the moments of a day at which a visit may start, in UTC, sorted.

    A clock time that the start of summer time skips is left out; one that its end repeats is
    there twice.
    """
    moments = set()
    for minute in range(0, 24 * 60, step_minutes):
        wall = datetime.combine(day, time(minute // 60, minute % 60))
        for fold in (0, 1):
            moment = wall.replace(tzinfo=zone, fold=fold).astimezone(timezone.utc)
            if moment.astimezone(zone).replace(tzinfo=None) == wall:
                moments.add(moment)
    return tuple(sorted(moments))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day begins in the zone."""
    return datetime.combine(day, time(), zone)


def utc(moment: datetime) -> datetime:
    """Return the moment in UTC.

    Raises:
        ValueError: it has no time zone, so it could mean any moment.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone; expected an aware datetime")
    return moment.astimezone(timezone.utc)
