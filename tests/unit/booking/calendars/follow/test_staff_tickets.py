"""What staff are asked to do after they changed a calendar: stored with the change, and once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from salon import NOW, at, opening, service
from two_calendars import Staff, news, row, tickets

from tiski.booking.appointments import Appointment, book
from tiski.booking.calendars import take_over
from tiski.booking.calendars.follow import follow
from tiski.booking.calendars.staff_tickets import clash_ticket, visit_ticket
from tiski.business import Business
from tiski.db.session import session
from tiski.db.tables import Ticket

Book = Callable[..., Appointment]


async def test_what_the_customer_is_told_of_needs_nobody(staff: Staff, booked: Book) -> None:
    first = booked("haircut", "aino", "2026-11-24 10:00")
    second = booked("haircut", "aino", "2026-11-24 13:00", conversation_id="c2")
    moved, deleted = await staff.mirrored(first, second)
    staff.aino.shift(moved, at("2026-11-24 15:00"), at("2026-11-24 15:45"))
    staff.aino.delete(deleted)
    look = await staff.look()
    assert sorted(one.what for one in look.changes) == ["cancelled", "moved"]
    assert not any(one.has_ticket for one in look.changes)
    assert tickets() == []


@pytest.mark.parametrize(
    ("what", "language", "need"),
    [
        ("moved", "en", "Aino moved the booking: the new time is Tuesday 24 November at 15:00. "
         "The customer could not be sent a message, so please call them."),
        ("moved", "fi", "Aino siirsi varauksen: uusi aika tiistaina 24.11. klo 15.00. "
         "Asiakkaalle ei voitu lähettää viestiä, joten hänelle pitää soittaa."),
        ("cancelled", "en", "Aino deleted the booking Tuesday 24 November at 10:00 from the "
         "calendar, and it was cancelled. The customer could not be sent a message, so please call them."),
        ("moved_onto", "en", "Aino: the booking Tuesday 24 November at 10:00 was moved onto "
         "another one in the calendar, so it was left as it was."),
        ("covered", "en", "Aino: the calendar has something else at the time of the booking"
         " Tuesday 24 November at 10:00."),
        ("covered", "fi",
         "Aino: kalenterissa on jotain muuta samaan aikaan kuin varaus tiistaina 24.11. klo 10.00."),
    ],
)  # fmt: skip
async def test_the_ticket_says_what_to_do_and_whom_to_call(
    staff: Staff,
    booked: Book,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    language: str,
    need: str,
) -> None:
    if what in ("moved", "cancelled"):
        monkeypatch.setenv("MAIL_URL", "")  # nobody can be sent anything
    staff.business = staff.business.copy(update={"default_language": language})
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    other = booked("haircut", "aino", "2026-11-24 13:00", conversation_id="c2")
    uid, _ = await staff.mirrored(visit, other)
    if what == "covered":
        staff.aino.add("dentist", at("2026-11-24 10:00"), at("2026-11-24 11:00"))
    elif what == "cancelled":
        staff.aino.delete(uid)
    else:
        hour = 13 if what == "moved_onto" else 15
        staff.aino.shift(uid, at(f"2026-11-24 {hour}:00"), at(f"2026-11-24 {hour}:45"))
    [change] = (await staff.look()).changes
    assert (change.what, change.has_ticket) == (what, True)
    [ticket] = tickets()
    assert (ticket.need, ticket.kind, ticket.language) == (need, "calendar", language)
    assert (ticket.contact_name, ticket.contact_phone) == (visit.contact_name, visit.contact_phone)
    assert (ticket.reference, ticket.status) == (visit.code, "open")


async def test_many_that_vanished_are_one_ticket_for_each_person(
    staff: Staff, booked: Book
) -> None:
    await staff.mirrored(*(
        booked("haircut", staff_id, f"2026-11-24 1{hour}:00", conversation_id=f"{staff_id}{hour}")
        for staff_id, hours in (("mikko", range(4)), ("aino", range(3)))
        for hour in hours
    ))  # fmt: skip
    staff.aino.stands.clear()
    staff.mikko.stands.clear()
    look = await staff.look()
    assert sum(one.has_ticket for one in look.changes) == 2
    assert sorted(ticket.need.split(" vanished")[0] for ticket in tickets()) == [
        "Aino: 3 bookings",
        "Mikko: 4 bookings",
    ]


async def test_moved_to_where_the_place_it_takes_is_in_use_it_stays(
    make_business: Callable[..., Business], monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = Staff(make_business(
        services={"colour": service("colour", 90, uses=["basin"])},
        resources={"basin": {"name": {"en": "basin"}}},
    ))  # fmt: skip
    for name, value in (("CALENDAR_VENDOR", "memory"), ("CALENDARS", "aino=here mikko=there")):
        monkeypatch.setenv(name, value)
    first, second = (
        book(
            staff.business, opening(staff.business, "colour", who, f"2026-11-24 {hour}:00"),
            name="Maija Meikäläinen", email="maija@example.com", phone=None, language="en",
            conversation_id=who, now=NOW,
        )
        for who, hour in (("aino", 10), ("mikko", 13))
    )  # fmt: skip
    uid, _ = await staff.mirrored(first, second)
    staff.aino.shift(uid, at("2026-11-24 13:30"), at("2026-11-24 15:00"))
    [change] = (await staff.look()).changes
    assert (change.what, change.has_ticket) == ("moved_where_in_use", True)
    assert row(first).starts_at == first.starts_at
    [ticket] = tickets()
    assert ticket.need == (
        "Aino: the booking Tuesday 24 November at 10:00 was moved in the calendar to when the"
        " place or device that it needs is in use, so it was left as it was."
    )


class Crash(BaseException):
    """The process dies here: nothing of ours catches it."""


@pytest.mark.parametrize("what", ["moved", "cancelled", "moved_onto", "vanished", "covered"])
async def test_a_crash_before_the_ticket_loses_neither_it_nor_the_change(
    staff: Staff, booked: Book, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    if what in ("moved", "cancelled"):
        monkeypatch.setenv("MAIL_URL", "")
    visits = [
        booked("haircut", "aino", f"2026-11-24 {hour}:00", conversation_id=f"c{hour}")
        for hour in (10, 12, 14)
    ]
    uids = await staff.mirrored(*visits)
    if what == "covered":
        staff.aino.add("dentist", at("2026-11-24 10:00"), at("2026-11-24 11:00"))
    elif what == "vanished":
        staff.aino.stands.clear()
    elif what == "cancelled":
        staff.aino.delete(uids[0])
    else:
        hour = 12 if what == "moved_onto" else 16
        staff.aino.shift(uids[0], at(f"2026-11-24 {hour}:00"), at(f"2026-11-24 {hour}:45"))

    def crash(*_: object, **__: object) -> None:
        raise Crash

    before = [(row(one).status, row(one).starts_at) for one in visits], news()
    with monkeypatch.context() as patch:
        for name in ("visit_ticket", "clash_ticket"):
            patch.setattr(take_over, name, crash)
        with pytest.raises(Crash):
            await staff.look()
    assert ([(row(one).status, row(one).starts_at) for one in visits], news()) == before
    look = await staff.look()
    assert {one.what for one in look.changes} == {what}
    assert len(tickets()) == 1


async def test_somebody_who_left_the_page_is_named_by_their_id(
    business: Business, booked: Book
) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    nobody = business.copy(update={"staff": {}})
    with session() as opened:
        visit_ticket(opened, visit, "words_calendar_clash", nobody, NOW)
    assert tickets()[0].need.startswith("aino: the calendar has something else")


async def test_something_over_a_visit_is_told_once(staff: Staff, booked: Book) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    await staff.mirrored(visit)
    staff.aino.add("dentist", at("2026-11-24 10:00"), at("2026-11-24 11:00"))
    await staff.look()
    [ticket] = tickets()
    later = NOW + timedelta(hours=1)
    staff.aino.add("lunch", at("2026-11-25 11:00"), at("2026-11-25 12:00"))  # another look at all
    again = await follow({"aino": staff.aino}, staff.business, later)
    assert [(one.what, one.has_ticket) for one in again.changes] == [("covered", False)]
    with session() as opened:
        opened.get(Ticket, ticket.id).status = "closed"
    with session() as opened:
        assert not clash_ticket(opened, visit, staff.business, later), "they know, and left it"
    assert len(tickets()) == 1


async def test_at_another_time_it_is_another_ticket(business: Business, booked: Book) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    moved = replace(visit, starts_at=at("2026-11-25 10:00"), ends_at=at("2026-11-25 10:45"))
    with session() as opened:
        assert clash_ticket(opened, visit, business, NOW)
        assert clash_ticket(opened, moved, business, NOW + timedelta(hours=1))
    assert [ticket.reference for ticket in tickets()] == [visit.code, visit.code]
