"""Hours as an owner writes them, and what they mean on a given day.

Written hours are `09:00-18:00`, several with a comma between, or `closed`; written days are
`2026-12-24` or `2027-07-05 to 2027-07-18`. Results are aware datetimes in the business's zone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED = "closed"

Minutes = tuple[int, int]  # start and end of one stretch, in minutes since midnight
Span = tuple[datetime, datetime]

_STRETCH = re.compile(r"(\d{1,2}):([0-5]\d)\s*[-–]\s*(\d{1,2}):([0-5]\d)")
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s+to\s+(\d{4}-\d{2}-\d{2}))?")
_DAY_END = 24 * 60
_SEARCH_DAYS = 366  # a shop that opens at all opens within a year

# English keeps capitals in the names of holidays. These languages do not, inside a sentence.
_SMALL_LETTER_HOLIDAYS = {"fi", "sv", "et"}


def parse_hours(text: str) -> list[Minutes]:
    """Turn `09:00-12:00, 13:00-18:00` into minutes since midnight; `closed` gives none.

    Raises:
        ValueError: not hours, the end before the start, or stretches that overlap.
    """
    if text.strip() == CLOSED:
        return []
    stretches: list[Minutes] = []
    for part in text.split(","):
        match = _STRETCH.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"'{part.strip()}' is not like 09:00-18:00")
        hour, minute, end_hour, end_minute = (int(group) for group in match.groups())
        start, end = hour * 60 + minute, end_hour * 60 + end_minute
        if end > _DAY_END or start >= end or (stretches and start < stretches[-1][1]):
            raise ValueError(f"'{part.strip()}' ends too late or starts too early")
        stretches.append((start, end))
    return stretches


def overlap(one: list[Minutes], other: list[Minutes]) -> list[Minutes]:
    """The minutes that lie in both."""
    both = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return [(start, end) for start, end in both if start < end]


@dataclass(frozen=True)
class DayRange:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    expected = "a date such as 2026-12-24, or days such as 2027-07-05 to 2027-07-18"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @classmethod
    def parse(cls, value: Any) -> DayRange:
        """Read `2026-12-24` or `2027-07-05 to 2027-07-18`.

        Raises:
            ValueError: not such days, not in the calendar, or the last before the first.
        """
        match = _DAYS.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            raise ValueError(cls.expected)
        try:
            first, last = (date.fromisoformat(day or match[1]) for day in match.groups())
        except ValueError:
            raise ValueError(f"{cls.expected}; there is no such day") from None
        if last < first:
            raise ValueError(f"{cls.expected}, the earlier day first")
        return cls(first, last)

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], DayRange]]:
        yield cls.parse


class PublicHolidays:
    """The public holidays of a country, named in the languages of the business."""

    def __init__(self, country: str, languages: Sequence[str]) -> None:
        supported = holidays.country_holidays(country).supported_languages
        self._by_language = {
            language: holidays.country_holidays(
                country, language=_closest_language(language, supported)
            )
            for language in languages
        }

    def names(self, day: date) -> dict[str, str] | None:
        """What `day` is called in each language, as inside a sentence; None on other days."""
        names = {
            language: calendar[day]
            for language, calendar in self._by_language.items()
            if day in calendar
        }
        for language in _SMALL_LETTER_HOLIDAYS & names.keys():
            names[language] = names[language][:1].lower() + names[language][1:]
        return names or None


def _closest_language(language: str, supported: tuple[str, ...]) -> str | None:
    """The library's code for `language` (en is en_US); English, or its default, when it has none."""
    alike = [code for code in supported if code.split("_")[0] == language]
    english = [code for code in supported if code.startswith("en")]
    return next(iter(alike + english), None)


class Calendar:
    """Open spans day by day, from a function that gives the minutes of a day."""

    def __init__(self, tz: ZoneInfo, minutes_on: Callable[[date], list[Minutes]]) -> None:
        self._tz = tz
        self._minutes_on = minutes_on
        self._cached = lru_cache(maxsize=4096)(self._spans)

    def spans(self, day: date) -> list[Span]:
        """The open spans of `day`, in order, aware and in the zone of the business."""
        return list(self._cached(day))

    def is_open(self, at: datetime) -> bool:
        """Whether `at` (aware) lies in an open span; the closing minute itself does not."""
        moment = _utc(at)
        return any(
            _utc(start) <= moment < _utc(end)
            for start, end in self._cached(at.astimezone(self._tz).date())
        )

    def next_opening(self, at: datetime) -> datetime | None:
        """The next moment when it is open: `at` itself if it is, None if not within a year."""
        moment = _utc(at)
        today = at.astimezone(self._tz).date()
        for days in range(_SEARCH_DAYS):
            for start, end in self._cached(today + timedelta(days=days)):
                if moment < _utc(end):
                    return max(_utc(start), moment).astimezone(self._tz)
        return None

    def _spans(self, day: date) -> tuple[Span, ...]:
        spans = (
            (_local(day, start, self._tz), _local(day, end, self._tz))
            for start, end in self._minutes_on(day)
        )
        return tuple((start, end) for start, end in spans if _utc(start) < _utc(end))


def _local(day: date, minutes: int, tz: ZoneInfo) -> datetime:
    midnight = datetime.combine(day, time(), tzinfo=tz)
    # there and back by UTC: a time that the clocks skip in spring becomes the one they show
    return (midnight + timedelta(minutes=minutes)).astimezone(timezone.utc).astimezone(tz)


def _utc(at: datetime) -> datetime:
    # two times of one zone are compared by their clock faces in Python, so compare in UTC
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone; the business's hours take aware times only")
    return at.astimezone(timezone.utc)
