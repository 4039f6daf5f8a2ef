"""tiski/worker/first_copies.py: what was booked before there were calendars."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from salon import NOW, at
from sqlalchemy import select, update

from tiski.booking.appointments import Appointment, cancel
from tiski.business import Business
from tiski.db.session import reading, session
from tiski.db.tables import CalendarCopy, Delivery
from tiski.worker.first_copies import copy_all

Booked = Callable[..., Appointment]


@pytest.fixture(autouse=True)
def no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAIL_URL")


def connect(monkeypatch: pytest.MonkeyPatch, calendars: str = "aino=here") -> None:
    monkeypatch.setenv("CALENDAR_VENDOR", "caldav")
    monkeypatch.setenv("CALENDARS", calendars)


def parcels() -> list[tuple[str, int]]:
    with reading() as opened:
        rows = opened.scalars(select(Delivery).order_by(Delivery.id)).all()
    return [(row.queue, row.content["appointment"]) for row in rows if row.kind == "calendar"]


async def test_every_coming_visit_of_those_who_have_a_calendar_once(
    salon: Business, booked: Booked, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = booked("haircut", "aino", "2026-11-24 10:00")
    second = booked("haircut", "aino", "2026-11-25 10:00")
    booked("haircut", "mikko", "2026-11-25 10:00")
    cancel(booked("haircut", "aino", "2026-11-26 10:00").code, now=NOW)
    connect(monkeypatch, "aino=here gone=there")
    assert await copy_all(salon, NOW) == 2
    assert parcels() == [(f"visit-{one.id}-calendar", one.id) for one in (first, second)]
    assert await copy_all(salon, NOW) == 0, "they are on their way"


async def test_what_is_over_stays_out_and_what_goes_on_does_not(
    salon: Business, booked: Booked, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked("haircut", "aino", "2026-11-24 10:00")
    connect(monkeypatch)
    assert await copy_all(salon, at("2026-11-24 10:45")) == 0
    assert await copy_all(salon, at("2026-11-24 10:44")) == 1


async def test_what_has_a_copy_needs_none(
    salon: Business, booked: Booked, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    with session() as opened:
        opened.add(
            CalendarCopy(
                appointment_id=visit.id, resource="aino", place="x", version="1", written_at=NOW
            )
        )
    connect(monkeypatch)
    assert await copy_all(salon, NOW) == 0


async def test_what_failed_is_tried_again_at_the_next_start(
    salon: Business, booked: Booked, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked("haircut", "aino", "2026-11-24 10:00")
    connect(monkeypatch)
    assert await copy_all(salon, NOW) == 1
    with session() as opened:
        opened.execute(update(Delivery).values(status="failed"))
    assert await copy_all(salon, NOW) == 1
