"""Occurrences of events, and rules that are broken or meant to do harm."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from staff import calendar_object, event

from tiski.booking.calendars.ical import Unreadable
from tiski.booking.calendars.protocol import Kept
from tiski.booking.calendars.recurrence import entries_of

TZ = ZoneInfo("Europe/Helsinki")
FIRST = datetime(2027, 3, 1, tzinfo=timezone.utc)
LAST = FIRST + timedelta(days=31)
KEPT = Kept("/a.ics", '"1"')
AT_EIGHT = "DTSTART:20270301T080000Z\nDTEND:20270301T090000Z\n"


def read(
    *events: str, first: datetime = FIRST, last: datetime = LAST, owner: str = ""
) -> tuple[list[str], bool]:
    """The busy times in UTC, e.g. "03-01 08:00/09:00", and whether all could be read."""
    entries, is_whole = entries_of(calendar_object(*events), KEPT, first, last, tz=TZ, owner=owner)
    times = [
        f"{entry.starts_at:%m-%d %H:%M}/{entry.ends_at:%H:%M}" for entry in entries if entry.is_busy
    ]
    return sorted(times), is_whole


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("DTSTART:20270301T080000Z\nDTEND:20270301T090000Z", "03-01 08:00/09:00"),
        ("DTSTART:20270301T080000Z\nDURATION:PT90M", "03-01 08:00/09:30"),
        ("DTSTART:20270301T100000\nDTEND:20270301T110000", "03-01 08:00/09:00"),  # floating
        ("DTSTART;TZID=No/Where:20270301T100000\nDURATION:PT1H", "03-01 08:00/09:00"),
        ("DTSTART;TZID=FLE Standard Time:20270301T100000\nDURATION:PT1H", "03-01 08:00/09:00"),
        ("DTSTART;VALUE=DATE:20270302", "03-01 22:00/22:00"),
        ("DTSTART;VALUE=DATE:20270302\nDURATION:P2D", "03-01 22:00/22:00"),
        ("DTSTART:20270301T090000Z\nDTEND:20270301T080000Z", "03-01 08:00/09:00"),  # swapped
        ("DTSTART:20270101T080000Z\nDTEND:20280101T080000Z", "01-01 08:00/08:00"),  # all of it
    ],
)
def test_one_event(lines: str, expected: str) -> None:
    assert read(event("a", lines)) == ([expected], True)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("RDATE:20270303T080000Z,20270305T100000Z", ["03-01", "03-03", "03-05"]),
        ("RDATE;VALUE=PERIOD:20270303T080000Z/PT3H", ["03-01", "03-03"]),
        (
            "RRULE:FREQ=DAILY;COUNT=4\nEXDATE:20270302T080000Z\nEXDATE:20270303T080000Z",
            ["03-01", "03-04"],
        ),
        ("RRULE:FREQ=WEEKLY;UNTIL=20270315T080000Z", ["03-01", "03-08", "03-15"]),
        ("RRULE:FREQ=WEEKLY;UNTIL=20270315", ["03-01", "03-08"]),
        ("RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,2", ["03-01", "03-08"]),
        ("RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1,20", ["03-01", "03-20"]),
        ("RRULE:FREQ=DAILY;INTERVAL=10", ["03-01", "03-11", "03-21", "03-31"]),
    ],
)
def test_rules(lines: str, expected: list[str]) -> None:
    times, is_whole = read(event("a", AT_EIGHT + lines))
    assert [found[:5] for found in times] == expected
    assert is_whole


def test_from_one_occurrence_on_all_are_later() -> None:
    series = event("a", f"{AT_EIGHT}RRULE:FREQ=WEEKLY;COUNT=3")
    later = event(
        "a",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20270308T080000Z\n"
        "DTSTART:20270308T100000Z\nDTEND:20270308T110000Z",
    )
    times, _ = read(series, later)
    assert times == ["03-01 08:00/09:00", "03-08 10:00/11:00", "03-15 10:00/11:00"]


def test_an_exception_alone_stands_where_it_is() -> None:
    alone = event("a", f"RECURRENCE-ID:20270308T080000Z\n{AT_EIGHT}")
    assert read(alone) == (["03-01 08:00/09:00"], True)


def test_floating_and_whole_days_recur_in_our_time() -> None:
    floating = event("a", "DTSTART:20270327T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2")
    days = event("b", "DTSTART;VALUE=DATE:20270327\nRRULE:FREQ=DAILY;COUNT=2")
    assert read(floating)[0] == ["03-27 08:00/09:00", "03-28 07:00/08:00"]
    assert read(days)[0] == ["03-26 22:00/22:00", "03-27 22:00/21:00"]


def test_what_the_owner_declined_is_free() -> None:
    invited = event(
        "a",
        f"{AT_EIGHT}ATTENDEE;PARTSTAT=ACCEPTED:mailto:maija@example.com\n"
        "ATTENDEE;PARTSTAT=DECLINED:MAILTO:Aino@example.com",
    )
    assert read(invited, owner="aino@example.com")[0] == []
    assert read(invited, owner="maija@example.com")[0] == ["03-01 08:00/09:00"]
    assert read(invited)[0] == ["03-01 08:00/09:00"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=NONSENSE",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;UNTIL=soon",
        "COUNT=3",
        "",
    ],
)
def test_of_a_broken_rule_the_event_itself_remains(rule: str) -> None:
    times, is_whole = read(event("a", f"{AT_EIGHT}RRULE:{rule}"))
    assert times[:1] == ["03-01 08:00/09:00"]
    assert not is_whole


def test_a_broken_event_does_not_hide_its_neighbour() -> None:
    times, is_whole = read(event("a", "DTSTART:soon\nDURATION:PT1H"), event("b", AT_EIGHT))
    assert (times, is_whole) == (["03-01 08:00/09:00"], False)


def test_what_is_no_calendar_says_so() -> None:
    with pytest.raises(Unreadable):
        entries_of("<html>", KEPT, FIRST, LAST, tz=TZ)


# Each of these took dateutil from 9 s to many minutes, or fills the memory
NEVER = [
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
    "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MINUTELY;INTERVAL=7;BYMONTH=2;BYMONTHDAY=30",
]
ALWAYS = [
    "FREQ=SECONDLY",
    "FREQ=SECONDLY;INTERVAL=7;BYHOUR=3;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MINUTELY",
    "FREQ=MINUTELY;COUNT=2000000000",
    "FREQ=DAILY;BYHOUR={0};BYMINUTE={1};BYSECOND={1}".format(
        ",".join(map(str, range(24))), ",".join(map(str, range(60)))
    ),
]


@pytest.mark.parametrize("rule", NEVER)
def test_a_rule_that_never_comes_true(rule: str) -> None:
    began = time.process_time()
    found = read(event("a", f"{AT_EIGHT}RRULE:{rule}"))
    assert found == (["03-01 08:00/09:00"], True)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("rule", ALWAYS)
def test_a_rule_that_leaves_no_time_between_is_one_long_event(rule: str) -> None:
    began = time.process_time()
    old = AT_EIGHT.replace("2027", "2015")
    entries, _ = entries_of(
        calendar_object(event("a", f"{old}RRULE:{rule}")), KEPT, FIRST, LAST, tz=TZ
    )
    assert [(entry.starts_at.year, entry.ends_at) for entry in entries] == [(2015, LAST)]
    assert time.process_time() - began < 5


def test_such_a_rule_ends_when_it_says() -> None:
    times, _ = read(event("a", f"{AT_EIGHT}RRULE:FREQ=SECONDLY;UNTIL=20270303T120000Z"))
    assert times == ["03-01 08:00/12:00"]
    few, _ = read(event("a", f"{AT_EIGHT}RRULE:FREQ=SECONDLY;COUNT=3"))
    assert len(few) == 3


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ("DTSTART:20100101T080000Z\nDURATION:PT5M\nRRULE:FREQ=HOURLY", 31 * 24),
        ("DTSTART:20270301T000000Z\nDURATION:PT5M\nRRULE:FREQ=MINUTELY;INTERVAL=10", 31 * 144),
        # 31 days of UTC reach into 32 of ours
        ("DTSTART;VALUE=DATE:16040101\nRRULE:FREQ=DAILY", 32),
        ("DTSTART;VALUE=DATE:00010305\nRRULE:FREQ=YEARLY", 1),
        ("DTSTART;VALUE=DATE:16040305\nRRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5", 1),
        ("DTSTART:16040305T080000Z\nDURATION:PT5M\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=MO,TU", 10),
    ],
)
def test_what_people_mean_is_not_taken_for_harm(lines: str, count: int) -> None:
    times, is_whole = read(event("a", lines))
    assert (len(times), is_whole) == (count, True)
