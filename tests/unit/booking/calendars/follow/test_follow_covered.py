"""Staff put something of their own over a visit: it is noticed, and nothing is cancelled."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from salon import NOW, at
from sqlalchemy import select
from two_calendars import Staff, news, reason, row

from tiski.booking import appointments
from tiski.booking.appointments import Appointment
from tiski.booking.calendars.follow import Look, follow
from tiski.db import tables
from tiski.db.session import session

Book = Callable[..., Appointment]


def covered(look: Look) -> list[str]:
    assert {one.what for one in look.changes} <= {"covered"}
    return [one.appointment.code for one in look.changes]


@pytest.mark.parametrize(
    ("first", "last", "is_over_it"),
    [
        ("2026-11-24 10:30", "2026-11-24 11:00", True),
        ("2026-11-24 09:00", "2026-11-24 10:01", True),
        ("2026-11-24 11:29", "2026-11-24 12:00", True),
        ("2026-11-24 10:15", "2026-11-24 10:20", True),
        ("2026-11-24 00:00", "2026-11-25 00:00", True),
        ("2026-11-24 09:00", "2026-11-24 10:00", False),
        ("2026-11-24 11:30", "2026-11-24 12:00", False),  # in the buffer behind it
        ("2026-11-24 10:30", "2026-11-24 10:30", False),  # takes no time
        ("2026-11-25 10:00", "2026-11-25 11:30", False),
    ],
)
async def test_what_overlaps_a_visit_is_told(
    staff: Staff, booked: Book, first: str, last: str, is_over_it: bool
) -> None:
    """The visit is 10.00-11.30, with a buffer of 15 minutes behind it."""
    visit = booked("colour", "aino", "2026-11-24 10:00")
    await staff.mirrored(visit)
    staff.aino.add("dentist", at(first), at(last))
    look = await staff.look()
    assert covered(look) == [visit.code] * is_over_it
    assert (row(visit).status, row(visit).starts_at) == ("booked", at("2026-11-24 10:00"))
    assert news() == ["booked"], "the customer hears nothing"


async def test_our_own_copies_are_nothing_of_theirs(staff: Staff, booked: Book) -> None:
    first = booked("haircut", "aino", "2026-11-24 10:00")
    second = booked("haircut", "aino", "2026-11-24 10:45", conversation_id="c2")
    gone = booked("haircut", "aino", "2026-11-24 13:00", conversation_id="c3")
    await staff.mirrored(first, second, gone, then_look=False)
    with session() as opened:  # cancelled, and its copy could not be taken out yet
        opened.get(tables.Appointment, gone.id).status = "cancelled"
        opened.get(tables.Appointment, second.id).starts_at = at("2026-11-24 10:30")
    assert covered(await staff.look()) == []


async def test_what_takes_no_time_or_is_a_colleagues_covers_nothing(
    staff: Staff, booked: Book
) -> None:
    await staff.mirrored(booked("haircut", "aino", "2026-11-24 10:00"))
    staff.aino.add("birthday", at("2026-11-24 00:00"), at("2026-11-25 00:00"), is_busy=False)
    staff.mikko.add("dentist", at("2026-11-24 10:00"), at("2026-11-24 11:00"))
    assert covered(await staff.look()) == []


async def test_several_visits_under_one_day_off_are_told_each(staff: Staff, booked: Book) -> None:
    visits = [
        booked("haircut", "aino", f"2026-11-24 {hour}:00", conversation_id=f"c{hour}")
        for hour in (10, 12, 14)
    ]
    await staff.mirrored(*visits)
    staff.aino.add("ill", at("2026-11-24 00:00"), at("2026-11-25 00:00"))
    assert sorted(covered(await staff.look())) == sorted(visit.code for visit in visits)


async def test_a_visit_moved_by_staff_onto_something_of_theirs_is_told(
    staff: Staff, booked: Book
) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    [uid] = await staff.mirrored(visit)
    staff.aino.add("lunch", at("2026-11-24 12:00"), at("2026-11-24 13:00"))
    await staff.look()
    staff.aino.shift(uid, at("2026-11-24 12:30"), at("2026-11-24 13:15"))
    assert [one.what for one in (await staff.look()).changes] == ["moved"]
    assert covered(await staff.look()) == [visit.code]


async def test_what_is_being_booked_at_this_moment_is_left_to_who_books_it(
    staff: Staff, booked: Book
) -> None:
    """A copy is on its way: it will be looked at there, and perhaps be taken back."""
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    await staff.mirrored(visit)
    with session() as opened:
        for parcel in opened.scalars(select(tables.Delivery).filter_by(kind="calendar")):
            parcel.status = "waiting"
    staff.aino.add("dentist", at("2026-11-24 10:00"), at("2026-11-24 11:00"))
    assert covered(await staff.look()) == []


async def test_a_visit_that_is_over_or_cancelled_is_covered_by_nothing(
    staff: Staff, booked: Book
) -> None:
    over = booked("haircut", "aino", "2026-11-24 10:00")
    off = booked("haircut", "aino", "2026-11-24 13:00", conversation_id="c2")
    await staff.mirrored(over, off)
    appointments.cancel(off.code, now=NOW)
    staff.aino.add("holiday", at("2026-11-24 00:00"), at("2026-11-25 00:00"))
    look = await follow({"aino": staff.aino}, staff.business, at("2026-11-24 11:00"))
    assert covered(look) == []


async def test_the_desk_hears_of_it_while_the_time_is_taken_in_any_case(
    staff: Staff, booked: Book
) -> None:
    """A look before somebody else's booking has stored it: it is told all the same."""
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    await staff.mirrored(visit)
    staff.aino.add("dentist", at("2026-11-24 10:30"), at("2026-11-24 11:30"))
    with session() as opened:
        opened.add(
            tables.BusyTime(
                resource="aino", starts_at=at("2026-11-24 10:30"), ends_at=at("2026-11-24 11:30")
            )
        )
    assert covered(await staff.look()) == [visit.code]
    assert reason(staff.business, at("2026-11-24 11:00")) == "taken"
