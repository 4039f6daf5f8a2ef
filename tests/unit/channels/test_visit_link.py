"""tiski/channels/visit_link.py: what is said to who came by the link to an appointment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from tiski import clock
from tiski.booking.appointments import Appointment, book
from tiski.booking.links import token_for
from tiski.booking.openings import opening_at
from tiski.business import load_business
from tiski.channels import visit_link
from tiski.channels.visit_link import visit_greeting
from tiski.db.session import session
from tiski.db.tables import Appointment as Row

NOW = datetime.fromisoformat("2026-11-23T08:00+02:00")
NOON = datetime.fromisoformat("2026-11-24T12:00+02:00")


@pytest.fixture(autouse=True)
def own_words() -> None:
    """Not those of the other channels' tests."""


@pytest.fixture(autouse=True)
def at_now(desk_db: Engine) -> Iterator[None]:
    clock.fix(NOW)
    yield
    clock.fix(None)


@pytest.fixture
def visit() -> Appointment:
    wanted = opening_at(load_business(), "haircut", NOON, staff_id="aino", now=NOW)
    assert wanted is not None
    return book(
        load_business(), wanted, name="Maija Meikäläinen", email="maija@example.com",
        phone=None, language="fi", conversation_id=None, now=NOW,
    )  # fmt: skip


def token(visit: Appointment, purpose: str = "visit") -> str:
    return token_for(visit.id, ends_at=visit.ends_at, purpose=purpose)


async def test_it_says_which_visit_and_offers_what_can_be_done(visit: Appointment) -> None:
    greeting = await visit_greeting(token(visit), "fi")
    assert greeting is not None
    assert "tiistaina 24.11. klo 12.00" in greeting.text
    assert "hiustenleikkaus" in greeting.text.lower() and "Maija" not in greeting.text
    assert [button["payload"] for button in greeting.buttons] == [
        "/reschedule_appointment",
        "/cancel_appointment",
        "/confirm_attendance",
    ]


@pytest.mark.parametrize(
    ("page", "customers", "expected"),
    [
        ("en", "fi", "Hello again!"),
        (None, "fi", "Hei taas!"),
        (None, "en", "Hello again!"),
        (None, "sv", "Hei taas!"),  # a language that the business had when it was booked
        ("sv", "en", "Hei taas!"),
    ],
)
async def test_in_the_page_s_language_or_the_customer_s_or_the_business_s(
    visit: Appointment, page: str | None, customers: str, expected: str
) -> None:
    with session() as opened:
        opened.get(Row, visit.id).language = customers
    greeting = await visit_greeting(token(visit), page)
    assert greeting is not None and greeting.text.startswith(expected)


@pytest.mark.parametrize("status", ["cancelled", "held", "withdrawn"])
async def test_nothing_of_what_is_not_booked(visit: Appointment, status: str) -> None:
    with session() as opened:
        opened.get(Row, visit.id).status = status
    assert await visit_greeting(token(visit), "fi") is None


async def test_nothing_once_it_has_begun(visit: Appointment) -> None:
    clock.fix(NOON - timedelta(seconds=1))
    assert await visit_greeting(token(visit), "fi") is not None
    clock.fix(NOON)
    assert await visit_greeting(token(visit), "fi") is None


async def test_nothing_for_a_forged_or_old_link(visit: Appointment) -> None:
    forged = token(visit)[:-1] + ("a" if token(visit)[-1] != "a" else "b")
    for wrong in (forged, token(visit, purpose="other"), "", None, 7, ["x"], "\ud800", "9" * 5000):
        assert await visit_greeting(wrong, "fi") is None
    clock.fix(NOON + timedelta(days=3))
    assert await visit_greeting(token(visit), "fi") is None


async def test_nothing_of_a_service_that_is_gone_or_a_visit_that_is(visit: Appointment) -> None:
    with session() as opened:
        opened.get(Row, visit.id).service_id = "hot_stones"
    assert await visit_greeting(token(visit), "fi") is None
    assert await visit_greeting(token_for(999, ends_at=visit.ends_at), "fi") is None


async def test_without_the_database_it_is_a_chat_as_usual(
    visit: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_: int) -> None:
        raise OperationalError("SELECT", {}, Exception("locked"))

    monkeypatch.setattr(visit_link, "by_id", locked)
    assert await visit_greeting(token(visit), "fi") is None
