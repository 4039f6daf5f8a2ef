"""Times as calendars on the web write them, and which entries a question is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timezone, tzinfo
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from tiski.booking.calendars.protocol import Entry

_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?", re.IGNORECASE)
# Unicode's table names the largest city of a Windows zone, which is abroad for us
_OWN_CITIES = {"FLE Standard Time": "Europe/Helsinki"}


def written(moment: datetime) -> str:
    """Return an aware time in UTC, to the second, as RFC 3339 writes it."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(text: str, zone: tzinfo) -> datetime:
    """Read "2026-11-24T10:00:00+02:00"; fractions of a second are dropped.

    Args:
        text: RFC 3339, or the same without an offset.
        zone: where the clock is that a time without an offset was read from.

    Raises:
        ValueError: it is no such time.
    """
    match = _TIME.fullmatch(text)
    if not match:
        raise ValueError("not a time")
    offset = (match[2] or "").upper().replace("Z", "+00:00")
    moment = datetime.fromisoformat(match[1] + offset)
    return (moment if offset else moment.replace(tzinfo=zone)).astimezone(timezone.utc)


def midnight_utc(day: date, zone: tzinfo) -> datetime:
    """Return the moment at which a day begins in a zone, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(timezone.utc)


def zone_named(name: str) -> ZoneInfo | None:
    """Return a time zone by its IANA or Windows name; None when nobody knows it."""
    name = _OWN_CITIES.get(name) or WINDOWS_TO_OLSON.get(name, name)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # ZoneInfo of a folder's name is an OSError
        return None


def within(entries: Iterable[Entry], first: datetime, last: datetime) -> list[Entry]:
    """Return those that take time in [first, last), by their start."""
    found = (e for e in entries if e.starts_at < e.ends_at and e.starts_at < last)
    return sorted((e for e in found if e.ends_at > first), key=lambda e: (e.starts_at, e.ends_at))
