"""tiski/booking/calendars/google.py: what stands in a calendar, and what of it makes time busy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from google_server import ANNA, GoogleServer, key_file

from tiski.booking.calendars.google import GoogleCalendar
from tiski.booking.calendars.google_account import google_account, google_key
from tiski.booking.calendars.protocol import Visit
from tiski.outside.errors import OutsideError, Trouble

UTC = timezone.utc
FIRST = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
LAST = FIRST + timedelta(days=1)


def at(hour: int, minute: int = 0, *, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def timed(start: datetime, end: datetime, **more: Any) -> dict[str, Any]:
    """An event with an offset in its times."""
    zone = timezone(timedelta(hours=2))
    return {
        "start": {"dateTime": start.astimezone(zone).isoformat()},
        "end": {"dateTime": end.astimezone(zone).isoformat()},
        **more,
    }


@pytest.fixture
async def google() -> AsyncIterator[GoogleServer]:
    async with GoogleServer() as server:
        yield server


@pytest.fixture
async def calendar(google: GoogleServer) -> AsyncIterator[GoogleCalendar]:
    key = google_key(key_file())
    account = google_account(key, api_url=google.api_url, token_url=google.token_url)
    opened = GoogleCalendar(ANNA, account)
    yield opened
    await opened.close()


async def times(
    calendar: GoogleCalendar, first: datetime = FIRST, last: datetime = LAST
) -> list[tuple[datetime, datetime]]:
    return [(e.starts_at, e.ends_at) for e in await calendar.entries(first, last)]


async def test_what_reaches_into_the_window(calendar: GoogleCalendar, google: GoogleServer) -> None:
    google.add(timed(at(13), at(14)))
    google.add(timed(at(22, day=23), at(0)))  # ends as the window begins
    google.add(timed(at(23, day=23), at(1)))  # reaches in
    google.add(timed(at(23), at(1, day=25)))  # reaches out
    google.add(timed(at(0, day=25), at(1, day=25)))  # begins as it ends
    google.add(timed(at(9), at(9)))  # takes no time
    found = await times(calendar)
    assert found == [(at(23, day=23), at(1)), (at(13), at(14)), (at(23), at(1, day=25))]


async def test_ours_are_known_by_our_uid(calendar: GoogleCalendar, google: GoogleServer) -> None:
    kept = await calendar.put(Visit("u1@tiski", at(9), at(10), "Hiustenleikkuu"), None)
    google.add(timed(at(11), at(12)))
    ours, other = await calendar.entries(FIRST, LAST)
    assert (ours.uid, ours.kept) == ("u1@tiski", kept)
    assert other.uid == "own2@google.com"
    assert ours.is_busy and other.is_busy


async def test_a_copy_that_staff_make_is_not_ours(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    kept = await calendar.put(Visit("u1@tiski", at(9), at(10), "Hiustenleikkuu"), None)
    google.add(
        timed(at(11), at(12), extendedProperties=google.events[kept.place]["extendedProperties"])
    )
    ours, copy = await calendar.entries(FIRST, LAST)
    assert (ours.uid, copy.uid) == ("u1@tiski", "own2@google.com")


async def test_free_and_declined_times_are_not_busy(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    google.add(timed(at(8), at(9), transparency="transparent"))
    declined = {"self": True, "responseStatus": "declined"}
    google.add(timed(at(9), at(10), attendees=[declined]))
    others = {"email": "mikko@example.com", "responseStatus": "declined"}
    google.add(
        timed(at(10), at(11), attendees=[others, {"self": True, "responseStatus": "accepted"}])
    )
    google.add(timed(at(11), at(12), transparency="opaque"))
    found = await calendar.entries(FIRST, LAST)
    assert [entry.is_busy for entry in found] == [False, False, True, True]


async def test_deleted_events_are_left_out(calendar: GoogleCalendar, google: GoogleServer) -> None:
    google.add(timed(at(9), at(10)), status="cancelled")
    google.add(timed(at(11), at(12)), status="tentative")
    (entry,) = await calendar.entries(FIRST, LAST)
    assert (entry.starts_at, entry.is_busy) == (at(11), True)


@pytest.mark.parametrize(
    ("day", "next_day", "start", "end"),
    [
        ("2026-11-24", "2026-11-25", at(22, day=23), at(22, day=24)),
        # The night in which the clock goes back: a day of 25 hours
        (
            "2027-10-31",
            "2027-11-01",
            datetime(2027, 10, 30, 21, tzinfo=UTC),
            datetime(2027, 10, 31, 22, tzinfo=UTC),
        ),
    ],
)
async def test_an_all_day_event_lies_in_the_calendars_own_zone(
    calendar: GoogleCalendar,
    google: GoogleServer,
    day: str,
    next_day: str,
    start: datetime,
    end: datetime,
) -> None:
    google.add({"start": {"date": day}, "end": {"date": next_day}})
    assert await times(calendar, start, end) == [(start, end)]
    assert await times(calendar, end, end + timedelta(hours=1)) == []
    google.calendars[ANNA].zone = "America/New_York"
    assert (await times(calendar, start, end))[0][0] > start


async def test_a_weekly_event_with_an_exception_across_the_change_of_clocks(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    zone = {"timeZone": "Europe/Helsinki"}
    google.add(
        {
            "start": {"dateTime": "2027-10-25T09:00:00+03:00", **zone},
            "end": {"dateTime": "2027-10-25T10:00:00+03:00", **zone},
            "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"],
        }
    )
    google.add(  # the third one is an hour later
        {
            "recurringEventId": "own1",
            "originalStartTime": {"dateTime": "2027-11-08T09:00:00+02:00", **zone},
            "start": {"dateTime": "2027-11-08T10:00:00+02:00", **zone},
            "end": {"dateTime": "2027-11-08T11:00:00+02:00", **zone},
        },
        id="own1_2",
        iCalUID="own1@google.com",
    )
    google.add(  # and the fourth does not take place
        {
            "recurringEventId": "own1",
            "originalStartTime": {"dateTime": "2027-11-15T09:00:00+02:00", **zone},
        },
        id="own1_3",
        status="cancelled",
    )
    first = datetime(2027, 10, 20, tzinfo=UTC)
    found = await calendar.entries(first, first + timedelta(days=60))
    assert [entry.starts_at for entry in found] == [
        datetime(2027, 10, 25, 6, tzinfo=UTC),
        datetime(2027, 11, 1, 7, tzinfo=UTC),
        datetime(2027, 11, 8, 8, tzinfo=UTC),
    ]
    assert {entry.uid for entry in found} == {"own1@google.com"}


async def test_every_page_is_read(calendar: GoogleCalendar, google: GoogleServer) -> None:
    google.page = 3
    for minute in range(10):
        google.add(timed(at(9, minute), at(9, minute + 1)))
    assert len(await times(calendar)) == 10
    assert len(google.calls) == 4


async def test_pages_without_end(calendar: GoogleCalendar, google: GoogleServer) -> None:
    google.page = 0  # each page names another
    google.add(timed(at(9), at(10)))
    with pytest.raises(OutsideError) as caught:
        await calendar.entries(FIRST, LAST)
    assert caught.value.trouble is Trouble.UNKNOWN


@pytest.mark.parametrize(
    "event",
    [
        {"start": {"dateTime": "at nine"}, "end": {"dateTime": "2026-11-24T10:00:00Z"}},
        {"start": {"date": "2026-13-40"}, "end": {"date": "2026-11-25"}},
        {"start": {}, "end": {"date": "2026-11-25"}},
        {"start": {"date": "2026-11-24"}},
    ],
)
async def test_an_event_that_cannot_be_read_is_not_left_out_in_silence(
    calendar: GoogleCalendar, google: GoogleServer, event: dict[str, Any]
) -> None:
    good = timed(at(9), at(10), id="a", etag='"1"', status="confirmed")
    bad = event | {"id": "b", "etag": '"1"', "status": "confirmed"}
    from aiohttp import web

    google.faults = [web.json_response({"timeZone": "Europe/Helsinki", "items": [good, bad]})]
    with pytest.raises(OutsideError) as caught:
        await calendar.entries(FIRST, LAST)
    assert caught.value.trouble is Trouble.UNKNOWN


@pytest.mark.parametrize(
    ("role", "may_read", "may_write"),
    [
        ("owner", True, True),
        ("writer", True, True),
        ("reader", True, False),
        ("freeBusyReader", True, False),
        ("none", False, False),
    ],
)
async def test_check_tells_the_role(
    calendar: GoogleCalendar, google: GoogleServer, role: str, may_read: bool, may_write: bool
) -> None:
    google.calendars[ANNA].role = role
    rights = await calendar.check()
    assert (rights.name, rights.may_read, rights.may_write) == ("Anna", may_read, may_write)


async def test_there_is_no_mark_of_changes(calendar: GoogleCalendar) -> None:
    assert await calendar.state() is None
