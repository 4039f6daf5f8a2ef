"""Who waits for a time that another customer frees."""

from __future__ import annotations

from typing import Any

from salon import NOW, count
from sqlalchemy import select

from tiski.booking.waiting_list import join
from tiski.db import tables
from tiski.db.session import session

WINDOW = {"from": "2026-11-27T12:00:00+02:00", "to": "2026-11-27T17:00:00+02:00"}


def wait(**changes: Any) -> int:
    usual = {
        "service_id": "colour",
        "staff_id": "aino",
        "wish": "perjantaina iltapäivällä",
        "windows": [WINDOW],
        "name": " Maija ",
        "email": None,
        "phone": "+358401234567",
        "language": "fi",
        "conversation_id": "c1",
        "now": NOW,
    }
    return join(**(usual | changes))


def test_an_entry_holds_all_that_is_needed_to_offer_a_time() -> None:
    entry_id = wait()
    with session() as opened:
        entry = opened.get(tables.WaitingListEntry, entry_id)
    assert (entry.service_id, entry.staff_id, entry.status) == ("colour", "aino", "waiting")
    assert (entry.wish, entry.windows) == ("perjantaina iltapäivällä", [WINDOW])
    assert (entry.contact_name, entry.contact_phone) == ("Maija", "+358401234567")
    assert (entry.language, entry.created_at) == ("fi", NOW)


def test_the_same_wish_is_one_entry_with_the_newest_contact() -> None:
    assert wait() == wait(email="maija@example.com")
    with session() as opened:
        entries = opened.scalars(select(tables.WaitingListEntry)).all()
    assert [entry.contact_email for entry in entries] == ["maija@example.com"]


def test_another_wish_person_or_conversation_is_another_entry() -> None:
    wait()
    wait(wish="lauantaina")
    wait(staff_id=None)
    wait(conversation_id="c2")
    for _ in range(2):
        wait(conversation_id=None)
    assert count(tables.WaitingListEntry) == 6
