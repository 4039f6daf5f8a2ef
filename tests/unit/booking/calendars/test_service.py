"""A booking is in the database and in the calendar; whatever happens to the calendar."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from memory import MemoryCalendar
from salon import NOW, at, opening
from sqlalchemy import select

from tiski import clock
from tiski.booking import appointments, service, waiting_list
from tiski.booking.appointments import Appointment, cancel, find_appointments
from tiski.booking.calendars.mirror import mirror
from tiski.booking.errors import AlreadyTaken
from tiski.booking.openings import free_openings
from tiski.business import Business
from tiski.db import tables
from tiski.db.session import reading
from tiski.outside.errors import Trouble


@pytest.fixture(autouse=True)
def fixed_clock() -> Iterator[None]:
    clock.fix(NOW)
    yield
    clock.fix(None)


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> MemoryCalendar:
    """Aino's."""
    monkeypatch.setenv("CALENDAR_VENDOR", "memory")
    monkeypatch.setenv("CALENDARS", "aino=here")
    monkeypatch.setenv("MAIL_URL", "smtp+plain://localhost:25")
    made = MemoryCalendar()
    monkeypatch.setattr(service, "calendars", lambda _business: {"aino": made})
    return made


async def book(business: Business, start: str = "2026-11-24 10:00", **changes: Any) -> Appointment:
    usual = {
        "name": "Maija Meikäläinen",
        "email": "maija@example.com",
        "phone": None,
        "language": "fi",
        "conversation_id": "c1",
        "now": NOW,
    }
    return await service.book(
        business, opening(business, "haircut", "aino", start), **(usual | changes)
    )


def outbox(*, status: str | None = None) -> list[tuple[str, str]]:
    with reading() as opened:
        rows = opened.scalars(select(tables.Delivery).order_by(tables.Delivery.id)).all()
        return [(r.kind, r.status) for r in rows if status in (None, r.status)]


def row_of(appointment: Appointment) -> tables.Appointment:
    with reading() as opened:
        return opened.get(tables.Appointment, appointment.id)


async def test_a_booking_stands_in_the_calendar_and_the_customer_is_told(
    business: Business, calendar: MemoryCalendar
) -> None:
    booked = await book(business)
    [entry] = calendar.stands.values()
    assert (entry.starts_at, entry.ends_at) == (booked.starts_at, booked.ends_at)
    assert outbox() == [("calendar", "done"), ("visit_mail", "waiting")]
    with reading() as opened:
        news = opened.scalars(select(tables.Delivery).filter_by(kind="visit_mail")).one()
        assert news.not_before == NOW, "it goes at once"
        assert news.content["what"] == "booked"


async def test_a_second_tap_books_writes_and_tells_nothing_more(
    business: Business, calendar: MemoryCalendar
) -> None:
    first = await book(business)
    again = await book(business)
    assert again.code == first.code
    assert calendar.calls.count("put") == 1
    assert len(outbox()) == 2


async def test_what_staff_put_in_since_the_last_look_is_seen(
    business: Business, calendar: MemoryCalendar
) -> None:
    calendar.add("dentist", at("2026-11-24 09:30"), at("2026-11-24 10:15"))
    with pytest.raises(AlreadyTaken):
        await book(business)
    assert outbox() == []
    assert "dentist" in calendar.stands and len(calendar.stands) == 1
    found = free_openings(
        business,
        "haircut",
        at("2026-11-24 09:00"),
        at("2026-11-24 12:00"),
        staff_id="aino",
        now=NOW,
    )
    assert found and found[0].starts_at == at("2026-11-24 10:15")


async def test_who_takes_the_time_between_look_and_write_keeps_it(
    business: Business, calendar: MemoryCalendar
) -> None:
    calendar.after_put = lambda: calendar.add(
        "dentist", at("2026-11-24 10:30"), at("2026-11-24 11:00")
    )
    with pytest.raises(AlreadyTaken):
        await book(business)
    assert list(calendar.stands) == ["dentist"], "ours is taken out again"
    assert outbox(status="waiting") == [], "nobody is told of what did not come about"
    assert ("visit_mail", "dropped") in outbox()
    assert find_appointments(email="maija@example.com", now=NOW) == []
    with reading() as opened:
        assert opened.scalars(select(tables.Claim)).all() == []


@pytest.mark.parametrize("trouble", list(Trouble))
async def test_a_calendar_that_fails_keeps_nobody_from_booking(
    business: Business, calendar: MemoryCalendar, trouble: Trouble
) -> None:
    calendar.fails = trouble
    booked = await book(business)
    assert booked.status == "booked"
    assert outbox() == [("calendar", "waiting"), ("visit_mail", "waiting")]
    calendar.fails = None
    await mirror(booked.id, {"aino": calendar}, business, NOW)
    assert [entry.starts_at for entry in calendar.stands.values()] == [booked.starts_at]


async def test_a_calendar_that_hangs_is_not_waited_for(
    business: Business, calendar: MemoryCalendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: Any) -> None:
        await asyncio.sleep(3600)

    monkeypatch.setattr(calendar, "entries", hang)
    monkeypatch.setattr(service, "_LOOK_SECONDS", 0.05)
    monkeypatch.setattr(service, "_WRITE_SECONDS", 0.05)
    booked = await asyncio.wait_for(book(business), 5)
    assert booked.status == "booked"
    assert ("calendar", "waiting") in outbox()


async def test_a_move_is_followed_and_the_old_time_is_free(
    business: Business, calendar: MemoryCalendar
) -> None:
    booked = await book(business)
    there = opening(business, "haircut", "aino", "2026-11-25 12:00")
    moved = await service.move(business, booked.code, there, now=NOW)
    [entry] = calendar.stands.values()
    assert entry.starts_at == moved.starts_at == at("2026-11-25 12:00")
    assert row_of(moved).sequence == 1


async def test_a_move_onto_something_in_the_calendar_leaves_all_as_it_was(
    business: Business, calendar: MemoryCalendar
) -> None:
    booked = await book(business)
    calendar.after_put = lambda: (
        calendar.stands.setdefault("dentist", calendar.stands[row_of(booked).uid])
        and calendar.add("dentist", at("2026-11-25 12:00"), at("2026-11-25 13:00"))
    )
    there = opening(business, "haircut", "aino", "2026-11-25 12:00")
    with pytest.raises(AlreadyTaken):
        await service.move(business, booked.code, there, now=NOW)
    calendar.after_put = None
    assert row_of(booked).starts_at == booked.starts_at
    assert calendar.stands[row_of(booked).uid].starts_at == booked.starts_at
    assert ("visit_mail", "dropped") in outbox()


async def test_the_old_time_of_a_move_is_offered_only_when_the_move_holds(
    business: Business, calendar: MemoryCalendar
) -> None:
    booked = await book(business)
    waiting_list.join(
        service_id="haircut",
        staff_id=None,
        wish="any time",
        windows=[],
        name="Liisa",
        email="liisa@example.com",
        phone=None,
        language="fi",
        conversation_id="c9",
        now=NOW,
    )
    there = opening(business, "haircut", "aino", "2026-11-25 12:00")
    offered: list[Any] = []

    def somebody_else_puts() -> None:
        calendar.after_put = None
        with reading() as opened:
            query = select(tables.Delivery).filter_by(kind="freed", status="waiting")
            offered.extend(row.not_before > NOW for row in opened.scalars(query))
        calendar.add("dentist", at("2026-11-25 12:00"), at("2026-11-25 13:00"))

    calendar.after_put = somebody_else_puts
    with pytest.raises(AlreadyTaken):
        await service.move(business, booked.code, there, now=NOW)
    assert offered == [True], "it waits until the calendar was looked at"
    assert ("freed", "dropped") in outbox() and ("freed", "waiting") not in outbox()

    calendar.delete("dentist")
    await service.move(business, booked.code, there, now=NOW)
    with reading() as opened:
        [row] = opened.scalars(select(tables.Delivery).filter_by(kind="freed", status="waiting"))
        assert row.not_before == NOW


async def test_a_move_whose_old_time_has_gone_stays_and_staff_will_hear(
    business: Business, calendar: MemoryCalendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked = await book(business)
    there = opening(business, "haircut", "aino", "2026-11-25 12:00")

    def everything_goes() -> None:
        calendar.after_put = None
        calendar.add("dentist", at("2026-11-25 12:00"), at("2026-11-25 13:00"))
        appointments.book(
            business,
            opening(business, "haircut", "aino", "2026-11-24 10:00"),
            name="Liisa",
            email="liisa@example.com",
            phone=None,
            language="fi",
            conversation_id="c9",
            now=NOW,
        )

    calendar.after_put = everything_goes
    moved = await service.move(business, booked.code, there, now=NOW)
    assert row_of(moved).starts_at == at("2026-11-25 12:00")
    assert ("calendar", "waiting") in outbox(), "the courier meets the clash and opens a ticket"


async def test_a_cancelled_visit_leaves_the_calendar(
    business: Business, calendar: MemoryCalendar
) -> None:
    booked = await book(business)
    await service.cancel(business, booked.code, now=NOW)
    assert calendar.stands == {}
    assert outbox(status="waiting") == [("visit_mail", "waiting")] * 2


async def test_cancelled_while_the_calendar_was_down_it_leaves_later(
    business: Business, calendar: MemoryCalendar
) -> None:
    booked = await book(business)
    calendar.fails = Trouble.CANNOT_CONNECT
    await service.cancel(business, booked.code, now=NOW)
    assert len(calendar.stands) == 1
    calendar.fails = None
    await mirror(booked.id, {"aino": calendar}, business, NOW)
    assert calendar.stands == {}


async def test_a_put_that_arrived_unheard_is_taken_out_with_the_visit(
    business: Business, calendar: MemoryCalendar
) -> None:
    def fail() -> None:
        calendar.fails = Trouble.CANNOT_CONNECT
        calendar._call("answer")

    calendar.after_put = fail  # written there, and we hear of a broken connection
    booked = await book(business)
    calendar.after_put = calendar.fails = None
    assert len(calendar.stands) == 1
    cancel(booked.code, now=NOW)
    await mirror(booked.id, {"aino": calendar}, business, NOW)
    assert calendar.stands == {}


async def test_after_a_crash_the_courier_goes_on(
    business: Business, calendar: MemoryCalendar
) -> None:
    parcels: list[int] = []
    appointments.book(
        business,
        opening(business, "haircut", "aino", "2026-11-24 10:00"),
        name="Maija",
        email="maija@example.com",
        phone=None,
        language="fi",
        conversation_id="c1",
        now=NOW,
        parcels=parcels,
    )  # and the process dies here
    assert len(parcels) == 2
    with reading() as opened:
        due = [row.not_before - NOW for row in opened.scalars(select(tables.Delivery))]
    assert due == [timedelta(seconds=15)] * 2


async def test_fifty_customers_for_one_time(business: Business, calendar: MemoryCalendar) -> None:
    async def one(number: int) -> bool:
        try:
            await book(business, conversation_id=f"c{number}", email=f"c{number}@example.com")
        except AlreadyTaken:
            return False
        return True

    results = await asyncio.gather(*(one(number) for number in range(50)))
    assert results.count(True) == 1
    assert len(calendar.stands) == 1
