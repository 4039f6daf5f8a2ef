"""A wish that can be had or not, and what comes nearest to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

import pytest
from salon import HELSINKI, NOW, WEEK, at, person

from tiski.booking.appointments import Appointment
from tiski.booking.errors import NotOffered
from tiski.booking.openings import nearest_openings, why_not
from tiski.business import Business

Booked = Callable[..., Appointment]
Make = Callable[..., Business]


@pytest.fixture
def salon(make_business: Make) -> Business:
    staff = {
        "aino": person("Aino", days_off=["2026-11-26"]),
        "mikko": person("Mikko", weekly={"tue": "12:00-18:00", "thu": "12:00-16:00"}),
    }
    return make_business(staff=staff)


@pytest.mark.parametrize(
    ("wish", "staff_id", "reason"),
    [
        ("2026-11-24 10:00", "aino", None),
        ("2026-11-24 17:15", "aino", None),
        ("2026-11-24 10:00", None, None),
        ("2026-11-23 07:45", None, "past"),
        ("2020-01-01 12:00", None, "past"),
        ("2026-11-23 09:45", "aino", "too_soon"),
        ("2026-11-23 10:00", "aino", None),
        ("2027-02-19 10:00", "aino", None),
        ("2027-02-22 10:00", "aino", "too_far"),
        ("2026-11-29 12:00", None, "closed"),
        ("2026-11-24 08:45", "aino", "closed"),
        ("2026-11-24 18:00", "aino", "closed"),
        ("2027-01-06 10:00", None, "closed"),
        ("2026-11-24 10:00", "mikko", "staff_away"),
        ("2026-11-26 10:00", "aino", "staff_away"),
        ("2026-11-26 10:00", None, "staff_away"),
        ("2026-11-24 17:30", "aino", "does_not_fit"),
        ("2026-11-26 15:30", "mikko", "does_not_fit"),
        ("2026-11-26 15:30", None, "does_not_fit"),
        ("2026-11-24 15:07", "aino", "does_not_fit"),
        ("2026-11-24 15:00:30", "aino", "does_not_fit"),
    ],
)
def test_why_not(salon: Business, wish: str, staff_id: str | None, reason: str | None) -> None:
    assert why_not(salon, "haircut", at(wish), staff_id=staff_id, now=NOW) == reason


def test_a_visit_may_start_this_minute_when_no_lead_time_is_asked(make_business: Make) -> None:
    booking = {
        "lead_time_minutes": 0,
        "horizon_days": 1,
        "step_minutes": 15,
        "free_cancellation_hours": 0,
    }
    business = make_business(booking=booking)
    noon = at("2026-11-24 12:00")

    assert why_not(business, "haircut", noon, now=noon) is None


def test_taken_by_a_visit_before_after_and_by_its_buffer(salon: Business, booked: Booked) -> None:
    booked("colour", "aino", "2026-11-24 12:00")  # with its buffer until 13:45

    def ask(clock: str) -> str | None:
        wish = at(f"2026-11-24 {clock}")
        return why_not(salon, "haircut", wish, staff_id="aino", now=NOW)

    assert [ask("11:15"), ask("13:45")] == [None, None]
    assert [ask("11:30"), ask("12:30"), ask("13:30")] == ["taken"] * 3


def test_for_anyone_the_closest_counts(salon: Business, booked: Booked) -> None:
    morning, afternoon = at("2026-11-24 10:00"), at("2026-11-24 14:00")
    booked("haircut", "aino", "2026-11-24 10:00")
    booked("haircut", "aino", "2026-11-24 14:00")

    assert why_not(salon, "haircut", morning, now=NOW) == "taken"  # Mikko comes at noon
    assert why_not(salon, "haircut", afternoon, now=NOW) is None


def test_an_appointment_is_not_in_its_own_way(salon: Business, booked: Booked) -> None:
    code = booked("haircut", "aino", "2026-11-24 12:00").code
    wish = at("2026-11-24 12:15")

    assert why_not(salon, "haircut", wish, staff_id="aino", now=NOW) == "taken"
    assert why_not(salon, "haircut", wish, staff_id="aino", now=NOW, moving=code) is None


def test_a_wish_in_another_zone_is_the_same_moment(salon: Business) -> None:
    wish = datetime(2026, 11, 24, 8, 0, tzinfo=timezone.utc)  # 10:00 in Helsinki

    assert why_not(salon, "haircut", wish, staff_id="mikko", now=NOW) == "staff_away"
    assert why_not(salon, "haircut", wish, staff_id="aino", now=NOW) is None


def test_the_time_that_the_clocks_skip_is_the_one_they_show(make_business: Make) -> None:
    hours = {"weekly": dict.fromkeys(WEEK, "00:00-06:00"), "public_holidays": "as usual"}
    business = make_business(hours=hours)
    skipped = datetime(2027, 3, 28, 3, 30, tzinfo=HELSINKI)  # the clocks show 4:30

    assert why_not(business, "haircut", skipped, now=at("2027-03-26 12:00")) is None


def test_a_service_that_is_not_offered(salon: Business) -> None:
    with pytest.raises(NotOffered):
        why_not(salon, "beard_trim", at("2026-11-24 10:00"), staff_id="aino", now=NOW)


def nearest(business: Business, wish: str, **changes: object) -> list[str]:
    arguments = {"staff_id": "aino", "now": NOW} | changes
    found = nearest_openings(business, "haircut", at(wish), **arguments)  # type: ignore[arg-type]
    return [f"{opening.starts_at:%d.%m. %H:%M}" for opening in found]


def test_nearest_on_both_sides_of_the_wish(business: Business, booked: Booked) -> None:
    booked("haircut", "aino", "2026-11-24 12:00")

    assert nearest(business, "2026-11-24 12:00", count=4) == [
        "24.11. 11:00",
        "24.11. 11:15",
        "24.11. 12:45",
        "24.11. 13:00",
    ]


def test_nearest_of_a_free_wish_has_the_wish(business: Business) -> None:
    assert nearest(business, "2026-11-24 12:07", count=1) == ["24.11. 12:00"]
    assert nearest(business, "2026-11-24 12:00") == ["24.11. 11:45", "24.11. 12:00", "24.11. 12:15"]


def test_nearest_goes_on_to_the_following_days_at_the_same_time(
    business: Business, booked: Booked
) -> None:
    for start in ("09:00", "10:45", "12:30", "14:15", "16:00"):
        booked("colour", "aino", f"2026-11-24 {start}")
    # what is left of Tuesday is a quarter of an hour, too short for anything

    assert nearest(business, "2026-11-24 16:55") == [
        "25.11. 16:45",
        "25.11. 17:00",
        "25.11. 17:15",
    ]


def test_nearest_fills_up_from_the_following_day(business: Business) -> None:
    assert nearest(business, "2026-11-28 14:15", count=18) == [
        *(f"28.11. {10 + n // 4}:{n % 4 * 15:02d}" for n in range(18))
    ]
    over_sunday = nearest(business, "2026-11-28 14:15", count=20)
    assert over_sunday[-2:] == ["30.11. 14:00", "30.11. 14:15"]


def test_nearest_to_a_wish_that_is_past_or_closed(business: Business) -> None:
    assert nearest(business, "2026-11-20 12:00", count=1) == ["23.11. 12:00"]
    assert nearest(business, "2026-11-29 12:00", count=1) == ["30.11. 12:00"]


def test_nearest_beyond_the_horizon_is_nothing(business: Business) -> None:
    assert nearest(business, "2027-06-01 12:00") == []


def test_nearest_gives_the_time_of_one_that_moves(business: Business, booked: Booked) -> None:
    code = booked("haircut", "aino", "2026-11-24 12:00").code

    assert "24.11. 12:15" in nearest(business, "2026-11-24 12:15", moving=code)
    assert "24.11. 12:15" not in nearest(business, "2026-11-24 12:15")
