"""Takes over what staff changed in their own calendars.

What is not ours in a calendar makes its time busy. An appointment of ours that stands elsewhere was
moved by staff (perhaps to a colleague's calendar), one that is nowhere was cancelled by them. The
customer is told, and staff get a ticket where nobody could be told or the change cannot be taken,
and where they have put something of their own over a visit: it stays, and a person decides.

Nothing is concluded from a look that came before our own last write, nor while a write of ours is on
its way, nor for a visit that is over. Several visits that vanish at once are likelier a mistake (a
calendar emptied, shared anew or put back from a backup) than the wish to send everybody home: they
stay, and a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tiski.booking import claims
from tiski.booking.announce import announce, copy_to_calendar
from tiski.booking.appointments import Appointment, as_appointment
from tiski.booking.busy import Span, replace_busy
from tiski.booking.calendars.mirror import our_uids
from tiski.booking.calendars.protocol import Calendar, Entry, Kept
from tiski.booking.errors import AlreadyTaken
from tiski.booking.freed import freed
from tiski.booking.grid import midnight, utc
from tiski.business import Business
from tiski.db import tables
from tiski.db.session import reading, run, session
from tiski.outside.errors import OutsideError

# So many of one calendar that vanish between two looks are taken for an accident
MANY = 3


@dataclass(frozen=True)
class Change:
    """Something that staff did to an appointment, and what became of it.

    Attributes:
        what: moved, cancelled, moved_onto (another appointment: it was left as it was), vanished
            (with others: left as it was) or covered (by something of their own: left as it was;
            found anew each time that the calendar is read).
        appointment: as it stands now.
        is_told: whether the customer is sent a message about it.
    """

    what: str
    appointment: Appointment
    is_told: bool = True


@dataclass
class Look:
    """What a round of looks brought.

    Attributes:
        has_changed: anything was different from the last time.
        changes: what staff did to appointments.
        failed: the calendars that could not be read, by staff id.
    """

    has_changed: bool = False
    changes: list[Change] = field(default_factory=list)
    failed: dict[str, OutsideError] = field(default_factory=dict)


@dataclass(frozen=True)
class _Reading:
    """One calendar as it was read."""

    staff_id: str
    calendar: Calendar
    first: datetime
    last: datetime
    state: str | None
    entries: list[Entry]
    ours: set[str]
    #: the copies that could be believed in when the reading began: uid to version
    believed: dict[str, str]
    #: every copy that stood there by our books when the reading began: uid to version
    written: dict[str, str]


async def follow(calendars: Mapping[str, Calendar], business: Business, now: datetime) -> Look:
    """Read the calendars and take over what is different from the last time.

    Args:
        calendars: by staff id.
        business: for the horizon and how long services take.
        now: aware.
    """
    look = Look()
    readings: list[_Reading] = []
    # One after the other: this goes on all day, and nobody waits for it
    for staff_id, calendar in calendars.items():
        try:
            reading_ = await _read(staff_id, calendar, business, now)
        except OutsideError as error:
            look.failed[staff_id] = error
            await run(_went_wrong, staff_id, error, now)
            continue
        if reading_ is not None:
            readings.append(reading_)
    everywhere = {
        entry.uid: (reading_.staff_id, entry)
        for reading_ in readings
        for entry in reading_.entries
        if entry.uid in reading_.ours and not entry.is_cancelled
    }
    for reading_ in readings:
        try:
            is_decided = await _take_over(reading_, everywhere, business, now, look)
        except OutsideError as error:
            look.failed[reading_.staff_id] = error
            await run(_went_wrong, reading_.staff_id, error, now)
            continue
        state = reading_.state if is_decided else None
        await run(
            _went_well, reading_.staff_id, state, reading_.last, now, written=reading_.written
        )
    return look


async def _read(
    staff_id: str, calendar: Calendar, business: Business, now: datetime
) -> _Reading | None:
    """Read a calendar; None when nothing in it has changed."""
    first = utc(midnight(now.astimezone(business.tz).date(), business.tz))
    last = first + timedelta(days=business.booking.horizon_days + 2)
    written = await run(_written, staff_id)
    believed = await run(_believed, staff_id, now)
    state = await calendar.state()
    if state is not None and await run(_state, staff_id) == (state, last):
        await run(_went_well, staff_id, state, last, now, written=written)
        return None
    entries = await calendar.entries(first, last)
    ours = await run(our_uids, [entry.uid for entry in entries])
    return _Reading(staff_id, calendar, first, last, state, entries, ours, believed, written)


async def _take_over(
    reading_: _Reading,
    everywhere: Mapping[str, tuple[str, Entry]],
    business: Business,
    now: datetime,
    look: Look,
) -> bool:
    """Take over one reading; False when something is left to be decided at the next."""
    foreign = [
        (entry.starts_at, entry.ends_at)
        for entry in reading_.entries
        if entry.is_busy and entry.uid not in reading_.ours
    ]
    if await run(_store_busy, reading_, foreign):
        look.has_changed = True
    changes: list[Change] = []
    for entry in reading_.entries:
        if entry.uid in reading_.ours:
            changes += await run(_moved, reading_, entry, business, now)
    gone, is_decided = [], True
    for one in await run(_missing, reading_, now):
        if one.uid in everywhere:  # in a colleague's calendar
            changes += await run(_handed_on, one, *everywhere[one.uid], business, now)
        elif look.failed:
            is_decided = False  # it may be in one that could not be read
        # Said by the list alone it might be a fault of the list
        elif await reading_.calendar.find(one.uid, one.kept) is None:
            gone.append(one)
    if len(gone) >= MANY:
        changes += [Change("vanished", one.appointment) for one in gone]
        await run(_put_back, [one.appointment.id for one in gone], now)
    else:
        for one in gone:
            changes += await run(_cancelled, one.appointment.id, now)
    look.has_changed = look.has_changed or bool(changes)
    look.changes += [*changes, *await run(_covered, reading_, foreign, now)]
    return is_decided


@dataclass(frozen=True)
class _Gone:
    """An appointment of ours that a list did not have."""

    uid: str
    kept: Kept
    appointment: Appointment


def _followed(opened: Session, staff_id: str, now: datetime) -> list[Any]:
    """The appointments of which a copy stands in this calendar, and no write is on its way."""
    on_its_way = select(tables.Delivery.queue).where(
        tables.Delivery.kind == "calendar", tables.Delivery.status.in_(("waiting", "sending"))
    )
    pending = set(opened.scalars(on_its_way))
    rows = opened.scalars(
        select(tables.Appointment)
        .join(tables.CalendarCopy)
        .where(
            tables.CalendarCopy.resource == staff_id,
            tables.CalendarCopy.place != "",
            tables.Appointment.status == "booked",
            tables.Appointment.ends_at > utc(now),
        )
    )
    return [row for row in rows if f"visit-{row.id}-calendar" not in pending]


def _believed(staff_id: str, now: datetime) -> dict[str, str]:
    with reading() as opened:
        return {row.uid: row.copy.version for row in _followed(opened, staff_id, now)}


def _still_believed(opened: Session, reading_: _Reading, now: datetime) -> list[Any]:
    """Those that nobody of us has written since the reading began."""
    rows = _followed(opened, reading_.staff_id, now)
    return [row for row in rows if reading_.believed.get(row.uid) == row.copy.version]


def _missing(reading_: _Reading, now: datetime) -> list[_Gone]:
    """Those that should be in the list and are not, or are there as cancelled."""
    there = {entry.uid for entry in reading_.entries if not entry.is_cancelled}
    with reading() as opened:
        return [
            _Gone(row.uid, Kept(row.copy.place, row.copy.version), as_appointment(row))
            for row in _still_believed(opened, reading_, now)
            if row.uid not in there
            and row.ends_at > reading_.first
            and row.starts_at < reading_.last
        ]


def _moved(reading_: _Reading, entry: Entry, business: Business, now: datetime) -> list[Change]:
    """Take over where an event of ours stands now."""
    with session() as opened:
        rows = _still_believed(opened, reading_, now)
        row = next((one for one in rows if one.uid == entry.uid), None)
        if row is None or entry.is_cancelled or row.copy.version == entry.kept.version:
            return []  # as we wrote it
        return _place(opened, row, reading_.staff_id, entry, business, now)


def _handed_on(
    one: _Gone, staff_id: str, entry: Entry, business: Business, now: datetime
) -> list[Change]:
    """Take over that an event of ours was moved to a colleague's calendar."""
    with session() as opened:
        row = opened.get(tables.Appointment, one.appointment.id, with_for_update=True)
        if row.status != "booked":
            return []
        return _place(opened, row, staff_id, entry, business, now)


def _place(
    opened: Session, row: Any, staff_id: str, entry: Entry, business: Business, now: datetime
) -> list[Change]:
    """Put an appointment to where its event stands, if no other appointment is in the way."""
    old = (row.staff_id, row.starts_at, row.ends_at)
    new = (staff_id, entry.starts_at, entry.ends_at)
    if old != new:
        buffer = timedelta(minutes=business.services[row.service_id].buffer_minutes)
        try:
            with opened.begin_nested():
                row.staff_id, row.starts_at, row.ends_at = new
                opened.flush()
                claims.claim(opened, row.id, staff_id, row.starts_at, row.ends_at + buffer)
        except AlreadyTaken:
            opened.refresh(row)
            copy_to_calendar(opened, row.id, now)
            return [Change("moved_onto", as_appointment(row))]
        row.sequence += 1
        row.changed_at = now
    row.copy.resource = staff_id
    row.copy.place, row.copy.version = entry.kept.place, entry.kept.version
    opened.flush()
    if old == new:
        return []  # a note, a colour
    is_told = announce(opened, row, "moved_by_staff", now, old_starts_at=old[1], to_calendar=False)
    return [Change("moved", as_appointment(row), is_told)]


def _cancelled(appointment_id: int, now: datetime) -> list[Change]:
    with session() as opened:
        row = opened.get(tables.Appointment, appointment_id, with_for_update=True)
        if row is None or row.status != "booked" or row.ends_at <= utc(now):
            return []
        row.status = "cancelled"
        row.sequence += 1
        row.changed_at = now
        row.copy.place = row.copy.version = ""
        claims.release(opened, row.id)
        opened.flush()
        freed(opened, row.staff_id, row.starts_at, row.ends_at, now)
        is_told = announce(opened, row, "cancelled_by_staff", now, to_calendar=False)
        return [Change("cancelled", as_appointment(row), is_told)]


def _put_back(appointment_ids: list[int], now: datetime) -> None:
    """Write the copies anew, so that the same is not found again at the next look."""
    with session() as opened:
        for appointment_id in appointment_ids:
            copy_to_calendar(opened, appointment_id, now)


def _covered(reading_: _Reading, foreign: list[Span], now: datetime) -> list[Change]:
    """Find the visits that something of the staff's own overlaps.

    Only the visit itself: how staff use the buffer behind it is theirs to know. What is being
    booked at this moment is not looked at, `tiski.booking.service` takes it back if need be.
    """
    with reading() as opened:
        return [
            Change("covered", as_appointment(row))
            for row in _still_believed(opened, reading_, now)
            if any(max(first, row.starts_at) < min(last, row.ends_at) for first, last in foreign)
        ]


def _store_busy(reading_: _Reading, spans: list[Span]) -> bool:
    with session() as opened:
        return replace_busy(opened, reading_.staff_id, spans, reading_.first, reading_.last)


def _state(staff_id: str) -> tuple[str | None, datetime | None] | None:
    with reading() as opened:
        row = opened.get(tables.CalendarState, staff_id)
        return (row.state, row.read_until) if row else None


def _went_well(
    staff_id: str,
    state: str | None,
    last: datetime,
    now: datetime,
    *,
    written: dict[str, str],
) -> None:
    """Remember the state, unless we have written something since the reading began.

    Some calendars make their state from what is in them. A visit that is written and deleted
    between two looks leaves such a state as it was, and would never be missed.
    """
    with session() as opened:
        row = _row(opened, staff_id)
        is_current = _copies(opened, staff_id) == written
        row.state, row.read_until, row.read_at = state if is_current else None, last, now
        row.trouble = row.failing_since = None


def _written(staff_id: str) -> dict[str, str]:
    with reading() as opened:
        return _copies(opened, staff_id)


def _copies(opened: Session, staff_id: str) -> dict[str, str]:
    query = (
        select(tables.Appointment.uid, tables.CalendarCopy.version)
        .join(tables.CalendarCopy)
        .where(tables.CalendarCopy.resource == staff_id, tables.CalendarCopy.place != "")
    )
    return dict(opened.execute(query).all())


def _went_wrong(staff_id: str, error: OutsideError, now: datetime) -> None:
    with session() as opened:
        row = _row(opened, staff_id)
        row.trouble = error.trouble.value
        row.failing_since = row.failing_since or now


def _row(opened: Session, staff_id: str) -> Any:
    row = opened.get(tables.CalendarState, staff_id)
    if row is None:
        row = tables.CalendarState(resource=staff_id)
        opened.add(row)
    return row
