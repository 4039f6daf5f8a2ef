from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from salon import NOW, WEEK, at, count, opening

from tiski.booking import appointments
from tiski.booking.appointments import (
    Appointment,
    cancel,
    find_appointments,
    may_cancel_free,
    reschedule,
)
from tiski.booking.errors import (
    AlreadyBegun,
    AlreadyTaken,
    NoSuchAppointment,
    NotBookable,
    NotOffered,
)
from tiski.booking.openings import why_not
from tiski.business import Business
from tiski.db import tables

Booked = Callable[..., Appointment]
Make = Callable[..., Business]


def free(business: Business, start: str, staff_id: str = "aino") -> bool:
    return why_not(business, "haircut", at(start), staff_id=staff_id, now=NOW) is None


def test_book_stores_what_was_agreed(business: Business, booked: Booked) -> None:
    appointment = booked(
        "haircut", "aino", "2026-11-24 12:00", email=" Maija@Example.COM ", name=" Maija "
    )

    assert find_appointments(code=appointment.code, now=NOW) == [appointment]
    assert appointment.uid and appointment.uid.endswith("@tiski")
    assert replace(appointment, code="", uid="") == Appointment(
        id=appointment.id,
        code="",
        service_id="haircut",
        staff_id="aino",
        starts_at=at("2026-11-24 12:00"),
        ends_at=at("2026-11-24 12:45"),
        status="booked",
        contact_name="Maija",
        contact_email="maija@example.com",
        contact_phone="+358401234567",
        language="fi",
        conversation_id="c1",
        created_at=NOW,
        changed_at=NOW,
        uid="",
        sequence=0,
        held_until=None,
    )
    assert appointment.starts_at.tzinfo is timezone.utc
    assert not free(business, "2026-11-24 12:00")
    assert count(tables.Claim) == 9


def test_the_buffer_is_claimed_too(booked: Booked) -> None:
    booked("colour", "aino", "2026-11-24 12:00")

    assert count(tables.Claim) == 21


def test_a_contact_may_lack_a_phone_or_an_email(booked: Booked) -> None:
    appointment = booked("haircut", "aino", "2026-11-24 12:00", email="", phone=None)

    assert (appointment.contact_email, appointment.contact_phone) == (None, None)


def test_somebody_else_cannot_have_the_same_time(booked: Booked) -> None:
    booked("haircut", "aino", "2026-11-24 12:00")

    with pytest.raises(AlreadyTaken) as caught:
        booked("haircut", "aino", "2026-11-24 12:30", conversation_id="c2")

    assert caught.value.reason == "taken"
    assert count(tables.Appointment) == 1


def test_a_second_tap_gives_the_same_appointment(booked: Booked) -> None:
    first = booked("haircut", "aino", "2026-11-24 12:00")
    again = booked("haircut", "aino", "2026-11-24 12:00", email="MAIJA@example.com")

    assert again == first
    assert count(tables.Appointment) == 1


def test_a_second_tap_counts_even_when_it_has_become_too_late_to_book(booked: Booked) -> None:
    first = booked("haircut", "aino", "2026-11-24 12:00")

    assert booked("haircut", "aino", "2026-11-24 12:00", now=at("2026-11-24 11:59")) == first


@pytest.mark.parametrize(
    "changes",
    [{"conversation_id": "c2"}, {"email": "other@example.com"}, {"phone": "+358409999999"}],
)
def test_another_customer_or_contact_is_not_a_second_tap(
    booked: Booked, changes: dict[str, str]
) -> None:
    booked("haircut", "aino", "2026-11-24 12:00")

    with pytest.raises(AlreadyTaken):
        booked("haircut", "aino", "2026-11-24 12:00", **changes)


def test_bookings_by_staff_are_never_a_second_tap(booked: Booked) -> None:
    booked("haircut", "aino", "2026-11-24 12:00", conversation_id=None)

    with pytest.raises(AlreadyTaken):
        booked("haircut", "aino", "2026-11-24 12:00", conversation_id=None)


def test_a_time_can_be_booked_again_after_it_was_cancelled(booked: Booked) -> None:
    first = booked("haircut", "aino", "2026-11-24 12:00")
    cancel(first.code, now=NOW)

    second = booked("haircut", "aino", "2026-11-24 12:00")

    assert second.code != first.code
    assert second.status == "booked"


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("2026-11-23 07:00", "past"),
        ("2026-11-23 09:00", "too_soon"),
        ("2027-03-01 12:00", "too_far"),
        ("2026-11-29 12:00", "closed"),
        ("2026-11-24 17:30", "does_not_fit"),
        ("2026-11-24 12:07", "does_not_fit"),
    ],
)
def test_book_looks_again(booked: Booked, start: str, reason: str) -> None:
    with pytest.raises(NotBookable) as caught:
        booked("haircut", "aino", start)

    assert caught.value.reason == reason
    assert not isinstance(caught.value, AlreadyTaken)
    assert count(tables.Appointment) == count(tables.Claim) == 0


def test_book_refuses_what_the_person_does_not_do(booked: Booked) -> None:
    with pytest.raises(NotOffered):
        booked("beard_trim", "aino", "2026-11-24 12:00")


def test_how_long_it_takes_comes_from_the_page(business: Business) -> None:
    tampered = opening(business, "haircut", "aino", "2026-11-24 12:00")
    tampered = replace(tampered, ends_at=tampered.starts_at + timedelta(minutes=5))

    appointment = appointments.book(
        business,
        tampered,
        name="Maija",
        email=None,
        phone="+358401234567",
        language="fi",
        conversation_id="c1",
        now=NOW,
    )

    assert appointment.ends_at == at("2026-11-24 12:45")


def test_a_code_that_is_in_use_is_not_given_again(
    booked: Booked, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter(["K7M4QX", "K7M4QX", "B3B3B3"])
    monkeypatch.setattr(appointments, "new_code", lambda: next(codes))

    assert booked("haircut", "aino", "2026-11-24 12:00").code == "K7M4QX"
    assert booked("haircut", "aino", "2026-11-24 14:00").code == "B3B3B3"


def test_find_by_each_key(booked: Booked) -> None:
    late = booked("haircut", "aino", "2026-11-25 12:00")
    early = booked("haircut", "aino", "2026-11-24 12:00")
    booked("haircut", "mikko", "2026-11-24 12:00", email="other@example.com", phone="+358409999999")

    assert find_appointments(email="MAIJA@example.com ", now=NOW) == [early, late]
    assert find_appointments(phone="+358401234567", now=NOW) == [early, late]
    spoken = f"{late.code[:3]} {late.code[3:]}".lower()
    assert find_appointments(code=spoken, now=NOW) == [late]


@pytest.mark.parametrize(
    "key", [{"code": "nonsense"}, {"code": ""}, {"email": ""}, {"phone": " "}, {"code": "B3B3B3"}]
)
def test_find_nothing(booked: Booked, key: dict[str, str]) -> None:
    booked("haircut", "aino", "2026-11-24 12:00", email=None, phone=None)

    assert find_appointments(**key, now=NOW) == []


def test_find_takes_exactly_one_key() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        find_appointments(now=NOW)
    with pytest.raises(ValueError, match="exactly one"):
        find_appointments(code="K7M4QX", email="maija@example.com", now=NOW)


def test_find_until_the_visit_is_over(booked: Booked) -> None:
    appointment = booked("haircut", "aino", "2026-11-24 12:00")

    assert find_appointments(code=appointment.code, now=at("2026-11-24 12:10")) == [appointment]
    assert find_appointments(code=appointment.code, now=at("2026-11-24 12:45")) == []


def test_find_no_cancelled_one(booked: Booked) -> None:
    appointment = booked("haircut", "aino", "2026-11-24 12:00")
    cancel(appointment.code, now=NOW)

    assert find_appointments(code=appointment.code, now=NOW) == []


def test_book_leaves_nothing_when_the_database_refuses(
    booked: Booked, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked("haircut", "aino", "2026-11-25 10:00", conversation_id="c2")
    monkeypatch.setattr(appointments, "look", lambda *_args, **_kwargs: None)

    with pytest.raises(AlreadyTaken):
        booked("haircut", "aino", "2026-11-25 10:15")

    assert (count(tables.Appointment), count(tables.Claim)) == (1, 9)


def test_a_second_tap_that_the_database_refuses_gives_the_same_appointment(
    booked: Booked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on PostgreSQL, where two taps at once do not see each other's appointment."""
    first = booked("haircut", "aino", "2026-11-24 12:00")
    see = appointments._existing
    seen = iter([lambda *_args: None, see])
    monkeypatch.setattr(appointments, "_existing", lambda *args: next(seen)(*args))
    monkeypatch.setattr(appointments, "look", lambda *_args, **_kwargs: None)

    assert booked("haircut", "aino", "2026-11-24 12:00") == first
    assert (count(tables.Appointment), count(tables.Claim)) == (1, 9)


def test_cancel_frees_the_time_and_may_be_said_twice(business: Business, booked: Booked) -> None:
    old = booked("colour", "aino", "2026-11-24 12:00")
    later = NOW + timedelta(minutes=5)

    first = cancel(f" {old.code.lower()} ", now=later)
    again = cancel(old.code, now=later + timedelta(days=3))

    assert first == again == replace(old, status="cancelled", sequence=1, changed_at=later)
    assert free(business, "2026-11-24 12:00")
    assert count(tables.Claim) == 0


def test_what_is_not_there_can_be_neither_cancelled_nor_moved(
    business: Business, booked: Booked
) -> None:
    cancelled = booked("haircut", "aino", "2026-11-24 12:00").code
    cancel(cancelled, now=NOW)
    wanted = opening(business, "haircut", "aino", "2026-11-25 10:00")

    for code in ("B3B3B3", "nonsense", ""):
        with pytest.raises(NoSuchAppointment):
            cancel(code, now=NOW)
    for code in ("B3B3B3", cancelled):
        with pytest.raises(NoSuchAppointment):
            reschedule(business, code, wanted, now=NOW)


def test_a_visit_that_has_begun_stays(business: Business, booked: Booked) -> None:
    appointment = booked("haircut", "aino", "2026-11-24 12:00")
    now = appointment.starts_at

    with pytest.raises(AlreadyBegun):
        cancel(appointment.code, now=now)
    with pytest.raises(AlreadyBegun):
        wanted = opening(business, "haircut", "aino", "2026-11-25 10:00")
        reschedule(business, appointment.code, wanted, now=now)

    assert find_appointments(code=appointment.code, now=now) == [appointment]


def test_cancelling_is_free_until_a_day_before(business: Business, booked: Booked) -> None:
    appointment = booked("haircut", "aino", "2026-11-24 12:00")

    assert may_cancel_free(business, appointment, at("2026-11-23 12:00"))
    assert not may_cancel_free(business, appointment, at("2026-11-23 12:01"))


def test_the_day_before_has_25_hours_when_summer_time_ends(
    make_business: Make, booked: Booked
) -> None:
    salon = make_business(hours={"weekly": dict.fromkeys(WEEK, "09:00-18:00")})
    now = at("2027-10-29 12:00")
    appointment = booked("haircut", "aino", "2027-10-31 12:00", business=salon, now=now)

    assert may_cancel_free(salon, appointment, at("2027-10-30 13:00"))
    assert not may_cancel_free(salon, appointment, at("2027-10-30 13:01"))


def test_errors_carry_nothing_personal(booked: Booked) -> None:
    first = booked("haircut", "aino", "2026-11-24 12:00")

    with pytest.raises(AlreadyTaken) as caught:
        booked("haircut", "aino", "2026-11-24 12:00", conversation_id="c2")

    for secret in (first.code, "Maija", "maija", "+358"):
        assert secret not in str(caught.value)
