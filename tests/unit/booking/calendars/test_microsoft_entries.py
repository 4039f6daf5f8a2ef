"""tiski/booking/calendars/microsoft.py: what stands in a calendar, and what of it is busy time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from microsoft_server import ANNA, CLIENT_ID, SECRET, TENANT, MicrosoftServer, weekly

from tiski.booking.calendars.microsoft import MicrosoftCalendar
from tiski.booking.calendars.microsoft_account import MicrosoftApp, microsoft_account
from tiski.booking.calendars.protocol import Visit
from tiski.outside.errors import OutsideError, Trouble

UTC = timezone.utc
FIRST = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
LAST = FIRST + timedelta(days=1)
HELSINKI = "Europe/Helsinki"


def at(hour: int, minute: int = 0, *, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def add(graph: MicrosoftServer, start: datetime, end: datetime, **more: Any) -> dict[str, Any]:
    """An event that was made in Helsinki."""
    zone = ZoneInfo(HELSINKI)
    local = (moment.astimezone(zone).replace(tzinfo=None).isoformat() for moment in (start, end))
    return graph.add(*local, zone=HELSINKI, **more)


@pytest.fixture
async def graph() -> AsyncIterator[MicrosoftServer]:
    async with MicrosoftServer() as server:
        yield server


@pytest.fixture
async def calendar(graph: MicrosoftServer) -> AsyncIterator[MicrosoftCalendar]:
    app = MicrosoftApp(TENANT, CLIENT_ID, SECRET)
    account = microsoft_account(app, api_url=graph.api_url, sign_in_url=graph.url)
    opened = MicrosoftCalendar(ANNA, account, tz=ZoneInfo(HELSINKI))
    yield opened
    await opened.close()


async def test_what_reaches_into_the_window(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    add(graph, at(13), at(14))
    add(graph, at(22, day=23), at(0))  # ends as the window begins
    add(graph, at(23, day=23), at(1))  # reaches in
    add(graph, at(23), at(1, day=25))  # reaches out
    add(graph, at(0, day=25), at(1, day=25))  # begins as it ends
    add(graph, at(9), at(9))  # takes no time
    found = [(e.starts_at, e.ends_at) for e in await calendar.entries(FIRST, LAST)]
    assert found == [(at(23, day=23), at(1)), (at(13), at(14)), (at(23), at(1, day=25))]


async def test_ours_are_known_by_our_uid(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    kept = await calendar.put(Visit("u1@tiski", at(9), at(10), "Hiustenleikkuu"), None)
    foreign = add(graph, at(11), at(12))
    ours, other = await calendar.entries(FIRST, LAST)
    assert (ours.uid, ours.kept) == ("u1@tiski", kept)
    assert other.uid == foreign["iCalUId"]
    assert ours.is_busy and other.is_busy


async def test_of_two_with_our_uid_the_later_one_is_a_copy(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    kept = await calendar.put(Visit("u1@tiski", at(11), at(12), "Hiustenleikkuu"), None)
    extended = graph.events[kept.place]["singleValueExtendedProperties"]
    copy = add(graph, at(9), at(10), singleValueExtendedProperties=extended)
    found = await calendar.entries(FIRST, LAST)
    assert [entry.uid for entry in found] == [copy["iCalUId"], "u1@tiski"]
    del graph.events[kept.place]  # then the copy is all that is left of the visit
    seen = await calendar.find("u1@tiski", kept)
    assert seen is not None and seen.kept.place == copy["id"]


async def test_the_namespace_may_come_back_in_other_letters(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    kept = await calendar.put(Visit("u1@tiski", at(9), at(10), "Hiustenleikkuu"), None)
    for one in graph.events[kept.place]["singleValueExtendedProperties"]:
        one["id"] = one["id"].replace("c5b7a0b6", "C5B7A0B6")
    (entry,) = await calendar.entries(FIRST, LAST)
    assert entry.uid == "u1@tiski"


async def test_free_declined_and_cancelled_times_are_not_busy(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    for hour, show_as in enumerate(("free", "workingElsewhere", "tentative", "oof", "busy")):
        add(graph, at(hour + 1), at(hour + 2), showAs=show_as)
    add(graph, at(8), at(9), responseStatus={"response": "declined"})
    add(graph, at(9), at(10), responseStatus={"response": "tentativelyAccepted"})
    add(graph, at(10), at(11), isCancelled=True)
    found = await calendar.entries(FIRST, LAST)
    assert [entry.is_busy for entry in found] == [
        False, False, True, True, True, False, True, False,
    ]  # fmt: skip
    assert [entry.is_cancelled for entry in found] == [False] * 7 + [True]


@pytest.mark.parametrize(
    ("made_in", "offset"),
    [
        ("FLE Standard Time", 2),
        ("Europe/Helsinki", 2),
        ("Pacific Standard Time", -8),
        # Nothing that tells of a place: the mailbox's own zone
        ("UTC", 2),
        ("tzone://Microsoft/Utc", 2),
        ("tzone://Microsoft/Custom", 2),
        ("", 2),
    ],
)
async def test_an_all_day_event_lies_in_the_zone_that_it_was_made_in(
    calendar: MicrosoftCalendar, graph: MicrosoftServer, made_in: str, offset: int
) -> None:
    graph.add(
        "2026-11-24T00:00:00",
        "2026-11-25T00:00:00",
        isAllDay=True,
        originalStartTimeZone=made_in,
    )
    (entry,) = await calendar.entries(FIRST, LAST)
    assert entry.starts_at == at(0) - timedelta(hours=offset)
    assert entry.ends_at - entry.starts_at == timedelta(days=1)


async def test_an_all_day_event_in_the_night_in_which_the_clock_goes_back(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    graph.add("2027-10-31T00:00:00", "2027-11-01T00:00:00", isAllDay=True)
    first = datetime(2027, 10, 30, 21, tzinfo=UTC)
    (entry,) = await calendar.entries(first, first + timedelta(minutes=1))
    assert (entry.starts_at, entry.ends_at - entry.starts_at) == (first, timedelta(hours=25))
    assert await calendar.entries(entry.ends_at, entry.ends_at + timedelta(hours=1)) == []


async def test_all_day_events_that_come_by_the_clock_of_utc(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    """Were Graph to convert them, they would not be taken for other days."""
    event = {
        "id": "AAMk1",
        "@odata.etag": 'W/"1"',
        "isAllDay": True,
        "start": {"dateTime": "2026-11-23T22:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-11-24T22:00:00.0000000", "timeZone": "UTC"},
        "originalStartTimeZone": "FLE Standard Time",
    }
    graph.faults = [web.json_response({"value": [event]})]
    (entry,) = await calendar.entries(FIRST, LAST)
    assert (entry.starts_at, entry.ends_at) == (at(22, day=23), at(22))


async def test_a_weekly_event_across_the_change_of_clocks(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    start = datetime(2027, 10, 25, 6, tzinfo=UTC)
    shown = weekly(graph, start, 3, zone=HELSINKI)
    shown[2]["start"]["dateTime"] = "2027-11-08T10:00:00"  # an exception: an hour later
    shown[2]["end"]["dateTime"] = "2027-11-08T11:00:00"
    found = await calendar.entries(start, start + timedelta(days=60))
    assert [entry.starts_at for entry in found] == [
        start,
        datetime(2027, 11, 1, 7, tzinfo=UTC),
        datetime(2027, 11, 8, 8, tzinfo=UTC),
    ]
    assert {entry.uid for entry in found} == {"AAMkmaster=="}


async def test_every_page_is_read(calendar: MicrosoftCalendar, graph: MicrosoftServer) -> None:
    graph.page = 3
    for minute in range(10):
        add(graph, at(9, minute), at(9, minute + 1))
    assert len(await calendar.entries(FIRST, LAST)) == 10
    assert len(graph.calls) == 4


async def test_the_next_page_is_not_looked_for_on_another_host(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    graph.page, graph.next_host = 1, "https://evil.example"
    add(graph, at(9), at(10))
    add(graph, at(11), at(12))
    with pytest.raises(OutsideError) as caught:
        await calendar.entries(FIRST, LAST)
    assert (caught.value.trouble, caught.value.reached) == (Trouble.UNKNOWN, False)


async def test_pages_without_end(calendar: MicrosoftCalendar, graph: MicrosoftServer) -> None:
    graph.page = 0  # each page names another
    add(graph, at(9), at(10))
    with pytest.raises(OutsideError) as caught:
        await calendar.entries(FIRST, LAST)
    assert caught.value.trouble is Trouble.UNKNOWN


NINE_UTC = {"dateTime": "2026-11-24T09:00:00.0000000", "timeZone": "UTC"}


@pytest.mark.parametrize(
    "event",
    [
        "an event",
        {"start": NINE_UTC},
        {"start": NINE_UTC, "end": {"dateTime": "at ten", "timeZone": "UTC"}},
        {"start": NINE_UTC, "end": {"dateTime": NINE_UTC["dateTime"], "timeZone": "Mars"}},
        {"start": NINE_UTC, "end": NINE_UTC, "id": None},
    ],
)
async def test_an_event_that_cannot_be_read_is_not_left_out_in_silence(
    calendar: MicrosoftCalendar, graph: MicrosoftServer, event: Any
) -> None:
    usual = {"id": "AAMk1", "@odata.etag": 'W/"1"'}
    bad = usual | event if isinstance(event, dict) else event
    graph.faults = [
        web.json_response({"value": [usual | {"start": NINE_UTC, "end": NINE_UTC}, bad]})
    ]
    with pytest.raises(OutsideError) as caught:
        await calendar.entries(FIRST, LAST)
    assert caught.value.trouble is Trouble.UNKNOWN
