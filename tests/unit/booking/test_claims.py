from __future__ import annotations

from datetime import datetime, timedelta, timezone

import portion as P
import pytest
from salon import HELSINKI, at
from sqlalchemy import select

from tiski.booking.claims import GRANULE, claim, granules, release, taken
from tiski.booking.errors import AlreadyTaken
from tiski.db import tables
from tiski.db.session import session

TEN = at("2026-11-24 10:00")


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def add_appointment(code: str) -> int:
    """Store an appointment without claims and return its id."""
    with session() as opened:
        row = tables.Appointment(
            code=code,
            service_id="haircut",
            staff_id="aino",
            starts_at=TEN,
            ends_at=TEN + minutes(45),
            status="booked",
            contact_name="Maija",
            language="fi",
            created_at=TEN,
            changed_at=TEN,
        )
        opened.add(row)
        opened.flush()
        return int(row.id)


def held() -> set[tuple[str, datetime]]:
    with session() as opened:
        found = opened.execute(select(tables.Claim.resource, tables.Claim.granule))
        return {(resource, granule) for resource, granule in found}


def test_granules_cover_what_is_touched() -> None:
    found = granules(TEN + minutes(2), TEN + minutes(11))

    assert found == [TEN, TEN + minutes(5), TEN + minutes(10)]
    assert {moment.tzinfo for moment in found} == {timezone.utc}


def test_granules_of_nothing() -> None:
    assert granules(TEN, TEN) == []


def test_the_hour_that_the_clock_shows_twice_is_two_hours() -> None:
    before = datetime(2027, 10, 31, 3, 0, tzinfo=HELSINKI, fold=0)
    after = datetime(2027, 10, 31, 4, 0, tzinfo=HELSINKI)

    assert len(granules(before, after)) == 24


def test_what_is_claimed_is_taken() -> None:
    number = add_appointment("A2")
    with session() as opened:
        claim(opened, number, ["aino"], TEN, TEN + minutes(45))
        found = taken(opened, ["aino", "mikko"], TEN - minutes(60), TEN + minutes(120))
        without = taken(opened, ["aino"], TEN, TEN + minutes(5), besides=number)

    assert found["aino"] == P.closedopen(TEN, TEN + minutes(45))
    assert found["mikko"].empty
    assert without["aino"].empty


def test_a_window_that_begins_within_a_claim_sees_it() -> None:
    number = add_appointment("A2")
    with session() as opened:
        claim(opened, number, ["aino"], TEN, TEN + minutes(5))
        found = taken(opened, ["aino"], TEN + minutes(4), TEN + minutes(60))

    assert not found["aino"].empty


def test_the_database_gives_nothing_twice() -> None:
    first, second = add_appointment("A2"), add_appointment("B3")
    with session() as opened:
        claim(opened, first, ["aino"], TEN, TEN + minutes(45))

    with pytest.raises(AlreadyTaken), session() as opened:
        claim(opened, second, ["aino"], TEN + minutes(40), TEN + minutes(60))

    assert held() == {("aino", TEN + index * GRANULE) for index in range(9)}


def test_others_and_the_next_minute_are_free() -> None:
    first, second, third = (add_appointment(code) for code in ("A2", "B3", "C4"))
    with session() as opened:
        claim(opened, first, ["aino"], TEN, TEN + minutes(45))
        claim(opened, second, ["mikko"], TEN, TEN + minutes(45))
        claim(opened, third, ["aino"], TEN + minutes(45), TEN + minutes(60))

    assert len(held()) == 9 + 9 + 3


def test_a_new_claim_frees_what_is_no_longer_needed() -> None:
    number = add_appointment("A2")
    with session() as opened:
        claim(opened, number, ["aino"], TEN, TEN + minutes(15))
        claim(opened, number, ["aino"], TEN + minutes(10), TEN + minutes(20))

    assert held() == {("aino", TEN + minutes(10)), ("aino", TEN + minutes(15))}


def test_release_frees_all_of_one_appointment() -> None:
    first, second = add_appointment("A2"), add_appointment("B3")
    with session() as opened:
        claim(opened, first, ["aino"], TEN, TEN + minutes(15))
        claim(opened, second, ["mikko"], TEN, TEN + minutes(5))
        release(opened, first)

    assert held() == {("mikko", TEN)}
