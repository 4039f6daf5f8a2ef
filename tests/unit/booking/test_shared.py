"""Rooms, chairs and devices that several people share: never more in use than there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from salon import NOW, at, opening, person, service
from sqlalchemy import select
from test_races import at_once

from tiski.booking import held, waiting_list
from tiski.booking.appointments import Appointment, book, cancel, reschedule
from tiski.booking.errors import AlreadyTaken, InUse
from tiski.booking.openings import free_openings, nearest_openings, why_not
from tiski.booking.shared import claim_missing, units
from tiski.business import Business
from tiski.db import tables
from tiski.db.session import reading

Booked = Callable[..., Appointment]
RESOURCES = {
    "couch": {"name": {"en": "couch"}},
    "basin": {"name": {"en": "basin"}, "count": 2},
}


def shares(make_business: Callable[..., Business], *, has_resources: bool = True) -> Business:
    """Three people; brows take the one couch, colour one of two basins."""
    people = ["aino", "mikko", "sara"]

    def taking(*resources: str) -> dict[str, Any]:
        return {"staff": people, **({"uses": list(resources)} if has_resources else {})}

    return make_business(
        services={
            "haircut": service("haircut", 45, staff=people),
            "brows": service("brows", 30, buffer_minutes=15, **taking("couch")),
            "colour": service("colour", 90, **taking("basin")),
            "both": service("both", 60, **taking("basin", "couch")),
        },
        staff={name: person(name.title()) for name in people},
        **({"resources": RESOURCES} if has_resources else {}),
    )


@pytest.fixture
def salon(make_business: Callable[..., Business]) -> Business:
    return shares(make_business)


def visit(business: Business, service_id: str, staff_id: str, hour: str) -> Appointment:
    who = f"{service_id}-{staff_id}-{hour}"
    return book(
        business,
        opening(business, service_id, staff_id, f"2026-11-24 {hour}"),
        name="Maija Meikäläinen",
        email=f"{who.replace(':', '')}@example.com",
        phone=None,
        language="en",
        conversation_id=who,
        now=NOW,
    )


def claimed() -> dict[int, set[str]]:
    """What each appointment has."""
    found: dict[int, set[str]] = {}
    with reading() as opened:
        for number, name in opened.execute(
            select(tables.Claim.appointment_id, tables.Claim.resource)
        ):
            found.setdefault(number, set()).add(name)
    return found


def reason(business: Business, service_id: str, staff_id: str | None, hour: str) -> str | None:
    when = at(f"2026-11-24 {hour}")
    return why_not(business, service_id, when, staff_id=staff_id, now=NOW)


def test_each_unit_has_a_name_that_nobody_can_have(salon: Business) -> None:
    assert units(salon, "haircut") == {}
    assert units(salon, "both") == {"basin": ["basin#1", "basin#2"], "couch": ["couch#1"]}


def test_what_is_in_use_cannot_be_booked_with_anybody(salon: Business) -> None:
    first = visit(salon, "brows", "aino", "10:00")
    assert claimed() == {first.id: {"aino", "couch#1"}}
    assert reason(salon, "brows", "mikko", "10:00") == "taken"
    assert reason(salon, "brows", "mikko", "10:30") == "taken", "the buffer is its, too"
    assert reason(salon, "brows", "mikko", "09:30") == "taken", "the buffer before it"
    assert reason(salon, "brows", None, "10:00") == "taken"
    assert reason(salon, "brows", "mikko", "10:45") is None
    assert reason(salon, "haircut", "mikko", "10:00") is None, "which takes none"
    with pytest.raises(AlreadyTaken):
        visit(salon, "brows", "mikko", "10:15")
    assert claimed() == {first.id: {"aino", "couch#1"}}, "nothing is left of what failed"


def test_of_two_the_second_can_be_had_and_no_third(salon: Business) -> None:
    first, second = (
        visit(salon, "colour", "aino", "10:00"),
        visit(salon, "colour", "mikko", "11:00"),
    )
    assert claimed() == {first.id: {"aino", "basin#1"}, second.id: {"mikko", "basin#2"}}
    assert reason(salon, "colour", "sara", "10:00") == "taken", "from 11 to 11.30 both are in use"
    assert reason(salon, "colour", "sara", "11:30") is None
    third = visit(salon, "colour", "sara", "11:30")
    assert claimed()[third.id] == {"sara", "basin#1"}


def test_who_takes_two_things_needs_both(salon: Business) -> None:
    one = visit(salon, "both", "aino", "10:00")
    assert claimed() == {one.id: {"aino", "basin#1", "couch#1"}}
    assert reason(salon, "both", "mikko", "10:30") == "taken"
    assert reason(salon, "colour", "mikko", "10:30") is None
    assert reason(salon, "brows", "sara", "10:30") == "taken"


def test_offered_is_what_can_be_booked(salon: Business) -> None:
    visit(salon, "brows", "aino", "10:00")
    visit(salon, "both", "mikko", "14:00")
    found = free_openings(salon, "brows", at("2026-11-24 00:00"), at("2026-11-25 00:00"), now=NOW)
    starts = [one.starts_at.strftime("%H:%M") for one in found]
    assert not {"09:30", "10:00", "10:30", "13:30", "14:00", "14:45"} & set(starts)
    assert {"09:15", "10:45", "13:15", "15:00"} <= set(starts)
    for one in found:
        assert reason(salon, "brows", one.staff_id, f"{one.starts_at:%H:%M}") is None
    nearest = nearest_openings(salon, "brows", at("2026-11-24 10:00"), now=NOW)
    assert [f"{one.starts_at:%H:%M}" for one in nearest] == ["09:00", "09:15", "10:45"]


def test_cancelled_it_is_free_again(salon: Business) -> None:
    first = visit(salon, "brows", "aino", "10:00")
    cancel(first.code, now=NOW)
    assert claimed() == {}
    visit(salon, "brows", "mikko", "10:00")


def test_moved_it_may_overlap_itself(salon: Business) -> None:
    visit(salon, "colour", "aino", "10:00")
    second = visit(salon, "colour", "mikko", "10:00")
    place = opening(salon, "colour", "mikko", "2026-11-24 10:30")
    reschedule(salon, second.code, place, now=NOW)
    assert claimed()[second.id] == {"mikko", "basin#2"}
    for other in ("sara", "aino"):
        place = opening(salon, "colour", other, "2026-11-24 12:00")
        reschedule(salon, second.code, place, now=NOW)
        assert claimed()[second.id] == {other, "basin#1"}


def test_moved_to_where_it_is_in_use_it_stays(salon: Business) -> None:
    visit(salon, "brows", "aino", "10:00")
    second = visit(salon, "brows", "mikko", "13:00")
    before = claimed()
    with pytest.raises(AlreadyTaken):
        place = opening(salon, "brows", "mikko", "2026-11-24 10:00")
        reschedule(salon, second.code, place, now=NOW)
    assert claimed() == before


def test_what_is_held_for_somebody_who_waits_holds_the_place_too(salon: Business) -> None:
    entry = waiting_list.join(
        service_id="brows", staff_id=None, windows=[], wish="whenever", name="Maija",
        email="maija@example.com", phone=None, language="en", conversation_id="w1", now=NOW,
    )  # fmt: skip
    place = opening(salon, "brows", "aino", "2026-11-24 10:00")
    kept = held.hold(salon, entry, place, until=at("2026-11-23 10:00"), now=NOW)
    assert claimed() == {kept.id: {"aino", "couch#1"}}
    assert reason(salon, "brows", "mikko", "10:00") == "taken"
    held.decline(kept.id, now=NOW)
    assert reason(salon, "brows", "mikko", "10:00") is None


def test_what_was_booked_before_there_were_resources_has_them_from_the_next_start(
    make_business: Callable[..., Business], salon: Business
) -> None:
    before = shares(make_business, has_resources=False)
    first = visit(before, "brows", "aino", "10:00")
    second = visit(before, "brows", "mikko", "10:00")
    third = visit(before, "both", "sara", "12:00")
    assert claim_missing(salon, at("2026-11-24 13:00")) == 0
    assert claimed()[third.id] == {"sara"}, "what has begun is left as it is"
    assert claim_missing(salon, NOW) == 1, "there is one couch for the two at ten"
    assert claimed() == {
        first.id: {"aino", "couch#1"},
        second.id: {"mikko"},
        third.id: {"sara", "basin#1", "couch#1"},
    }
    assert reason(salon, "brows", "sara", "10:00") == "taken"


def try_to_book(number: int, business: Business) -> list[str]:
    """One person's process: brows at each half hour, all wanting the one couch."""
    staff_id = ["aino", "mikko", "sara", "aino"][number]
    got = []
    for half in range(10):
        hour = f"{10 + half // 2}:{30 * (half % 2):02d}"
        service_id = "colour" if half % 3 == 0 else "brows"
        try:
            got.append(visit(business, service_id, staff_id, hour).code)
        except AlreadyTaken:
            continue
    return got


def test_several_processes_never_share_a_unit(salon: Business) -> None:
    answers = at_once(try_to_book, salon)
    assert all(isinstance(answer, list) for answer in answers), answers
    with reading() as opened:
        visits = list(opened.scalars(select(tables.Appointment).filter_by(status="booked")))
        claims = opened.execute(select(tables.Claim.resource, tables.Claim.granule)).all()
    assert len(claims) == len(set(claims)), "the key of the table"
    has = claimed()
    for one in visits:
        kind = salon.services[one.service_id].uses[0]
        assert {name.split("#")[0] for name in has[one.id]} == {one.staff_id, kind}
    assert sum(one.service_id == "brows" for one in visits) >= 3


def test_who_loses_a_race_for_one_unit_gets_the_other(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on PostgreSQL, where somebody may claim a unit between our look and our claim."""
    from tiski.booking import shared

    visit(salon, "colour", "aino", "10:00")
    monkeypatch.setattr(
        shared, "_free", lambda _opened, names, *_: list(names)
    )  # a look from before
    second = visit(salon, "colour", "mikko", "10:00")
    assert claimed()[second.id] == {"mikko", "basin#2"}
    monkeypatch.setattr("tiski.booking.appointments.look", lambda *_, **__: None)
    with pytest.raises(InUse) as error:
        visit(salon, "colour", "sara", "10:00")
    assert error.value.resource == "basin"
    assert len(claimed()) == 2
