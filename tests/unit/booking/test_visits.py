"""What is told of a visit before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from salon import NOW, at
from sqlalchemy import select

from tiski.booking.appointments import Appointment, cancel, find_appointments
from tiski.booking.errors import NoSuchAppointment
from tiski.booking.grid import utc
from tiski.booking.visits import (
    add_note,
    announce_lateness,
    change_contact,
    confirm,
    overlapping,
)
from tiski.db import tables
from tiski.db.session import session

Booked = Callable[..., Appointment]


@pytest.fixture
def visit(booked: Booked) -> Appointment:
    return booked("haircut", "aino", "2026-11-24 10:00")


def stored(code: str) -> Any:
    with session() as opened:
        row = opened.scalars(select(tables.Appointment).filter_by(code=code)).one()
        list(row.notes)  # read while the session is open
        return row


def test_a_note_is_kept_in_the_customers_words(visit: Appointment) -> None:
    add_note(visit.code, "tulen vaunujen kanssa", now=NOW)
    add_note(visit.code.lower(), "toivon hiljaista käyntiä", now=NOW)
    notes = [(note.kind, note.text) for note in stored(visit.code).notes]
    assert notes == [("note", "tulen vaunujen kanssa"), ("note", "toivon hiljaista käyntiä")]


def test_the_same_note_is_written_once(visit: Appointment) -> None:
    for _ in range(2):
        add_note(visit.code, "tulen vaunujen kanssa", now=NOW)
    assert len(stored(visit.code).notes) == 1


def test_lateness_stands_on_the_visit(visit: Appointment) -> None:
    announce_lateness(visit.code, "vartin myöhässä", 15, now=NOW)
    row = stored(visit.code)
    assert row.late_minutes == 15
    assert [(note.kind, note.text) for note in row.notes] == [("late", "vartin myöhässä")]


def test_the_last_minutes_hold_and_words_without_minutes_keep_them(visit: Appointment) -> None:
    announce_lateness(visit.code, "vartin", 15, now=NOW)
    announce_lateness(visit.code, "20 min", 20, now=NOW)
    announce_lateness(visit.code, "bussi seisoo", None, now=NOW)
    row = stored(visit.code)
    assert row.late_minutes == 20
    assert len(row.notes) == 3


def test_coming_is_stored(visit: Appointment) -> None:
    confirm(visit.code, now=NOW)
    assert stored(visit.code).confirmed_at == NOW


@pytest.mark.parametrize("what", ["no such", "cancelled", "over"])
def test_only_a_coming_visit_takes_anything(visit: Appointment, what: str) -> None:
    code, now = visit.code, NOW
    if what == "no such":
        code = "ZZZ999"
    elif what == "cancelled":
        cancel(code, now=NOW)
    else:
        now = at("2026-11-24 10:45")
    for attempt in (
        lambda: add_note(code, "x", now=now),
        lambda: announce_lateness(code, "x", 5, now=now),
        lambda: confirm(code, now=now),
        lambda: change_contact([code], phone="+358401111111", now=now),
    ):
        with pytest.raises(NoSuchAppointment):
            attempt()


def test_during_the_visit_lateness_is_still_told(visit: Appointment) -> None:
    announce_lateness(visit.code, "olen ovella", 10, now=at("2026-11-24 10:05"))
    assert stored(visit.code).late_minutes == 10


def test_a_new_phone_leaves_the_email(visit: Appointment) -> None:
    change_contact([visit.code], phone="+358401111111", now=NOW)
    row = stored(visit.code)
    assert (row.contact_phone, row.contact_email) == ("+358401111111", "maija@example.com")
    assert row.changed_at == NOW
    assert find_appointments(phone="+358401234567", now=NOW) == []


def test_contacts_change_on_all_or_none(booked: Booked, visit: Appointment) -> None:
    other = booked("haircut", "mikko", "2026-11-25 10:00")
    cancel(other.code, now=NOW)
    with pytest.raises(NoSuchAppointment):
        change_contact([visit.code, other.code], email="new@example.com", now=NOW)
    assert stored(visit.code).contact_email == "maija@example.com"


@pytest.mark.parametrize(
    ("start", "end", "meets"),
    [
        ("10:15", "11:00", True),
        ("09:30", "10:15", True),
        ("10:10", "10:20", True),
        ("09:15", "10:00", False),
        ("10:45", "11:30", False),
    ],
)
def test_overlapping(visit: Appointment, start: str, end: str, meets: bool) -> None:
    found = overlapping(
        email=None,
        phone="+358401234567",
        starts_at=at(f"2026-11-24 {start}"),
        ends_at=at(f"2026-11-24 {end}"),
    )
    assert [one.code for one in found] == ([visit.code] if meets else [])


def test_overlapping_looks_at_the_same_contact_only(visit: Appointment) -> None:
    span = {"starts_at": visit.starts_at, "ends_at": visit.ends_at}
    assert overlapping(email="maija@example.com", phone=None, **span)
    assert overlapping(email="other@example.com", phone="+358401234567", **span)
    assert not overlapping(email="other@example.com", phone="+358409999999", **span)
    assert not overlapping(email=None, phone=None, **span)
    cancel(visit.code, now=NOW)
    assert not overlapping(email="maija@example.com", phone=None, **span)
    assert visit.starts_at == utc(at("2026-11-24 10:00"))
