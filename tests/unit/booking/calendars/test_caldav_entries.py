"""What the desk reads in a calendar on a real server: other people's events, changes, rights."""

from __future__ import annotations

import contextlib
import itertools
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import httpx
import pytest
import servers
from staff import HELSINKI, NEW_YORK, Staff, calendar_object, event

from tiski.booking.calendars.caldav import CalDav
from tiski.booking.calendars.protocol import Visit
from tiski.outside.errors import OutsideError, Trouble


def utc(text: str) -> datetime:
    """E.g. "03-28 01:30" of 2027."""
    return datetime.strptime(f"2027-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=timezone.utc)


async def times(calendar: CalDav, first: str, last: str) -> list[str]:
    """The busy times of a window, as "03-28 01:30/03-28 02:30" in UTC."""
    return [
        f"{entry.starts_at:%m-%d %H:%M}/{entry.ends_at:%m-%d %H:%M}"
        for entry in await calendar.entries(utc(first), utc(last))
        if entry.is_busy
    ]


async def test_all_day_is_from_midnight_to_midnight_here(calendar: CalDav, staff: Staff) -> None:
    staff.add("day", "SUMMARY:Off\nDTSTART;VALUE=DATE:20270301\nDTEND;VALUE=DATE:20270303")
    staff.add("spring", "SUMMARY:Off\nDTSTART;VALUE=DATE:20270328")

    assert await times(calendar, "03-01 12:00", "03-01 13:00") == ["02-28 22:00/03-02 22:00"]
    assert await times(calendar, "03-02 22:00", "03-03 22:00") == []
    # 23 hours: the clocks change
    assert await times(calendar, "03-28 12:00", "03-28 13:00") == ["03-27 22:00/03-28 21:00"]


async def test_what_a_server_in_utc_would_take_for_another_day(
    calendar: CalDav, staff: Staff
) -> None:
    """Whole days and floating times are ours: two hours earlier than in UTC."""
    staff.add("day", "SUMMARY:Off\nDTSTART;VALUE=DATE:20270302")
    staff.add("floating", "SUMMARY:x\nDTSTART:20270302T003000\nDURATION:PT30M")

    assert await times(calendar, "03-01 22:30", "03-01 23:00") == [
        "03-01 22:00/03-02 22:00",
        "03-01 22:30/03-01 23:00",
    ]


async def test_weekly_with_an_exception_and_a_cancelled_one(calendar: CalDav, staff: Staff) -> None:
    zone = "TZID=Europe/Helsinki"
    series = event(
        "weekly",
        f"SUMMARY:Course\nDTSTART;{zone}:20270308T100000\nDTEND;{zone}:20270308T110000\n"
        f"RRULE:FREQ=WEEKLY;COUNT=6\nEXDATE;{zone}:20270405T100000",
    )
    moved = event(
        "weekly",
        f"SUMMARY:Course\nRECURRENCE-ID;{zone}:20270315T100000\n"
        f"DTSTART;{zone}:20270316T140000\nDTEND;{zone}:20270316T150000",
    )
    cancelled = event(
        "weekly",
        f"SUMMARY:Course\nRECURRENCE-ID;{zone}:20270322T100000\nSTATUS:CANCELLED\n"
        f"DTSTART;{zone}:20270322T100000\nDTEND;{zone}:20270322T110000",
    )
    staff.put("weekly.ics", calendar_object(HELSINKI, series, moved, cancelled))

    found = await calendar.entries(utc("03-01 00:00"), utc("05-01 00:00"))

    assert [(entry.starts_at, entry.is_busy, entry.is_cancelled) for entry in found] == [
        (utc("03-08 08:00"), True, False),
        (utc("03-16 12:00"), True, False),
        (utc("03-22 08:00"), False, True),
        (utc("03-29 07:00"), True, False),  # the same hour by the clock, in summer time
        (utc("04-12 07:00"), True, False),
    ]
    assert {entry.uid for entry in found} == {"weekly"}
    assert len({entry.kept for entry in found}) == 1


async def test_another_time_zone_whose_clocks_change_on_another_day(
    calendar: CalDav, staff: Staff
) -> None:
    zone = "TZID=America/New_York"
    staff.add(
        "ny",
        f"SUMMARY:Call\nDTSTART;{zone}:20270308T090000\nDTEND;{zone}:20270308T093000\n"
        "RRULE:FREQ=WEEKLY;COUNT=4",
        zone=NEW_YORK,
    )

    assert await times(calendar, "03-01 00:00", "05-01 00:00") == [
        "03-08 14:00/03-08 14:30",
        "03-15 13:00/03-15 13:30",
        "03-22 13:00/03-22 13:30",
        "03-29 13:00/03-29 13:30",
    ]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        # Spring: after 03:00 comes 04:00
        ("20270328T013000", "DTEND;{}:20270328T043000", "03-27 23:30/03-28 01:30"),
        ("20270327T220000", "DTEND;{}:20270328T060000", "03-27 20:00/03-28 03:00"),
        ("20270327T220000", "DURATION:PT8H", "03-27 20:00/03-28 04:00"),
        ("20270327T120000", "DURATION:P1D", "03-27 10:00/03-28 09:00"),
        # Autumn: after 04:00 comes 03:00
        ("20271031T023000", "DTEND;{}:20271031T043000", "10-30 23:30/10-31 02:30"),
        ("20271030T220000", "DURATION:PT8H", "10-30 19:00/10-31 03:00"),
        ("20271030T120000", "DURATION:P1D", "10-30 09:00/10-31 10:00"),
    ],
)
async def test_nights_in_which_the_clocks_change(
    calendar: CalDav, staff: Staff, start: str, end: str, expected: str
) -> None:
    zone = "TZID=Europe/Helsinki"
    staff.add("night", f"SUMMARY:x\nDTSTART;{zone}:{start}\n{end.format(zone)}", zone=HELSINKI)
    assert await times(calendar, "03-01 00:00", "11-30 00:00") == [expected]


async def test_weekly_over_the_nights_in_which_the_clocks_change(
    calendar: CalDav, staff: Staff
) -> None:
    zone = "TZID=Europe/Helsinki"
    staff.add(
        "sundays",
        f"SUMMARY:x\nDTSTART;{zone}:20270321T100000\nDTEND;{zone}:20270321T110000\n"
        "RRULE:FREQ=WEEKLY;BYDAY=SU",
        zone=HELSINKI,
    )
    assert await times(calendar, "03-20 00:00", "04-05 00:00") == [
        "03-21 08:00/03-21 09:00",
        "03-28 07:00/03-28 08:00",
        "04-04 07:00/04-04 08:00",
    ]
    assert await times(calendar, "10-23 00:00", "11-01 00:00") == [
        "10-24 07:00/10-24 08:00",
        "10-31 08:00/10-31 09:00",
    ]


async def test_what_does_not_make_busy(calendar: CalDav, staff: Staff) -> None:
    at_eight = "SUMMARY:x\nDTSTART:20270301T080000Z\nDTEND:20270301T090000Z\n"
    staff.add("free", f"{at_eight}TRANSP:TRANSPARENT")
    staff.add("cancelled", f"{at_eight}STATUS:CANCELLED")
    staff.add("moment", "SUMMARY:x\nDTSTART:20270301T080000Z")
    todo = event("todo", "SUMMARY:x\nDTSTART:20270301T080000Z").replace("VEVENT", "VTODO")
    staff.put("todo.ics", calendar_object(todo))

    found = await calendar.entries(utc("03-01 00:00"), utc("03-02 00:00"))

    assert [(e.uid, e.is_busy, e.is_cancelled) for e in sorted(found, key=lambda e: e.uid)] == [
        ("cancelled", False, True),
        ("free", False, False),
    ]


async def test_the_window_includes_its_start_and_not_its_end(
    calendar: CalDav, staff: Staff
) -> None:
    for hour in (8, 9, 10):
        times_of = f"DTSTART:20270301T{hour:02}0000Z\nDTEND:20270301T{hour + 1:02}0000Z"
        staff.add(f"at{hour}", f"SUMMARY:x\n{times_of}")

    assert await times(calendar, "03-01 09:00", "03-01 10:00") == ["03-01 09:00/03-01 10:00"]
    assert len(await times(calendar, "03-01 08:59", "03-01 10:01")) == 3


async def test_a_letter_that_no_xml_may_hold_hides_nothing(calendar: CalDav, staff: Staff) -> None:
    at_eight = "DTSTART:20270301T080000Z\nDTEND:20270301T090000Z\n"
    staff.add("good", f"SUMMARY:x\n{at_eight}")
    with contextlib.suppress(httpx.HTTPStatusError):  # Radicale takes none, older ones did
        staff.add("bad", f"SUMMARY:a\x0bb\n{at_eight}")
    expected = len(staff.objects())
    assert len(await times(calendar, "03-01 00:00", "03-02 00:00")) == expected


async def test_the_state_changes_when_something_does(calendar: CalDav, staff: Staff) -> None:
    states = [await calendar.state()]
    assert states[0]
    visit = Visit("v@tiski", utc("03-01 08:00"), utc("03-01 09:00"), "Haircut")
    kept = await calendar.put(visit, None)
    states.append(await calendar.state())
    staff.add("own", "SUMMARY:x\nDTSTART:20270301T080000Z\nDTEND:20270301T090000Z")
    states.append(await calendar.state())
    staff.edit("own.ics", "SUMMARY:x", "SUMMARY:y")
    states.append(await calendar.state())
    staff.delete("own.ics")
    await calendar.remove(visit.uid, kept)
    states.append(await calendar.state())
    assert all(one != other for one, other in itertools.pairwise(states))

    await calendar.entries(utc("03-01 00:00"), utc("04-01 00:00"))
    await calendar.find(visit.uid, kept)
    await calendar.check()
    assert await calendar.state() == states[-1]


async def test_check_tells_the_name_and_the_rights(calendar: CalDav) -> None:
    rights = await calendar.check()
    assert (rights.name, rights.may_read, rights.may_write) == ("Töitä", True, True)


@pytest.mark.parametrize("path", ["nowhere/", "../"])
async def test_check_of_what_is_no_calendar(staff: Staff, path: str) -> None:
    wrong = CalDav(
        f"{staff.url}{path}",
        user=servers.USER,
        password=servers.PASSWORD,
        tz=ZoneInfo("Europe/Helsinki"),
    )
    with pytest.raises(OutsideError) as caught:
        await wrong.check()
    await wrong.close()
    assert caught.value.trouble is Trouble.NOT_FOUND


async def test_a_wrong_password(radicale: servers.Server) -> None:
    wrong = CalDav(
        radicale.new_calendar(), user=servers.USER, password="x", tz=ZoneInfo("Europe/Helsinki")
    )
    visit = Visit("v@tiski", utc("03-01 08:00"), utc("03-01 09:00"), "Haircut")
    for work in (
        wrong.check(),
        wrong.state(),
        wrong.put(visit, None),
        wrong.entries(utc("03-01 00:00"), utc("03-01 00:00") + timedelta(days=1)),
    ):
        with pytest.raises(OutsideError) as caught:
            await work
        assert caught.value.trouble is Trouble.INVALID_CREDENTIALS
    await wrong.close()


async def test_writing_where_no_calendar_is(radicale: servers.Server) -> None:
    missing = CalDav(
        f"{radicale.home}missing/",
        user=servers.USER,
        password=servers.PASSWORD,
        tz=ZoneInfo("Europe/Helsinki"),
    )
    visit = Visit("v@tiski", utc("03-01 08:00"), utc("03-01 09:00"), "Haircut")
    with pytest.raises(OutsideError) as caught:
        await missing.put(visit, None)
    await missing.close()
    assert caught.value.trouble is Trouble.NOT_FOUND
