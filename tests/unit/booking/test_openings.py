from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from salon import NOW, WEEK, at, person, service

from tiski.booking.appointments import Appointment
from tiski.booking.errors import NotOffered
from tiski.booking.openings import Opening, free_openings, opening_at
from tiski.business import Business

Booked = Callable[..., Appointment]
Make = Callable[..., Business]

TUESDAY = (at("2026-11-24"), at("2026-11-25"))


def clock(openings: list[Opening]) -> list[str]:
    return [f"{opening.starts_at:%H:%M}" for opening in openings]


def tuesday(business: Business, service_id: str = "haircut", **changes: Any) -> list[Opening]:
    """Openings of Tuesday 24 November, seen from the day before."""
    return free_openings(business, service_id, *TUESDAY, **({"now": NOW} | changes))


def test_an_empty_day_is_offered_from_opening_to_closing(business: Business) -> None:
    openings = tuesday(business, staff_id="aino")

    assert clock(openings[:3]) == ["09:00", "09:15", "09:30"]
    assert clock(openings[-1:]) == ["17:15"]  # 45 minutes later it is 18:00
    assert len(openings) == 34
    first = openings[0]
    assert (first.service_id, first.staff_id) == ("haircut", "aino")
    assert first.ends_at == at("2026-11-24 09:45")
    assert str(first.starts_at.tzinfo) == "Europe/Helsinki"


def test_the_buffer_must_fit_before_closing_and_is_not_shown(business: Business) -> None:
    last = tuesday(business, "colour", staff_id="aino")[-1]

    assert last.starts_at == at("2026-11-24 16:15")
    assert last.ends_at == at("2026-11-24 17:45")


def test_a_claimed_time_is_not_offered(business: Business, booked: Booked) -> None:
    booked("haircut", "aino", "2026-11-24 12:00")

    offered = clock(tuesday(business, staff_id="aino"))

    missing = ["11:30", "11:45", "12:00", "12:15", "12:30"]
    assert not set(missing) & set(offered)
    assert {"11:15", "12:45"} < set(offered)


def test_the_buffer_of_the_visit_before_is_respected(business: Business, booked: Booked) -> None:
    booked("colour", "aino", "2026-11-24 09:00")  # until 10:30, and a quarter for tidying up

    assert clock(tuesday(business, staff_id="aino"))[0] == "10:45"


def test_the_own_buffer_must_fit_before_the_next_visit(business: Business, booked: Booked) -> None:
    booked("haircut", "aino", "2026-11-24 11:00")

    offered = clock(tuesday(business, "colour", staff_id="aino"))

    assert "09:15" in offered
    assert "09:30" not in offered


def test_what_one_person_does_does_not_keep_another(business: Business, booked: Booked) -> None:
    booked("haircut", "aino", "2026-11-24 12:00")

    assert "12:00" in clock(tuesday(business, staff_id="mikko"))


def test_lead_time(business: Business) -> None:
    day = (at("2026-11-23"), at("2026-11-24"))

    assert clock(free_openings(business, "haircut", *day, now=NOW))[0] == "10:00"
    later = NOW + timedelta(minutes=1)
    assert clock(free_openings(business, "haircut", *day, now=later))[0] == "10:15"


def test_the_horizon_is_the_end_of_its_day(business: Business) -> None:
    # 90 days after Friday 20 November comes Thursday 18 February, to the end of which it goes.
    now = at("2026-11-20 23:00")
    day = (at("2027-02-18"), at("2027-02-20"))

    offered = free_openings(business, "haircut", *day, now=now)

    assert offered[-1].starts_at == at("2027-02-18 17:15")


def test_first_is_included_and_last_is_not(business: Business) -> None:
    first, last = at("2026-11-24 10:00"), at("2026-11-24 10:30")

    assert clock(free_openings(business, "haircut", first, last, now=NOW)) == ["10:00", "10:15"]


def test_limit_stops_at_the_earliest(business: Business) -> None:
    everything = free_openings(business, "haircut", NOW, at("2026-12-24"), now=NOW)
    some = free_openings(business, "haircut", NOW, at("2026-12-24"), now=NOW, limit=40)

    assert some == everything[:40]
    assert everything == sorted(everything, key=lambda opening: opening.starts_at)
    assert free_openings(business, "haircut", NOW, at("2026-12-24"), now=NOW, limit=0) == []


def test_an_empty_or_backward_window_has_none(business: Business) -> None:
    first, last = TUESDAY

    assert free_openings(business, "haircut", last, first, now=NOW) == []
    assert free_openings(business, "haircut", first, first, now=NOW) == []


def test_sundays_holidays_and_exceptions(make_business: Make) -> None:
    weekly = dict.fromkeys(WEEK, "09:00-18:00") | {"sun": "closed"}
    exceptions = {"2027-01-05": "09:00-10:00"}
    business = make_business(hours={"weekly": weekly, "exceptions": exceptions})
    first, last = at("2027-01-03"), at("2027-01-07")  # Sunday to Wednesday, which is Epiphany

    openings = free_openings(business, "haircut", first, last, staff_id="aino", now=NOW)

    by_day = {opening.starts_at.day for opening in openings}
    assert by_day == {4, 5}
    assert clock([one for one in openings if one.starts_at.day == 5]) == ["09:00", "09:15"]


def test_days_off_and_own_hours(make_business: Make) -> None:
    staff = {
        "aino": person("Aino", days_off=["2026-11-24"]),
        "mikko": person("Mikko", weekly={"tue": "09:00-10:00, 12:00-13:00"}),
    }
    business = make_business(staff=staff)

    openings = tuesday(business)

    assert {opening.staff_id for opening in openings} == {"mikko"}
    assert clock(openings) == ["09:00", "09:15", "12:00", "12:15"]
    assert tuesday(business, staff_id="aino") == []


def test_work_that_goes_on_past_midnight_is_one_piece(make_business: Make) -> None:
    weekly = dict.fromkeys(WEEK, "00:00-02:00, 22:00-24:00")
    business = make_business(hours={"weekly": weekly})
    first, last = at("2026-11-24 23:00"), at("2026-11-25 01:00")

    openings = free_openings(business, "colour", first, last, staff_id="aino", now=NOW)

    assert clock(openings)[:5] == ["23:00", "23:15", "23:30", "23:45", "00:00"]


def test_what_is_claimed_after_midnight_counts_the_evening_before(
    make_business: Make, booked: Booked
) -> None:
    weekly = dict.fromkeys(WEEK, "00:00-02:00, 22:00-24:00")
    business = make_business(hours={"weekly": weekly})
    booked("haircut", "aino", "2026-11-25 00:00", business=business)
    evening = (at("2026-11-24 22:00"), at("2026-11-24 23:45"))

    openings = free_openings(business, "haircut", *evening, staff_id="aino", now=NOW)

    assert clock(openings) == ["22:00", "22:15", "22:30", "22:45", "23:00", "23:15"]


def test_anyone_means_one_opening_per_start(business: Business) -> None:
    openings = tuesday(business)

    starts = [opening.starts_at for opening in openings]
    assert len(starts) == len(set(starts)) == 34
    assert {opening.staff_id for opening in openings} == {"aino"}  # the first of business.yml


def test_anyone_goes_to_who_has_less_to_do_that_day(business: Business, booked: Booked) -> None:
    booked("haircut", "aino", "2026-11-24 12:00")
    booked("haircut", "mikko", "2026-11-25 12:00")

    who = {f"{opening.starts_at:%d %H:%M}": opening.staff_id for opening in tuesday(business)}
    wednesday = free_openings(business, "haircut", at("2026-11-25"), at("2026-11-26"), now=NOW)

    assert set(who.values()) == {"mikko"}
    assert {opening.staff_id for opening in wednesday} == {"aino"}


def test_anyone_is_whoever_is_free(business: Business, booked: Booked) -> None:
    booked("haircut", "mikko", "2026-11-24 12:00")
    booked("haircut", "mikko", "2026-11-24 14:00")
    booked("haircut", "aino", "2026-11-24 16:00")

    who = {f"{opening.starts_at:%H:%M}": opening.staff_id for opening in tuesday(business)}

    assert (who["12:00"], who["16:00"], who["10:00"]) == ("aino", "mikko", "aino")


def test_the_visit_that_moves_is_not_counted(business: Business, booked: Booked) -> None:
    code = booked("haircut", "aino", "2026-11-24 12:00").code

    assert {opening.staff_id for opening in tuesday(business, moving=code)} == {"aino"}


def test_only_those_who_do_it(business: Business) -> None:
    assert {opening.staff_id for opening in tuesday(business, "beard_trim")} == {"mikko"}


@pytest.mark.parametrize(
    ("service_id", "staff_id"), [("beard_trim", "aino"), ("haircut", "nobody"), ("tattoo", None)]
)
def test_what_nobody_does(business: Business, service_id: str, staff_id: str | None) -> None:
    with pytest.raises(NotOffered, match=staff_id or service_id):
        tuesday(business, service_id, staff_id=staff_id)


def test_the_own_time_of_an_appointment_that_moves_is_free(
    business: Business, booked: Booked
) -> None:
    appointment = booked("haircut", "aino", "2026-11-24 12:00")
    booked("haircut", "aino", "2026-11-24 13:00")

    offered = clock(tuesday(business, staff_id="aino", moving=appointment.code.lower()))

    assert {"11:45", "12:15"} < set(offered)
    assert "12:30" not in offered


def test_a_time_without_a_zone_is_refused(business: Business) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        free_openings(business, "haircut", datetime(2026, 11, 24), at("2026-11-25"), now=NOW)


def test_opening_at(business: Business, booked: Booked) -> None:
    booked("haircut", "aino", "2026-11-24 12:00")
    noon = at("2026-11-24 12:00")

    anyone = opening_at(business, "haircut", noon, now=NOW)

    assert anyone == Opening("haircut", "mikko", noon, noon + timedelta(minutes=45))
    assert opening_at(business, "haircut", noon, staff_id="aino", now=NOW) is None
    assert opening_at(business, "haircut", noon + timedelta(minutes=7), now=NOW) is None


@pytest.fixture
def night_shop(make_business: Make) -> Business:
    """Open from midnight to six, on Easter too."""
    hours = {"weekly": dict.fromkeys(WEEK, "00:00-06:00"), "public_holidays": "as usual"}
    return make_business(hours=hours, services={"haircut": service("haircut", 60)})


def test_the_night_that_loses_an_hour(night_shop: Business) -> None:
    day = (at("2027-03-28"), at("2027-03-29"))

    openings = free_openings(night_shop, "haircut", *day, now=at("2027-03-26 12:00"))

    assert not [opening for opening in openings if opening.starts_at.hour == 3]
    assert len(openings) == 5 * 4 - 3
    over = next(one for one in openings if f"{one.starts_at:%H:%M}" == "02:30")
    assert over.starts_at.isoformat() == "2027-03-28T02:30:00+02:00"
    assert over.ends_at.isoformat() == "2027-03-28T04:30:00+03:00"


def test_the_night_that_has_an_hour_twice(night_shop: Business, booked: Booked) -> None:
    day = (at("2027-10-31"), at("2027-11-01"))
    now = at("2027-10-29 12:00")

    openings = free_openings(night_shop, "haircut", *day, staff_id="aino", now=now)
    booked("haircut", "aino", "2027-10-31 03:00", business=night_shop, now=now)
    left = free_openings(night_shop, "haircut", *day, staff_id="aino", now=now)

    assert len(openings) == 7 * 4 - 3
    starts = [opening.starts_at.isoformat() for opening in openings]
    assert "2027-10-31T03:30:00+03:00" in starts
    assert "2027-10-31T03:30:00+02:00" in starts
    gone = [start for start in starts if start not in {o.starts_at.isoformat() for o in left}]
    assert gone == [
        f"2027-10-31T{start}:00+03:00"
        for start in ("02:15", "02:30", "02:45", "03:00", "03:15", "03:30", "03:45")
    ]
