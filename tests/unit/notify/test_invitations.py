"""tiski/notify/invitations.py: read back by a library, as a calendar program does."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from tiski.business import Business, load_business
from tiski.notify.invitations import CANCEL, PUBLISH, REQUEST, invitation

HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=timezone.utc)
STARTS = datetime(2026, 11, 24, 10, 0, tzinfo=timezone.utc)
LINK = "https://desk.example.com/desk/visit/1-2-x"


@pytest.fixture(scope="module")
def business() -> Business:
    return load_business()


def write(business: Business, language: str = "fi", **changes: Any) -> str:
    usual: dict[str, Any] = {
        "method": REQUEST,
        "uid": "abc@tiski",
        "sequence": 2,
        "service_id": "haircut",
        "staff_id": "aino",
        "starts_at": STARTS,
        "ends_at": STARTS + timedelta(minutes=45),
        "link": LINK,
        "now": NOW,
        "attendee": "maija@example.com",
        "attendee_name": "Maija Meikäläinen",
    }
    return invitation(business, language, **(usual | changes))


def read(text: str) -> tuple[str, Event]:
    calendar = Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def test_a_request(business: Business) -> None:
    method, event = read(write(business))

    assert (method, event["UID"], event["SEQUENCE"]) == ("REQUEST", "abc@tiski", 2)
    assert event["STATUS"] == "CONFIRMED"
    assert event.decoded("DTSTAMP") == NOW.replace(microsecond=0)
    assert event["SUMMARY"] == "hiustenleikkaus – Kampaamo Aalto"
    assert event["LOCATION"] == "Kirkkopuistokatu 12, 65100 Vaasa"
    assert LINK in event["DESCRIPTION"] and "+358 6 555 0142" in event["DESCRIPTION"]
    assert event["ORGANIZER"] == "mailto:hei@kampaamoaalto.example"
    assert event["ORGANIZER"].params["CN"] == "Kampaamo Aalto"
    assert event["ATTENDEE"] == "mailto:maija@example.com"
    assert event["ATTENDEE"].params["CN"] == "Maija Meikäläinen"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"


def test_a_cancellation_comes_after_all_changes(business: Business) -> None:
    method, event = read(write(business, method=CANCEL))
    assert (method, event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 3)
    assert event["UID"] == "abc@tiski"


def test_a_file_for_anybody_names_nobody(business: Business) -> None:
    text = write(business, method=PUBLISH)
    assert read(text)[0] == "PUBLISH"
    assert "ATTENDEE" not in text and "maija" not in text.lower()


def test_in_english(business: Business) -> None:
    _, event = read(write(business, "en"))
    assert event["SUMMARY"] == "haircut – Aalto Hair Salon"
    assert event["DESCRIPTION"].startswith("Move, cancel or write to us: ")


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2027-03-27 10:00", "20270327T080000Z"),
        ("2027-03-28 02:59", "20270328T005900Z"),
        ("2027-03-28 04:00", "20270328T010000Z"),
        ("2027-03-28 10:00", "20270328T070000Z"),
        ("2027-10-30 10:00", "20271030T070000Z"),
        ("2027-10-31 02:45", "20271030T234500Z"),
        ("2027-10-31 04:00", "20271031T020000Z"),
        ("2027-10-31 10:00", "20271031T080000Z"),
    ],
)
def test_times_around_the_changes_of_the_clock(
    business: Business, wall: str, expected: str
) -> None:
    starts = datetime.fromisoformat(wall).replace(tzinfo=HELSINKI)
    text = write(business, starts_at=starts, ends_at=starts)
    _, event = read(text)
    assert f"DTSTART:{expected}\r\n" in text and "VTIMEZONE" not in text
    assert event.decoded("DTSTART").astimezone(HELSINKI).strftime("%Y-%m-%d %H:%M") == wall


def test_a_visit_over_the_change_keeps_its_length(business: Business) -> None:
    for day in ("2027-03-28", "2027-10-31"):
        starts = datetime.fromisoformat(f"{day} 02:30").replace(tzinfo=HELSINKI)
        ends = (starts.astimezone(timezone.utc) + timedelta(hours=2)).astimezone(HELSINKI)
        _, event = read(write(business, starts_at=starts, ends_at=ends))
        assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(hours=2)


@pytest.mark.parametrize(
    "bad",
    ["x\r\nATTENDEE:mailto:evil@example.com", 'x";CN="y', "x:y;z,w\\n", "x\nEND:VEVENT\nBEGIN:VEVENT"],
)  # fmt: skip
def test_nothing_typed_becomes_a_property(business: Business, bad: str) -> None:
    text = write(business, attendee_name=bad, uid=f"u{bad}")
    _, event = read(text)
    assert event["ATTENDEE"] == "mailto:maija@example.com"
    assert text.count("ATTENDEE") - text.count("nATTENDEE") == 1
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_an_address_ends_no_line(business: Business) -> None:
    text = write(business, attendee="a\r\nSUMMARY:x@example.com")
    assert "\r\nSUMMARY:x" not in text


def test_what_the_page_no_longer_has_is_left_out(business: Business) -> None:
    _, event = read(write(business, service_id="gone", staff_id="gone"))
    assert event["SUMMARY"] == "Kampaamo Aalto"
