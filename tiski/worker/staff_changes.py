"""Tells staff, by a ticket, of what needs a person after they changed something in a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tiski import words
from tiski.answers import dates
from tiski.booking.appointments import Appointment
from tiski.booking.calendars.follow import Change
from tiski.business import Business
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


async def visit_ticket(
    appointment: Appointment, key: str, business: Business, now: datetime, **values: object
) -> None:
    """Open a ticket about a visit, with the contact that is on it.

    Args:
        appointment: the visit.
        key: of data/words/calendars.yml; {person} and {when} are filled in here.
        values: for the other placeholders.
    """
    language = business.default_language
    person = business.staff.get(appointment.staff_id)
    need = words.phrase(
        key,
        language,
        0,
        person=person.name if person else appointment.staff_id,
        when=dates.say_moment(appointment.starts_at.astimezone(business.tz), language),
        **values,
    )
    await open_ticket(
        kind=KIND,
        need=need,
        language=language,
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
