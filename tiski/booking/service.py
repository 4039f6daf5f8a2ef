"""Booking, moving and cancelling as the customer knows it: database and staff calendar together.

SQL decides (`appointments`); the staff calendar is looked at before and written to after. Everything
that serves customers goes through here: the actions and the page behind the link of a mail.
"""

from __future__ import annotations

from datetime import datetime

from tiski.booking import appointments
from tiski.booking.appointments import Appointment
from tiski.booking.openings import Opening
from tiski.business import Business
from tiski.db.session import run


async def book(
    business: Business,
    opening: Opening,
    *,
    name: str,
    email: str | None,
    phone: str | None,
    language: str,
    conversation_id: str | None,
    now: datetime,
) -> Appointment:
    """Book an opening; arguments and errors are those of `appointments.book`."""
    return await run(
        appointments.book,
        business,
        opening,
        name=name,
        email=email,
        phone=phone,
        language=language,
        conversation_id=conversation_id,
        now=now,
    )


async def move(business: Business, code: str, opening: Opening, *, now: datetime) -> Appointment:
    """Move an appointment; arguments and errors are those of `appointments.reschedule`."""
    return await run(appointments.reschedule, business, code, opening, now=now)


async def cancel(code: str, *, now: datetime) -> Appointment:
    """Cancel an appointment; arguments and errors are those of `appointments.cancel`."""
    return await run(appointments.cancel, code, now=now)
