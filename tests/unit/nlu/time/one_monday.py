"""What tests of times share: the moment at which everything is said, and short ways to ask."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from tiski.nlu.time import TimeSpan, find_times

HELSINKI = ZoneInfo("Europe/Helsinki")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=HELSINKI)


def only(text: str, **options: object) -> TimeSpan:
    """The single time expression of a text."""
    (span,) = find_times(text, **{"now": MONDAY, **options})  # type: ignore[arg-type]
    return span


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)
