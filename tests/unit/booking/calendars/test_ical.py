"""Writing a visit as iCalendar, changing one, and reading one event."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from staff import calendar_object, event

from tiski.booking.calendars import ical
from tiski.booking.calendars.ical import Unreadable, entry, rewritten, written
from tiski.booking.calendars.protocol import Kept, Visit

TZ = ZoneInfo("Europe/Helsinki")
NOW = datetime(2027, 2, 1, 12, tzinfo=timezone.utc)
START = datetime(2027, 3, 1, 8, tzinfo=timezone.utc)
VISIT = Visit(
    "v@tiski", START, START + timedelta(hours=1), "Haircut: Maija M.", "maija@example.com"
)
KEPT = Kept("/a.ics", '"1"')

# Each letter that a text may hold, with more of those that iCalendar writes in a way of its own
WORDS = st.lists(
    st.one_of(
        st.sampled_from(["\\n", "\\\\n", "\\,", "\r\n", *',;:\\"\n\t^😀äÖ\x85\u2028']),
        st.text(max_size=80),
    ),
    max_size=12,
).map("".join)
MINUTES = st.datetimes(
    datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(timezone.utc)
).map(lambda moment: moment.replace(second=0, microsecond=0))
VISITS = st.builds(
    lambda start, minutes, title, notes, sequence: Visit(
        "v@tiski", start, start + timedelta(minutes=minutes), title, notes, sequence
    ),
    MINUTES,
    st.integers(1, 600),
    WORDS,
    WORDS,
    st.integers(0, 1000),
)


def event_in(content: bytes | None) -> Any:
    assert content is not None
    return Calendar.from_ical(content).events[0]


def cleaned(words: str) -> str:
    """What of a text arrives: lines end in one way, what may not be sent becomes a space."""
    return "".join(
        " "
        if (ord(one) < 32 and one not in "\n\t")
        or one in "\x7f\ufffe\uffff"
        or "\ud800" <= one <= "\udfff"
        else one
        for one in words.replace("\r\n", "\n")
    )


@settings(max_examples=60, deadline=None)
@given(VISITS)
def test_a_visit_reads_back_the_same(visit: Visit) -> None:
    content = written(visit, now=NOW)
    found = entry(content.decode(), visit.uid, KEPT, tz=TZ)
    text = event_in(content)

    assert found is not None
    assert (found.starts_at, found.ends_at) == (visit.starts_at, visit.ends_at)
    assert str(text["SUMMARY"]) == cleaned(visit.title)
    assert str(text.get("DESCRIPTION", "")) == cleaned(visit.notes)
    assert text["SEQUENCE"] == visit.sequence
    assert rewritten(content.decode(), visit, now=NOW) is None


@settings(max_examples=60, deadline=None)
@given(VISITS, VISITS)
def test_one_change_is_enough(before: Visit, after: Visit) -> None:
    content = written(before, now=NOW)
    changed = rewritten(content.decode(), after, now=NOW)
    if changed is not None:
        content = changed
    found = entry(content.decode(), after.uid, KEPT, tz=TZ)
    assert found is not None
    assert (found.starts_at, found.ends_at) == (after.starts_at, after.ends_at)
    assert str(event_in(content)["SUMMARY"]) == cleaned(after.title)
    assert rewritten(content.decode(), after, now=NOW) is None


def test_lines_are_folded_and_end_as_they_must() -> None:
    content = written(replace(VISIT, title="ä" * 300), now=NOW)
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)


def noted(description: str) -> str:
    """The visit after staff wrote this into its description."""
    calendar = Calendar.from_ical(written(VISIT, now=NOW))
    calendar.events[0].pop("DESCRIPTION")
    if description:
        calendar.events[0].add("DESCRIPTION", description)
    return calendar.to_ical().decode()


@pytest.mark.parametrize(
    ("staff_wrote", "notes", "expected"),
    [
        # nobody touched it
        ("maija@example.com", "new@example.com", "new@example.com"),
        # words before and after ours stay
        ("VIP\nmaija@example.com\nlikes tea", "new@example.com", "VIP\nnew@example.com\nlikes tea"),
        # ours were taken out: what is new is told, below
        ("likes tea", "new@example.com", "likes tea\n\nnew@example.com"),
        ("", "new@example.com", "new@example.com"),
        # nothing new: nothing is said again
        ("likes tea", "maija@example.com", "likes tea"),
        ("", "maija@example.com", ""),
        # we have nothing to say any more
        ("maija@example.com", "", ""),
        ("maija@example.com\nlikes tea", "", "likes tea"),
        ("likes tea", "", "likes tea"),
    ],
)
def test_what_staff_wrote_stays(staff_wrote: str, notes: str, expected: str) -> None:
    visit = replace(VISIT, notes=notes, starts_at=START - timedelta(hours=1), sequence=1)
    changed = rewritten(noted(staff_wrote), visit, now=NOW)
    assert str(event_in(changed).get("DESCRIPTION", "")) == expected
    assert changed is not None
    assert rewritten(changed.decode(), visit, now=NOW) is None


def test_a_program_that_drops_our_mark_makes_nothing_doubled() -> None:
    content = "\r\n".join(
        line for line in written(VISIT, now=NOW).decode().split("\r\n") if "X-TISKI" not in line
    )
    changed = rewritten(content, replace(VISIT, sequence=1), now=NOW)
    assert str(event_in(changed)["DESCRIPTION"]) == VISIT.notes


def test_only_what_must_change_changes() -> None:
    extra = (
        'COLOR:tomato\nX-ODD;X-P="a;b":v\\,w\nGEO:broken\nCATEGORIES:a,b\nTRANSP:TRANSPARENT\n'
        "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Now\nTRIGGER:-PT15M\nEND:VALARM\nEND:VEVENT"
    ).replace("\n", "\r\n")
    content = written(VISIT, now=NOW).decode().replace("END:VEVENT", extra)
    later = NOW + timedelta(days=1)
    visit = replace(VISIT, starts_at=START - timedelta(hours=1), title="Colour", sequence=2)
    changed = rewritten(content, visit, now=later)
    assert changed is not None

    before, after = set(content.split("\r\n")), set(changed.decode().split("\r\n"))
    assert {line.split(":")[0] for line in before ^ after} == {
        "DTSTART", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "SUMMARY",
    }  # fmt: skip
    assert "DTSTAMP:20270202T120000Z" in after


def test_a_time_zone_a_duration_and_a_cancellation_of_staff_give_way() -> None:
    content = calendar_object(
        event(
            "v@tiski",
            "DTSTART;TZID=Europe/Helsinki:20270301T120000\nDURATION:PT2H\nSTATUS:CANCELLED\n"
            "SEQUENCE:7\nSUMMARY:x",
        )
    )
    after = event_in(rewritten(content, VISIT, now=NOW))
    assert after["DTSTART"].to_ical() == b"20270301T080000Z"
    assert after["DTEND"].to_ical() == b"20270301T090000Z"
    assert "DURATION" not in after
    assert "STATUS" not in after
    assert after["SEQUENCE"] == 7  # it never goes back


@pytest.mark.parametrize(
    "content",
    ["", "<html></html>", "BEGIN:VCALENDAR\r\n", "BEGIN:VEVENT\r\nEND:VEVENT\r\n", "\x00", "a:b"],
)
def test_what_is_no_calendar(content: str) -> None:
    with pytest.raises(Unreadable) as caught:
        ical.parsed(content)
    assert caught.value.args == ()
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_another_event_is_not_rewritten() -> None:
    content = calendar_object(event("theirs", "DTSTART:20270301T080000Z"))
    with pytest.raises(Unreadable):
        rewritten(content, VISIT, now=NOW)
    assert entry(content, VISIT.uid, KEPT, tz=TZ) is None


@pytest.mark.parametrize(
    "lines", ["SUMMARY:x", "DTSTART:soon", "DTSTART:20270301T080000Z\nDTSTART:x"]
)
def test_an_event_without_a_time(lines: str) -> None:
    content = calendar_object(event("v@tiski", lines))
    with pytest.raises(Unreadable):
        entry(content, "v@tiski", KEPT, tz=TZ)
    assert rewritten(content, VISIT, now=NOW) is not None


def test_a_time_zone_of_the_same_name_does_not_outlive_its_calendar() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Customized Time Zone\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:+0{0}00\nTZOFFSETTO:+0{0}00\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    at_ten = event("v@tiski", "DTSTART;TZID=Customized Time Zone:20270301T100000\nDURATION:PT1H")
    for hours in (2, 5, 2):
        found = entry(calendar_object(zone.format(hours), at_ten), "v@tiski", KEPT, tz=TZ)
        assert found is not None
        assert found.starts_at.hour == 10 - hours
