"""tiski/worker/reminders.py: who is reminded, when, and who is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from salon import at, opening
from sqlalchemy import select

from tiski.booking.appointments import Appointment, cancel, reschedule
from tiski.booking.visits import change_contact
from tiski.business import Business
from tiski.db.session import reading, session
from tiski.db.tables import Appointment as Row
from tiski.db.tables import Delivery
from tiski.worker import reminders as reminders_module
from tiski.worker.reminders import remind

Booked = Callable[..., Appointment]
VISIT = "2026-11-26 10:00"
DUE = at("2026-11-25 10:00")


def reminders() -> list[str]:
    """When the visits are that somebody was reminded of."""
    with reading() as opened:
        rows = opened.scalars(select(Delivery).order_by(Delivery.id)).all()
    return [row.content["starts_at"] for row in rows if row.content.get("what") == "reminder"]


def moved(salon: Business, visit: Appointment, to: str, now: datetime) -> None:
    reschedule(salon, visit.code, opening(salon, "haircut", "aino", to), now=now)


async def test_due_a_day_before_and_not_twice(salon: Business, booked: Booked) -> None:
    booked("haircut", "aino", VISIT)
    assert await remind(salon, DUE - timedelta(seconds=1)) == 0
    assert await remind(salon, DUE) == 1
    assert [await remind(salon, DUE + timedelta(hours=hour)) for hour in range(3)] == [0, 0, 0]
    assert reminders() == ["2026-11-26T08:00:00+00:00"]


async def test_late_is_better_than_never_until_the_visit_begins(
    salon: Business, booked: Booked
) -> None:
    booked("haircut", "aino", VISIT)
    booked("haircut", "mikko", VISIT)
    assert await remind(salon, at(VISIT)) == 0
    assert await remind(salon, at(VISIT) - timedelta(minutes=1)) == 2


async def test_hours_are_hours_when_the_clocks_change(salon: Business, booked: Booked) -> None:
    booking = salon.booking.copy(update={"reminder_hours": 48})
    salon = salon.copy(update={"booking": booking})
    booked("haircut", "aino", "2027-11-01 10:00")  # the clocks go back the day before
    assert await remind(salon, at("2027-10-30 10:59")) == 0
    assert await remind(salon, at("2027-10-30 11:00")) == 1


async def test_who_books_or_moves_within_the_day_needs_none(
    salon: Business, booked: Booked
) -> None:
    booked("haircut", "mikko", VISIT, now=DUE + timedelta(minutes=1))
    visit = booked("haircut", "aino", "2026-11-30 10:00")
    moved(salon, visit, "2026-11-26 14:00", now=at("2026-11-25 15:00"))
    assert await remind(salon, at("2026-11-25 16:00")) == 0


async def test_moved_to_another_day_they_are_reminded_again(
    salon: Business, booked: Booked
) -> None:
    visit = booked("haircut", "aino", VISIT)
    assert await remind(salon, DUE) == 1
    moved(salon, visit, "2026-11-30 10:00", now=DUE + timedelta(hours=1))
    assert await remind(salon, DUE + timedelta(hours=2)) == 0
    assert await remind(salon, at("2026-11-29 10:00")) == 1
    assert reminders() == ["2026-11-26T08:00:00+00:00", "2026-11-30T08:00:00+00:00"]


async def test_without_reminder_hours_never(salon: Business, booked: Booked) -> None:
    booked("haircut", "aino", VISIT)
    booking = salon.booking.copy(update={"reminder_hours": None})
    assert await remind(salon.copy(update={"booking": booking}), DUE) == 0
    assert reminders() == []


async def test_cancelled_and_held_are_not_reminded(salon: Business, booked: Booked) -> None:
    cancel(booked("haircut", "aino", VISIT).code, now=at("2026-11-24 10:00"))
    held = booked("haircut", "mikko", VISIT)
    with session() as opened:
        opened.get(Row, held.id).status = "held"
    assert await remind(salon, DUE) == 0


async def test_who_cannot_be_reached_costs_no_write_in_each_round(
    salon: Business, booked: Booked, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked("haircut", "aino", VISIT, email=None)
    monkeypatch.setattr(reminders_module, "session", None)
    assert await remind(salon, DUE) == 0


async def test_a_phone_alone_is_of_no_use_without_text_messages(
    salon: Business, booked: Booked
) -> None:
    visit = booked("haircut", "aino", VISIT, email=None)
    assert await remind(salon, DUE) == 0
    change_contact([visit.code], email="maija@example.com", now=DUE - timedelta(hours=1))
    assert await remind(salon, DUE) == 1


async def test_text_message_before_mail(
    salon: Business, booked: Booked, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked("haircut", "aino", VISIT)
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
    assert await remind(salon, DUE) == 1
    with reading() as opened:
        assert opened.scalars(select(Delivery.kind).where(Delivery.key.is_not(None))).all() == [
            "visit_text"
        ]
