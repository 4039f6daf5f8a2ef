"""What a customer who followed the link to an appointment is greeted with in the chat."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from tiski import clock, words
from tiski.answers import dates
from tiski.answers.visits import language_of
from tiski.booking.appointments import by_id
from tiski.booking.links import appointment_of
from tiski.business import load_business
from tiski.db.session import run


@dataclass(frozen=True)
class Greeting:
    """What is said, and the buttons below it."""

    text: str
    buttons: list[dict[str, str]]


async def visit_greeting(token: object, language: str | None) -> Greeting | None:
    """Return the greeting; None when the link is forged or too old, or the visit is over or off.

    Args:
        token: as it came in the address.
        language: of the page, or None.
    """
    now = clock.now()
    number = appointment_of(token, now)
    if number is None:
        return None
    try:
        visit = await run(by_id, number)
    except SQLAlchemyError:  # without the database, it is a chat as usual
        return None
    if visit is None or visit.status != "booked" or visit.starts_at <= now:
        return None
    business = load_business()
    service = business.services.get(visit.service_id)
    if service is None:
        return None
    language = language_of(business, language or visit.language)
    when = dates.say_moment(visit.starts_at.astimezone(business.tz), language)
    text = words.phrase("utter_visit_link", language, service=service.name.get(language), when=when)
    return Greeting(text, words.buttons("utter_visit_link", language))
