"""tiski/booking/held.py: an opening is kept for one customer, and then taken or given back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone
from threading import Barrier
from typing import Any

import pytest
from salon import NOW, at, count, opening

from tiski.booking import held
from tiski.booking.appointments import Appointment, by_id, find_appointments
from tiski.booking.errors import (
    AlreadyTaken,
    NoLongerHeld,
    NoSuchAppointment,
    NotBookable,
    NotWaiting,
)
from tiski.booking.openings import why_not
from tiski.booking.waiting_list import join
from tiski.business import Business
from tiski.db import tables
from tiski.db.session import session

UNTIL = NOW + timedelta(hours=2)
LATER = UNTIL + timedelta(minutes=1)
START = "2026-11-24 12:00"
Booked = Callable[..., Appointment]


def waits(**changes: Any) -> int:
    usual = {
        "service_id": "haircut",
        "staff_id": None,
        "wish": "tiistaina",
        "windows": [],
        "name": "Liisa",
        "email": "liisa@example.com",
        "phone": "+358401234567",
        "language": "fi",
        "conversation_id": None,
        "now": NOW,
    }
    return join(**(usual | changes))


def keep(business: Business, entry: int | None = None, start: str = START) -> Appointment:
    entry = waits() if entry is None else entry
    wanted = opening(business, "haircut", "aino", start)
    return held.hold(business, entry, wanted, until=UNTIL, now=NOW)


def entry_of(number: int) -> tuple[str, int | None]:
    with session() as opened:
        row = opened.get(tables.WaitingListEntry, number)
        return row.status, row.appointment_id


def is_free(business: Business, now: Any = NOW) -> bool:
    return why_not(business, "haircut", at(START), staff_id="aino", now=now) is None


def test_what_is_held_is_nobody_elses(business: Business, booked: Booked) -> None:
    entry = waits()
    kept = keep(business, entry)

    assert (kept.status, kept.held_until) == ("held", UNTIL.astimezone(timezone.utc))
    assert (kept.contact_name, kept.contact_email, kept.contact_phone, kept.language) == (
        "Liisa", "liisa@example.com", "+358401234567", "fi",
    )  # fmt: skip
    assert entry_of(entry) == ("offered", kept.id)
    assert not is_free(business)
    with pytest.raises(AlreadyTaken):
        booked("haircut", "aino", START)
    assert find_appointments(email="liisa@example.com", now=NOW) == []


def test_taken_once_and_again(business: Business) -> None:
    entry = waits()
    kept = keep(business, entry)

    taken = held.take(kept.id, now=NOW)

    assert (taken.status, taken.held_until, taken.code) == ("booked", None, kept.code)
    assert held.take(kept.id, now=LATER) == taken
    assert entry_of(entry) == ("done", kept.id)
    assert find_appointments(email="liisa@example.com", now=NOW) == [taken]
    assert count(tables.Claim) == 9
    assert held.expire(LATER) == []
    with pytest.raises(NoLongerHeld):
        held.decline(kept.id, now=NOW)
    assert by_id(kept.id) == taken


def test_declined_once_and_again(business: Business, booked: Booked) -> None:
    entry = waits()
    kept = keep(business, entry)

    freed = held.decline(kept.id, now=NOW)

    assert freed is not None
    assert (freed.service_id, freed.staff_id, freed.starts_at) == ("haircut", "aino", at(START))
    assert held.decline(kept.id, now=NOW) is None
    assert entry_of(entry) == ("passed", kept.id)
    assert is_free(business)
    booked("haircut", "aino", START)
    with pytest.raises(NoLongerHeld):
        held.take(kept.id, now=NOW)


def test_expired_even_before_anybody_has_cleaned_up(business: Business) -> None:
    kept = keep(business)
    with pytest.raises(NoLongerHeld):
        held.take(kept.id, now=UNTIL)
    assert held.take(kept.id, now=UNTIL - timedelta(seconds=1)).status == "booked"


def test_expire_gives_back_what_ran_out_and_nothing_else(business: Business) -> None:
    entry = waits()
    kept = keep(business, entry)
    shorter = held.hold(
        business, waits(wish="muu"), opening(business, "haircut", "mikko", START),
        until=NOW + timedelta(minutes=5), now=NOW,
    )  # fmt: skip

    assert [each.staff_id for each in held.expire(NOW + timedelta(minutes=5))] == ["mikko"]
    assert held.expire(NOW + timedelta(minutes=5)) == []
    first, second = by_id(kept.id), by_id(shorter.id)
    assert first and first.status == "held"
    assert second and second.status == "cancelled" and second.held_until
    assert [each.starts_at for each in held.expire(LATER)] == [at(START)]
    assert entry_of(entry)[0] == "passed"
    assert count(tables.Claim) == 0


def test_an_entry_is_offered_one_opening(business: Business) -> None:
    entry = waits()
    kept = keep(business, entry)
    with pytest.raises(NotWaiting):
        keep(business, entry, "2026-11-24 14:00")
    held.decline(kept.id, now=NOW)
    with pytest.raises(NotWaiting):
        keep(business, entry, "2026-11-24 14:00")
    with pytest.raises(NotWaiting):
        keep(business, 999)


def test_what_cannot_be_booked_is_not_held(business: Business, booked: Booked) -> None:
    booked("haircut", "aino", START)
    entry = waits()
    with pytest.raises(AlreadyTaken):
        keep(business, entry)
    with pytest.raises(NotBookable, match="closed"):
        keep(business, entry, "2026-11-29 12:00")
    assert entry_of(entry) == ("waiting", None)
    assert count(tables.Appointment) == 1


def test_nothing_is_held_beyond_its_beginning(business: Business) -> None:
    wanted = opening(business, "haircut", "aino", START)
    kept = held.hold(business, waits(), wanted, until=NOW + timedelta(days=30), now=NOW)
    assert kept.held_until == at(START)


def test_no_such_appointment() -> None:
    with pytest.raises(NoSuchAppointment):
        held.take(1, now=NOW)
    with pytest.raises(NoSuchAppointment):
        held.decline(1, now=NOW)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run them in threads that start together; errors are given back as their types."""
    start = Barrier(len(works))

    def _run(work: Callable[[], Any]) -> Any:
        start.wait(10)
        try:
            return work()
        except Exception as error:
            return type(error)

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(_run, works))


@pytest.mark.parametrize("turn", range(5))
def test_taking_and_expiring_at_once_agree(business: Business, turn: int) -> None:
    entry = waits()
    kept = keep(business, entry)
    # the customer's clock still says yes, the cleaner's says no: one of them wins whole
    taken, freed = at_once(
        lambda: held.take(kept.id, now=UNTIL - timedelta(seconds=1)), lambda: held.expire(LATER)
    )
    if taken is NoLongerHeld:
        assert len(freed) == 1
        assert entry_of(entry)[0] == "passed" and count(tables.Claim) == 0
    else:
        assert (taken.status, freed) == ("booked", [])
        assert entry_of(entry)[0] == "done" and count(tables.Claim) == 9


def test_one_of_many_is_offered_the_opening(business: Business) -> None:
    entries = [waits(wish=str(number)) for number in range(4)]
    answers = at_once(*(lambda one=one: keep(business, one) for one in entries))

    assert answers.count(AlreadyTaken) == 3
    assert sorted(entry_of(one)[0] for one in entries) == ["offered"] + 3 * ["waiting"]
    assert count(tables.Appointment) == 1


def test_one_entry_offered_by_many_gets_one(business: Business) -> None:
    entry = waits()
    starts = [f"2026-11-24 {hour}:00" for hour in (10, 12, 14, 16)]
    answers = at_once(*(lambda one=one: keep(business, entry, one) for one in starts))

    assert answers.count(NotWaiting) == 3
    assert count(tables.Appointment) == 1
