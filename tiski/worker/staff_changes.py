"""Tells staff, by a ticket, of what needs a person after they changed something in a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from tiski import words
from tiski.answers import dates
from tiski.booking.appointments import Appointment
from tiski.booking.calendars.follow import Change
from tiski.business import Business
from tiski.db.session import reading, run
from tiski.db.tables import Ticket
from tiski.handoff.tickets import open_ticket

KIND = "calendar"


async def tell_staff(changes: Sequence[Change], business: Business, now: datetime) -> int:
    """Open the tickets that changes need; return how many.

    A change that was taken over, and that the customer is told of, needs none.

    Args:
        changes: what staff did.
        business: for names and the promised answer.
        now: aware.
    """
    opened = 0
    for change in changes:
        if change.what == "covered":
            opened += await clash_ticket(change.appointment, business, now)
            continue
        if change.what == "moved_onto":
            key = "words_calendar_moved_onto"
        elif change.what == "moved" and not change.is_told:
            key = "words_calendar_tell_moved"
        elif change.what == "cancelled" and not change.is_told:
            key = "words_calendar_tell_cancelled"
        else:
            continue
        await visit_ticket(change.appointment, key, business, now)
        opened += 1
    vanished = [change.appointment for change in changes if change.what == "vanished"]
    for staff_id in sorted({one.staff_id for one in vanished}):
        theirs = [one for one in vanished if one.staff_id == staff_id]
        await visit_ticket(theirs[0], "words_calendar_emptied", business, now, count=len(theirs))
        opened += 1
    return opened


async def clash_ticket(appointment: Appointment, business: Business, now: datetime) -> bool:
    """Open the ticket that something else stands at the time of a visit; return whether it is new.

    Once for a visit and its time, whoever finds it, also when the ticket is closed: staff may
    have meant it so.

    Args:
        appointment: the visit.
        business: for names and the promised answer.
        now: aware.
    """
    key = "words_calendar_clash"
    if await run(_is_known, appointment.code, _need(appointment, key, business)):
        return False
    await visit_ticket(appointment, key, business, now)
    return True


def _is_known(code: str, need: str) -> bool:
    with reading() as opened:
        query = select(Ticket.id).where(
            Ticket.kind == KIND, Ticket.reference == code, Ticket.need == need
        )
        return opened.execute(query).first() is not None


async def visit_ticket(
    appointment: Appointment, key: str, business: Business, now: datetime, **values: object
) -> None:
    """Open a ticket about a visit, with the contact that is on it.

    Args:
        appointment: the visit.
        key: of data/words/calendars.yml; {person} and {when} are filled in here.
        values: for the other placeholders.
    """
    await open_ticket(
        kind=KIND,
        need=_need(appointment, key, business, **values),
        language=business.default_language,
        conversation_id=f"calendar-{appointment.id}",
        channel=KIND,
        transcript=[],
        reference=appointment.code,
        name=appointment.contact_name,
        email=appointment.contact_email,
        phone=appointment.contact_phone,
        business=business,
        now=now,
    )


def _need(appointment: Appointment, key: str, business: Business, **values: object) -> str:
    language = business.default_language
    person = business.staff.get(appointment.staff_id)
    return words.phrase(
        key,
        language,
        0,
        person=person.name if person else appointment.staff_id,
        when=dates.say_moment(appointment.starts_at.astimezone(business.tz), language),
        **values,
    )
