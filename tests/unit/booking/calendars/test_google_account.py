"""Google's tokens, refusals and limits, through a calendar."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from google_server import ANNA, GoogleServer, Shared, key_file, refusal
from vendor_server import html

from tiski import clock
from tiski.booking.calendars.google import GoogleCalendar
from tiski.booking.calendars.google_account import google_account, google_key
from tiski.booking.calendars.protocol import Kept, Visit
from tiski.outside.errors import OutsideError, Trouble
from tiski.outside.tokens import SignedApi

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc)
VISIT = Visit("u1@tiski", NOW, NOW + timedelta(hours=1), "Hiustenleikkuu: Maija M.")
MIKKO = "mikko@example.com"
# how the vendor calls what the answers below have in capitals
NAMES = {"ITEMS": "items", "ETAG": "etag", "PROPERTIES": "extendedProperties"}


@pytest.fixture
async def google() -> AsyncIterator[GoogleServer]:
    async with GoogleServer() as server:
        server.calendars[MIKKO] = Shared("Mikko")
        yield server


@pytest.fixture
def account(google: GoogleServer) -> SignedApi:
    key = google_key(key_file())
    return google_account(key, api_url=google.api_url, token_url=google.token_url)


@pytest.fixture
async def calendar(account: SignedApi) -> AsyncIterator[GoogleCalendar]:
    opened = GoogleCalendar(ANNA, account)
    yield opened
    await opened.close()


@pytest.fixture
def noon() -> Iterator[None]:
    clock.fix(NOW)
    yield
    clock.fix(None)


async def trouble_of(calendar: GoogleCalendar) -> OutsideError:
    with pytest.raises(OutsideError) as caught:
        await calendar.check()
    return caught.value


async def test_one_token_serves_all_calendars_of_an_account(
    account: SignedApi, google: GoogleServer
) -> None:
    anna, mikko = GoogleCalendar(ANNA, account), GoogleCalendar(MIKKO, account)
    names = [r.name for r in await asyncio.gather(anna.check(), mikko.check(), anna.check())]
    assert names == ["Anna", "Mikko", "Anna"]
    assert google.token_requests == 1
    await anna.close()
    await anna.close()
    assert (await mikko.check()).name == "Mikko"  # still open for the other one
    await mikko.close()
    with pytest.raises(RuntimeError):
        await mikko.check()


async def test_a_token_is_renewed_before_it_ends(
    calendar: GoogleCalendar, google: GoogleServer, noon: None
) -> None:
    await calendar.check()
    clock.fix(NOW + timedelta(minutes=54))
    await calendar.check()
    assert google.token_requests == 1
    clock.fix(NOW + timedelta(minutes=56))
    await calendar.check()
    assert google.token_requests == 2


async def test_a_token_that_is_refused_is_renewed_once(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    await calendar.check()
    google.issued.clear()
    await calendar.put(VISIT, None)  # what is not to be repeated, too: it was not done
    assert google.token_requests == 2
    assert len(google.events) == 1


async def test_every_token_is_refused(calendar: GoogleCalendar, google: GoogleServer) -> None:
    google.lasts = 0
    error = await trouble_of(calendar)
    assert (error.trouble, error.status) == (Trouble.INVALID_CREDENTIALS, 401)
    assert len(google.calls) == 2


async def test_a_key_that_google_does_not_know(google: GoogleServer) -> None:
    key = google_key(key_file(rsa.generate_private_key(65537, 2048)))
    account = google_account(key, api_url=google.api_url, token_url=google.token_url)
    calendar = GoogleCalendar(ANNA, account)
    error = await trouble_of(calendar)
    assert error.trouble is Trouble.INVALID_CREDENTIALS
    assert str(error) == "google: invalid_credentials (400)"  # nothing of the answer
    assert google.calls == []
    await calendar.close()


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (html(200), Trouble.UNKNOWN),
        (html(400), Trouble.UNKNOWN),
        (html(503), Trouble.CANNOT_CONNECT),
        (
            web.json_response({"error": "temporarily_unavailable"}, status=400),
            Trouble.CANNOT_CONNECT,
        ),
        (web.json_response({"error": "invalid_client"}, status=401), Trouble.INVALID_CREDENTIALS),
        (web.json_response({"access_token": "a\nb", "expires_in": 3599}), Trouble.UNKNOWN),
        (web.json_response({"access_token": None}), Trouble.UNKNOWN),
        (web.json_response([]), Trouble.UNKNOWN),
    ],
)
async def test_no_token_is_had(
    calendar: GoogleCalendar, google: GoogleServer, answer: web.Response, trouble: Trouble
) -> None:
    google.token_faults = [_again(answer), _again(answer)]
    assert (await trouble_of(calendar)).trouble is trouble
    assert google.calls == []


@pytest.mark.parametrize("reason", ["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"])
async def test_asked_too_often(calendar: GoogleCalendar, google: GoogleServer, reason: str) -> None:
    google.faults = [refusal(403, reason, domain="usageLimits")]
    assert (await trouble_of(calendar)).trouble is Trouble.RATE_LIMITED
    error = await trouble_of(calendar)  # now it is left alone
    assert (error.trouble, error.reached) == (Trouble.RATE_LIMITED, False)
    assert len(google.calls) == 1


async def test_asked_too_often_with_a_time(calendar: GoogleCalendar, google: GoogleServer) -> None:
    limited = refusal(429, "rateLimitExceeded", domain="usageLimits")
    limited.headers["Retry-After"] = "120"
    google.faults = [limited]
    error = await trouble_of(calendar)
    assert error.trouble is Trouble.RATE_LIMITED
    assert error.retry_after == timedelta(minutes=2)


async def test_the_right_to_write_is_missing(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    google.calendars[ANNA].role = "reader"
    with pytest.raises(OutsideError) as caught:
        await calendar.put(VISIT, None)
    assert caught.value.trouble is Trouble.INVALID_CREDENTIALS


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (refusal(403, "insufficientPermissions"), Trouble.INVALID_CREDENTIALS),
        (refusal(403, "forbiddenForNonOrganizer", domain="calendar"), Trouble.REFUSED),
        (refusal(400, "timeRangeEmpty", domain="calendar"), Trouble.REFUSED),
        (html(403), Trouble.INVALID_CREDENTIALS),
        (html(200), Trouble.UNKNOWN),
        (refusal(500, "backendError"), Trouble.UNKNOWN),
        (html(502), Trouble.CANNOT_CONNECT),
        (web.Response(status=302, headers={"Location": "/login"}), Trouble.UNKNOWN),
    ],
)
async def test_other_answers(
    calendar: GoogleCalendar, google: GoogleServer, answer: web.Response, trouble: Trouble
) -> None:
    google.faults = [_again(answer), _again(answer)]
    error = await trouble_of(calendar)
    assert error.trouble is trouble
    assert "example.com" not in str(error)


async def test_a_server_that_stumbles_once(calendar: GoogleCalendar, google: GoogleServer) -> None:
    google.faults = [refusal(500, "backendError")]
    await calendar.put(VISIT, None)
    assert len(google.events) == 1


async def test_a_write_whose_answer_is_lost_is_done_once(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    google.lost = 1
    kept = await calendar.put(VISIT, None)
    assert list(google.events) == [kept.place]
    google.lost = 1
    kept = await calendar.put(replace(VISIT, title="Siirretty"), kept)
    assert google.events[kept.place]["summary"] == "Siirretty"
    assert google.events[kept.place]["etag"] == kept.version
    google.lost = 1
    await calendar.remove(VISIT.uid, kept)
    assert google.events[kept.place]["status"] == "cancelled"


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
    calendar: GoogleCalendar, google: GoogleServer, content: object
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
        google.faults = [web.Response(text=text, content_type="application/json") for _ in range(8)]
        with contextlib.suppress(OutsideError):
            await work()


async def test_nobody_is_there(google: GoogleServer) -> None:
    key = google_key(key_file())
    account = google_account(key, api_url=google.api_url, token_url=google.token_url)
    calendar = GoogleCalendar(ANNA, account)
    await google.__aexit__()
    error = await trouble_of(calendar)
    assert (error.trouble, error.reached) == (Trouble.CANNOT_CONNECT, False)
    await calendar.close()


async def test_the_token_goes_to_no_other_host(
    account: SignedApi, google: GoogleServer, calendar: GoogleCalendar
) -> None:
    for url in ("https://www.googleapis.com/calendar/v3/x", "//evil.example/x", "http://[x", ""):
        with pytest.raises(OutsideError) as caught:
            await account.call("GET", url)
        assert not caught.value.reached
    assert google.token_requests == 0


def test_a_key_is_not_printed() -> None:
    assert "RSAPrivateKey" not in repr(google_key(key_file()))


def test_key_files_that_are_none() -> None:
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    good = key_file()
    bad = [
        "",
        "[]",
        '{"installed": {"client_id": "x"}}',  # of another kind of sign-in
        good.replace("client_email", "mail"),
        good.replace("BEGIN PRIVATE KEY", "BEGIN KEY"),
        good[: good.index('"private_key":')] + '"private_key": '
        + repr(curve.decode()).replace("'", '"') + ', "client_email": "a@example.com"}',
    ]  # fmt: skip
    for text in bad:
        with pytest.raises(ValueError):
            google_key(text)


def _again(answer: web.Response) -> web.Response:
    """The same answer: one that was sent cannot be sent again."""
    body, headers = answer.body, {k: v for k, v in answer.headers.items() if k == "Location"}
    return web.Response(
        status=answer.status, body=body, content_type=answer.content_type, headers=headers
    )
