"""An appointment as iCalendar (RFC 5545): the invitation in a mail, and the file behind the link.

Times are in UTC, so that no program has to know our rules of summer time, and none of its own
mistakes with them matters. The customer's calendar finds the event again by its UID.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from icalendar import Calendar, Event, vCalAddress

from tiski import words
from tiski.answers.visits import visit_facts
from tiski.booking.grid import utc
from tiski.business import Business

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"

_PRODUCT = "-//Tiski//Tiski//EN"


def invitation(
    business: Business,
    language: str,
    *,
    method: str,
    uid: str,
    sequence: int,
    service_id: str,
    staff_id: str,
    starts_at: datetime,
    ends_at: datetime,
    link: str,
    now: datetime,
    attendee: str | None = None,
    attendee_name: str | None = None,
) -> str:
    """Write one event.

    Args:
        business: the organizer.
        language: of the texts in it.
        method: REQUEST (a new or moved visit), CANCEL, or PUBLISH (a file without an attendee).
        uid: of the appointment.
        sequence: how often it was moved. A CANCEL gets the next one: its status is a change
            (RFC 5546, 2.1.4).
        service_id: of the page.
        staff_id: of the page.
        starts_at: aware.
        ends_at: aware.
        link: to the appointment's page.
        now: aware; when this was written.
        attendee: the customer's e-mail address; needed unless it is PUBLISH.
        attendee_name: of the customer, or None.

    Returns:
        The text, its lines ended by CRLF.
    """
    facts = visit_facts(
        business, language, service_id=service_id, staff_id=staff_id, starts_at=starts_at
    )
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", utc(now).replace(microsecond=0))
    event.add("sequence", sequence + (method == CANCEL))
    event.add("dtstart", utc(starts_at))
    event.add("dtend", utc(ends_at))
    event.add("summary", " – ".join(filter(None, (facts["service"], facts["business"]))))
    event.add("location", facts["address"])
    notes = words.phrase("words_visit_event_notes", language, link=link, phone=facts["phone"])
    event.add("description", notes)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("transp", "OPAQUE")
    organizer = _address(business.contact.email)
    organizer.params["CN"] = facts["business"]
    event.add("organizer", organizer)
    if attendee and method != PUBLISH:
        guest = _address(attendee)
        # Booked by themselves, so there is nothing to accept and nobody to answer
        guest.params.update(ROLE="REQ-PARTICIPANT", PARTSTAT="ACCEPTED", RSVP="FALSE")
        if attendee_name:
            guest.params["CN"] = attendee_name
        event.add("attendee", guest)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return calendar.to_ical().decode()


def _address(email: str) -> vCalAddress:
    # icalendar does not escape addresses; what is no plain part of one is encoded (RFC 6068)
    return vCalAddress("mailto:" + quote(email, safe="@!#$&'*+-/=?^_`{|}~."))
