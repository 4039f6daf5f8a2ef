"""tiski/booking/calendars/microsoft.py: visits written, moved, removed and found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from microsoft_server import ANNA, CLIENT_ID, SECRET, TENANT, Event, MicrosoftServer

from tiski.booking.calendars.microsoft import MicrosoftCalendar
from tiski.booking.calendars.microsoft_account import MicrosoftApp, microsoft_account
from tiski.booking.calendars.protocol import Kept, Visit
from tiski.outside.errors import OutsideError, Trouble

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
AT_ELEVEN = {"dateTime": "2026-11-24T11:00:00", "timeZone": "UTC"}


@pytest.fixture
async def graph() -> AsyncIterator[MicrosoftServer]:
    async with MicrosoftServer() as server:
        yield server


@pytest.fixture
async def calendar(graph: MicrosoftServer) -> AsyncIterator[MicrosoftCalendar]:
    app = MicrosoftApp(TENANT, CLIENT_ID, SECRET)
    account = microsoft_account(app, api_url=graph.api_url, sign_in_url=graph.url)
    opened = MicrosoftCalendar(ANNA, account, tz=ZoneInfo("Europe/Helsinki"))
    yield opened
    await opened.close()


def only(graph: MicrosoftServer) -> Event:
    """The one event that there is."""
    (event,) = graph.events.values()
    return event


async def test_a_visit_is_written(calendar: MicrosoftCalendar, graph: MicrosoftServer) -> None:
    kept = await calendar.put(VISIT, None)
    event = only(graph)
    assert kept == Kept(event["id"], event["@odata.etag"])
    assert event["subject"] == "Hiustenleikkuu: Maija M."
    assert event["body"] == {"contentType": "text", "content": VISIT.notes}
    assert event["start"] == {"dateTime": "2026-11-24T09:00:00", "timeZone": "UTC"}
    assert event["end"] == {"dateTime": "2026-11-24T09:45:00", "timeZone": "UTC"}
    assert event["showAs"] == "busy"


async def test_writing_twice_leaves_one_event(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    first = await calendar.put(VISIT, None)
    second = await calendar.put(MOVED, None)
    event = only(graph)
    assert (first.place, second.version) == (second.place, event["@odata.etag"])
    assert event["start"] == AT_ELEVEN


async def test_two_requests_that_cross_leave_one_event(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    created = await calendar.put(VISIT, None)
    # The other one looked before the first was there; transactionId makes them one
    seen = only(graph)["singleValueExtendedProperties"]
    only(graph)["singleValueExtendedProperties"] = []
    again = await calendar.put(VISIT, None)
    only(graph)["singleValueExtendedProperties"] = seen
    assert again == created


async def test_what_staff_added_stays_when_a_visit_is_moved(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    kept = await calendar.put(VISIT, None)
    event = only(graph)
    event |= {"categories": ["Red category"], "reminderMinutesBeforeStart": 30}
    event["body"]["content"] += "\nVäri 6.1, muista kysyä"
    graph.touch(event)
    kept = await calendar.put(MOVED, kept)
    event = only(graph)
    assert event["start"] == AT_ELEVEN
    assert event["categories"] == ["Red category"]
    assert event["reminderMinutesBeforeStart"] == 30
    assert event["body"]["content"] == f"{VISIT.notes}\nVäri 6.1, muista kysyä"
    # and when our own notes change
    await calendar.put(replace(MOVED, notes="Myöhässä 10 min"), kept)
    assert only(graph)["body"]["content"] == "Myöhässä 10 min\nVäri 6.1, muista kysyä"


async def test_a_visit_that_staff_deleted_is_written_anew_and_once(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    kept = await calendar.put(VISIT, None)
    deleted = graph.events.pop(kept.place)
    new = await calendar.put(MOVED, kept)
    assert new.place != kept.place
    # with an id of its own: Graph may remember that of the first one
    assert only(graph)["transactionId"] != deleted["transactionId"]
    again = await calendar.put(MOVED, kept)
    assert again.place == new.place == only(graph)["id"]


async def test_a_place_of_another_kind_of_calendar(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    elsewhere = Kept("https://cloud.example.com/dav/anna/1.ics", "x")
    kept = await calendar.put(VISIT, elsewhere)
    assert kept.place == only(graph)["id"]


async def test_an_event_that_has_another_id_by_now(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    kept = await calendar.put(VISIT, None)
    graph.move(only(graph))
    seen = await calendar.find(VISIT.uid, kept)
    assert seen is not None and seen.kept.place == only(graph)["id"] != kept.place
    await calendar.put(MOVED, kept)
    assert only(graph)["start"] == AT_ELEVEN
    await calendar.remove(VISIT.uid, kept)
    assert graph.events == {}


async def test_changed_between_our_look_and_our_write(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    kept = await calendar.put(VISIT, None)

    def meddle(event: Event) -> None:
        graph.before_patch = None
        event["body"]["content"] += "\nSoita ensin"
        graph.touch(event)

    graph.before_patch = meddle
    await calendar.put(replace(MOVED, notes="Uusi"), kept)
    event = only(graph)
    assert event["start"] == AT_ELEVEN
    assert event["body"]["content"] == "Uusi\nSoita ensin"


async def test_changed_again_and_again(calendar: MicrosoftCalendar, graph: MicrosoftServer) -> None:
    kept = await calendar.put(VISIT, None)
    graph.before_patch = lambda event: graph.touch(event) and None
    with pytest.raises(OutsideError) as caught:
        await calendar.put(MOVED, kept)
    assert (caught.value.trouble, caught.value.status) == (Trouble.REFUSED, 412)
    assert sum(call.startswith("PATCH") for call in graph.calls) == 3


async def test_deleted_between_our_look_and_our_write(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    kept = await calendar.put(VISIT, None)

    def meddle(event: Event) -> None:
        graph.before_patch = None
        del graph.events[event["id"]]

    graph.before_patch = meddle
    new = await calendar.put(MOVED, kept)
    assert new.place == only(graph)["id"] != kept.place


async def test_an_event_that_staff_made_last_all_day_is_moved(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    kept = await calendar.put(VISIT, None)
    midnight = {"timeZone": "Europe/Helsinki"}
    event = only(graph)
    event |= {
        "isAllDay": True,
        "start": {"dateTime": "2026-11-24T00:00:00", **midnight},
        "end": {"dateTime": "2026-11-25T00:00:00", **midnight},
        "originalStartTimeZone": "FLE Standard Time",
    }
    seen = await calendar.find(VISIT.uid, kept)
    assert seen is not None
    assert seen.starts_at == datetime(2026, 11, 23, 22, 0, tzinfo=UTC)  # midnight in Helsinki
    assert seen.ends_at == datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    await calendar.put(MOVED, kept)
    assert (only(graph)["isAllDay"], only(graph)["start"]) == (False, AT_ELEVEN)


async def test_a_visit_is_removed_and_nothing_happens_the_second_time(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    kept = await calendar.put(VISIT, None)
    await calendar.remove(VISIT.uid, kept)
    assert graph.events == {}
    await calendar.remove(VISIT.uid, kept)


async def test_an_event_is_found_where_staff_put_it(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    kept = await calendar.put(VISIT, None)
    event = only(graph)
    event["start"] = {"dateTime": "2026-11-25T14:00:00", "timeZone": "Europe/Helsinki"}
    event["end"] = {"dateTime": "2026-11-25T14:45:00", "timeZone": "Europe/Helsinki"}
    graph.touch(event)
    seen = await calendar.find(VISIT.uid, kept)
    assert seen is not None
    assert seen.uid == VISIT.uid
    assert seen.starts_at == datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    assert seen.kept == Kept(kept.place, event["@odata.etag"])
    assert seen.kept.version != kept.version


async def test_deleted_and_cancelled_events_are_not_found(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    kept = await calendar.put(VISIT, None)
    only(graph)["isCancelled"] = True
    assert await calendar.find(VISIT.uid, kept) is None
    graph.events.clear()
    assert await calendar.find(VISIT.uid, kept) is None


async def test_a_mailbox_that_is_not_there_any_more_is_no_deleted_event(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    kept = await calendar.put(VISIT, None)
    graph.mailboxes.clear()
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


async def test_a_uid_with_an_apostrophe(
    calendar: MicrosoftCalendar, graph: MicrosoftServer
) -> None:
    odd = replace(VISIT, uid="o'brien & co@tiski")
    await calendar.put(odd, None)
    await calendar.put(odd, None)
    (entry,) = await calendar.entries(NINE, NINE + timedelta(hours=1))
    assert entry.uid == odd.uid
