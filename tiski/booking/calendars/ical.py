"""Writes a visit as iCalendar (RFC 5545), and reads one event again.

Times are written in UTC, which needs no VTIMEZONE. What recurs is in `recurrence`.
"""

from __future__ import annotations

import re
import threading
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.parser.property import unescape_backslash
from icalendar.prop import vText, vUnknown
from icalendar.timezone import tzp

from tiski.booking.calendars.protocol import Entry, Kept, Visit

_PRODUCT = "-//Tiski//Tiski//EN"
# The notes as the desk wrote them last, to know them again among what staff added
_OUR_NOTES = "X-TISKI-NOTES"
# Not allowed in iCalendar, nor in the XML in which a server sends it: one name with such a letter
# would make the whole calendar unreadable. `\r` goes because it is one half of a line's end.
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_parsing = threading.Lock()


class Unreadable(Exception):
    """This is no iCalendar, or not what was looked for. Never holds any of it."""


def parsed(content: str) -> Calendar:
    """Read a calendar object.

    Raises:
        Unreadable: it is none.
    """
    # icalendar keeps the first VTIMEZONE of a name for all that follow; many programs call theirs
    # "Customized Time Zone", each with other hours. Forgetting them each time costs 5 µs.
    with _parsing:
        tzp.use_default()
        try:
            calendar = Calendar.from_ical(content)
        except Exception:  # of many kinds, and their texts repeat the content
            raise Unreadable from None
    if calendar.name != "VCALENDAR":
        raise Unreadable
    return calendar


def written(visit: Visit, *, now: datetime) -> bytes:
    """Return a new calendar object with a visit in it.

    Args:
        now: aware.
    """
    calendar, event = Calendar(), Event()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    event.add("uid", visit.uid)
    event.add("created", now.astimezone(timezone.utc))
    _fill(event, visit, now)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def rewritten(content: str, visit: Visit, *, now: datetime) -> bytes | None:
    """Return a calendar object with the visit as it shall stand now.

    What staff added (notes, reminders, colours, people) stays. In the description the desk's own
    words are replaced where they still stand; where staff took them out, new ones are put below.

    Returns:
        The object, or None when it says all of it already.

    Raises:
        Unreadable: it is no iCalendar, or another event than this visit.
    """
    calendar = parsed(content)
    event = _event(calendar, visit.uid)
    if event is None:
        raise Unreadable
    if _says(event, visit):
        return None
    _fill(event, visit, now)
    return bytes(calendar.to_ical())


def holds(content: str, uid: str) -> bool:
    """Tell whether the event with this uid is in a calendar object.

    Raises:
        Unreadable: it is no iCalendar.
    """
    return _event(parsed(content), uid) is not None


def entry(content: str, uid: str, kept: Kept, *, tz: ZoneInfo) -> Entry | None:
    """Return the event with this uid as it stands in a calendar object; None when it holds none.

    Args:
        tz: where times without a time zone are meant.

    Raises:
        Unreadable: it is no iCalendar, or the event has no proper time.
    """
    event = _event(parsed(content), uid)
    if event is None:
        return None
    try:
        return as_entry(event, kept, tz=tz)
    except Exception:
        raise Unreadable from None


def as_entry(event: Event, kept: Kept, *, tz: ZoneInfo, owner: str = "") -> Entry:
    """Return one event, or one occurrence of it, without regard to its recurrence.

    Args:
        tz: where times without a time zone are meant, and where a whole day begins and ends.
        owner: the e-mail address of whose calendar it is; what they declined is not busy.

    Raises:
        Exception: of any kind, where the event has no proper time.
    """
    starts_at, ends_at = _span(event, tz)
    is_cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    is_free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    return Entry(
        uid=str(event.get("UID", "")),
        starts_at=starts_at,
        ends_at=ends_at,
        kept=kept,
        is_busy=not (is_cancelled or is_free or _is_declined(event, owner)),
        is_cancelled=is_cancelled,
    )


def as_utc(value: date, tz: ZoneInfo) -> datetime:
    """Return a date (its midnight), a floating or an aware time in UTC."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if value.tzinfo is None:
        value = value.replace(tzinfo=tz)
    try:
        return value.astimezone(timezone.utc)
    except OverflowError:  # the first or last day that there is; hours do not matter there
        return value.replace(tzinfo=timezone.utc)


def _event(calendar: Calendar, uid: str) -> Event | None:
    """The event with this uid, not one of the exceptions to its recurrence."""
    for event in calendar.events:
        if str(event.get("UID", "")) == uid and "RECURRENCE-ID" not in event:
            return event
    return None


def moment_of(event: Event, name: str) -> date:
    """Return a date or time of an event, as it is written.

    Raises:
        Exception: of any kind, where there is none.
    """
    value: Any = event[name]
    if not isinstance(value.dt, date):
        raise ValueError("neither a date nor a time")
    return value.dt


def _span(event: Event, tz: ZoneInfo) -> tuple[datetime, datetime]:
    start = moment_of(event, "DTSTART")
    starts_at = as_utc(start, tz)
    if "DTEND" in event:
        ends_at = as_utc(moment_of(event, "DTEND"), tz)
    elif "DURATION" in event:
        # Days are days of the calendar, of 23 or 25 hours too; hours are hours (RFC 5545, 3.3.6)
        length: Any = event["DURATION"]
        duration: timedelta = length.dt
        days = timedelta(days=duration.days)
        ends_at = as_utc(start + days, tz) + (duration - days)
    elif isinstance(start, datetime):
        ends_at = starts_at
    else:
        ends_at = as_utc(start + timedelta(days=1), tz)
    return min(starts_at, ends_at), max(starts_at, ends_at)


def _fill(event: Event, visit: Visit, now: datetime) -> None:
    description = _description(event, visit)
    now = now.astimezone(timezone.utc)
    values = {
        "DTSTAMP": now,
        "LAST-MODIFIED": now,
        "DTSTART": visit.starts_at.astimezone(timezone.utc),
        "DTEND": visit.ends_at.astimezone(timezone.utc),
        "SUMMARY": _text(visit.title),
        "SEQUENCE": max(_sequence(event), visit.sequence),
    }
    for name in (*values, "DURATION", "DESCRIPTION", _OUR_NOTES):
        event.pop(name, None)
    for name, value in values.items():
        event.add(name, value)
    if description:
        event.add("DESCRIPTION", description)
    if visit.notes:
        event.add(_OUR_NOTES, vText(_text(visit.notes)))
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        event.pop("STATUS")


def _says(event: Event, visit: Visit) -> bool:
    """Whether an event says all of a visit already."""
    try:
        start, end = moment_of(event, "DTSTART"), moment_of(event, "DTEND")
        return (
            (start, end) == (visit.starts_at, visit.ends_at)
            and str(event.get("SUMMARY", "")) == _text(visit.title)
            and _words(event, "DESCRIPTION") == _description(event, visit)
            and _words(event, _OUR_NOTES) == _text(visit.notes)
            and _sequence(event) >= visit.sequence
            and str(event.get("STATUS", "")).upper() != "CANCELLED"
        )
    except (AttributeError, KeyError, ValueError):
        return False


def _description(event: Event, visit: Visit) -> str:
    """The description with the desk's words in it, and with those of staff."""
    present, ours = _words(event, "DESCRIPTION"), _words(event, _OUR_NOTES)
    notes = _text(visit.notes)
    if notes == ours:  # what was said already is not said again where staff took it out
        return present
    if not present:
        return notes
    if ours and ours in present:
        return present.replace(ours, notes, 1).strip("\n")
    return present if notes in present else f"{present}\n\n{notes}"


def _words(event: Event, name: str) -> str:
    """A text of the event; "" when there is none, the first where there are several."""
    value: Any = event.get(name, "")
    value = value[0] if isinstance(value, list) else value
    # icalendar leaves what it does not know as it is written, e.g. "\\," for a comma
    return unescape_backslash(str(value)) if isinstance(value, vUnknown) else str(value)


def _sequence(event: Event) -> int:
    try:
        return int(event.get("SEQUENCE", 0))
    except (TypeError, ValueError):
        return 0


def _is_declined(event: Event, owner: str) -> bool:
    attendees: Any = event.get("ATTENDEE", [])
    for attendee in attendees if isinstance(attendees, list) else [attendees]:
        address = str(attendee).lower().removeprefix("mailto:")
        if owner and address == owner.lower():
            return str(attendee.params.get("PARTSTAT", "")).upper() == "DECLINED"
    return False


def _text(words: str) -> str:
    return _NO_TEXT.sub(" ", words.replace("\r\n", "\n"))
