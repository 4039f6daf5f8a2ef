"""When the business is open, its people work, and somebody answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from business_page import BASE, edited, load

from tiski.business import Business, load_business
from tiski.business_hours import overlap, parse_hours

HELSINKI = ZoneInfo("Europe/Helsinki")


def clock(day: str, *times: str) -> list[tuple[datetime, datetime]]:
    """Spans in Helsinki time, written `09:00-18:00`."""
    ends = [span.split("-") for span in times]
    return [(helsinki(day, start), helsinki(day, end)) for start, end in ends]


def helsinki(day: str, at: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=HELSINKI)


@pytest.fixture(scope="module")
def demo() -> Business:
    """The page that comes with the project."""
    return load_business()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Business:
    return load(tmp_path_factory.mktemp("base"), BASE)


@pytest.mark.parametrize(
    ("day", "spans", "note"),
    [
        ("2026-11-23", ["09:00-18:00"], None),
        ("2026-11-26", ["09:00-20:00"], None),
        ("2026-11-28", ["10:00-15:00"], None),
        ("2026-11-29", [], None),
        ("2026-12-06", [], "itsenäisyyspäivä"),
        ("2026-12-24", ["10:00-13:00"], "jouluaatto"),
        ("2026-12-25", [], "joulupäivä"),
        ("2026-12-26", [], "tapaninpäivä"),
        ("2026-12-31", ["09:00-15:00"], "uudenvuodenaatto"),
        ("2027-01-01", [], "uudenvuodenpäivä"),
        ("2027-01-25", [], "henkilökunnan koulutuspäivä"),
        ("2027-06-25", [], "juhannusaatto"),
        ("2027-12-24", [], "jouluaatto"),
    ],
)
def test_demo_hours(demo: Business, day: str, spans: list[str], note: str | None) -> None:
    on = date.fromisoformat(day)
    assert demo.opening_spans(on) == clock(day, *spans)
    said = demo.day_note(on)
    assert (said.get("fi") if said else None) == note


def test_holidays_keep_their_capitals_in_english(demo: Business) -> None:
    note = demo.day_note(date(2026, 12, 6))
    assert note is not None and note.get("en") == "Independence Day"


@pytest.mark.parametrize(
    ("day", "spans"),
    [
        ("2026-11-24", ["09:00-12:00", "13:00-18:00"]),
        ("2026-12-21", []),
        ("2026-12-24", ["10:00-13:00"]),  # a day wins over the range that it lies in
        ("2026-12-28", ["12:00-14:00"]),
        ("2026-12-30", []),
        ("2026-12-31", ["09:00-20:00"]),
    ],
)
def test_exceptions(base: Business, day: str, spans: list[str]) -> None:
    assert base.opening_spans(date.fromisoformat(day)) == clock(day, *spans)


def test_an_exception_without_a_reason_keeps_the_name_of_the_holiday(base: Business) -> None:
    assert base.day_note(date(2026, 12, 24)) == {"fi": "jouluaatto", "en": "Christmas Eve"}
    assert base.day_note(date(2026, 12, 28)) == {"fi": "inventaario", "en": "stocktaking"}
    assert base.day_note(date(2026, 12, 21)) is None


@pytest.mark.parametrize(
    ("kept", "spans"), [("as usual", ["09:00-18:00"]), ("11:00-14:00", ["11:00-14:00"])]
)
def test_owners_who_work_on_holidays(tmp_path: Path, kept: str, spans: list[str]) -> None:
    page = edited(("public_holidays: closed", f"public_holidays: {kept}"))
    assert load(tmp_path, page).opening_spans(date(2027, 1, 6)) == clock("2027-01-06", *spans)


@pytest.mark.parametrize(
    ("day", "hours_open"), [("2027-03-28", 23), ("2027-10-31", 25), ("2027-11-07", 24)]
)
def test_days_on_which_the_clocks_change(tmp_path: Path, day: str, hours_open: int) -> None:
    page = edited(
        ("sun: closed\n  public", "sun: 00:00-24:00\n  public"), ("closed\n  ex", "as usual\n  ex")
    )
    ((start, end),) = load(tmp_path, page).opening_spans(date.fromisoformat(day))
    length = end.astimezone(timezone.utc) - start.astimezone(timezone.utc)
    assert length == timedelta(hours=hours_open)
    assert start == helsinki(day, "00:00")
    assert (end.hour, end.minute, end.date() > start.date()) == (0, 0, True)


def test_hours_after_a_change_of_clocks_are_those_on_the_wall(demo: Business) -> None:
    before, after = demo.opening_spans(date(2027, 3, 25)), demo.opening_spans(date(2027, 3, 30))
    assert before[0][0].isoformat() == "2027-03-25T09:00:00+02:00"
    assert after[0][0].isoformat() == "2027-03-30T09:00:00+03:00"
    autumn = demo.opening_spans(date(2027, 11, 1))
    assert autumn[0][0].isoformat() == "2027-11-01T09:00:00+02:00"


@pytest.mark.parametrize(
    ("hours", "first", "last"),
    [
        ("03:00-04:00", None, None),  # does not exist on that day
        ("01:00-03:30", "01:00:00+02:00", "04:30:00+03:00"),
        ("03:30-06:00", "04:30:00+03:00", "06:00:00+03:00"),
    ],
)
def test_hours_that_the_clocks_skip(
    tmp_path: Path, hours: str, first: str | None, last: str | None
) -> None:
    page = edited(
        ("sun: closed\n  public", f"sun: {hours}\n  public"), ("closed\n  ex", "as usual\n  ex")
    )
    spans = load(tmp_path, page).opening_spans(date(2027, 3, 28))
    said = [(start.isoformat()[11:], end.isoformat()[11:]) for start, end in spans]
    assert said == ([(first, last)] if first else [])


def test_the_hour_that_comes_twice(tmp_path: Path) -> None:
    page = edited(
        ("sun: closed\n  public", "sun: 01:00-03:30\n  public"), ("closed\n  ex", "as usual\n  ex")
    )
    business = load(tmp_path, page)
    assert business.is_open(datetime.fromisoformat("2027-10-31T03:15:00+03:00"))
    assert not business.is_open(datetime.fromisoformat("2027-10-31T03:15:00+02:00"))


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-23T08:59:59+02:00", False),
        ("2026-11-23T09:00:00+02:00", True),
        ("2026-11-23T17:59:59+02:00", True),
        ("2026-11-23T18:00:00+02:00", False),
        ("2026-11-23T07:00:00+00:00", True),  # 9 in Helsinki
        ("2026-11-23T17:30:00+00:00", False),  # 19.30 in Helsinki
        ("2026-11-24T12:30:00+02:00", False),  # the break
        ("2026-11-26T19:59:00+02:00", True),
        ("2026-11-29T12:00:00+02:00", False),
    ],
)
def test_is_open(base: Business, at: str, is_open: bool) -> None:
    assert base.is_open(datetime.fromisoformat(at)) is is_open


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        ("2026-11-23T10:00:00+02:00", "2026-11-23T10:00:00+02:00"),  # open: now
        ("2026-11-23T06:00:00+02:00", "2026-11-23T09:00:00+02:00"),
        ("2026-11-23T18:00:00+02:00", "2026-11-24T09:00:00+02:00"),
        ("2026-11-24T12:00:00+02:00", "2026-11-24T13:00:00+02:00"),
        ("2026-11-28T15:00:00+02:00", "2026-11-30T09:00:00+02:00"),  # over the Sunday
        ("2026-12-24T13:00:00+02:00", "2026-12-28T12:00:00+02:00"),  # over Christmas
        ("2027-03-27T23:00:00+00:00", "2027-03-30T09:00:00+03:00"),  # over Easter and the clocks
        ("2026-11-22T22:30:00+00:00", "2026-11-23T09:00:00+02:00"),  # already Monday in Helsinki
    ],
)
def test_next_opening(base: Business, at: str, opening: str) -> None:
    found = base.next_opening(datetime.fromisoformat(at))
    assert found is not None and found.isoformat() == opening


def test_a_shop_that_never_opens(tmp_path: Path) -> None:
    page = BASE[: BASE.index("  weekly:")] + (
        "  weekly: {mon: closed, tue: closed, wed: closed, thu: closed, fri: closed, sat: closed,"
        " sun: closed}\n"
    )
    rest = BASE[BASE.index("services:") :].replace("tue: 11:00-17:00", "tue: closed")
    closed = load(tmp_path, page + rest)
    assert closed.next_opening(helsinki("2026-11-23", "10:00")) is None


def test_times_without_a_zone_are_refused(base: Business) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        base.is_open(datetime(2026, 11, 23, 10))


@pytest.mark.parametrize(
    ("person", "day", "spans"),
    [
        ("aino", "2026-11-24", ["09:00-12:00", "13:00-18:00"]),
        ("aino", "2026-11-25", []),  # a day off
        ("aino", "2027-01-04", []),  # the first and the last day of a holiday
        ("aino", "2027-01-08", []),
        ("aino", "2027-01-09", ["10:00-15:00"]),
        ("aino", "2026-12-24", ["10:00-13:00"]),
        ("aino", "2026-12-25", []),
        ("leevi", "2026-11-23", []),
        ("leevi", "2026-11-25", ["09:00-18:00"]),  # no hours of his own on Wednesdays
        ("leevi", "2026-12-28", []),  # a Monday with other hours is still his Monday
    ],
)
def test_staff_hours(base: Business, person: str, day: str, spans: list[str]) -> None:
    assert base.staff_spans(person, date.fromisoformat(day)) == clock(day, *spans)


def test_staff_hours_stop_for_the_break_of_the_shop(tmp_path: Path) -> None:
    page = edited(("tue: 11:00-17:00", "tue: 13:30-17:00"))
    spans = load(tmp_path, page).staff_spans("leevi", date(2026, 11, 24))
    assert spans == clock("2026-11-24", "13:30-17:00")


def test_staff_hours_of_a_stranger(base: Business) -> None:
    with pytest.raises(KeyError):
        base.staff_spans("nobody", date(2026, 11, 23))


def test_handoff(base: Business) -> None:
    assert base.handoff_spans(date(2026, 11, 26)) == clock("2026-11-26", "09:00-17:00")
    assert base.handoff_spans(date(2026, 12, 24)) == clock("2026-12-24", "10:00-13:00")
    assert base.handoff_spans(date(2027, 1, 1)) == []
    assert base.handoff_is_open(helsinki("2026-11-26", "16:59"))
    assert not base.handoff_is_open(helsinki("2026-11-26", "17:00"))
    late_friday = helsinki("2026-11-27", "17:30")
    assert base.next_handoff_opening(late_friday) == helsinki("2026-11-30", "09:00")


def test_asking_again_is_cheap(base: Business) -> None:
    days = [date(2026, 12, day) for day in range(1, 32)]
    for day in days:
        base.opening_spans(day)
    started = perf_counter()
    for _ in range(100):
        for day in days:
            base.opening_spans(day)
    assert (perf_counter() - started) / 3100 < 0.001


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("09:00-18:00", [(540, 1080)]),
        ("9:00 – 12:00,13:00-24:00", [(540, 720), (780, 1440)]),
        ("closed", []),
    ],
)
def test_parse_hours(text: str, minutes: list[tuple[int, int]]) -> None:
    assert parse_hours(text) == minutes


def test_overlap() -> None:
    assert overlap([(0, 10), (20, 30)], [(5, 25)]) == [(5, 10), (20, 25)]
    assert overlap([(0, 10)], [(10, 20)]) == []
