"""A freed opening that is kept for one customer of the waiting list, for a while.

It is an appointment like any other, with the status "held": its claims keep everybody else away.
Each of these functions is one transaction. An entry of the waiting list is offered an opening once:

    waiting ── hold ──> offered ── take ──> done
                                └─ decline, expire ──> passed
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tiski.booking import claims
from tiski.booking.announce import announce
from tiski.booking.appointments import Appointment, as_appointment, unused_code
from tiski.booking.errors import (
    AlreadyTaken,
    NoLongerHeld,
    NoSuchAppointment,
    NotBookable,
    NotWaiting,
)
from tiski.booking.freed import freed
from tiski.booking.grid import utc
from tiski.booking.openings import Opening, look
from tiski.booking.shared import claim_visit
from tiski.business import Business
from tiski.db import tables
from tiski.db.session import session


def hold(
    business: Business, entry: int, opening: Opening, *, until: datetime, now: datetime
) -> Appointment:
    """Keep an opening for somebody who waits, and return the appointment that it may become.

    Args:
        business: hours, people, services and the rules of booking.
        entry: the id on the waiting list.
        opening: what was freed; its times in any zone.
        until: how long; aware. Never longer than until the visit would begin.
        now: aware.

    Raises:
        NotWaiting: the entry is gone, or was offered something already.
        AlreadyTaken: somebody has the time, or a part of it.
        NotBookable: it cannot be booked for another reason.
        NotOffered: no such service, or that person does not do it.
    """
    starts_at = utc(opening.starts_at)
    with session() as opened:
        waiting = _locked(opened, tables.WaitingListEntry.id == entry, tables.WaitingListEntry)
        if waiting is None or waiting.status != "waiting":
            raise NotWaiting
        reason = look(
            opened,
            business,
            opening.service_id,
            starts_at,
            staff_id=opening.staff_id,
            now=now,
            besides=None,
        )
        if reason is not None:
            raise AlreadyTaken if reason == "taken" else NotBookable(reason)
        service = business.services[opening.service_id]
        row = tables.Appointment(
            code=unused_code(opened),
            service_id=service.id,
            staff_id=opening.staff_id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=service.minutes),
            status="held",
            held_until=min(utc(until), starts_at),
            contact_name=waiting.contact_name,
            contact_email=waiting.contact_email,
            contact_phone=waiting.contact_phone,
            language=waiting.language,
            conversation_id=waiting.conversation_id,
            created_at=now,
            changed_at=now,
        )
        opened.add(row)
        opened.flush()
        claim_visit(opened, business, row)
        waiting.status = "offered"
        waiting.appointment_id = row.id
        waiting.offered_at = now
        announce(opened, row, "opening", now)
        return as_appointment(row)


def take(appointment_id: int, *, now: datetime) -> Appointment:
    """Make a held opening the customer's appointment; a second tap gives the same appointment.

    Raises:
        NoSuchAppointment: there is none with this id.
        NoLongerHeld: it was declined, or the time to think ran out.
    """
    with session() as opened:
        row = _appointment(opened, appointment_id)
        if row.status == "booked":
            return as_appointment(row)
        if row.status != "held" or row.held_until <= utc(now):
            raise NoLongerHeld
        row.status = "booked"
        row.held_until = None
        row.changed_at = now
        _end_entry(opened, row.id, "done")
        opened.flush()
        announce(opened, row, "booked", now)
        return as_appointment(row)


def decline(appointment_id: int, *, now: datetime) -> Opening | None:
    """Give a held opening back, and return it; None when it was given back before.

    The opening's times are in UTC.

    Raises:
        NoSuchAppointment: there is none with this id.
        NoLongerHeld: it was taken; an appointment is cancelled, not declined.
    """
    with session() as opened:
        row = _appointment(opened, appointment_id)
        if row.status == "booked":
            raise NoLongerHeld
        return _give_back(opened, row, now) if row.status == "held" else None


def expire(now: datetime) -> list[Opening]:
    """Give back every held opening whose time ran out, and return them; their times are in UTC."""
    table = tables.Appointment
    with session() as opened:
        query = select(table).where(table.status == "held", table.held_until <= utc(now))
        rows = opened.scalars(query.order_by(table.id).with_for_update()).all()
        return [_give_back(opened, row, now) for row in rows]


def _give_back(opened: Session, row: Any, now: datetime) -> Opening:
    # `held_until` stays: it tells an offer that was not taken from a visit that was cancelled
    row.status = "cancelled"
    row.changed_at = now
    claims.release(opened, row.id)
    _end_entry(opened, row.id, "passed")
    opened.flush()
    freed(opened, row.service_id, row.staff_id, row.starts_at, row.ends_at, now)
    return Opening(row.service_id, row.staff_id, utc(row.starts_at), utc(row.ends_at))


def _end_entry(opened: Session, appointment_id: int, status: str) -> None:
    table = tables.WaitingListEntry
    entry = _locked(opened, table.appointment_id == appointment_id, table)
    if entry is not None and entry.status == "offered":
        entry.status = status


def _appointment(opened: Session, appointment_id: int) -> Any:
    row = _locked(opened, tables.Appointment.id == appointment_id, tables.Appointment)
    if row is None:
        raise NoSuchAppointment
    return row


def _locked(opened: Session, condition: Any, table: Any) -> Any:
    # Locked, so that two changes come one after the other on PostgreSQL too
    return opened.scalars(select(table).where(condition).with_for_update()).first()
