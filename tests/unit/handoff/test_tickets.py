from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML
from sqlalchemy import select
from sqlalchemy.engine import Engine

from tiski.business import Business, load_business
from tiski.db import tables
from tiski.db.session import session
from tiski.handoff.tickets import TicketReceipt, answer_by, open_ticket
from tiski.paths import ROOT

HELSINKI = ZoneInfo("Europe/Helsinki")
WEEK = {
    "mon": "09:00-12:00, 13:00-17:00",
    "tue": "09:00-17:00",
    "wed": "09:00-09:20",
    "thu": "09:00-17:00",
    "fri": "09:00-17:00",
    "sat": "closed",
    "sun": "closed",
}


def desk_with(folder: Path, weekly: dict[str, str], minutes: int = 30) -> Business:
    """The demo business with other hours for handing over, and no exceptional days."""
    yaml = YAML(typ="safe", pure=True)
    page = yaml.load((ROOT / "business.yml").read_text(encoding="utf-8"))
    page["handoff"] = {"weekly": weekly, "answer_within_minutes": minutes}
    page["hours"]["exceptions"] = {}
    file = folder / "business.yml"
    with file.open("w", encoding="utf-8") as opened:
        yaml.dump(page, opened)
    return load_business(file)


@pytest.fixture(scope="module")
def business(tmp_path_factory: pytest.TempPathFactory) -> Business:
    return desk_with(tmp_path_factory.mktemp("business"), WEEK)


def at(text: str) -> datetime:
    """A local time; 2026-11-23 is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("now", "promised"),
    [
        ("2026-11-24 10:00", "2026-11-24 10:30"),  # somebody is there
        ("2026-11-24 16:30", "2026-11-24 17:00"),  # just before they go
        ("2026-11-23 11:45", "2026-11-23 13:30"),  # their lunch comes first
        ("2026-11-23 12:30", "2026-11-23 13:30"),  # they are at lunch
        ("2026-11-24 07:00", "2026-11-24 09:30"),  # before they come
        ("2026-11-24 16:45", "2026-11-26 09:30"),  # Wednesday's 20 minutes are too short
        ("2026-11-24 17:00", "2026-11-26 09:30"),  # at the closing minute
        ("2026-11-27 20:00", "2026-11-30 09:30"),  # over the weekend
    ],
)
def test_when_it_will_be_answered(business: Business, now: str, promised: str) -> None:
    assert answer_by(business, at(now)) == at(promised)


def test_the_promise_holds_over_the_change_of_clocks(tmp_path: Path) -> None:
    week = {**WEEK, "sun": "00:00-06:00"}
    night = desk_with(tmp_path, week, minutes=60)
    # On 25 October 2026 the clock shows 03:30 twice: an hour later it is 03:30 again.
    first = at("2026-10-25 03:30")
    promised = answer_by(night, first)
    assert promised == first.astimezone(timezone.utc) + timedelta(hours=1)


def test_hours_that_are_always_too_short_promise_their_end(tmp_path: Path) -> None:
    short = desk_with(tmp_path, dict.fromkeys(WEEK, "closed") | {"wed": "09:00-09:20"})
    assert answer_by(short, at("2026-11-24 10:00")) == at("2026-11-25 09:20")


def test_without_hours_nothing_is_promised(tmp_path: Path) -> None:
    never = desk_with(tmp_path, dict.fromkeys(WEEK, "closed"))
    assert answer_by(never, at("2026-11-24 10:00")) is None


async def open_one(business: Business, now: datetime, **details: Any) -> TicketReceipt:
    standard = {
        "kind": "return_order",
        "need": "The brush came broken",
        "language": "en",
        "conversation_id": "one",
        "channel": "web",
        "transcript": [{"from": "customer", "text": "It is broken"}],
    }
    return await open_ticket(**{**standard, **details}, business=business, now=now)


def stored() -> list[tables.Ticket]:
    with session() as db:
        return list(db.scalars(select(tables.Ticket).order_by(tables.Ticket.id)))


async def test_what_is_stored(desk_db: Engine, business: Business) -> None:
    now = at("2026-11-24 10:00")
    receipt = await open_one(
        business,
        now,
        reference="10234",
        name="Matti Meikäläinen",
        email="matti@posti.example",
        phone="+358455550101",
    )
    [ticket] = stored()
    assert receipt == TicketReceipt(ticket.code, at("2026-11-24 10:30"), within_hours=True)
    assert ticket.status == "open"
    assert (ticket.kind, ticket.need, ticket.reference) == (
        "return_order",
        "The brush came broken",
        "10234",
    )
    assert (ticket.contact_name, ticket.contact_email, ticket.contact_phone) == (
        "Matti Meikäläinen",
        "matti@posti.example",
        "+358455550101",
    )
    assert (ticket.language, ticket.channel, ticket.conversation_id) == ("en", "web", "one")
    assert ticket.transcript == [{"from": "customer", "text": "It is broken"}]
    assert ticket.created_at == now
    assert ticket.answer_by == receipt.answer_by


async def test_out_of_hours(desk_db: Engine, business: Business) -> None:
    receipt = await open_one(business, at("2026-11-27 20:00"))
    assert not receipt.within_hours
    assert receipt.answer_by == at("2026-11-30 09:30")


async def test_asked_twice_it_is_one_ticket_and_one_promise(
    desk_db: Engine, business: Business
) -> None:
    now = at("2026-11-24 16:55")
    first = await open_one(business, now)
    # Ten minutes later nobody is there any more, but the promise was made when they were.
    again = await open_one(business, now + timedelta(minutes=9, seconds=59))
    assert again == first
    assert len(stored()) == 1


async def test_what_was_missing_is_added_and_what_was_said_stays(
    desk_db: Engine, business: Business
) -> None:
    now = at("2026-11-24 10:00")
    await open_one(business, now, name="Matti")
    await open_one(business, now, name="Someone", phone="+358455550101")
    [ticket] = stored()
    assert (ticket.contact_name, ticket.contact_phone) == ("Matti", "+358455550101")


@pytest.mark.parametrize(
    "other",
    [{"conversation_id": "two"}, {"kind": "report_order_problem"}, {"need": "It is too big"}],
)
async def test_something_else_is_another_ticket(
    desk_db: Engine, business: Business, other: dict[str, str]
) -> None:
    now = at("2026-11-24 10:00")
    first = await open_one(business, now)
    second = await open_one(business, now, **other)
    assert first.code != second.code
    assert len(stored()) == 2


async def test_ten_minutes_later_it_is_another_ticket(desk_db: Engine, business: Business) -> None:
    now = at("2026-11-24 10:00")
    first = await open_one(business, now)
    later = await open_one(business, now + timedelta(minutes=10))
    assert first.code != later.code


async def test_a_closed_ticket_is_not_taken_up_again(desk_db: Engine, business: Business) -> None:
    now = at("2026-11-24 10:00")
    first = await open_one(business, now)
    with session() as db:
        db.scalars(select(tables.Ticket)).one().status = "closed"
    assert (await open_one(business, now)).code != first.code


async def test_codes_are_short_and_hard_to_misread(desk_db: Engine, business: Business) -> None:
    now = at("2026-11-24 10:00")
    codes = {(await open_one(business, now, need=f"need {each}")).code for each in range(20)}
    assert len(codes) == 20
    for code in codes:
        assert code[0] == "T" and len(code) == 6
        assert not set(code) & set("0O1IL5S8B2ZU")


async def test_a_code_in_use_is_not_given_again(
    desk_db: Engine, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = iter("CCCCCCCCCCDDDDD")
    monkeypatch.setattr("secrets.choice", lambda _letters: next(letters))
    now = at("2026-11-24 10:00")
    codes = [(await open_one(business, now, need=need)).code for need in ("one", "another")]
    assert codes == ["TCCCCC", "TDDDDD"]


async def test_nothing_personal_is_logged(
    desk_db: Engine, business: Business, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await open_one(business, at("2026-11-24 10:00"), name="Matti", email="matti@posti.example")
    assert "matti" not in caplog.text.lower()
    assert "broken" not in caplog.text
