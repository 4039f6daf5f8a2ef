"""tiski/channels/visit_page.py: what a customer sees and does behind the link of a mail."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from channel_server import FakeAgent, serving
from icalendar import Calendar
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from tiski import clock
from tiski.booking import held, service
from tiski.booking.appointments import Appointment, book, by_id, cancel
from tiski.booking.links import token_for
from tiski.booking.openings import opening_at
from tiski.booking.waiting_list import join
from tiski.business import Business, load_business
from tiski.channels.web import WebChannel
from tiski.outside.errors import OutsideError, Trouble

ZONE = "+02:00"
NOW = datetime.fromisoformat(f"2026-11-23T08:00{ZONE}")
NOON = datetime.fromisoformat(f"2026-11-24T12:00{ZONE}")
AFTER = datetime.fromisoformat(f"2026-11-25T14:00{ZONE}")
PRIVATE = ("Maija", "Meikäläinen", "maija@example.com", "401234567", "40 123")


@pytest.fixture(autouse=True)
def own_words() -> None:
    """Not those of the other channels' tests: the page is its words."""


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    clock.fix(NOW)
    yield
    clock.fix(None)


@pytest.fixture
def business() -> Business:
    return load_business()


@pytest_asyncio.fixture
async def client(agent: FakeAgent, desk_db: Engine) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(WebChannel(), agent) as address, httpx.AsyncClient() as opened:
        opened.base_url = httpx.URL(f"{address}/desk/visit/")
        yield opened


def booked(
    business: Business, start: datetime = NOON, *, who: str = "maija", language: str = "fi"
) -> Appointment:
    wanted = opening_at(business, "haircut", start, staff_id="aino", now=NOW)
    assert wanted is not None
    return book(
        business, wanted, name="Maija Meikäläinen", email=f"{who}@example.com",
        phone="+358401234567", language=language, conversation_id=None, now=NOW,
    )  # fmt: skip


def kept(business: Business, until: datetime) -> Appointment:
    wanted = opening_at(business, "haircut", NOON, staff_id="aino", now=NOW)
    assert wanted is not None
    entry = join(
        service_id="haircut", staff_id=None, wish="tiistai", windows=[], name="Maija Meikäläinen",
        email="maija@example.com", phone="+358401234567", language="fi", conversation_id=None,
        now=NOW,
    )  # fmt: skip
    return held.hold(business, entry, wanted, until=until, now=NOW)


def token(visit: Appointment) -> str:
    return token_for(visit.id, ends_at=visit.ends_at)


def now_of(visit: Appointment) -> Appointment:
    found = by_id(visit.id)
    assert found is not None
    return found


def title(reply: httpx.Response) -> str:
    return re.findall("<h1>(.*?)</h1>", reply.text)[0]


def buttons(reply: httpx.Response) -> list[tuple[str, str, str]]:
    return re.findall(r'<button [^>]*?name="(\w+)" value="([^"]*)">(.*?)</button>', reply.text)


async def test_what_it_shows_and_what_it_does_not(
    client: httpx.AsyncClient, business: Business
) -> None:
    visit = booked(business)
    reply = await client.get(token(visit))

    assert (reply.status_code, title(reply)) == (200, "Varauksesi")
    facts = re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", reply.text)
    assert facts == [
        ("Palvelu", "hiustenleikkaus"), ("Tekijä", "Aino"), ("Aika", "tiistaina 24.11. klo 12.00"),
        ("Kesto", "45 min"), ("Hinta", "49 €"), ("Osoite", "Kirkkopuistokatu 12, 65100 Vaasa"),
    ]  # fmt: skip
    assert not any(part in reply.text for part in (*PRIVATE, visit.code))
    assert '<html lang="fi">' in reply.text and "$" not in reply.text
    assert "<script" not in reply.text and "style=" not in reply.text
    assert f"../?visit={token(visit)}" in reply.text


async def test_its_headers(client: httpx.AsyncClient, business: Business) -> None:
    for reply in (await client.get(token(booked(business))), await client.get("1-1-x")):
        policy = reply.headers["content-security-policy"]
        assert "form-action 'self'" in policy and "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in reply.headers


async def test_its_style_is_there(client: httpx.AsyncClient, business: Business) -> None:
    page = await client.get(token(booked(business)))
    for path in re.findall(r'<link [^>]*href="([^"]+)"', page.text):
        assert (await client.get(page.url.join(path))).status_code == 200


@pytest.mark.parametrize(("asked", "language"), [("", "en"), ("fi", "fi"), ("xx", "en")])
async def test_its_language(
    client: httpx.AsyncClient, business: Business, asked: str, language: str
) -> None:
    visit = booked(business, language="en")
    reply = await client.get(token(visit), params={"lang": asked})
    assert f'<html lang="{language}">' in reply.text
    assert title(reply) == {"fi": "Varauksesi", "en": "Your appointment"}[language]
    assert f'href="{token(visit)}?lang=fi"' in reply.text  # the switch


async def test_all_bad_links_look_alike(client: httpx.AsyncClient, business: Business) -> None:
    visit = booked(business)
    good = token(visit)
    forged = good[:-1] + ("a" if good[-1] != "a" else "b")
    of_nobody = token_for(4711, ends_at=visit.ends_at)
    replies = [await client.get(each) for each in (forged, of_nobody, "x", "%3Cscript%3E")]
    clock.fix(visit.ends_at + timedelta(hours=26))
    replies.append(await client.get(good))
    replies.append(await client.post(good, data={"do": "cancel"}))

    assert {reply.status_code for reply in replies} == {404}
    assert len({reply.content for reply in replies}) == 1
    assert title(replies[0]) == "Linkki ei enää toimi" and "+358 6 555 0142" in replies[0].text
    assert now_of(visit).status == "booked"


async def test_cancelling_asks_once(client: httpx.AsyncClient, business: Business) -> None:
    visit = booked(business)
    question = await client.get(token(visit), params={"ask": "cancel"})

    assert title(question) == "Perutaanko aika?"
    assert "Peruminen ei maksa sinulle mitään." in question.text
    assert now_of(visit).status == "booked"
    for _ in range(2):  # tapped twice
        reply = await client.post(token(visit), data={"do": "cancel"}, follow_redirects=True)
        assert (reply.status_code, title(reply)) == (200, "Aika on peruttu")
        assert "Kiitos, kun ilmoitit!" in reply.text
    assert now_of(visit).status == "cancelled"


async def test_cancelling_late_tells_what_it_costs(
    client: httpx.AsyncClient, business: Business
) -> None:
    visit = booked(business)
    clock.fix(NOON - timedelta(hours=3))
    reply = await client.get(token(visit), params={"ask": "cancel", "lang": "en"})
    assert "It is less than 24 hours away." in reply.text
    assert "half" in reply.text  # of the policy in business.yml


async def test_looking_changes_nothing(client: httpx.AsyncClient, business: Business) -> None:
    visit = booked(business)
    for query in ("do=cancel", "done=cancelled", "ask=cancel", "ask=move", "do=take", "from=x"):
        reply = await client.get(f"{token(visit)}?{query}")
        assert reply.status_code == 200
        assert "Selvä, aika on peruttu" not in reply.text
    assert now_of(visit) == visit


async def test_moving(client: httpx.AsyncClient, business: Business) -> None:
    visit = booked(business)
    choice = await client.get(token(visit), params={"ask": "move"})

    days = re.findall("<h2>(.*?)</h2>", choice.text)
    assert days == [
        "Tiistaina 24.11.", "Keskiviikkona 25.11.", "Torstaina 26.11.", "Perjantaina 27.11.",
        "Maanantaina 30.11.",
    ]  # fmt: skip
    options = [value for name, value, _ in buttons(choice) if name == "to"]
    assert f"{NOON.isoformat()}/aino" not in options  # it is there already
    wanted = next(value for value in options if value.startswith("2026-11-25"))
    for _ in range(2):  # tapped twice
        reply = await client.post(
            token(visit), data={"do": "move", "to": wanted}, follow_redirects=True
        )
        assert (reply.status_code, title(reply)) == (200, "Varauksesi")
        assert "Aika on siirretty." in reply.text and "25.11." in reply.text
    moved = now_of(visit)
    assert moved.starts_at == datetime.fromisoformat(wanted.partition("/")[0])
    assert moved.code == visit.code


async def test_other_days(client: httpx.AsyncClient, business: Business) -> None:
    visit = booked(business)
    first = await client.get(token(visit), params={"ask": "move"})
    later = re.findall(r'href="[^"]*from=([\d-]+)[^"]*">Myöhemmät', first.text)
    assert later == ["2026-12-01"]
    second = await client.get(token(visit), params={"ask": "move", "from": later[0]})
    assert re.findall("<h2>(.*?)</h2>", second.text)[0] == "Tiistaina 1.12."
    assert "from=2026-11-24" in second.text.replace("&amp;", "&")
    far = await client.get(token(visit), params={"ask": "move", "from": "9999-12-31"})
    assert far.status_code == 200


async def test_taken_meanwhile(client: httpx.AsyncClient, business: Business) -> None:
    visit = booked(business)
    booked(business, AFTER, who="other")
    reply = await client.post(token(visit), data={"do": "move", "to": f"{AFTER.isoformat()}/aino"})
    assert reply.status_code == 409
    assert "Joku ehti ensin" in reply.text
    assert [value for name, value, _ in buttons(reply) if value.startswith("2026-11-25")]
    assert now_of(visit) == visit


@pytest.mark.parametrize(
    "to",
    ["", "x", "2026-11-25T14:00/aino", f"2026-11-25T14:00{ZONE}", f"2026-11-25T14:00{ZONE}/nobody",
     f"2026-11-29T14:00{ZONE}/aino", f"2020-11-25T14:00{ZONE}/aino", "0001-01-01T00:00+14:00/aino",
     f"2026-11-25T14:07{ZONE}/aino", "/", "x" * 5000],
)  # fmt: skip
async def test_what_cannot_be_is_refused_in_words(
    client: httpx.AsyncClient, business: Business, to: str
) -> None:
    visit = booked(business)
    reply = await client.post(token(visit), data={"do": "move", "to": to})
    assert (reply.status_code, title(reply)) == (409, "Mihin aika siirretään?")
    assert "Siihen aikaan emme voi siirtää" in reply.text
    assert now_of(visit) == visit


async def test_cancelled_already(client: httpx.AsyncClient, business: Business) -> None:
    visit = booked(business)
    cancel(visit.code, now=NOW)
    for reply in (
        await client.get(token(visit), params={"ask": "move"}),
        await client.post(
            token(visit), data={"do": "move", "to": f"{AFTER.isoformat()}/aino"},
            follow_redirects=True,
        ),
    ):  # fmt: skip
        assert (reply.status_code, title(reply)) == (200, "Aika on peruttu")
        assert not buttons(reply)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(NOON, "Käynti on jo alkanut"), (NOON + timedelta(hours=1), "Kiitos käynnistä!")],
)
async def test_begun_or_over(
    client: httpx.AsyncClient, business: Business, moment: datetime, expected: str
) -> None:
    visit = booked(business)
    clock.fix(moment)
    for reply in (
        await client.get(token(visit), params={"ask": "cancel"}),
        await client.post(token(visit), data={"do": "cancel"}, follow_redirects=True),
    ):
        assert (reply.status_code, title(reply)) == (200, expected)
    assert now_of(visit).status == "booked"


async def test_the_event_as_a_file(client: httpx.AsyncClient, business: Business) -> None:
    visit = booked(business)
    reply = await client.get(f"{token(visit)}/visit.ics")

    assert reply.headers["content-type"] == "text/calendar; charset=utf-8"
    assert reply.headers["cache-control"] == "no-store"
    assert not any(part in reply.text for part in (*PRIVATE, visit.code))
    calendar = Calendar.from_ical(reply.content)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "PUBLISH" and "ATTENDEE" not in event
    assert (event["UID"], event.decoded("DTSTART")) == (visit.uid, NOON)
    cancel(visit.code, now=NOW)
    gone = await client.get(f"{token(visit)}/visit.ics", follow_redirects=True)
    assert title(gone) == "Aika on peruttu"
    assert (await client.get("x/visit.ics")).status_code == 404


async def test_an_opening_is_taken(client: httpx.AsyncClient, business: Business) -> None:
    visit = kept(business, NOW + timedelta(hours=2))
    page = await client.get(token(visit))
    assert title(page) == "Tämä aika vapautui sinulle"
    assert "viimeistään maanantaina 23.11. klo 10.00" in page.text
    assert [(name, value) for name, value, _ in buttons(page)] == [
        ("do", "take"), ("do", "decline"),
    ]  # fmt: skip
    assert not any(part in page.text for part in PRIVATE)

    reply = await client.post(token(visit), data={"do": "take"}, follow_redirects=True)
    assert title(reply) == "Varauksesi" and "aika on nyt sinun" in reply.text
    for late in ("take", "decline"):  # again, and from another window
        reply = await client.post(token(visit), data={"do": late}, follow_redirects=True)
        assert title(reply) == "Varauksesi"
    assert now_of(visit).status == "booked"


async def test_an_opening_is_declined(client: httpx.AsyncClient, business: Business) -> None:
    visit = kept(business, NOW + timedelta(hours=2))
    for do in ("decline", "decline", "take"):
        reply = await client.post(token(visit), data={"do": do}, follow_redirects=True)
        assert (reply.status_code, title(reply)) == (200, "Aika ei ole enää tarjolla")
    assert now_of(visit).status == "cancelled"
    assert opening_at(business, "haircut", NOON, staff_id="aino", now=NOW) is not None


async def test_an_opening_that_ran_out(client: httpx.AsyncClient, business: Business) -> None:
    visit = kept(business, NOW + timedelta(hours=2))
    clock.fix(NOW + timedelta(hours=2))
    for reply in (
        await client.get(token(visit)),
        await client.post(token(visit), data={"do": "take"}, follow_redirects=True),
    ):
        assert (reply.status_code, title(reply)) == (200, "Aika ei ole enää tarjolla")
        assert not buttons(reply)


@pytest.mark.parametrize(
    "error",
    [
        OutsideError("caldav", Trouble.CANNOT_CONNECT),
        OperationalError("UPDATE maija@example.com", {}, Exception("locked")),
        RuntimeError("maija@example.com"),
    ],
)
async def test_a_calendar_or_the_database_is_down(
    client: httpx.AsyncClient,
    business: Business,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    async def fails(*_: Any, **__: Any) -> None:
        raise error

    visit = booked(business)
    monkeypatch.setattr(service, "move", fails)
    monkeypatch.setattr(service, "cancel", fails)
    for data in ({"do": "cancel"}, {"do": "move", "to": f"{AFTER.isoformat()}/aino"}):
        reply = await client.post(token(visit), data=data)
        assert (reply.status_code, title(reply)) == (503, "Varaukseen ei juuri nyt pääse")
        assert "+358 6 555 0142" in reply.text and token(visit) in reply.text
    assert "maija" not in caplog.text and token(visit) not in caplog.text
    assert now_of(visit) == visit


async def test_no_database_at_all(
    client: httpx.AsyncClient, business: Business, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    visit = booked(business)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'nowhere' / 'desk.db'}")
    reply = await client.get(token(visit), params={"lang": "en"})
    assert reply.status_code == 503
    # html has its own way to write an apostrophe
    assert title(reply).startswith("We can") and "Try again" in reply.text
