"""A CalDAV server on a bad day, or one that is none: each fault has its code, and nothing hangs."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from faulty_server import CLOSE, HANG, HTML, Answer, FaultyServer
from staff import calendar_object, event

from tiski.booking.calendars import caldav, ical
from tiski.booking.calendars.caldav import CalDav, open_door
from tiski.booking.calendars.protocol import Kept, Visit
from tiski.outside.errors import OutsideError, Trouble

START = datetime(2027, 3, 1, 8, tzinfo=timezone.utc)
VISIT = Visit(
    "v@tiski", START, START + timedelta(hours=1), "Haircut: Maija M.", "maija@example.com"
)
KEPT = Kept("/cal/v-tiski.ics", '"1"')
DAY = (START, START + timedelta(days=1))
CONTENT = ical.written(VISIT, now=START)
AT_EIGHT = "DTSTART:20270301T080000Z\nDTEND:20270301T090000Z"


def multistatus(*parts: str, status: int = 207) -> Answer:
    body = (
        '<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'
        f"{''.join(parts)}</multistatus>"
    )
    return Answer(status, body.encode(), {"Content-Type": "application/xml"})


def part(href: str, content: str | None = None, status: int = 200, etag: str = '"1"') -> str:
    """A calendar object in an answer to a REPORT."""
    data = "" if content is None else f"<C:calendar-data>{content}</C:calendar-data>"
    return (
        f"<response><href>{href}</href><propstat><prop><getetag>{etag}</getetag>{data}</prop>"
        f"<status>HTTP/1.1 {status} x</status></propstat></response>"
    )


def event_at_eight(uid: str) -> str:
    return calendar_object(event(uid, AT_EIGHT))


@pytest.fixture
async def server() -> AsyncIterator[FaultyServer]:
    async with FaultyServer() as running:
        yield running


@pytest.fixture
async def calendar(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[CalDav]:
    monkeypatch.setattr(caldav, "QUERY_SECONDS", 0.3)
    user, password = "aino@example.com", "secret"
    opened = CalDav(
        f"{server.url}cal",
        user=user,
        password=password,
        tz=ZoneInfo("Europe/Helsinki"),
        door=open_door(user=user, password=password, timeout=0.3),
    )
    yield opened
    await opened.close()


CALLS: dict[str, Callable[[CalDav], Awaitable[object]]] = {
    "put the first time": lambda calendar: calendar.put(VISIT, None),
    "put": lambda calendar: calendar.put(VISIT, KEPT),
    "remove": lambda calendar: calendar.remove(VISIT.uid, KEPT),
    "find": lambda calendar: calendar.find(VISIT.uid, KEPT),
    "entries": lambda calendar: calendar.entries(*DAY),
    "state": lambda calendar: calendar.state(),
    "check": lambda calendar: calendar.check(),
}
FAULTS = {
    "500": (Answer(500), Trouble.UNKNOWN),
    "503": (Answer(503), Trouble.CANNOT_CONNECT),
    "429": (Answer(429, headers={"Retry-After": "7"}), Trouble.RATE_LIMITED),
    "401": (Answer(401, b"<html>"), Trouble.INVALID_CREDENTIALS),
    "redirect": (Answer(302, headers={"Location": "/login"}), Trouble.UNKNOWN),
    "hangs": (HANG, Trouble.CANNOT_CONNECT),
    "closes": (CLOSE, Trouble.CANNOT_CONNECT),
    "closes in the middle": (Answer(207, b"<multi", length=999), Trouble.CANNOT_CONNECT),
    "HTML": (HTML, Trouble.UNKNOWN),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", FAULTS)
async def test_each_fault_has_its_code(
    server: FaultyServer, calendar: CalDav, call: str, fault: str
) -> None:
    answer, trouble = FAULTS[fault]
    server.answer(answer)
    with pytest.raises(OutsideError) as caught:
        await CALLS[call](calendar)
    assert caught.value.trouble is trouble
    assert len(server.requests) <= 2
    if fault == "429":
        assert caught.value.retry_after == timedelta(seconds=7)


async def test_a_query_may_take_longer(
    server: FaultyServer, calendar: CalDav, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = multistatus(part("/cal/a.ics", event_at_eight("a")))
    server.answer(replace(slow, pause=0.6))
    monkeypatch.setattr(caldav, "QUERY_SECONDS", 20.0)
    assert len(await calendar.entries(*DAY)) == 1
    with pytest.raises(OutsideError):
        await calendar.state()


@pytest.mark.parametrize("call", ["entries", "state", "check"])
@pytest.mark.parametrize(
    "answer",
    [
        Answer(207, b"<multistatus"),
        Answer(207, b""),
        Answer(207, b'<!DOCTYPE a><multistatus xmlns="DAV:"/>'),
        Answer(207, b"<other/>"),
        multistatus(status=200),
    ],
)
async def test_answers_without_sense(
    server: FaultyServer, calendar: CalDav, call: str, answer: Answer
) -> None:
    server.answer(answer)
    with pytest.raises(OutsideError) as caught:
        await CALLS[call](calendar)
    assert caught.value.trouble is Trouble.UNKNOWN


async def test_statuses_inside_an_answer(
    server: FaultyServer, calendar: CalDav, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(name: str, status: int) -> str:
        return f"<response><href>/cal/{name}</href><status>HTTP/1.1 {status} x</status></response>"

    server.answer(
        multistatus(
            part("/cal/a.ics", event_at_eight("a")),
            refused("gone.ics", 404),
            refused("private.ics", 403),
            part("/cal/empty.ics", None, status=404),
        )
    )
    with caplog.at_level(logging.WARNING):
        found = await calendar.entries(*DAY)
    assert [entry.uid for entry in found] == ["a"]
    assert [record.getMessage() for record in caplog.records] == [
        "caldav: 2 events cannot be read, or not wholly"
    ]


async def test_an_answer_that_is_not_all_is_not_taken_for_all(
    server: FaultyServer, calendar: CalDav
) -> None:
    cut = "<response><href>/cal/</href><status>HTTP/1.1 507 x</status></response>"
    server.answer(multistatus(part("/cal/a.ics", event_at_eight("a")), cut))
    with pytest.raises(OutsideError) as caught:
        await calendar.entries(*DAY)
    assert caught.value.trouble is Trouble.UNKNOWN


async def test_broken_objects_hide_nothing_and_are_told_once(
    server: FaultyServer, calendar: CalDav, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "BEGIN:VCALENDAR\r\nMaija"
    broken_rule = calendar_object(event("b", f"{AT_EIGHT}\nRRULE:FREQ=NONSENSE"))
    server.answer(
        multistatus(
            part("/cal/x.ics", secret),
            part("/cal/a.ics", event_at_eight("a")),
            part("/cal/b.ics", broken_rule),
        )
    )
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            found = await calendar.entries(*DAY)
    assert [entry.uid for entry in found] == ["a", "b"]
    assert [record.getMessage() for record in caplog.records] == [
        "caldav: 2 events cannot be read, or not wholly"
    ]


async def test_addresses_of_other_servers_are_not_followed(
    server: FaultyServer, calendar: CalDav
) -> None:
    hrefs = ["http://other.example/cal/a.ics", "//other.example/b.ics", "https://127.0.0.1/c.ics"]
    server.answer(multistatus(*(part(href, event_at_eight("a")) for href in hrefs)))
    assert await calendar.entries(*DAY) == []

    server.requests.clear()
    for place in (*hrefs, "http://[broken"):
        with pytest.raises(OutsideError) as caught:
            await calendar.find(VISIT.uid, Kept(place, '"1"'))
        assert caught.value.trouble is Trouble.UNKNOWN
    assert server.requests == []


@pytest.mark.parametrize(
    "href", ["/cal/a%20b.ics", "a%20b.ics", "{}cal/a%20b.ics", " /cal/a%20b.ics\n"]
)
async def test_addresses_are_understood_however_they_are_written(
    server: FaultyServer, calendar: CalDav, href: str
) -> None:
    server.answer(multistatus(part(href.format(server.url), event_at_eight("a"))))
    [found] = await calendar.entries(*DAY)
    assert found.kept == Kept("/cal/a%20b.ics", '"1"')


async def test_a_put_that_tells_no_version_is_read_again(
    server: FaultyServer, calendar: CalDav
) -> None:
    server.answer(Answer(201), Answer(200, CONTENT, {"ETag": 'W/"5"'}))
    assert await calendar.put(VISIT, None) == Kept("/cal/v-tiski.ics", '"5"')
    assert [request.method for request in server.requests] == ["PUT", "GET"]
    assert server.requests[0].headers["if-none-match"] == "*"

    # Somebody else moved it in between: that version is not what we wrote
    moved = CONTENT.replace(b"20270301T080000Z", b"20270301T083000Z")
    server.answer(Answer(201), Answer(200, moved, {"ETag": '"6"'}))
    assert (await calendar.put(VISIT, None)).version == ""


async def test_a_server_without_versions_is_written_to_without_conditions(
    server: FaultyServer, calendar: CalDav
) -> None:
    other = CONTENT.replace(b"SUMMARY:Haircut", b"SUMMARY:Colour")
    server.answer(Answer(200, other), Answer(204), Answer(200, CONTENT))
    kept = await calendar.put(VISIT, KEPT)
    assert "if-match" not in server.requests[1].headers

    server.answer(Answer(200, CONTENT))
    found = await calendar.find(VISIT.uid, kept)
    assert found is not None
    assert found.kept == kept
    server.answer(Answer(200, other))
    found = await calendar.find(VISIT.uid, kept)
    assert found is not None
    assert found.kept != kept


@pytest.mark.parametrize("status", [412, 423])
async def test_a_conflict_is_read_again_once(
    server: FaultyServer, calendar: CalDav, status: int
) -> None:
    other = CONTENT.replace(b"SUMMARY:Haircut", b"SUMMARY:Colour")
    first, second = (Answer(200, other, {"ETag": etag}) for etag in ('"1"', '"2"'))
    server.answer(first, Answer(status), second, Answer(204, headers={"ETag": '"3"'}))
    assert (await calendar.put(VISIT, KEPT)).version == '"3"'
    # Packed, it would get another ETag from some proxies
    assert server.requests[0].headers["accept-encoding"] == "identity"
    assert [request.headers.get("if-match") for request in server.requests] == [
        None, '"1"', None, '"2"',
    ]  # fmt: skip

    server.requests.clear()
    server.answer(first, Answer(status), second, Answer(status))
    with pytest.raises(OutsideError) as caught:
        await calendar.put(VISIT, KEPT)
    assert caught.value.trouble is Trouble.REFUSED
    assert len(server.requests) == 4


async def test_a_uid_that_is_there_already_at_another_name(
    server: FaultyServer, calendar: CalDav
) -> None:
    error = b'<error xmlns="DAV:"><no-uid-conflict xmlns="urn:ietf:params:xml:ns:caldav"/></error>'
    server.answer(
        Answer(403, error),
        Answer(404),
        multistatus(part("/cal/other.ics", CONTENT.decode(), etag='"4"')),
    )
    assert await calendar.put(VISIT, None) == Kept("/cal/other.ics", '"4"')


async def test_a_server_that_does_not_know_the_filter(
    server: FaultyServer, calendar: CalDav
) -> None:
    everything = multistatus(
        part("/cal/a.ics", event_at_eight("a")),
        part("/cal/x.ics", "broken"),
        part("/cal/mine.ics", CONTENT.decode()),
    )
    server.answer(Answer(404), everything)
    found = await calendar.find(VISIT.uid, KEPT)
    assert found is not None
    assert found.kept.place == "/cal/mine.ics"


async def test_what_could_not_be_deleted(server: FaultyServer, calendar: CalDav) -> None:
    locked = "<response><href>/cal/v-tiski.ics</href><status>HTTP/1.1 423 x</status></response>"
    server.answer(multistatus(locked))
    with pytest.raises(OutsideError) as caught:
        await calendar.remove(VISIT.uid, KEPT)
    assert caught.value.trouble is Trouble.REFUSED


def properties(inside: str) -> Answer:
    return multistatus(
        "<response><href>/cal/</href><propstat><prop>"
        f"{inside}</prop><status>HTTP/1.1 200 OK</status></propstat></response>"
    )


A_CALENDAR = "<resourcetype><collection/><C:calendar/></resourcetype>"


@pytest.mark.parametrize(
    ("inside", "may_read", "may_write"),
    [
        ("", True, True),  # it does not tell
        ("<current-user-privilege-set/>", False, False),
        ("<privilege><read/></privilege>", True, False),
        ("<privilege><all/></privilege>", True, True),
        ("<privilege><read/></privilege><privilege><write/></privilege>", True, True),
        ("<privilege><read/><bind/><unbind/><write-content/></privilege>", True, True),
        ("<privilege><read/><bind/></privilege>", True, False),
    ],
)
async def test_rights(
    server: FaultyServer, calendar: CalDav, inside: str, may_read: bool, may_write: bool
) -> None:
    if inside.startswith("<privilege>"):
        inside = f"<current-user-privilege-set>{inside}</current-user-privilege-set>"
    server.answer(properties(f"{A_CALENDAR}{inside}"))
    rights = await calendar.check()
    assert (rights.name, rights.may_read, rights.may_write) == ("", may_read, may_write)


@pytest.mark.parametrize(
    "answer",
    [
        properties("<resourcetype><collection/></resourcetype>"),
        properties(""),
        properties(
            f"{A_CALENDAR}<C:supported-calendar-component-set>"
            '<C:comp name="VTODO"/></C:supported-calendar-component-set>'
        ),
        multistatus("<response><href>/cal/</href><status>HTTP/1.1 404 x</status></response>"),
        multistatus(),
    ],
)
async def test_no_calendar_for_events(
    server: FaultyServer, calendar: CalDav, answer: Answer
) -> None:
    server.answer(answer)
    with pytest.raises(OutsideError) as caught:
        await calendar.check()
    assert caught.value.trouble is Trouble.NOT_FOUND


@pytest.mark.parametrize(
    ("inside", "state"),
    [
        (
            '<getctag xmlns="http://calendarserver.org/ns/">c</getctag><sync-token>s</sync-token>',
            "c",
        ),
        ("<sync-token>s</sync-token>", "s"),
        ("<sync-token/>", None),
        ("", None),
    ],
)
async def test_the_mark_of_the_state(
    server: FaultyServer, calendar: CalDav, inside: str, state: str | None
) -> None:
    server.answer(properties(inside))
    assert await calendar.state() == state
    [request] = server.requests
    assert (request.method, request.path, request.headers["depth"]) == ("PROPFIND", "/cal/", "0")
