"""What staff change in their calendars is taken over, told, and never guessed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from salon import NOW, at
from sqlalchemy import select
from two_calendars import Staff, news, reason, row, states

from tiski.booking.appointments import Appointment
from tiski.booking.calendars.follow import follow
from tiski.business import Business
from tiski.db import tables
from tiski.db.session import reading, session
from tiski.outside.errors import Trouble

Book = Callable[..., Appointment]


async def test_what_is_in_a_calendar_makes_its_time_busy(staff: Staff) -> None:
    staff.aino.add("dentist", at("2026-11-24 10:00"), at("2026-11-24 11:00"))
    staff.aino.add("birthday", at("2026-11-24 00:00"), at("2026-11-25 00:00"), is_busy=False)
    assert (await staff.look()).has_changed
    assert reason(staff.business, at("2026-11-24 10:30")) == "taken"
    assert reason(staff.business, at("2026-11-24 10:30"), "mikko") is None
    assert reason(staff.business, at("2026-11-24 11:00")) is None
    staff.aino.delete("dentist")
    await staff.look()
    assert reason(staff.business, at("2026-11-24 10:30")) is None


async def test_our_own_copies_make_nothing_busy(staff: Staff, booked: Book) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    await staff.mirrored(visit)
    with reading() as opened:
        assert opened.scalars(select(tables.BusyTime)).all() == []


async def test_nothing_is_read_while_nothing_changes(staff: Staff) -> None:
    await staff.look()
    staff.aino.calls.clear()
    assert not (await staff.look()).has_changed
    assert staff.aino.calls == ["state"]
    staff.aino.add("dentist", at("2026-11-24 10:00"), at("2026-11-24 11:00"))
    await staff.look()
    assert "entries" in staff.aino.calls


async def test_written_and_deleted_between_two_looks_is_missed(
    staff: Staff, booked: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A state that is made from what is in the calendar is then what it was before."""

    async def contents() -> str:
        return "-".join(sorted(staff.aino.stands))

    monkeypatch.setattr(staff.aino, "state", contents)
    await staff.look()
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    [uid] = await staff.mirrored(visit, then_look=False)
    staff.aino.delete(uid)
    look = await staff.look()
    assert [one.what for one in look.changes] == ["cancelled"]


async def test_written_during_a_look_it_is_missed_too(
    staff: Staff, booked: Book, monkeypatch: pytest.MonkeyPatch, business: Business
) -> None:
    async def contents() -> str:
        return "-".join(sorted(staff.aino.stands))

    monkeypatch.setattr(staff.aino, "state", contents)
    visit = booked("haircut", "aino", "2026-11-24 10:00")

    def written_and_read() -> None:
        """What `mirror` does at that moment."""
        staff.aino.during_entries = None
        with session() as opened:
            found = opened.get(tables.Appointment, visit.id)
            staff.aino.add(found.uid, found.starts_at, found.ends_at)
            found.copy = tables.CalendarCopy(
                resource="aino",
                place=found.uid,
                version=staff.aino.stands[found.uid].kept.version,
                written_at=NOW,
            )
            for parcel in opened.scalars(select(tables.Delivery).filter_by(kind="calendar")):
                parcel.status = "done"

    staff.aino.during_entries = written_and_read
    await staff.look()
    staff.aino.delete(row(visit).uid)
    look = await staff.look()
    assert [one.what for one in look.changes] == ["cancelled"]


async def test_without_a_state_everything_is_read(staff: Staff) -> None:
    staff.aino.has_state = False
    await staff.look()
    staff.aino.add("dentist", at("2026-11-24 10:00"), at("2026-11-24 11:00"))
    await staff.look()
    assert reason(staff.business, at("2026-11-24 10:30")) == "taken"


async def test_a_visit_moved_by_staff_is_moved_and_told(staff: Staff, booked: Book) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    [uid] = await staff.mirrored(visit)
    staff.aino.shift(uid, at("2026-11-24 14:00"), at("2026-11-24 15:00"))
    look = await staff.look()
    assert [(one.what, one.is_told) for one in look.changes] == [("moved", True)]
    assert row(visit).starts_at == at("2026-11-24 14:00")
    assert row(visit).sequence == 1
    assert news() == ["booked", "moved_by_staff"]
    assert reason(staff.business, at("2026-11-24 10:00")) is None
    assert reason(staff.business, at("2026-11-24 14:00")) == "taken"
    assert (await staff.look()).changes == [], "once"
    assert staff.aino.calls.count("put") == 1, "the calendar has it already"


async def test_a_note_is_no_move(staff: Staff, booked: Book) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    [uid] = await staff.mirrored(visit)
    staff.aino.touch(uid)
    assert (await staff.look()).changes == []
    assert news() == ["booked"]


async def test_a_visit_deleted_by_staff_is_cancelled_and_told(staff: Staff, booked: Book) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    [uid] = await staff.mirrored(visit)
    staff.aino.delete(uid)
    look = await staff.look()
    assert [one.what for one in look.changes] == ["cancelled"]
    assert row(visit).status == "cancelled"
    assert news() == ["booked", "cancelled_by_staff"]
    assert reason(staff.business, at("2026-11-24 10:00")) is None


async def test_who_cannot_be_told_is_somebody_to_call(
    staff: Staff, booked: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_URL", "")
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    [uid] = await staff.mirrored(visit)
    staff.aino.delete(uid)
    [change] = (await staff.look()).changes
    assert not change.is_told


async def test_a_visit_handed_to_a_colleague_goes_with_her(staff: Staff, booked: Book) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    [uid] = await staff.mirrored(visit)
    staff.mikko.stands[uid] = staff.aino.stands.pop(uid)
    staff.mikko.touch(uid)
    look = await staff.look()
    assert [one.what for one in look.changes] == ["moved"]
    assert (row(visit).staff_id, row(visit).status) == ("mikko", "booked")
    assert reason(staff.business, at("2026-11-24 10:00"), "aino") is None
    assert reason(staff.business, at("2026-11-24 10:00"), "mikko") == "taken"
    assert (await staff.look()).changes == []


async def test_while_a_colleagues_calendar_is_down_nothing_counts_as_deleted(
    staff: Staff, booked: Book
) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    [uid] = await staff.mirrored(visit)
    staff.mikko.stands[uid] = staff.aino.stands.pop(uid)
    staff.mikko.touch(uid)
    staff.mikko.fails = Trouble.CANNOT_CONNECT
    look = await staff.look()
    assert look.changes == [] and set(look.failed) == {"mikko"}
    assert row(visit).status == "booked"
    staff.mikko.fails = None
    await staff.look()
    assert row(visit).staff_id == "mikko"


async def test_moved_onto_another_booking_it_stays(staff: Staff, booked: Book) -> None:
    first = booked("haircut", "aino", "2026-11-24 10:00")
    second = booked("haircut", "aino", "2026-11-24 13:00", conversation_id="c2")
    uid, _ = await staff.mirrored(first, second)
    staff.aino.shift(uid, at("2026-11-24 13:00"), at("2026-11-24 14:00"))
    look = await staff.look()
    assert [one.what for one in look.changes] == ["moved_onto"]
    assert row(first).starts_at == first.starts_at
    await staff.mirrored(first)
    assert staff.aino.stands[uid].starts_at == first.starts_at, "and is put back"
    assert reason(staff.business, at("2026-11-24 10:00")) == "taken"


async def test_an_emptied_calendar_sends_nobody_home(staff: Staff, booked: Book) -> None:
    visits = [
        booked("haircut", "aino", f"2026-11-24 {hour}:00", conversation_id=f"c{hour}")
        for hour in (10, 12, 14)
    ]
    uids = await staff.mirrored(*visits)
    staff.aino.stands.clear()
    look = await staff.look()
    assert [one.what for one in look.changes] == ["vanished"] * 3
    assert {row(visit).status for visit in visits} == {"booked"}
    await staff.mirrored(*visits)
    assert set(staff.aino.stands) == set(uids)


async def test_a_list_that_lacks_a_visit_which_is_there_proves_nothing(
    staff: Staff, booked: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    await staff.mirrored(visit)
    staff.aino.add("x", at("2026-11-26 10:00"), at("2026-11-26 11:00"))

    async def nothing(*_: Any) -> list[Any]:
        return []

    monkeypatch.setattr(staff.aino, "entries", nothing)
    assert (await staff.look()).changes == []
    assert row(visit).status == "booked"


async def test_what_we_wrote_during_the_look_is_not_undone(
    staff: Staff, booked: Book, business: Business
) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    [uid] = await staff.mirrored(visit)

    def the_customer_moves() -> None:
        """After the list was read, before it is looked at."""
        staff.aino.during_entries = None
        with session() as opened:
            found = opened.get(tables.Appointment, visit.id)
            found.starts_at, found.ends_at = at("2026-11-24 15:00"), at("2026-11-24 16:00")
            staff.aino.shift(uid, found.starts_at, found.ends_at)
            found.copy.version = staff.aino.stands[uid].kept.version

    staff.aino.touch(uid)
    staff.aino.during_entries = the_customer_moves
    assert (await staff.look()).changes == []
    assert row(visit).starts_at == at("2026-11-24 15:00")


async def test_what_waits_to_be_written_is_not_taken_for_staffs_wish(
    staff: Staff, booked: Book
) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    [uid] = await staff.mirrored(visit)
    with session() as opened:
        found = opened.get(tables.Appointment, visit.id)
        found.starts_at, found.ends_at = at("2026-11-24 15:00"), at("2026-11-24 16:00")
        for parcel in opened.scalars(select(tables.Delivery).filter_by(kind="calendar")):
            parcel.status = "waiting"
    staff.aino.touch(uid)
    assert (await staff.look()).changes == []
    assert row(visit).starts_at == at("2026-11-24 15:00")


async def test_a_calendar_that_cannot_be_read_changes_nothing(staff: Staff, booked: Book) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    await staff.mirrored(visit)
    staff.aino.add("dentist", at("2026-11-24 12:00"), at("2026-11-24 13:00"))
    await staff.look()
    staff.aino.fails = Trouble.INVALID_CREDENTIALS
    look = await staff.look()
    assert set(look.failed) == {"aino"}
    assert states()["aino"].trouble == "invalid_credentials"
    assert states()["aino"].failing_since == NOW
    assert reason(staff.business, at("2026-11-24 12:00")) == "taken", "what was read last holds"
    staff.aino.fails = None
    await staff.look()
    assert states()["aino"].trouble is None


async def test_a_visit_that_is_over_is_not_followed(staff: Staff, booked: Book) -> None:
    visit = booked("haircut", "aino", "2026-11-24 10:00")
    [uid] = await staff.mirrored(visit)
    staff.aino.delete(uid)
    later = at("2026-11-24 18:00")
    look = await follow({"aino": staff.aino}, staff.business, later)
    assert look.changes == []
    assert row(visit).status == "booked"
