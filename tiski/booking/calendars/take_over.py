"""What becomes of a change that staff made in a calendar: each in one transaction of its own.

The visit, the news to its customer and the ticket for staff, where one is needed, are stored
together, so that a crash in between loses none of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tiski.booking import claims
from tiski.booking.announce import announce, copy_to_calendar
from tiski.booking.appointments import Appointment, as_appointment
from tiski.booking.busy import Span
from tiski.booking.calendars.protocol import Calendar, Entry, Kept
from tiski.booking.calendars.staff_tickets import clash_ticket, visit_ticket
from tiski.booking.errors import AlreadyTaken, InUse
from tiski.booking.freed import freed
from tiski.booking.grid import utc
from tiski.booking.shared import claim_visit
from tiski.business import Business
from tiski.db import tables
from tiski.db.session import reading, session

# What staff are told of a change that could not be taken over …
_TICKETS = {
    "moved_onto": "words_calendar_moved_onto",
    "moved_where_in_use": "words_calendar_moved_where_in_use",
}
# … and of one that the customer cannot be told of
_TO_BE_CALLED = {
    "moved": "words_calendar_tell_moved",
    "cancelled": "words_calendar_tell_cancelled",
}


@dataclass(frozen=True)
class Change:
    """Something that staff did to an appointment, and what became of it.

    Attributes:
        what: moved, cancelled, moved_onto (another appointment: it was left as it was),
            moved_where_in_use (what the service takes is: it was left as it was), vanished
            (with others: left as it was) or covered (by something of their own: left as it was;
            found anew each time that the calendar is read).
        appointment: as it stands now.
        is_told: whether the customer is sent a message about it.
        has_ticket: whether staff got a ticket for it that they did not have.
    """

    what: str
    appointment: Appointment
    is_told: bool = True
    has_ticket: bool = False


@dataclass(frozen=True)
class Reading:
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


@dataclass(frozen=True)
class Gone:
    """An appointment of ours that a list did not have."""

    uid: str
    kept: Kept
    appointment: Appointment


def followed(opened: Session, staff_id: str, now: datetime) -> list[Any]:
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


def _still_believed(opened: Session, read: Reading, now: datetime) -> list[Any]:
    """Those that nobody of us has written since the reading began."""
    rows = followed(opened, read.staff_id, now)
    return [row for row in rows if read.believed.get(row.uid) == row.copy.version]


def missing(read: Reading, now: datetime) -> list[Gone]:
    """Those that should be in the list and are not, or are there as cancelled."""
    there = {entry.uid for entry in read.entries if not entry.is_cancelled}
    with reading() as opened:
        return [
            Gone(row.uid, Kept(row.copy.place, row.copy.version), as_appointment(row))
            for row in _still_believed(opened, read, now)
            if row.uid not in there and row.ends_at > read.first and row.starts_at < read.last
        ]


def moved(read: Reading, entry: Entry, business: Business, now: datetime) -> list[Change]:
    """Take over where an event of ours stands now."""
    with session() as opened:
        rows = _still_believed(opened, read, now)
        row = next((one for one in rows if one.uid == entry.uid), None)
        if row is None or entry.is_cancelled or row.copy.version == entry.kept.version:
            return []  # as we wrote it
        return _place(opened, row, read.staff_id, entry, business, now)


def handed_on(
    one: Gone, staff_id: str, entry: Entry, business: Business, now: datetime
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
        try:
            with opened.begin_nested():
                row.staff_id, row.starts_at, row.ends_at = new
                opened.flush()
                claim_visit(opened, business, row)
        except AlreadyTaken as error:
            opened.refresh(row)
            copy_to_calendar(opened, row.id, now)
            what = "moved_where_in_use" if isinstance(error, InUse) else "moved_onto"
            return [_ticketed(opened, Change(what, as_appointment(row)), business, now)]
        row.sequence += 1
        row.changed_at = now
    row.copy.resource = staff_id
    row.copy.place, row.copy.version = entry.kept.place, entry.kept.version
    opened.flush()
    if old == new:
        return []  # a note, a colour
    is_told = announce(opened, row, "moved_by_staff", now, old_starts_at=old[1], to_calendar=False)
    return [_ticketed(opened, Change("moved", as_appointment(row), is_told), business, now)]


def cancelled(one: Gone, business: Business, now: datetime) -> list[Change]:
    """Take over that staff deleted an event of ours."""
    with session() as opened:
        row = opened.get(tables.Appointment, one.appointment.id, with_for_update=True)
        if row is None or row.status != "booked" or row.ends_at <= utc(now):
            return []
        row.status = "cancelled"
        row.sequence += 1
        row.changed_at = now
        row.copy.place = row.copy.version = ""
        claims.release(opened, row.id)
        opened.flush()
        freed(opened, row.service_id, row.staff_id, row.starts_at, row.ends_at, now)
        is_told = announce(opened, row, "cancelled_by_staff", now, to_calendar=False)
        change = Change("cancelled", as_appointment(row), is_told)
        return [_ticketed(opened, change, business, now)]


def _ticketed(opened: Session, change: Change, business: Business, now: datetime) -> Change:
    """Open the ticket that a change needs; one that the customer is told of needs none."""
    if change.what in _TICKETS:
        key = _TICKETS[change.what]
    elif not change.is_told:
        key = _TO_BE_CALLED[change.what]
    else:
        return change
    visit_ticket(opened, change.appointment, key, business, now)
    return replace(change, has_ticket=True)


def put_back(gone: list[Gone], business: Business, now: datetime) -> list[Change]:
    """Write the copies of one calendar anew, and have staff say what they meant.

    So the same is not found again at the next look.
    """
    with session() as opened:
        for one in gone:
            copy_to_calendar(opened, one.appointment.id, now)
        key, first = "words_calendar_emptied", gone[0].appointment
        visit_ticket(opened, first, key, business, now, count=len(gone))
        return [Change("vanished", one.appointment, has_ticket=one is gone[0]) for one in gone]


def covered(read: Reading, foreign: list[Span], business: Business, now: datetime) -> list[Change]:
    """Find the visits that something of the staff's own overlaps.

    Only the visit itself: how staff use the buffer behind it is theirs to know. What is being
    booked at this moment is not looked at, `tiski.booking.service` takes it back if need be.
    """
    with session() as opened:
        visits = [
            as_appointment(row)
            for row in _still_believed(opened, read, now)
            if any(max(first, row.starts_at) < min(last, row.ends_at) for first, last in foreign)
        ]
        return [
            Change("covered", visit, has_ticket=clash_ticket(opened, visit, business, now))
            for visit in visits
        ]
