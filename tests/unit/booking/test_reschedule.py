from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from salon import NOW, at, count, opening

from tiski.booking import appointments
from tiski.booking.appointments import Appointment, find_appointments, reschedule
from tiski.booking.errors import AlreadyTaken, BookingError, NotBookable
from tiski.booking.openings import why_not
from tiski.business import Business
from tiski.db import tables

Booked = Callable[..., Appointment]


def free(business: Business, start: str, staff_id: str = "aino") -> bool:
    return why_not(business, "haircut", at(start), staff_id=staff_id, now=NOW) is None


def test_reschedule(business: Business, booked: Booked) -> None:
    old = booked("haircut", "aino", "2026-11-24 12:00")
    later = NOW + timedelta(minutes=5)

    new = reschedule(
        business, old.code, opening(business, "haircut", "mikko", "2026-11-25 10:00"), now=later
    )

    assert new == replace(
        old,
        staff_id="mikko",
        starts_at=at("2026-11-25 10:00"),
        ends_at=at("2026-11-25 10:45"),
        sequence=1,
        changed_at=later,
    )
    assert find_appointments(code=old.code, now=NOW) == [new]
    assert free(business, "2026-11-24 12:00")
    assert not free(business, "2026-11-25 10:00", "mikko")
    assert count(tables.Claim) == 9


def test_reschedule_by_less_than_it_takes(business: Business, booked: Booked) -> None:
    code = booked("haircut", "aino", "2026-11-24 12:00").code

    reschedule(business, code, opening(business, "haircut", "aino", "2026-11-24 12:30"), now=NOW)

    assert free(business, "2026-11-24 11:45")
    assert not free(business, "2026-11-24 12:00")
    assert not free(business, "2026-11-24 13:00")


def test_reschedule_to_another_service(business: Business, booked: Booked) -> None:
    code = booked("haircut", "aino", "2026-11-24 12:00").code
    wanted = opening(business, "colour", "aino", "2026-11-24 12:00")

    appointment = reschedule(business, code, wanted, now=NOW)

    assert appointment.ends_at == at("2026-11-24 13:30")
    assert count(tables.Claim) == 21


def test_reschedule_twice_to_the_same_changes_nothing(business: Business, booked: Booked) -> None:
    code = booked("haircut", "aino", "2026-11-24 12:00").code
    wanted = opening(business, "haircut", "aino", "2026-11-24 14:00")

    first = reschedule(business, code, wanted, now=NOW)

    assert reschedule(business, code, wanted, now=NOW + timedelta(minutes=1)) == first


@pytest.mark.parametrize(
    ("start", "error"),
    [
        ("2026-11-25 10:15", AlreadyTaken),
        ("2026-11-29 10:00", NotBookable),
        ("2026-11-23 08:15", NotBookable),
    ],
)
def test_a_failed_reschedule_leaves_the_old_one(
    business: Business, booked: Booked, start: str, error: type[BookingError]
) -> None:
    old = booked("haircut", "aino", "2026-11-24 12:00")
    booked("haircut", "aino", "2026-11-25 10:00", conversation_id="c2")

    with pytest.raises(error):
        reschedule(business, old.code, opening(business, "haircut", "aino", start), now=NOW)

    assert find_appointments(code=old.code, now=NOW) == [old]
    assert not free(business, "2026-11-24 12:00")
    assert count(tables.Claim) == 18


def test_reschedule_leaves_the_old_one_when_the_database_refuses(
    business: Business, booked: Booked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on PostgreSQL, where somebody may be faster between the look and the claim."""
    old = booked("haircut", "aino", "2026-11-24 12:00")
    booked("haircut", "aino", "2026-11-25 10:00", conversation_id="c2")
    monkeypatch.setattr(appointments, "look", lambda *_args, **_kwargs: None)
    wanted = opening(business, "haircut", "aino", "2026-11-25 10:15")

    with pytest.raises(AlreadyTaken):
        reschedule(business, old.code, wanted, now=NOW)

    assert find_appointments(code=old.code, now=NOW) == [old]
    assert count(tables.Claim) == 18
