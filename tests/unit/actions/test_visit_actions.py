"""What somebody hears who is late, by the tolerance of business.yml; and what is stored."""

from __future__ import annotations

from typing import Any

import pytest
from access_desk import NOW, book_visit
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select
from sqlalchemy.engine import Engine

from actions import turn as turn_module
from actions.visits import NoteLateness, says_something
from tiski import clock
from tiski.business import load_business
from tiski.db import tables
from tiski.db.session import session


class Page:
    """business.yml with a tolerance."""

    def __init__(self, minutes: int | None) -> None:
        self._page = load_business()
        self.booking = self._page.booking.copy(update={"lateness_minutes": minutes})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)


async def tell(text: str, minutes: int | None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Say that one is late, on a page with that tolerance; return the names of the answers."""
    code = book_visit()
    monkeypatch.setattr(turn_module, "load_business", lambda: Page(minutes))
    monkeypatch.setattr(clock, "now", lambda: NOW)
    slots = {
        "language": "en",
        "late_text": text,
        "appointment_key": {"code": code},
        "appointment_code": code,
    }
    message = {"text": text, "intent": {"name": "running_late", "confidence": 0.9}}
    dispatcher = CollectingDispatcher()
    events = [{"event": "user", "text": text}]
    tracker = Tracker("someone", slots, message, events, False, None, {}, "")
    await NoteLateness().run(dispatcher, tracker, {})
    return [message["response"] for message in dispatcher.messages]


def tickets() -> list[tuple[str, str]]:
    with session() as db:
        return [(row.kind, row.reference) for row in db.scalars(select(tables.Ticket))]


@pytest.mark.parametrize("text", ["10 minutes late", "15 min late"])
async def test_within_the_tolerance(
    desk_db: Engine, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    assert await tell(text, 15, monkeypatch) == ["utter_lateness_is_fine"]
    assert tickets() == []


async def test_beyond_it_a_person_decides(desk_db: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await tell("16 minutes late", 15, monkeypatch) == ["utter_lateness_too_long"]
    assert tickets() == [("running_late", "K7M4QX")]


@pytest.mark.parametrize(("text", "minutes"), [("40 min late", None), ("the bus is late", 15)])
async def test_without_a_tolerance_or_minutes_nothing_is_promised(
    desk_db: Engine, monkeypatch: pytest.MonkeyPatch, text: str, minutes: int | None
) -> None:
    assert await tell(text, minutes, monkeypatch) == ["utter_lateness_noted"]
    assert tickets() == []


async def test_early_is_never_too_late(desk_db: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await tell("half an hour early", 15, monkeypatch) == ["utter_early_noted"]
    with session() as db:
        assert db.scalars(select(tables.Appointment.late_minutes)).one() == -30


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("lisätietoja käynnille", False),
        ("can you add a note to my appointment", False),
        ("voiko varaukseen lisätä huomautuksen", False),
        ("lisää varaukseen että päänahka on tosi herkkä", True),
        ("add note: allergic to ppd", True),
    ],
)
def test_a_note_is_asked_for_when_there_is_none(text: str, says: bool) -> None:
    assert says_something(text) is says
