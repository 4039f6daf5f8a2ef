"""tiski/worker/staff_changes.py: what staff are asked to do after they changed a calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from salon import NOW, at
from sqlalchemy import select

from tiski.booking.appointments import Appointment
from tiski.booking.calendars.follow import Change
from tiski.business import Business
from tiski.db.session import reading, session
from tiski.db.tables import Ticket
from tiski.worker.staff_changes import clash_ticket, tell_staff, visit_ticket

Booked = Callable[..., Appointment]


@pytest.fixture
def visit(booked: Booked) -> Appointment:
    return booked("haircut", "aino", "2026-11-24 10:00")


def tickets() -> list[Any]:
    with reading() as opened:
        return list(opened.scalars(select(Ticket).order_by(Ticket.id)))


async def test_what_the_customer_is_told_of_needs_nobody(
    salon: Business, visit: Appointment
) -> None:
    changes = [Change("moved", visit), Change("cancelled", visit)]
    assert await tell_staff(changes, salon, NOW) == 0
    assert await tell_staff([], salon, NOW) == 0
    assert tickets() == []


@pytest.mark.parametrize(
    ("change", "language", "need"),
    [
        ("moved", "en", "Aino moved the booking: the new time is Tuesday 24 November at 10:00. "
         "The customer could not be sent a message, so please call them."),
        ("moved", "fi", "Aino siirsi varauksen: uusi aika tiistaina 24.11. klo 10.00. "
         "Asiakkaalle ei voitu lähettää viestiä, joten hänelle pitää soittaa."),
        ("cancelled", "en", "Aino deleted the booking Tuesday 24 November at 10:00 from the "
         "calendar, and it was cancelled. The customer could not be sent a message, so please call them."),
        ("moved_onto", "en", "Aino: the booking Tuesday 24 November at 10:00 was moved onto "
         "another one in the calendar, so it was left as it was."),
    ],
)  # fmt: skip
async def test_the_ticket_says_what_to_do_and_whom_to_call(
    salon: Business, visit: Appointment, change: str, language: str, need: str
) -> None:
    # Told or not, what was moved onto another visit is for a person
    told = change == "moved_onto"
    salon = salon.copy(update={"default_language": language})
    assert await tell_staff([Change(change, visit, is_told=told)], salon, NOW) == 1
    [ticket] = tickets()
    assert (ticket.need, ticket.kind, ticket.language) == (need, "calendar", language)
    assert (ticket.contact_name, ticket.contact_phone) == ("Maija Meikäläinen", "+358401234567")
    assert (ticket.reference, ticket.status) == (visit.code, "open")


async def test_many_that_vanished_are_one_ticket_for_each_person(
    salon: Business, booked: Booked
) -> None:
    changes = [
        Change("vanished", booked("haircut", staff_id, f"2026-11-24 1{hour}:00"))
        for staff_id, hours in (("mikko", range(4)), ("aino", range(3)))
        for hour in hours
    ]
    assert await tell_staff(changes, salon, NOW) == 2
    assert [ticket.need.split(" vanished")[0] for ticket in tickets()] == [
        "Aino: 3 bookings",
        "Mikko: 4 bookings",
    ]


async def test_somebody_who_left_the_page_is_named_by_their_id(
    salon: Business, visit: Appointment
) -> None:
    salon = salon.copy(update={"staff": {}})
    await visit_ticket(visit, "words_calendar_clash", salon, NOW)
    assert tickets()[0].need.startswith("aino: the calendar has something else")


async def test_the_same_found_twice_is_one_ticket(salon: Business, visit: Appointment) -> None:
    for _ in range(2):
        await visit_ticket(visit, "words_calendar_clash", salon, NOW)
    assert len(tickets()) == 1


async def test_something_over_a_visit_is_one_ticket_with_its_code_and_time(
    salon: Business, visit: Appointment
) -> None:
    change = Change("covered", visit)
    assert await tell_staff([change], salon, NOW) == 1
    [ticket] = tickets()
    assert (ticket.reference, ticket.contact_phone) == (visit.code, visit.contact_phone)
    assert ticket.need == (
        "Aino: the calendar has something else at the time of the booking"
        " Tuesday 24 November at 10:00."
    )
    later = NOW + timedelta(hours=1)
    assert await tell_staff([change], salon, later) == 0, "each look finds it again"
    with session() as opened:
        opened.get(Ticket, ticket.id).status = "closed"
    assert await tell_staff([change], salon, later) == 0, "they know, and left it"
    assert not await clash_ticket(visit, salon, later), "whoever finds it"
    assert len(tickets()) == 1


async def test_at_another_time_it_is_another_ticket(salon: Business, visit: Appointment) -> None:
    moved = replace(visit, starts_at=at("2026-11-25 10:00"), ends_at=at("2026-11-25 10:45"))
    assert await tell_staff([Change("covered", visit)], salon, NOW) == 1
    assert await tell_staff([Change("covered", moved)], salon, NOW + timedelta(hours=1)) == 1
    assert [ticket.reference for ticket in tickets()] == [visit.code, visit.code]


async def test_it_is_told_in_finnish_too(salon: Business, visit: Appointment) -> None:
    salon = salon.copy(update={"default_language": "fi"})
    await tell_staff([Change("covered", visit)], salon, NOW)
    assert tickets()[0].need == (
        "Aino: kalenterissa on jotain muuta samaan aikaan kuin varaus tiistaina 24.11. klo 10.00."
    )
