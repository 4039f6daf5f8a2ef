"""What the desk writes into a calendar on a real server, beside what staff do there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import httpx
import pytest
import servers
from icalendar import Calendar
from staff import Staff, calendar_object, event

from tiski.booking.calendars.caldav import CalDav, open_door
from tiski.booking.calendars.protocol import Kept, Visit
from tiski.outside.errors import OutsideError, Trouble

HELSINKI = ZoneInfo("Europe/Helsinki")
START = datetime(2027, 3, 1, 8, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
VISIT = Visit(
    uid="4f1d2c3b4a5968778695a4b3c2d1e0f0@tiski",
    starts_at=START,
    ends_at=START + HOUR,
    title='Haircut: Maija M.; "long", please 💇',
    notes="+358 40 123 4567\nKnows Aino; allergic to nuts, too",
)
MOVED = replace(VISIT, starts_at=START + HOUR, ends_at=START + 2 * HOUR, sequence=1)
ALARM = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT15M\nDESCRIPTION:Now\nEND:VALARM\n"


def place_of(kept: Kept) -> str:
    return kept.place.rsplit("/", 1)[1]


async def test_a_visit_is_written_in_utc_and_found_again(calendar: CalDav, staff: Staff) -> None:
    kept = await calendar.put(VISIT, None)
    content = staff.read(place_of(kept))
    found = await calendar.find(VISIT.uid, kept)

    written = Calendar.from_ical(content).events[0]
    assert str(written["SUMMARY"]) == VISIT.title
    assert str(written["DESCRIPTION"]) == VISIT.notes
    assert "DTSTART:20270301T080000Z" in content
    assert "DTEND:20270301T090000Z" in content
    assert "VTIMEZONE" not in content
    assert found is not None
    assert (found.uid, found.starts_at, found.ends_at) == (VISIT.uid, START, START + HOUR)
    assert found.kept == kept
    assert found.is_busy


async def test_moving_keeps_what_staff_added(calendar: CalDav, staff: Staff) -> None:
    kept = await calendar.put(VISIT, None)
    place = place_of(kept)
    staff.edit(place, "END:VEVENT", f"COLOR:tomato\nCOMMENT:Bring the album\n{ALARM}END:VEVENT")

    moved = await calendar.put(MOVED, kept)

    after = Calendar.from_ical(staff.read(place)).events[0]
    assert (after["DTSTART"].dt, after["DTEND"].dt) == (MOVED.starts_at, MOVED.ends_at)
    assert after["SEQUENCE"] == 1
    assert str(after["COLOR"]) == "tomato"
    assert str(after["COMMENT"]) == "Bring the album"
    assert [alarm["TRIGGER"].dt for alarm in after.walk("VALARM")] == [timedelta(minutes=-15)]
    assert moved.version != kept.version
    assert moved.place == kept.place


async def test_writing_the_same_twice_leaves_one(calendar: CalDav, staff: Staff) -> None:
    first = await calendar.put(VISIT, None)
    state = await calendar.state()
    again = await calendar.put(VISIT, None)  # the first answer was lost
    known = await calendar.put(VISIT, first)

    assert first == again == known
    assert await calendar.state() == state
    assert len(staff.objects()) == 1


async def test_a_first_try_that_arrived_is_gone_on_from(calendar: CalDav, staff: Staff) -> None:
    await calendar.put(VISIT, None)
    kept = await calendar.put(MOVED, None)

    found = await calendar.find(VISIT.uid, kept)
    assert found is not None
    assert found.starts_at == MOVED.starts_at
    assert len(staff.objects()) == 1


async def test_an_update_of_what_is_gone_writes_it_anew(calendar: CalDav, staff: Staff) -> None:
    kept = await calendar.put(VISIT, None)
    staff.delete(place_of(kept))
    assert await calendar.find(VISIT.uid, kept) is None

    anew = await calendar.put(MOVED, kept)

    found = await calendar.find(VISIT.uid, anew)
    assert found is not None
    assert found.starts_at == MOVED.starts_at


async def test_an_event_that_lies_at_another_name_is_found(calendar: CalDav, staff: Staff) -> None:
    kept = await calendar.put(VISIT, None)
    content = staff.read(place_of(kept))
    staff.delete(place_of(kept))
    staff.put("elsewhere.ics", content)

    found = await calendar.find(VISIT.uid, kept)
    moved = await calendar.put(MOVED, kept)

    assert found is not None
    assert place_of(found.kept) == place_of(moved) == "elsewhere.ics"
    assert len(staff.objects()) == 1
    await calendar.remove(VISIT.uid, kept)
    assert staff.objects() == []


async def test_removing_twice(calendar: CalDav, staff: Staff) -> None:
    kept = await calendar.put(VISIT, None)
    staff.add("own", "SUMMARY:x\nDTSTART:20270301T080000Z\nDTEND:20270301T090000Z")
    await calendar.remove(VISIT.uid, kept)
    await calendar.remove(VISIT.uid, kept)

    assert [href.rsplit("/", 1)[1] for href in staff.objects()] == ["own.ics"]
    assert await calendar.find(VISIT.uid, kept) is None


async def test_what_staff_move_and_cancel_is_found_as_it_stands(
    calendar: CalDav, staff: Staff
) -> None:
    kept = await calendar.put(VISIT, None)
    place = place_of(kept)
    staff.edit(place, "DTSTART:20270301T080000Z", "DTSTART;TZID=Europe/Helsinki:20270329T100000")
    staff.edit(place, "DTEND:20270301T090000Z", "DURATION:PT90M")
    found = await calendar.find(VISIT.uid, kept)
    assert found is not None
    # Summer time has begun the day before
    assert found.starts_at == datetime(2027, 3, 29, 7, tzinfo=timezone.utc)
    assert found.ends_at - found.starts_at == timedelta(minutes=90)
    assert found.kept.version != kept.version

    staff.edit(place, "END:VEVENT", "STATUS:CANCELLED\nEND:VEVENT")
    found = await calendar.find(VISIT.uid, kept)
    assert found is not None
    assert found.is_cancelled
    assert not found.is_busy


async def test_a_place_with_another_event_is_left_alone(calendar: CalDav, staff: Staff) -> None:
    kept = await calendar.put(VISIT, None)
    place = place_of(kept)
    staff.delete(place)
    staff.put(place, calendar_object(event("theirs", "SUMMARY:x\nDTSTART:20270301T080000Z")))

    assert await calendar.find(VISIT.uid, kept) is None
    with pytest.raises(OutsideError) as caught:
        await calendar.put(VISIT, kept)
    assert caught.value.trouble is Trouble.REFUSED
    assert "UID:theirs" in staff.read(place)


class Meddling(httpx.AsyncBaseTransport):
    """Lets somebody else write just before a PUT of ours."""

    def __init__(self, meddle: Callable[[], None], times: int) -> None:
        self._inner, self._meddle, self._left = httpx.AsyncHTTPTransport(), meddle, times
        self.puts = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            self.puts += 1
            if self._left:
                self._left -= 1
                self._meddle()
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


def meddled(staff: Staff, meddle: Callable[[], None], times: int) -> tuple[CalDav, Meddling]:
    transport = Meddling(meddle, times)
    door = open_door(user=servers.USER, password=servers.PASSWORD, transport=transport)
    calendar = CalDav(
        staff.url, user=servers.USER, password=servers.PASSWORD, tz=HELSINKI, door=door
    )
    return calendar, transport


async def test_a_change_between_our_look_and_our_write_is_kept(
    calendar: CalDav, staff: Staff
) -> None:
    kept = await calendar.put(VISIT, None)
    place = place_of(kept)

    def note() -> None:
        staff.edit(place, "END:VEVENT", "COMMENT:Bring the album\nEND:VEVENT")

    desk, transport = meddled(staff, note, times=1)
    moved = await desk.put(MOVED, kept)
    await desk.close()

    assert transport.puts == 2
    content = staff.read(place)
    assert "COMMENT:Bring the album" in content
    assert "DTSTART:20270301T090000Z" in content
    found = await calendar.find(VISIT.uid, moved)
    assert found is not None
    assert found.kept == moved


async def test_somebody_who_writes_all_the_time_is_not_fought(
    calendar: CalDav, staff: Staff
) -> None:
    kept = await calendar.put(VISIT, None)
    place = place_of(kept)

    def note() -> None:
        staff.edit(place, "END:VEVENT", "COMMENT:Another\nEND:VEVENT")

    desk, transport = meddled(staff, note, times=10)
    with pytest.raises(OutsideError) as caught:
        await desk.put(MOVED, kept)
    await desk.close()

    assert caught.value.trouble is Trouble.REFUSED
    assert transport.puts == 2
    assert "DTSTART:20270301T080000Z" in staff.read(place)


async def test_what_is_deleted_between_our_look_and_our_write_is_written_anew(
    calendar: CalDav, staff: Staff
) -> None:
    kept = await calendar.put(VISIT, None)
    desk, _ = meddled(staff, lambda: staff.delete(place_of(kept)), times=1)
    moved = await desk.put(MOVED, kept)
    await desk.close()

    found = await calendar.find(VISIT.uid, moved)
    assert found is not None
    assert found.starts_at == MOVED.starts_at
