"""Tells staff, by a ticket, of what needs a person after they changed something in a calendar."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tiski import words
from tiski.answers import dates
from tiski.booking.appointments import Appointment
from tiski.business import Business
from tiski.db.tables import Ticket
from tiski.handoff.tickets import store_ticket

KIND = "calendar"


def clash_ticket(
    opened: Session, appointment: Appointment, business: Business, now: datetime
) -> bool:
    """Open the ticket that something else stands at the time of a visit; return whether it is new.

    Once for a visit and its time, whoever finds it, also when the ticket is closed: staff may
    have meant it so.

    Args:
        opened: the transaction to store it in.
        appointment: the visit.
        business: for names and the promised answer.
        now: aware.
    """
    key = "words_calendar_clash"
    need = _need(appointment, key, business)
    known = select(Ticket.id).where(
        Ticket.kind == KIND, Ticket.reference == appointment.code, Ticket.need == need
    )
    if opened.execute(known).first():
        return False
    visit_ticket(opened, appointment, key, business, now)
    return True


def visit_ticket(
    opened: Session,
    appointment: Appointment,
    key: str,
    business: Business,
    now: datetime,
    **values: object,
) -> None:
    """Open a ticket about a visit, with the contact that is on it.

    Args:
        opened: the transaction to store it in. The owner is mailed by whoever ends it
            (`tiski.notify.owner.wake`).
        appointment: the visit.
        key: of data/words/calendars.yml; {person} and {when} are filled in here.
        values: for the other placeholders.
    """
    store_ticket(
        opened,
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
