"""Microsoft's tokens, refusals and limits, through a calendar."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from microsoft_server import ANNA, CLIENT_ID, SECRET, TENANT, Mailbox, MicrosoftServer, refusal
from vendor_server import html

from tiski.booking.calendars.microsoft import MicrosoftCalendar
from tiski.booking.calendars.microsoft_account import MicrosoftApp, may_write, microsoft_account
from tiski.booking.calendars.protocol import Kept, Visit
from tiski.outside.errors import OutsideError, Trouble

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc)
VISIT = Visit("u1@tiski", NOW, NOW + timedelta(hours=1), "Hiustenleikkuu: Maija M.")
TZ = ZoneInfo("Europe/Helsinki")
# how the vendor calls what the answers below have in capitals
NAMES = {
    "ITEMS": "value",
    "ETAG": "@odata.etag",
    "PROPERTIES": "singleValueExtendedProperties",
}


@pytest.fixture
async def graph() -> AsyncIterator[MicrosoftServer]:
    async with MicrosoftServer() as server:
        yield server


def opened(
    graph: MicrosoftServer, *, tenant: str = TENANT, secret: str = SECRET
) -> MicrosoftCalendar:
    app = MicrosoftApp(tenant, CLIENT_ID, secret)
    account = microsoft_account(app, api_url=graph.api_url, sign_in_url=graph.url)
    return MicrosoftCalendar(ANNA, account, tz=TZ)


@pytest.fixture
async def calendar(graph: MicrosoftServer) -> AsyncIterator[MicrosoftCalendar]:
    made = opened(graph)
    yield made
    await made.close()


async def trouble_of(calendar: MicrosoftCalendar) -> OutsideError:
    with pytest.raises(OutsideError) as caught:
        await calendar.check()
    return caught.value


async def test_one_token_serves_all_calendars_of_an_app(graph: MicrosoftServer) -> None:
    graph.mailboxes["mikko@example.com"] = Mailbox("Mikko M.")
    app = MicrosoftApp(TENANT, CLIENT_ID, SECRET)
    account = microsoft_account(app, api_url=graph.api_url, sign_in_url=graph.url)
    both = [MicrosoftCalendar(u, account, tz=TZ) for u in (ANNA, "mikko@example.com")]
    names = [r.name for r in await asyncio.gather(*(one.check() for one in both))]
    assert names == ["Anna A.", "Mikko M."]
    assert graph.token_requests == 1
    for one in both:
        await one.close()


async def test_a_token_that_is_refused_is_renewed_once(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    await calendar.check()
    graph.issued.clear()
    await calendar.put(VISIT, None)
    assert graph.token_requests == 2
    graph.lasts = 0
    graph.issued.clear()
    assert (await trouble_of(calendar)).trouble is Trouble.INVALID_CREDENTIALS


@pytest.mark.parametrize("wrong", [{"secret": "another"}, {"tenant": "other.example"}])
async def test_a_secret_or_tenant_that_is_wrong(
    graph: MicrosoftServer, wrong: dict[str, str]
) -> None:
    calendar = opened(graph, **wrong)
    error = await trouble_of(calendar)
    assert error.trouble is Trouble.INVALID_CREDENTIALS
    assert not any(word in str(error) for word in ("AADSTS", "another", "other"))
    assert graph.calls == []
    await calendar.close()


async def test_the_permission_is_missing(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    graph.roles = []
    assert (await trouble_of(calendar)).trouble is Trouble.INVALID_CREDENTIALS


async def test_check_tells_what_may_be_done(graph: MicrosoftServer) -> None:
    for roles, can_edit, expected in (
        (["Calendars.ReadWrite", "User.Read.All"], True, True),
        (["Calendars.ReadWrite"], False, False),
        (["Calendars.Read"], True, False),
    ):
        graph.roles, graph.mailboxes[ANNA].can_edit = roles, can_edit
        calendar = opened(graph)
        rights = await calendar.check()
        assert (rights.name, rights.may_read, rights.may_write) == ("Anna A.", True, expected)
        await calendar.close()


@pytest.mark.parametrize("token", ["opaque", "a.b.c", "a.e30.c", "a.W10.c", "..", "ö.ö.ö"])
def test_a_token_that_does_not_say_its_roles(token: str) -> None:
    assert may_write(token)


@pytest.mark.parametrize("status", [429, 503])
async def test_throttled(calendar: MicrosoftCalendar, graph: MicrosoftServer, status: int) -> None:
    graph.faults = [refusal(status, "ApplicationThrottled", retry_after=150)]
    error = await trouble_of(calendar)
    assert (error.trouble, error.retry_after) == (Trouble.RATE_LIMITED, timedelta(seconds=150))
    error = await trouble_of(calendar)  # now it is left alone
    assert (error.trouble, error.reached) == (Trouble.RATE_LIMITED, False)
    assert len(graph.calls) == 1


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ((403, "ErrorAccessDenied"), Trouble.INVALID_CREDENTIALS),
        ((404, "MailboxNotEnabledForRESTAPI"), Trouble.NOT_FOUND),
        ((400, "ErrorInvalidIdMalformed"), Trouble.NOT_FOUND),
        ((400, "ErrorInvalidRequest"), Trouble.REFUSED),
        ((500, "ErrorInternalServerError"), Trouble.UNKNOWN),
        ((503, "serviceNotAvailable"), Trouble.CANNOT_CONNECT),
        ((504, "UnknownError"), Trouble.CANNOT_CONNECT),
    ],
)
async def test_other_answers(
    calendar: MicrosoftCalendar, graph: MicrosoftServer, fault: tuple[int, str], trouble: Trouble
) -> None:
    graph.faults = [refusal(*fault), refusal(*fault)]
    error = await trouble_of(calendar)
    assert error.trouble is trouble
    assert "example.com" not in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        html,
        lambda: web.json_response([]),
        lambda: web.json_response({"value": {}}),
        lambda: web.Response(text="[" * 100_000, content_type="application/json"),
    ],
)
async def test_an_answer_of_somebody_else(
    calendar: MicrosoftCalendar, graph: MicrosoftServer, answer: object
) -> None:
    graph.faults = [answer()]  # type: ignore[operator]
    with pytest.raises(OutsideError) as caught:
        await calendar.entries(NOW, NOW + timedelta(days=1))
    assert caught.value.trouble is Trouble.UNKNOWN


async def test_a_write_whose_answer_is_lost_is_done_once(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    graph.lost = 1
    kept = await calendar.put(VISIT, None)
    assert list(graph.events) == [kept.place]
    graph.lost = 1
    moved = replace(VISIT, title="Siirretty")
    kept = await calendar.put(moved, kept)
    assert graph.events[kept.place]["subject"] == "Siirretty"
    assert graph.events[kept.place]["@odata.etag"] == kept.version
    graph.lost = 1
    await calendar.remove(VISIT.uid, kept)
    assert graph.events == {}


@pytest.mark.parametrize(
    "content",
    [
        [], {}, {"ITEMS": 1}, {"ITEMS": [1, {}]}, {"ITEMS": [{"start": 1, "end": []}]},
        {"id": 1}, {"id": [], "ETAG": "x", "start": [], "end": 3, "status": {}, "isAllDay": 1},
        {"id": "a", "ETAG": "x", "PROPERTIES": [1], "body": "x", "description": 5, "start": {}},
        {"id": "a", "ETAG": "x", "PROPERTIES": [{}], "start": {"dateTime": 1, "timeZone": []}},
        {"id": "a", "ETAG": "x", "PROPERTIES": {"private": [1]}, "start": {"date": 1}},
        {"accessRole": None, "summary": None, "timeZone": 1, "owner": 1, "canEdit": "x"},
    ],
)  # fmt: skip
async def test_whatever_comes_is_read_or_is_trouble(
    calendar: MicrosoftCalendar, graph: MicrosoftServer, content: object
) -> None:
    text = json.dumps(content)
    for name, key in NAMES.items():
        text = text.replace(f'"{name}"', f'"{key}"')
    kept = Kept("AAMkplace", "v")
    for work in (
        lambda: calendar.put(VISIT, None),
        lambda: calendar.put(VISIT, kept),
        lambda: calendar.find(VISIT.uid, kept),
        lambda: calendar.remove(VISIT.uid, kept),
        lambda: calendar.entries(NOW, NOW + timedelta(days=1)),
        lambda: calendar.check(),
    ):
        graph.faults = [web.Response(text=text, content_type="application/json") for _ in range(8)]
        with contextlib.suppress(OutsideError):
            await work()


def test_the_secret_is_not_printed() -> None:
    assert SECRET not in repr(MicrosoftApp(TENANT, CLIENT_ID, SECRET))
