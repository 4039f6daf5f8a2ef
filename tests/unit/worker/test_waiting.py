"""tiski/worker/waiting.py: who is offered a freed time, and when they are not woken for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from salon import BOOKING, NOW, at, opening, service, write_page
from sqlalchemy import select

from tiski import clock
from tiski.booking import held
from tiski.booking.appointments import Appointment, book, cancel
from tiski.booking.freed import FREED
from tiski.booking.waiting_list import join
from tiski.business import Business, load_business
from tiski.db import tables
from tiski.db.session import reading, session
from tiski.outbox.courier import Courier
from tiski.worker.waiting import OfferFreed, pass_on_expired

Booked = Callable[..., Appointment]
VISIT = "2026-11-26 12:00"
MORNING = at("2026-11-24 09:00")


def waits(name: str, **changes: Any) -> int:
    usual = {
        "service_id": "haircut",
        "staff_id": None,
        "wish": name,
        "windows": [],
        "name": name,
        "email": "liisa@example.com",
        "phone": None,
        "language": "en",
        "conversation_id": None,
        "now": NOW,
    }
    return join(**(usual | changes))


def window(first: str, last: str) -> dict[str, str]:
    return {"from": at(first).isoformat(), "to": at(last).isoformat()}


async def deliver(salon: Business, now: datetime = MORNING) -> None:
    """Deliver what is due; it is `now`."""
    clock.fix(now)
    await Courier({FREED: OfferFreed(salon)}).round()


async def freed(salon: Business, visit: Appointment, now: datetime = MORNING) -> None:
    """The customer cancels, and the worker goes round."""
    cancel(visit.code, now=now)
    await deliver(salon, now)


def entries() -> dict[str, str]:
    with reading() as opened:
        rows = opened.scalars(select(tables.WaitingListEntry))
        return {row.contact_name: row.status for row in rows}


def offers() -> list[tuple[str, datetime]]:
    """What is held, as (for whom, start), in the order of holding."""
    table = tables.Appointment
    with reading() as opened:
        rows = opened.scalars(select(table).where(table.status == "held").order_by(table.id)).all()
    return [(row.contact_name, row.starts_at) for row in rows]


def parcels(status: str) -> list[tables.Delivery]:
    with reading() as opened:
        query = select(tables.Delivery).filter_by(kind=FREED, status=status)
        return list(opened.scalars(query))


async def test_first_come_first_offered_and_only_one(salon: Business, booked: Booked) -> None:
    visit = booked("haircut", "aino", VISIT)
    for name in ("first", "second"):
        waits(name)
    await freed(salon, visit)
    assert offers() == [("first", at(VISIT))]
    assert entries() == {"first": "offered", "second": "waiting"}
    with reading() as opened:
        query = select(tables.Delivery).filter_by(kind="visit_mail").order_by(tables.Delivery.id)
        told = opened.scalars(query).all()[-1].content
    assert (told["what"], told["held_until"]) == ("opening", "2026-11-24T08:00:00+00:00")


async def test_nobody_waits_and_nothing_is_put_in(salon: Business, booked: Booked) -> None:
    await freed(salon, booked("haircut", "aino", VISIT))
    assert offers() == [] and parcels("done") == []


async def test_whose_wish_it_does_not_fit_is_left_out(salon: Business, booked: Booked) -> None:
    visit = booked("haircut", "aino", VISIT)
    waits("mikko's", staff_id="mikko")
    waits("earlier", windows=[window("2026-11-26 09:00", VISIT)])
    waits("longer", service_id="colour")
    waits("gone", service_id="hot_stones")
    waits("mikko does it", service_id="beard_trim")
    waits("fits", staff_id="aino", windows=[
        window("2026-11-25 09:00", "2026-11-25 18:00"), window(VISIT, "2026-11-26 12:15"),
    ])  # fmt: skip
    booked("haircut", "aino", "2026-11-26 11:15")
    booked("haircut", "aino", "2026-11-26 12:45")
    await freed(salon, visit)
    assert offers() == [("fits", at(VISIT))]
    assert sorted(set(entries().values())) == ["offered", "waiting"]


async def test_the_opening_nearest_to_the_visit_that_was_there(
    salon: Business, booked: Booked
) -> None:
    visit = booked("colour", "aino", VISIT)
    waits("first", windows=[window("2026-11-26 09:00", "2026-11-26 12:00")])
    waits("second")
    await freed(salon, visit)
    # aino is free all day, so a haircut may begin before the visit would have
    assert offers() == [("first", at("2026-11-26 11:45"))]
    held.decline(held_id(), now=MORNING)
    await deliver(salon)
    assert offers()[0][0] == "second"


def held_id() -> int:
    with reading() as opened:
        query = select(tables.Appointment.id).where(tables.Appointment.status == "held")
        return int(opened.scalars(query).one())


async def test_an_offer_needs_time_to_answer_before_the_lead_time(
    salon: Business, booked: Booked
) -> None:
    visit = booked("haircut", "aino", VISIT)
    waits("late", windows=[window(VISIT, "2026-11-26 12:15")])
    too_late = at(VISIT) - timedelta(minutes=120 + 14)
    await freed(salon, visit, too_late)
    assert offers() == [] and entries() == {"late": "waiting"}


async def test_the_offer_ends_with_the_lead_time(salon: Business, booked: Booked) -> None:
    visit = booked("haircut", "aino", VISIT)
    waits("soon", windows=[window(VISIT, "2026-11-26 12:15")])
    await freed(salon, visit, at(VISIT) - timedelta(minutes=120 + 15))
    with reading() as opened:
        [row] = opened.scalars(select(tables.Appointment).filter_by(status="held")).all()
    assert row.held_until == at("2026-11-26 10:00")


async def test_who_does_not_answer_makes_room_for_the_next_and_is_offered_once(
    salon: Business, booked: Booked
) -> None:
    visit = booked("haircut", "aino", VISIT)
    for name in ("first", "second"):
        waits(name)
    await freed(salon, visit)
    expected = [("second", "passed"), (None, "passed")]
    now = MORNING
    for name, status in expected:
        now += timedelta(minutes=59)
        await pass_on_expired(now)
        await deliver(salon, now)
        assert entries()["first"] == ("offered" if name == "second" else "passed")
        now += timedelta(minutes=1)
        await pass_on_expired(now)
        await deliver(salon, now)
        assert [who for who, _ in offers()] == ([name] if name else [])
        assert entries()["first"] == status
    assert entries() == {"first": "passed", "second": "passed"}


async def test_a_parcel_that_is_delivered_again_offers_nothing_more(
    salon: Business, booked: Booked
) -> None:
    visit = booked("haircut", "aino", VISIT)
    only = [window(VISIT, "2026-11-26 12:15")]
    for name in ("first", "second"):
        waits(name, windows=only, staff_id="aino")
    await freed(salon, visit)
    [parcel] = parcels("done")
    await OfferFreed(salon).deliver(parcel)  # a crash came before it was noted
    assert len(offers()) == 1


@pytest.mark.parametrize(
    ("freed_at", "offered_at"),
    [
        ("2026-11-23 21:00", "2026-11-24 08:00"),
        ("2026-11-24 07:59", "2026-11-24 08:00"),
        ("2026-11-24 00:30", "2026-11-24 08:00"),
        ("2027-03-27 22:00", "2027-03-28 08:00"),  # the clocks go forward that night
        ("2027-03-28 02:30", "2027-03-28 08:00"),
        ("2027-10-30 23:00", "2027-10-31 08:00"),  # and back
    ],
)
async def test_nobody_is_written_to_at_night(
    salon: Business, booked: Booked, freed_at: str, offered_at: str
) -> None:
    night, morning = at(freed_at), at(offered_at)
    day = (morning + timedelta(days=2)).date()
    visit = booked("haircut", "aino", f"{day} 12:00")
    waits("sleeps")
    await freed(salon, visit, night)
    assert offers() == []
    [postponed] = parcels("waiting")
    assert postponed.not_before == morning.astimezone(timezone.utc)
    just_before = morning.astimezone(timezone.utc) - timedelta(seconds=1)
    await deliver(salon, just_before)
    assert offers() == []
    await deliver(salon, morning.astimezone(timezone.utc))
    assert [who for who, _ in offers()] == ["sleeps"]


@pytest.mark.parametrize("hour", ["08:00", "20:59"])
async def test_by_day_it_is_offered_at_once(salon: Business, booked: Booked, hour: str) -> None:
    visit = booked("haircut", "aino", VISIT)
    waits("awake")
    await freed(salon, visit, at(f"2026-11-24 {hour}"))
    assert len(offers()) == 1


async def test_postponed_once_after_a_crash_too(salon: Business, booked: Booked) -> None:
    visit = booked("haircut", "aino", VISIT)
    waits("sleeps")
    await freed(salon, visit, at("2026-11-23 22:00"))
    await OfferFreed(salon).deliver(parcels("done")[0])
    assert len(parcels("waiting")) == 1


async def test_a_freed_place_is_offered_with_whoever_is_free(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Who waits for Mikko could not come, as Aino's customer had the one couch."""
    brows = service("brows", 45, uses=["couch"])
    page = write_page(
        tmp_path_factory.mktemp("shared") / "b.yml",
        services={"brows": brows, "haircut": service("haircut", 45)},
        resources={"couch": {"name": {"en": "couch"}}},
        booking=BOOKING,
    )
    salon = load_business(page)
    visit = book(
        salon, opening(salon, "brows", "aino", VISIT), name="Maija", email="maija@example.com",
        phone=None, language="en", conversation_id=None, now=NOW,
    )  # fmt: skip
    waits("cut", staff_id="mikko")
    waits("place", service_id="brows", staff_id="mikko")
    await freed(salon, visit)
    assert offers() == [("place", at(VISIT))]


async def test_a_parcel_from_before_there_were_places_is_offered_too(
    salon: Business, booked: Booked
) -> None:
    visit = booked("haircut", "aino", VISIT)
    waits("first")
    cancel(visit.code, now=MORNING)
    with session() as opened:
        [parcel] = opened.scalars(select(tables.Delivery).filter_by(kind=FREED))
        parcel.content = {k: v for k, v in parcel.content.items() if k != "service_id"}
    await deliver(salon)
    assert offers() == [("first", at(VISIT))]
