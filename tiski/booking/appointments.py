"""Booking, finding, moving and cancelling appointments.

Each of these is one transaction: it happens as a whole or not at all, and once a function has
returned, what it did survives the end of the process. What went wrong is told by the errors of
`tiski.booking.errors`. Who may ask for an appointment is decided in `tiski/access.py`, not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tiski.booking import claims
from tiski.booking.announce import GRACE, announce, copy_to_calendar
from tiski.booking.calendars.whose import has_calendar
from tiski.booking.codes import new_code, read_code
from tiski.booking.errors import AlreadyBegun, AlreadyTaken, NoSuchAppointment, NotBookable
from tiski.booking.freed import freed
from tiski.booking.grid import utc
from tiski.booking.openings import Opening, look
from tiski.booking.shared import claim_visit
from tiski.business import Business
from tiski.db import tables
from tiski.db.session import reading, session
from tiski.outbox import store


@dataclass(frozen=True)
class Appointment:
    """An appointment as it stood when it was read; it needs no database any more.

    All times are aware, in UTC: show them with `.astimezone(business.tz)`. `status` is "booked",
    "cancelled", "held" (for somebody of the waiting list) or "withdrawn" (the staff calendar had
    something else before it was confirmed). `contact_email` is in lower case, `contact_phone` in E.164.
    """

    id: int
    code: str
    service_id: str
    staff_id: str
    starts_at: datetime
    ends_at: datetime
    status: str
    contact_name: str
    contact_email: str | None
    contact_phone: str | None
    language: str
    conversation_id: str | None
    created_at: datetime
    changed_at: datetime
    uid: str | None  # of its event in calendars
    sequence: int  # how often it was moved
    held_until: datetime | None  # stays on what was held and not taken


def book(
    business: Business,
    opening: Opening,
    *,
    name: str,
    email: str | None,
    phone: str | None,
    language: str,
    conversation_id: str | None,
    now: datetime,
    parcels: list[int] | None = None,
) -> Appointment:
    """Book the opening, once: a second tap on the same button gives the same appointment.

    "The same" is the same service, person, start, e-mail and phone from the same conversation.
    Whether the time can still be had is looked at again here. How long the visit takes comes
    from business.yml, not from the opening.

    Args:
        business: hours, people, services and the rules of booking.
        opening: what was chosen; its times in any zone.
        name: of the customer.
        email: of the customer, or None.
        phone: of the customer in E.164, or None.
        language: "fi", "en", ...: what the customer will be written to in.
        conversation_id: whose it is; None (say, booked by staff) is never "the same".
        now: aware.
        parcels: see `tiski.booking.announce.announce`; empty afterwards when nothing new was booked.

    Raises:
        AlreadyTaken: somebody else has the time, or a part of it.
        NotBookable: it cannot be booked for another reason.
        NotOffered: no such service, or that person does not do it.
    """
    contact = {"contact_email": _plain(email, lower=True), "contact_phone": _plain(phone)}
    same = {
        "service_id": opening.service_id,
        "staff_id": opening.staff_id,
        "starts_at": utc(opening.starts_at),
        "conversation_id": conversation_id,
        **contact,
    }
    try:
        with session() as opened:
            row = _existing(opened, same)
            if row is None:
                _check(opened, business, opening, now, besides=None)
                row = tables.Appointment(
                    **same,
                    code=unused_code(opened),
                    ends_at=_end(business, opening),
                    status="booked",
                    contact_name=name.strip(),
                    language=language,
                    created_at=now,
                    changed_at=now,
                )
                opened.add(row)
                opened.flush()
                claim_visit(opened, business, row)
                announce(opened, row, "booked", now, parcels=parcels)
            return as_appointment(row)
    except AlreadyTaken:
        # Two taps at once, on PostgreSQL: it may be this customer's own other tap that won.
        with reading() as opened:
            row = _existing(opened, same)
        if row is None:
            raise
        return as_appointment(row)


def find_appointments(
    *,
    code: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    now: datetime,
) -> list[Appointment]:
    """Return the booked appointments that are not over yet, sorted by time.

    A visit that has begun is among them: "I am late" is said then.

    Args:
        code: as typed; small letters, spaces and hyphens are forgiven.
        email: in any case.
        phone: in E.164.
        now: aware.

    Raises:
        ValueError: none of code, email and phone was given, or more than one.
    """
    if sum(key is not None for key in (code, email, phone)) != 1:
        raise ValueError("find_appointments takes exactly one of code, email and phone")
    table = tables.Appointment
    query = select(table).where(table.status == "booked", table.ends_at > utc(now))
    if code is not None:
        query = query.where(table.code == (read_code(code) or ""))
    elif email is not None:
        query = query.where(table.contact_email == (_plain(email, lower=True) or ""))
    else:
        query = query.where(table.contact_phone == (_plain(phone) or ""))
    with reading() as opened:
        rows = opened.scalars(query.order_by(table.starts_at, table.id)).all()
    return [as_appointment(row) for row in rows]


def by_id(appointment_id: int) -> Appointment | None:
    """Return an appointment in any state; None when there is none with this id."""
    with reading() as opened:
        row = opened.get(tables.Appointment, appointment_id)
        return as_appointment(row) if row is not None else None


def reschedule(
    business: Business,
    code: str,
    opening: Opening,
    *,
    now: datetime,
    parcels: list[int] | None = None,
) -> Appointment:
    """Move an appointment to the opening; its code stays. Service and person may change too.

    Its own old time counts as free, so it can be moved by less than it takes. When anything is
    raised, the appointment is as it was.

    Raises:
        NoSuchAppointment: no appointment has the code, or it is cancelled.
        AlreadyBegun: the visit has begun.
        AlreadyTaken, NotBookable, NotOffered: as for `book`.
    """
    with session() as opened:
        row = _by_code(opened, code)
        if row.status != "booked":
            raise NoSuchAppointment
        if row.starts_at <= utc(now):
            raise AlreadyBegun
        place = (row.service_id, row.staff_id, row.starts_at)
        if place != (opening.service_id, opening.staff_id, utc(opening.starts_at)):
            _check(opened, business, opening, now, besides=row.id)
            old_place = (row.service_id, row.staff_id, row.starts_at, row.ends_at)
            row.service_id = opening.service_id
            row.staff_id = opening.staff_id
            row.starts_at = utc(opening.starts_at)
            row.ends_at = _end(business, opening)
            row.sequence += 1
            row.changed_at = now
            opened.flush()
            claim_visit(opened, business, row)
            announce(opened, row, "moved", now, old_starts_at=old_place[2], parcels=parcels)
            # The old time is not offered to others while the move may still be taken back
            not_before = None if parcels is None else now + GRACE
            offer = freed(opened, *old_place, now, not_before=not_before)
            if parcels is not None and offer is not None:
                parcels.append(offer)
        return as_appointment(row)


def cancel(code: str, *, now: datetime) -> Appointment:
    """Cancel an appointment and free its time; one that is cancelled already stays so.

    Raises:
        NoSuchAppointment: no appointment has the code.
        AlreadyBegun: the visit has begun.
    """
    with session() as opened:
        row = _by_code(opened, code)
        if row.status not in ("booked", "cancelled"):
            raise NoSuchAppointment
        if row.status == "booked":
            if row.starts_at <= utc(now):
                raise AlreadyBegun
            row.status = "cancelled"
            row.sequence += 1
            row.changed_at = now
            claims.release(opened, row.id)
            opened.flush()
            announce(opened, row, "cancelled", now)
            freed(opened, row.service_id, row.staff_id, row.starts_at, row.ends_at, now)
        return as_appointment(row)


def withdraw(appointment_id: int, parcels: list[int], *, now: datetime) -> None:
    """Take back a booking that nobody was told of: the staff calendar has something else then.

    Its news are not sent; its copy in the calendar is removed.
    """
    with session() as opened:
        row = opened.get(tables.Appointment, appointment_id, with_for_update=True)
        row.status = "withdrawn"
        row.changed_at = now
        claims.release(opened, row.id)
        store.drop(opened, parcels, now)
        if has_calendar(row.staff_id):
            copy_to_calendar(opened, row.id, now)


def move_back(
    business: Business, before: Appointment, parcels: list[int], *, now: datetime
) -> None:
    """Put an appointment back to where it was before a move that nobody was told of.

    Raises:
        AlreadyTaken: somebody has taken that time since; it stays where it was moved to.
    """
    with session() as opened:
        row = opened.get(tables.Appointment, before.id, with_for_update=True)
        row.service_id, row.staff_id = before.service_id, before.staff_id
        row.starts_at, row.ends_at = before.starts_at, before.ends_at
        row.sequence += 1
        row.changed_at = now
        opened.flush()
        claim_visit(opened, business, row)
        store.drop(opened, parcels, now)
        if has_calendar(row.staff_id):
            copy_to_calendar(opened, row.id, now)


def by_code(code: str) -> Appointment:
    """Return the appointment of a code, whatever its status.

    Raises:
        NoSuchAppointment: no appointment has the code.
    """
    with reading() as opened:
        query = select(tables.Appointment).where(tables.Appointment.code == (read_code(code) or ""))
        row = opened.scalars(query).one_or_none()
        if row is None:
            raise NoSuchAppointment
        return as_appointment(row)


def may_cancel_free(business: Business, appointment: Appointment, now: datetime) -> bool:
    """Tell whether cancelling now costs nothing: it is early enough by business.yml."""
    notice = timedelta(hours=business.booking.free_cancellation_hours)
    return utc(now) <= utc(appointment.starts_at) - notice


def _check(
    opened: Session, business: Business, opening: Opening, now: datetime, *, besides: int | None
) -> None:
    reason = look(
        opened,
        business,
        opening.service_id,
        opening.starts_at,
        staff_id=opening.staff_id,
        now=now,
        besides=besides,
    )
    if reason == "taken":
        raise AlreadyTaken
    if reason is not None:
        raise NotBookable(reason)


def _end(business: Business, opening: Opening) -> datetime:
    minutes = business.services[opening.service_id].minutes
    return utc(opening.starts_at) + timedelta(minutes=minutes)


def _existing(opened: Session, same: dict[str, Any]) -> Any:
    """Return the row that this conversation has booked before with just these values, or None."""
    if same["conversation_id"] is None:
        return None
    query = select(tables.Appointment).filter_by(**same, status="booked")
    return opened.scalars(query).first()


def _by_code(opened: Session, code: str) -> Any:
    # Locked, so that two changes of one appointment come one after the other on PostgreSQL too.
    query = select(tables.Appointment).where(tables.Appointment.code == (read_code(code) or ""))
    row = opened.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise NoSuchAppointment
    return row


def unused_code(opened: Session) -> str:
    """Return a code that no appointment has ever had."""
    while True:
        code = new_code()
        query = select(tables.Appointment.id).where(tables.Appointment.code == code)
        if opened.execute(query).first() is None:
            return code


def _plain(value: str | None, *, lower: bool = False) -> str | None:
    text = (value or "").strip()
    return (text.lower() if lower else text) or None


def as_appointment(row: Any) -> Appointment:
    """Read a row of the table while its session is open."""
    fields = {key: getattr(row, key) for key in Appointment.__dataclass_fields__}
    for key in ("starts_at", "ends_at", "created_at", "changed_at", "held_until"):
        fields[key] = utc(fields[key]) if fields[key] else None
    return Appointment(**fields)
