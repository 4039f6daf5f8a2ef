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

from tiski.booking.busy import Span, replace_busy
from tiski.booking.calendars import take_over
from tiski.booking.calendars.mirror import our_uids
from tiski.booking.calendars.protocol import Calendar, Entry
from tiski.booking.calendars.take_over import Change, Gone, Reading, followed
from tiski.booking.grid import midnight, utc
from tiski.business import Business
from tiski.db import tables
from tiski.db.session import reading, run, session
from tiski.outside.errors import OutsideError

# So many of one calendar that vanish between two looks are taken for an accident
MANY = 3


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


async def follow(calendars: Mapping[str, Calendar], business: Business, now: datetime) -> Look:
    """Read the calendars and take over what is different from the last time.

    Args:
        calendars: by staff id.
        business: for the horizon and how long services take.
        now: aware.
    """
    look = Look()
    readings: list[Reading] = []
    # One after the other: this goes on all day, and nobody waits for it
    for staff_id, calendar in calendars.items():
        try:
            read = await _read(staff_id, calendar, business, now)
        except OutsideError as error:
            look.failed[staff_id] = error
            await run(_went_wrong, staff_id, error, now)
            continue
        if read is not None:
            readings.append(read)
    everywhere = {
        entry.uid: (read.staff_id, entry)
        for read in readings
        for entry in read.entries
        if entry.uid in read.ours and not entry.is_cancelled
    }
    for read in readings:
        try:
            is_decided = await _take_over(read, everywhere, business, now, look)
        except OutsideError as error:
            look.failed[read.staff_id] = error
            await run(_went_wrong, read.staff_id, error, now)
            continue
        state = read.state if is_decided else None
        await run(_went_well, read.staff_id, state, read.last, now, written=read.written)
    return look


async def _read(
    staff_id: str, calendar: Calendar, business: Business, now: datetime
) -> Reading | None:
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
    return Reading(staff_id, calendar, first, last, state, entries, ours, believed, written)


async def _take_over(
    read: Reading,
    everywhere: Mapping[str, tuple[str, Entry]],
    business: Business,
    now: datetime,
    look: Look,
) -> bool:
    """Take over one reading; False when something is left to be decided at the next."""
    foreign = [
        (entry.starts_at, entry.ends_at)
        for entry in read.entries
        if entry.is_busy and entry.uid not in read.ours
    ]
    if await run(_store_busy, read, foreign):
        look.has_changed = True
    before = len(look.changes)  # filled as they come: what was taken over stays so, come what may
    for entry in read.entries:
        if entry.uid in read.ours:
            look.changes += await run(take_over.moved, read, entry, business, now)
    gone: list[Gone] = []
    is_decided = True
    for one in await run(take_over.missing, read, now):
        if one.uid in everywhere:  # in a colleague's calendar
            look.changes += await run(take_over.handed_on, one, *everywhere[one.uid], business, now)
        elif look.failed:
            is_decided = False  # it may be in one that could not be read
        # Said by the list alone it might be a fault of the list
        elif await read.calendar.find(one.uid, one.kept) is None:
            gone.append(one)
    if len(gone) >= MANY:
        look.changes += await run(take_over.put_back, gone, business, now)
    else:
        for one in gone:
            look.changes += await run(take_over.cancelled, one, business, now)
    look.has_changed = look.has_changed or len(look.changes) > before
    look.changes += await run(take_over.covered, read, foreign, business, now)
    return is_decided


def _believed(staff_id: str, now: datetime) -> dict[str, str]:
    with reading() as opened:
        return {row.uid: row.copy.version for row in followed(opened, staff_id, now)}


def _store_busy(read: Reading, spans: list[Span]) -> bool:
    with session() as opened:
        return replace_busy(opened, read.staff_id, spans, read.first, read.last)


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
