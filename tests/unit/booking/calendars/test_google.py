"""tiski/booking/calendars/google.py: visits written, moved, removed and found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from google_server import ANNA, Event, GoogleServer, key_file

from tiski.booking.calendars.google import GoogleCalendar, event_id
from tiski.booking.calendars.google_account import google_account, google_key
from tiski.booking.calendars.protocol import Kept, Visit
from tiski.outside.errors import OutsideError, Trouble
from tiski.outside.tokens import SignedApi

UTC = timezone.utc
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
VISIT = Visit(
    uid="0a1b2c@tiski",
    starts_at=NINE,
    ends_at=NINE + timedelta(minutes=45),
    title="Hiustenleikkuu: Maija M.",
    notes="+358 40 123 4567\nTunnus K7P2QX",
)
MOVED = replace(VISIT, starts_at=NINE + timedelta(hours=2), ends_at=NINE + timedelta(hours=3))


@pytest.fixture
async def google() -> AsyncIterator[GoogleServer]:
    async with GoogleServer() as server:
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


def only(google: GoogleServer) -> Event:
    """The one event that there is."""
    (event,) = google.events.values()
    return event


async def test_a_visit_is_written(calendar: GoogleCalendar, google: GoogleServer) -> None:
    kept = await calendar.put(VISIT, None)
    event = only(google)
    assert kept == Kept(event["id"], event["etag"])
    assert event["summary"] == "Hiustenleikkuu: Maija M."
    assert event["description"] == "+358 40 123 4567\nTunnus K7P2QX"
    assert event["start"] == {"dateTime": "2026-11-24T09:00:00Z"}
    assert event["end"] == {"dateTime": "2026-11-24T09:45:00Z"}
    assert event["extendedProperties"]["private"]["tiskiUid"] == VISIT.uid


async def test_writing_twice_leaves_one_event(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    await calendar.put(VISIT, None)
    kept = await calendar.put(MOVED, None)
    event = only(google)
    assert event["start"] == {"dateTime": "2026-11-24T11:00:00Z"}
    assert kept.version == event["etag"]


async def test_what_staff_added_stays_when_a_visit_is_moved(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    kept = await calendar.put(VISIT, None)
    event = only(google)
    event |= {"colorId": "11", "reminders": {"useDefault": False}, "location": "Tuoli 2"}
    event["description"] += "\nVäri 6.1, muista kysyä"
    google.touch(event)
    kept = await calendar.put(MOVED, kept)
    event = only(google)
    assert event["start"] == {"dateTime": "2026-11-24T11:00:00Z"}
    assert (event["colorId"], event["location"]) == ("11", "Tuoli 2")
    assert event["reminders"] == {"useDefault": False}
    assert event["description"] == f"{VISIT.notes}\nVäri 6.1, muista kysyä"
    # and when our own notes change
    await calendar.put(replace(MOVED, notes="Myöhässä 10 min"), kept)
    assert only(google)["description"] == "Myöhässä 10 min\nVäri 6.1, muista kysyä"


async def test_a_visit_that_staff_deleted_is_written_anew(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    kept = await calendar.put(VISIT, None)
    # All that Google promises of a deleted event
    google.events[kept.place] = google.touch({"id": kept.place, "status": "cancelled"})
    new = await calendar.put(MOVED, kept)
    event = only(google)
    assert event["status"] == "confirmed"
    assert event["description"] == VISIT.notes
    assert await calendar.find(VISIT.uid, new) is not None


async def test_deleted_before_we_heard_that_it_was_written(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    kept = await calendar.put(VISIT, None)
    google.events[kept.place]["status"] = "cancelled"
    await calendar.put(VISIT, None)  # its id is still taken: 409
    assert only(google)["status"] == "confirmed"


async def test_a_visit_of_which_there_is_no_trace_is_written_anew(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    kept = await calendar.put(VISIT, None)
    google.events.clear()
    assert (await calendar.put(VISIT, kept)).place == kept.place
    # one that another kind of calendar had, before CALENDAR_VENDOR was changed
    google.events.clear()
    await calendar.put(VISIT, Kept("https://cloud.example.com/dav/anna/1.ics", "x"))
    assert only(google)["id"] == kept.place


async def test_changed_between_our_look_and_our_write(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    kept = await calendar.put(VISIT, None)

    def meddle(event: Event) -> None:
        google.before_patch = None
        event["description"] += "\nSoita ensin"
        google.touch(event)

    google.before_patch = meddle
    changed = replace(MOVED, notes="Uusi")
    await calendar.put(changed, kept)
    event = only(google)
    assert event["start"] == {"dateTime": "2026-11-24T11:00:00Z"}
    assert event["description"] == "Uusi\nSoita ensin"


async def test_changed_again_and_again(calendar: GoogleCalendar, google: GoogleServer) -> None:
    kept = await calendar.put(VISIT, None)
    google.before_patch = lambda event: google.touch(event) and None
    with pytest.raises(OutsideError) as caught:
        await calendar.put(MOVED, kept)
    assert (caught.value.trouble, caught.value.status) == (Trouble.REFUSED, 412)
    assert sum(call.startswith("PATCH") for call in google.calls) == 3
    assert only(google)["start"] == {"dateTime": "2026-11-24T09:00:00Z"}


async def test_deleted_between_our_look_and_our_write(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    kept = await calendar.put(VISIT, None)

    def meddle(event: Event) -> None:
        google.before_patch = None
        event["status"] = "cancelled"
        google.touch(event)

    google.before_patch = meddle
    await calendar.put(MOVED, kept)
    assert only(google)["status"] == "confirmed"


async def test_an_event_that_staff_made_last_all_day_is_moved(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    kept = await calendar.put(VISIT, None)
    event = only(google)
    event |= {"start": {"date": "2026-11-24"}, "end": {"date": "2026-11-25"}}
    google.touch(event)
    seen = await calendar.find(VISIT.uid, kept)
    assert seen is not None
    assert seen.starts_at == datetime(2026, 11, 23, 22, 0, tzinfo=UTC)  # midnight in Helsinki
    assert seen.ends_at == datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    await calendar.put(MOVED, kept)
    assert only(google)["start"] == {"dateTime": "2026-11-24T11:00:00Z"}


async def test_a_visit_is_removed_and_nothing_happens_the_second_time(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    kept = await calendar.put(VISIT, None)
    await calendar.remove(VISIT.uid, kept)
    assert only(google)["status"] == "cancelled"
    await calendar.remove(VISIT.uid, kept)  # 410
    google.events.clear()
    await calendar.remove(VISIT.uid, kept)  # 404


async def test_an_event_is_found_where_staff_put_it(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    kept = await calendar.put(VISIT, None)
    event = only(google)
    event["start"] = {"dateTime": "2026-11-25T14:00:00+02:00", "timeZone": "Europe/Helsinki"}
    event["end"] = {"dateTime": "2026-11-25T14:45:00+02:00", "timeZone": "Europe/Helsinki"}
    google.touch(event)
    seen = await calendar.find(VISIT.uid, kept)
    assert seen is not None
    assert seen.uid == VISIT.uid
    assert seen.starts_at == datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    assert seen.kept == Kept(kept.place, event["etag"])
    assert seen.kept.version != kept.version


async def test_a_deleted_event_is_not_found(calendar: GoogleCalendar, google: GoogleServer) -> None:
    kept = await calendar.put(VISIT, None)
    google.events[kept.place] = google.touch({"id": kept.place, "status": "cancelled"})
    assert await calendar.find(VISIT.uid, kept) is None
    google.events.clear()
    assert await calendar.find(VISIT.uid, kept) is None


async def test_a_calendar_that_is_not_shared_any_more_is_no_deleted_event(
    calendar: GoogleCalendar, google: GoogleServer
) -> None:
    kept = await calendar.put(VISIT, None)
    google.calendars.clear()
    for work in (
        calendar.find(VISIT.uid, kept),
        calendar.remove(VISIT.uid, kept),
        calendar.put(VISIT, kept),
        calendar.entries(NINE, NINE + timedelta(days=1)),
        calendar.check(),
    ):
        with pytest.raises(OutsideError) as caught:
            await work
        assert caught.value.trouble is Trouble.NOT_FOUND


def test_ids_are_such_as_google_takes() -> None:
    one, other = event_id("a@tiski"), event_id("b@tiski")
    assert one != other
    assert len(one) == 32
    assert set(one + other) <= set("0123456789abcdefghijklmnopqrstuv")
    assert event_id("a@tiski") == one
