"""Finds what of a calendar object lies in a stretch of time, each occurrence of it.

The server's own expansion is not used: Radicale's is an hour off after the clocks change. Rules
that nobody could mean ("every second", "on 30 February") are answered without running through them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from math import prod
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar, Event
from recurring_ical_events import CalendarQuery

from tiski.booking.calendars.ical import as_entry, as_utc, moment_of, parsed
from tiski.booking.calendars.protocol import Entry, Kept

# How many times of one recurring event are run through: about two seconds on an ordinary machine.
# An hourly event may have begun twenty years ago, a daily one in 1604, as birthdays do.
MAX_STEPS = 200_000
# An event every ten minutes for three months is below it
MAX_OCCURRENCES = 20_000

_RULES = ("RRULE", "RDATE", "RECURRENCE-ID")
# Those that say which days a rule means
_DAYS = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYSETPOS")
_TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")
# frequency: seconds of a step, and parts of a rule that make several times of one step
_STEPS: dict[str, tuple[int, tuple[str, ...]]] = {
    "SECONDLY": (1, ()),
    "MINUTELY": (60, _TIMES[2:]),
    "HOURLY": (3600, _TIMES[1:]),
    "DAILY": (86400, _TIMES),
    "WEEKLY": (7 * 86400, (*_DAYS, *_TIMES)),
    "MONTHLY": (28 * 86400, (*_DAYS, *_TIMES)),
    "YEARLY": (365 * 86400, (*_DAYS, *_TIMES)),
}
_DAY = timedelta(days=1)


def entries_of(
    content: str, kept: Kept, first: datetime, last: datetime, *, tz: ZoneInfo, owner: str = ""
) -> tuple[list[Entry], bool]:
    """Return all occurrences that lie in or reach into [first, last), in no order.

    A rule that is broken counts as if it were not there: the event itself remains. One that says
    so many times that none lie between counts as one long occurrence.

    Args:
        content: a calendar object, as the server keeps it.
        kept: where it lies; each entry gets it.
        tz: where times without a time zone are meant, and where a whole day begins and ends.
        owner: the e-mail address of whose calendar it is, for what they declined; may be "".

    Returns:
        The entries, and whether everything in the object could be read.

    Raises:
        Unreadable: it is no iCalendar at all.
    """
    calendar = parsed(content)
    series: dict[str, list[Event]] = defaultdict(list)
    for event in calendar.events:
        series[str(event.get("UID", ""))].append(event)
    found: list[Entry] = []
    is_whole = True
    for events in series.values():
        if any(name in event for event in events for name in _RULES):
            try:
                found += _expanded(events, kept, first, last, tz=tz, owner=owner)
                continue
            except Exception:  # whatever two libraries make of whatever there is
                is_whole = False
        for event in events:
            try:
                found.append(as_entry(event, kept, tz=tz, owner=owner))
            except Exception:
                is_whole = False
    there = [entry for entry in found if entry.starts_at < last and entry.ends_at > first]
    return [entry for entry in there if entry.starts_at < entry.ends_at], is_whole


def _expanded(
    events: list[Event],
    kept: Kept,
    first: datetime,
    last: datetime,
    *,
    tz: ZoneInfo,
    owner: str,
) -> Iterator[Entry]:
    whole = Calendar()
    for event in events:
        lasting = as_entry(event, kept, tz=tz, owner=owner)
        rules = [rule for rule in _rules(event) if _ever_happens(rule, moment_of(event, "DTSTART"))]
        untils = [_until(rule, last, tz) for rule in rules]
        if any(map(partial(_is_too_much, lasting, first), rules, untils)):
            yield replace(lasting, ends_at=max(lasting.ends_at, *untils))
            return
        event.pop("RRULE", None)
        if rules:
            event["RRULE"] = rules
        whole.add_component(event)
    # A day more on both sides: times without a zone are compared by their digits there
    span = (first - _DAY).astimezone(tz), (last + _DAY).astimezone(tz)
    for occurrence in CalendarQuery(whole).between(*span):
        yield as_entry(occurrence, kept, tz=tz, owner=owner)


def _rules(event: Event) -> list[Any]:
    rules: Any = event.get("RRULE", [])
    return rules if isinstance(rules, list) else [rules]


def _until(rule: Any, last: datetime, tz: ZoneInfo) -> datetime:
    """When a rule ends, or what is looked at does."""
    if "UNTIL" not in rule:
        return last
    until: date = rule["UNTIL"][0]
    # A date ends with its day
    return min(last, as_utc(until if isinstance(until, datetime) else until + _DAY, tz))


def _ever_happens(rule: Any, start: date) -> bool:
    """Whether there is any day of the calendar that a rule means.

    dateutil looks for one until the year 9999, which takes 10 s. The calendar is the same again
    after 400 years, so that the rule is tried close to that end.
    """
    if not any(name in rule for name in _DAYS):
        return True
    unlimited = rule.copy()
    for name in ("UNTIL", "COUNT"):
        unlimited.pop(name, None)
    if unlimited["FREQ"][0] == "SECONDLY":
        return True  # too slow even so; `_is_too_much` takes it
    late = start.replace(year=9600 + start.year % 400)
    naive = (
        late.replace(tzinfo=None) if isinstance(late, datetime) else datetime.combine(late, time())
    )
    return next(iter(rrulestr(unlimited.to_ical().decode(), dtstart=naive)), None) is not None


def _is_too_much(lasting: Entry, first: datetime, rule: Any, until: datetime) -> bool:
    """Whether a rule means so many times that nobody should run through them."""
    frequency, interval = str(rule["FREQ"][0]), int(rule.get("INTERVAL", [1])[0])
    if interval < 1:
        raise ValueError("an interval is at least 1")
    has_filter = any(name in rule for name in (*_DAYS, *_TIMES))
    if frequency == "SECONDLY" and has_filter:
        return True
    seconds, parts = _STEPS[frequency]
    seconds *= interval
    times = prod(len(rule[name]) for name in parts if name in rule)
    if frequency in ("MONTHLY", "YEARLY") and ("BYDAY" in rule or "BYWEEKNO" in rule):
        times *= 5 if frequency == "MONTHLY" else 53  # each Monday, or each day of a week
    steps = max((until - lasting.starts_at).total_seconds(), 0) / seconds * times
    window = until - first + 2 * _DAY + (lasting.ends_at - lasting.starts_at)
    inside = window.total_seconds() / seconds * times
    if "COUNT" in rule and not has_filter:
        steps = min(steps, rule["COUNT"][0])
    return steps > MAX_STEPS or min(steps, inside) > MAX_OCCURRENCES
