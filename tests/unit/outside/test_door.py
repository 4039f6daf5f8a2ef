"""The door to other systems: how long it waits, what it tries again, when it gives up."""

from __future__ import annotations

import asyncio
import gzip
import time
import traceback
from collections.abc import Awaitable
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from types import SimpleNamespace

import httpx
import pytest
from faulty_server import CLOSE, HANG, HTML, Answer, FaultyServer

from tiski.outside import door as door_module
from tiski.outside.door import Door
from tiski.outside.errors import OutsideError, SettingsError, Trouble
from tiski.outside.time_limit import within

PASSWORD = "c0rrect-h0rse"
NO_PORT = "http://127.0.0.1:9/"  # "discard": nobody listens


def door(**options: object) -> Door:
    return Door("shop", auth=("desk", PASSWORD), timeout=0.3, **options)  # type: ignore[arg-type]


async def failure(work: Awaitable[object]) -> OutsideError:
    with pytest.raises(OutsideError) as caught:
        await work
    return caught.value


async def test_an_answer_is_given_whole() -> None:
    async with FaultyServer(Answer(201, b"hello", {"ETag": '"1"'})) as server, door() as opened:
        answer = await opened.call("PUT", f"{server.url}a", content=b"x")
    assert (answer.status_code, answer.text, answer.headers["etag"]) == (201, "hello", '"1"')
    [request] = server.requests
    assert (request.method, request.path, request.body) == ("PUT", "/a", b"x")
    assert request.headers["authorization"].startswith("Basic ")


async def test_a_packed_answer_is_unpacked() -> None:
    packed = Answer(200, gzip.compress(b"hello"), {"Content-Encoding": "gzip"})
    async with FaultyServer(packed) as server, door() as opened:
        answer = await opened.call("GET", server.url)
    assert answer.text == "hello"
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (302, Trouble.UNKNOWN),
        (400, Trouble.REFUSED),
        (401, Trouble.INVALID_CREDENTIALS),
        (403, Trouble.INVALID_CREDENTIALS),
        (404, Trouble.NOT_FOUND),
        (408, Trouble.CANNOT_CONNECT),
        (410, Trouble.NOT_FOUND),
        (412, Trouble.REFUSED),
        (422, Trouble.REFUSED),
        (429, Trouble.RATE_LIMITED),
        (500, Trouble.UNKNOWN),
        (502, Trouble.CANNOT_CONNECT),
        (503, Trouble.CANNOT_CONNECT),
        (504, Trouble.CANNOT_CONNECT),
        (599, Trouble.UNKNOWN),
    ],
)
async def test_each_status_has_its_code(status: int, trouble: Trouble) -> None:
    async with FaultyServer(Answer(status, b"Maija, +358 40 123 4567")) as server, door() as opened:
        error = await failure(opened.call("POST", server.url))
    assert (error.trouble, error.status, error.system) == (trouble, status, "shop")
    assert str(error) == f"shop: {trouble.value} ({status})"


async def test_a_vendor_may_mean_something_else() -> None:
    def reading(answer: httpx.Response) -> Trouble | None:
        return Trouble.RATE_LIMITED if b"quota" in answer.content else None

    async with FaultyServer(Answer(403, b"quota"), Answer(403, b"no")) as server:
        async with door(reading=reading) as opened:
            first = await failure(opened.call("GET", server.url))
        async with door(reading=reading) as opened:
            second = await failure(opened.call("GET", server.url))
    assert first.trouble is Trouble.RATE_LIMITED
    assert second.trouble is Trouble.INVALID_CREDENTIALS


BROKEN_OFF = Answer(200, b"x", length=9)


@pytest.mark.parametrize("fault", [Answer(500), Answer(503), CLOSE, HANG, BROKEN_OFF])
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "PROPFIND", "REPORT"])
async def test_what_reads_is_tried_twice(method: str, fault: Answer) -> None:
    async with FaultyServer(fault, Answer(200, b"")) as server, door() as opened:
        answer = await opened.call(method, server.url)
    assert answer.status_code == 200
    assert len(server.requests) == 2


@pytest.mark.parametrize("fault", [Answer(500), Answer(503), CLOSE, HANG, BROKEN_OFF])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_what_writes_is_sent_once(method: str, fault: Answer) -> None:
    async with FaultyServer(fault) as server, door() as opened:
        error = await failure(opened.call(method, server.url))
    assert len(server.requests) == 1
    assert error.reached
    assert error.trouble.may_pass


async def test_a_write_that_is_safe_to_repeat_is_tried_twice() -> None:
    async with FaultyServer(CLOSE, Answer(201)) as server, door() as opened:
        answer = await opened.call("PUT", server.url, repeatable=True)
        await failure(opened.call("GET", NO_PORT, repeatable=False))
    assert answer.status_code == 201
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 404, 412, 429])
async def test_a_no_is_not_asked_for_again(status: int) -> None:
    async with FaultyServer(Answer(status)) as server, door() as opened:
        await failure(opened.call("GET", server.url))
    assert len(server.requests) == 1


async def test_nobody_there() -> None:
    async with door() as opened:
        error = await failure(opened.call("GET", NO_PORT))
    assert (error.trouble, error.reached, error.status) == (Trouble.CANNOT_CONNECT, False, None)


async def test_silence_is_not_waited_for() -> None:
    async with FaultyServer(HANG) as server, door() as opened:
        began = time.monotonic()
        error = await failure(opened.call("GET", server.url))
        took = time.monotonic() - began
    assert error.trouble is Trouble.CANNOT_CONNECT
    # Twice 0.3 s and the pause between; the rest is for a busy machine
    assert 0.6 <= took < 3


async def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door_module, "LONGEST_ANSWER_SECONDS", 0.5)
    async with FaultyServer(Answer(200, b"x" * 1000, drip=0.05)) as server, door() as opened:
        error = await failure(opened.call("POST", server.url))
    assert error.trouble is Trouble.CANNOT_CONNECT


async def test_a_redirect_is_not_followed() -> None:
    async with FaultyServer() as other:
        there = Answer(301, headers={"Location": other.url})
        async with FaultyServer(there) as server, door() as opened:
            error = await failure(opened.call("POST", server.url))
    assert (error.trouble, error.status) == (Trouble.UNKNOWN, 301)
    assert other.requests == []


@pytest.mark.parametrize("is_packed", [False, True])
async def test_an_answer_that_is_too_large(
    monkeypatch: pytest.MonkeyPatch, is_packed: bool
) -> None:
    monkeypatch.setattr(door_module, "MAX_ANSWER_BYTES", 1000)
    large = Answer(200, b"x" * 1001)
    if is_packed:
        large = Answer(200, gzip.compress(large.body), {"Content-Encoding": "gzip"})
        assert len(large.body) < 1000
    async with FaultyServer(large, Answer(200, b"x" * 1000)) as server, door() as opened:
        error = await failure(opened.call("POST", server.url))
        answer = await opened.call("POST", server.url)
    assert (error.trouble, error.status) == (Trouble.UNKNOWN, 200)
    assert len(answer.content) == 1000


@pytest.mark.parametrize("coding", ["gzip, gzip", "gzip"])
async def test_an_answer_that_is_badly_packed(coding: str) -> None:
    packed = Answer(200, b"not packed at all", {"Content-Encoding": coding})
    async with FaultyServer(packed) as server, door() as opened:
        error = await failure(opened.call("POST", server.url))
    assert error.trouble is Trouble.UNKNOWN


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_in_seconds_is_obeyed(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(door_module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    limited = Answer(status, headers={"Retry-After": "30"})
    async with FaultyServer(limited, Answer(200)) as server, door() as opened:
        error = await failure(opened.call("GET", server.url))
        assert (error.trouble, error.retry_after) == (Trouble.RATE_LIMITED, timedelta(seconds=30))
        now[0] += 29
        again = await failure(opened.call("GET", server.url))
        assert (again.trouble, again.reached) == (Trouble.RATE_LIMITED, False)
        assert again.retry_after == timedelta(seconds=1)
        assert len(server.requests) == 1
        now[0] += 1
        assert (await opened.call("GET", server.url)).status_code == 200


async def test_retry_after_as_a_date() -> None:
    until = datetime.now(timezone.utc) + timedelta(minutes=5)
    for text in (format_datetime(until, usegmt=True), format_datetime(until.replace(tzinfo=None))):
        limited = Answer(429, headers={"Retry-After": text})
        async with FaultyServer(limited) as server, door() as opened:
            error = await failure(opened.call("GET", server.url))
            await failure(opened.call("GET", server.url))
        assert error.retry_after is not None
        assert timedelta(minutes=4) < error.retry_after <= timedelta(minutes=5)
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("soon", None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("Fri, 31 Dec 1999 23:59:59 GMT", timedelta()),
        pytest.param("9" * 5000, timedelta(seconds=9_999_999), id="5000 digits"),
    ],
)
async def test_an_odd_retry_after(text: str, expected: timedelta | None) -> None:
    limited = Answer(429, headers={"Retry-After": text})
    async with FaultyServer(limited) as server, door() as opened:
        error = await failure(opened.call("GET", server.url))
    assert (error.trouble, error.retry_after) == (Trouble.RATE_LIMITED, expected)


async def test_a_very_long_retry_after_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(door_module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    limited = Answer(429, headers={"Retry-After": "99999"})
    async with FaultyServer(limited, Answer(200)) as server, door() as opened:
        await failure(opened.call("GET", server.url))
        now[0] += 15 * 60
        assert (await opened.call("GET", server.url)).status_code == 200


@pytest.fixture
def clock_of_breakers(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time by which circuit breakers go; a test may set it."""
    now = [1000.0]
    monkeypatch.setattr("purgatory.domain.model.time", SimpleNamespace(time=lambda: now[0]))
    return now


async def test_after_five_failures_nobody_is_sent_there(clock_of_breakers: list[float]) -> None:
    async with FaultyServer(Answer(500)) as server, door() as opened:
        for _ in range(5):
            assert (await failure(opened.call("POST", server.url))).reached
        began = time.monotonic()
        error = await failure(opened.call("GET", server.url))
        assert (error.trouble, error.reached) == (Trouble.CANNOT_CONNECT, False)
        assert len(server.requests) == 5
        # Nor is there a pause for another try
        assert time.monotonic() - began < 0.1

        clock_of_breakers[0] += 9
        assert not (await failure(opened.call("POST", server.url))).reached
        clock_of_breakers[0] += 2
        assert (await failure(opened.call("POST", server.url))).reached  # one is let through
        assert not (await failure(opened.call("POST", server.url))).reached

        clock_of_breakers[0] += 11
        server.answer(Answer(200))
        for _ in range(3):
            assert (await opened.call("GET", server.url)).status_code == 200


@pytest.mark.parametrize(("setting", "seconds"), [("1", 1), ("600", 600), ("", 10)])
async def test_how_long_it_is_left_alone_is_a_setting(
    clock_of_breakers: list[float], monkeypatch: pytest.MonkeyPatch, setting: str, seconds: int
) -> None:
    monkeypatch.setenv("OUTSIDE_REST_SECONDS", setting)
    async with FaultyServer(Answer(500)) as server, door() as opened:
        for _ in range(5):
            await failure(opened.call("POST", server.url))
        clock_of_breakers[0] += seconds - 0.5
        assert not (await failure(opened.call("POST", server.url))).reached
        clock_of_breakers[0] += 1
        assert (await failure(opened.call("POST", server.url))).reached


@pytest.mark.parametrize("bad", ["0", "601", "-1", "ten", "1.5", "9" * 400])
def test_a_setting_that_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    monkeypatch.setenv("OUTSIDE_REST_SECONDS", bad)
    with pytest.raises(SettingsError) as error:
        door()
    assert str(error.value) == "OUTSIDE_REST_SECONDS: expected a whole number from 1 to 600"


async def test_failures_that_are_not_in_a_row_leave_it_open(clock_of_breakers: list[float]) -> None:
    async with FaultyServer() as server, door() as opened:
        for _ in range(4):
            server.answer(Answer(500))
            for _ in range(4):
                await failure(opened.call("POST", server.url))
            server.answer(Answer(200))
            await opened.call("POST", server.url)


@pytest.mark.parametrize("status", [400, 401, 404, 412])
async def test_what_it_says_of_the_request_is_no_failure_of_it(status: int) -> None:
    async with FaultyServer(Answer(status)) as server, door() as opened:
        for _ in range(10):
            assert (await failure(opened.call("GET", server.url))).reached
    assert len(server.requests) == 10


async def test_silence_closes_the_door_even_when_the_caller_stops_waiting() -> None:
    async with FaultyServer(HANG) as server, Door("shop", timeout=20) as opened:
        for _ in range(5):
            call = opened.call("GET", server.url)
            error = await failure(within(0.1, call, system="shop"))
            assert error.trouble is Trouble.CANNOT_CONNECT
        assert not (await failure(opened.call("GET", server.url))).reached


async def test_within_gives_back_what_is_done_in_time() -> None:
    async def work() -> str:
        await asyncio.sleep(0)
        return "done"

    assert await within(5, work(), system="shop") == "done"


FAULTS = [HANG, CLOSE, HTML, Answer(500), Answer(401), Answer(301), Answer(200, b"x", length=9)]


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_error_holds_the_password(fault: Answer) -> None:
    async with FaultyServer(fault) as server, door() as opened:
        address = server.url.replace("://", f"://desk:{PASSWORD}@")
        if fault is HTML:
            address = address.replace("127.0.0.1", "127.0.0.1:x")  # no address at all
        error = await failure(opened.call("GET", address))
    told = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    assert PASSWORD not in told
    assert server.url not in told
    assert PASSWORD not in repr(vars(error))
    # Nor is there a way from it to an error of httpx, which holds the request
    linked: list[BaseException | None] = [error]
    while linked:
        one = linked.pop()
        if one is not None:
            assert not isinstance(one, (httpx.HTTPError, httpx.InvalidURL)), repr(one)
            linked += [one.__cause__, one.__context__]


@pytest.mark.parametrize("address", ["http://[broken", "nothing", "", "ftp://example.com/"])
async def test_an_address_that_is_none(address: str) -> None:
    async with door() as opened:
        error = await failure(opened.call("GET", address))
    assert error.trouble in (Trouble.UNKNOWN, Trouble.CANNOT_CONNECT)


async def test_a_header_that_cannot_be_sent() -> None:
    async with FaultyServer() as server, door() as opened:
        for value in ('"ä€"', '"a\r\nb"'):
            error = await failure(opened.call("GET", server.url, headers={"If-Match": value}))
            assert error.trouble in (Trouble.UNKNOWN, Trouble.CANNOT_CONNECT)
    assert server.requests == []
