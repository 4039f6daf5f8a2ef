"""What is told of a visit before it: that somebody is late, comes, has a wish or a new number.

Each of the functions is one transaction. Who may say it is decided in `tiski/access.py`, not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tiski.booking.appointments import Appointment, as_appointment
from tiski.booking.codes import read_code
from tiski.booking.errors import NoSuchAppointment
from tiski.booking.grid import utc
from tiski.db import tables
from tiski.db.session import reading, session

NOTE, LATE = "note", "late"


def add_note(code: str, text: str, *, now: datetime) -> Appointment:
    """Add to a visit what the staff should know, in the customer's words; once if said twice.

    Raises:
        NoSuchAppointment: no coming appointment has the code.
    """
    with session() as opened:
        row = _coming(opened, code, now)
        _write(row, NOTE, text, now)
        return as_appointment(row)


def announce_lateness(code: str, text: str, minutes: int | None, *, now: datetime) -> Appointment:
    """Store that the customer comes late or early; the minutes said last hold.

    Args:
        text: the customer's words.
        minutes: after the start; negative when early, None when the words do not tell.

    Raises:
        NoSuchAppointment: no coming appointment has the code.
    """
    with session() as opened:
        row = _coming(opened, code, now)
        if minutes is not None:
            row.late_minutes = minutes
        _write(row, LATE, text, now)
        return as_appointment(row)


def confirm(code: str, *, now: datetime) -> Appointment:
    """Store that the customer said that they are coming; the latest time they said so is kept.

    Raises:
        NoSuchAppointment: no coming appointment has the code.
    """
    with session() as opened:
        row = _coming(opened, code, now)
        row.confirmed_at = now
        return as_appointment(row)


def change_contact(
    codes: Sequence[str], *, email: str | None = None, phone: str | None = None, now: datetime
) -> list[Appointment]:
    """Put a new e-mail, phone or both on coming appointments; all of them or none.

    Args:
        codes: of the appointments.
        email: in lower case; None leaves what is there. phone: E.164; None likewise.

    Raises:
        NoSuchAppointment: one of the codes has no coming appointment.
    """
    with session() as opened:
        rows = [_coming(opened, code, now) for code in codes]
        for row in rows:
            if email:
                row.contact_email = email
            if phone:
                row.contact_phone = phone
            row.changed_at = now
        return [as_appointment(row) for row in rows]


def overlapping(
    *, email: str | None, phone: str | None, starts_at: datetime, ends_at: datetime
) -> list[Appointment]:
    """Return booked visits of the same e-mail or phone that overlap a span of time, by time."""
    table = tables.Appointment
    same = [
        column == value
        for column, value in ((table.contact_email, email), (table.contact_phone, phone))
        if value
    ]
    if not same:
        return []
    query = select(table).where(
        or_(*same),
        table.status == "booked",
        table.starts_at < utc(ends_at),
        table.ends_at > utc(starts_at),
    )
    with reading() as opened:
        return [as_appointment(row) for row in opened.scalars(query.order_by(table.starts_at))]


def _coming(opened: Session, code: str, now: datetime) -> Any:
    table = tables.Appointment
    query = select(table).where(
        table.code == (read_code(code) or ""), table.status == "booked", table.ends_at > utc(now)
    )
    row = opened.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise NoSuchAppointment
    return row


def _write(row: Any, kind: str, text: str, now: datetime) -> None:
    if not any(note.kind == kind and note.text == text for note in row.notes):
        row.notes.append(tables.VisitNote(kind=kind, text=text, created_at=now))
