"""Booking, moving and cancelling as the customer knows it: database and staff calendar together.

SQL decides (`appointments`). Where the person has a calendar of their own, it is read before, and
written and read again after (`calendars/mirror.py`): what staff have put in since the last look is
seen, and when somebody takes the same time between our look and our write, the booking is taken
back before the customer hears of it, and other times are offered.

A calendar that does not answer keeps nobody from booking: SQL knows what was read from it last, the
copy follows when it answers again, and what clashes then is told to staff (`tiski/worker/`).
A customer waits 3 s for the look, 5 s for the write, and 5 s more where it is taken back, at most.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from tiski.booking import appointments
from tiski.booking.appointments import Appointment
from tiski.booking.busy import replace_busy
from tiski.booking.calendars.mirror import Mirrored, foreign, mirror
from tiski.booking.calendars.open import calendars
from tiski.booking.calendars.protocol import Calendar
from tiski.booking.errors import AlreadyTaken
from tiski.booking.openings import Opening
from tiski.business import Business
from tiski.db.session import run, session
from tiski.outbox import store
from tiski.outside.errors import OutsideError
from tiski.outside.time_limit import within

logger = logging.getLogger(__name__)

# Before the database decides, and after
_LOOK_SECONDS = 3.0
_WRITE_SECONDS = 5.0


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
    await _look(business, opening)
    parcels: list[int] = []
    booked = await run(
        appointments.book,
        business,
        opening,
        name=name,
        email=email,
        phone=phone,
        language=language,
        conversation_id=conversation_id,
        now=now,
        parcels=parcels,
    )
    if await _clashes(business, booked, parcels, now):
        await run(appointments.withdraw, booked.id, parcels, now=now)
        await _bring_copy(business, booked.id, now)
        raise AlreadyTaken
    return booked


async def move(business: Business, code: str, opening: Opening, *, now: datetime) -> Appointment:
    """Move an appointment; arguments and errors are those of `appointments.reschedule`."""
    await _look(business, opening)
    before = await run(appointments.by_code, code)
    parcels: list[int] = []
    moved = await run(appointments.reschedule, business, code, opening, now=now, parcels=parcels)
    if await _clashes(business, moved, parcels, now):
        try:
            await run(appointments.move_back, business, before, parcels, now=now)
        except AlreadyTaken:
            # Somebody has booked the old time meanwhile: better two in one place, of which staff
            # hear by a ticket (the copy's parcel meets the clash again), than a visit lost
            await run(_release, parcels, now)
            return moved
        await _bring_copy(business, moved.id, now)
        raise AlreadyTaken
    return moved


async def cancel(business: Business, code: str, *, now: datetime) -> Appointment:
    """Cancel an appointment; errors are those of `appointments.cancel`."""
    cancelled = await run(appointments.cancel, code, now=now)
    await _bring_copy(business, cancelled.id, now)
    return cancelled


async def _look(business: Business, opening: Opening) -> None:
    """Read the person's calendar at the opening, so that the database knows what is there now."""
    calendar = calendars(business).get(opening.staff_id)
    if calendar is None:
        return
    first, last = opening.starts_at, opening.ends_at + _buffer(business, opening.service_id)
    try:
        spans = await within(
            _LOOK_SECONDS, _busy_spans(calendar, first, last), system=calendar.system
        )
    except OutsideError as error:
        logger.warning("Booked on what was read last: %s", error)
        return
    await run(_remember_busy, opening.staff_id, spans, first, last)


async def _busy_spans(
    calendar: Calendar, first: datetime, last: datetime
) -> list[tuple[datetime, datetime]]:
    return [(entry.starts_at, entry.ends_at) for entry in await foreign(calendar, first, last)]


def _remember_busy(
    staff_id: str, spans: list[tuple[datetime, datetime]], first: datetime, last: datetime
) -> None:
    with session() as opened:
        replace_busy(opened, staff_id, spans, first, last)


async def _clashes(
    business: Business, appointment: Appointment, parcels: list[int], now: datetime
) -> bool:
    """Write the copy, and tell whether something else stands there; let the parcels go if not."""
    if not parcels:  # nothing is new: another tap on the same button
        return False
    known = calendars(business)
    if appointment.staff_id in known:
        system = known[appointment.staff_id].system
        try:
            work = mirror(appointment.id, known, business, now)
            became = await within(_WRITE_SECONDS, work, system=system)
        except OutsideError as error:
            logger.warning("A copy follows when the calendar answers: %s", error)
        else:
            if became is Mirrored.CLASH:
                return True
            await run(_copied, appointment.id, now)
    await run(_release, parcels, now)
    return False


async def _bring_copy(business: Business, appointment_id: int, now: datetime) -> None:
    """Bring the copy to what SQL says now, if the calendar answers; else the courier does."""
    known = calendars(business)
    if not known:
        return
    try:
        await within(
            _WRITE_SECONDS, mirror(appointment_id, known, business, now), system="calendar"
        )
    except OutsideError as error:
        logger.warning("A copy follows when the calendar answers: %s", error)
    else:
        await run(_copied, appointment_id, now)


def _copied(appointment_id: int, now: datetime) -> None:
    with session() as opened:
        store.done(opened, store.waiting(opened, f"visit-{appointment_id}-calendar"), now)


def _release(parcels: list[int], now: datetime) -> None:
    with session() as opened:
        store.release(opened, parcels, now)


def _buffer(business: Business, service_id: str) -> timedelta:
    return timedelta(minutes=business.services[service_id].buffer_minutes)
