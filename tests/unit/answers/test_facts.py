"""tiski/answers/facts.py: the facts of business.yml as answers say them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tiski.answers.facts import answer_facts, business_facts, hours_of_week
from tiski.business import Business, load_business

MONDAY_TEN = "2026-11-23T10:00+02:00"


@pytest.fixture(scope="module")
def salon() -> Business:
    return load_business()


def answer(
    salon: Business, name: str, language: str, *entities: dict[str, Any], now: str = MONDAY_TEN
) -> str:
    moment = datetime.fromisoformat(now)
    return answer_facts(salon, language, list(entities), moment)[name]


def time(value: Any, **info: Any) -> dict[str, Any]:
    return {"entity": "time", "value": value, "additional_info": {"grain": "day", **info}}


@pytest.mark.parametrize(
    ("now", "finnish", "english"),
    [
        (
            "2026-11-23T08:59+02:00",
            "Juuri nyt on kiinni, mutta tänään olemme auki klo 9.00–18.00.",
            "We're closed right now, but open later today, 09:00–18:00.",
        ),
        (
            "2026-11-23T09:00+02:00",
            "Meillä on nyt auki, tänään klo 18.00 asti.",
            "We're open now, until 18:00 today.",
        ),
        (
            "2026-11-23T16:30+00:00",  # 18.30 in Helsinki
            "Nyt meillä on kiinni. Seuraavan kerran olemme auki tiistaina 24.11. klo 9.00–18.00.",
            "We're closed now. We're next open on Tuesday 24 November, 09:00–18:00.",
        ),
        (
            "2026-11-29T12:00+02:00",  # a Sunday
            "Nyt meillä on kiinni. Seuraavan kerran olemme auki maanantaina 30.11. klo 9.00–18.00.",
            "We're closed now. We're next open on Monday 30 November, 09:00–18:00.",
        ),
        (
            "2026-11-22T23:30+00:00",  # already Monday in Helsinki
            "Juuri nyt on kiinni, mutta tänään olemme auki klo 9.00–18.00.",
            "We're closed right now, but open later today, 09:00–18:00.",
        ),
    ],
)
def test_hours_today(salon: Business, now: str, finnish: str, english: str) -> None:
    assert answer(salon, "hours", "fi", now=now) == finnish
    assert answer(salon, "hours", "en", now=now) == english


@pytest.mark.parametrize(
    ("day", "finnish", "english"),
    [
        (
            "2026-11-26",
            "Torstaina 26.11. olemme auki klo 9.00–20.00.",
            "On Thursday 26 November we're open 09:00–20:00.",
        ),
        (
            "2026-11-29",
            "Sunnuntaina 29.11. meillä on kiinni.",
            "On Sunday 29 November we're closed.",
        ),
        (
            "2026-12-24",
            "Torstaina 24.12. olemme auki poikkeuksellisesti klo 10.00–13.00 (jouluaatto).",
            "On Thursday 24 December our hours are 10:00–13:00 (Christmas Eve).",
        ),
        (
            "2027-01-25",
            "Maanantaina 25.1. meillä on kiinni (henkilökunnan koulutuspäivä).",
            "On Monday 25 January we're closed (staff training day).",
        ),
    ],
)
def test_hours_of_a_day_that_was_asked_about(
    salon: Business, day: str, finnish: str, english: str
) -> None:
    asked = time(f"{day}T00:00:00+02:00")
    assert answer(salon, "hours", "fi", asked) == finnish
    assert answer(salon, "hours", "en", asked) == english


def test_hours_of_today_when_today_was_asked_about(salon: Business) -> None:
    today = time("2026-11-23T00:00:00+02:00")
    assert answer(salon, "hours", "fi", today) == "Meillä on nyt auki, tänään klo 18.00 asti."


def test_hours_of_several_days(salon: Business) -> None:
    weekend = time({"from": "2026-11-28T00:00:00+02:00", "to": "2026-11-30T00:00:00+02:00"})
    assert answer(salon, "hours", "en", weekend).split("\n") == [
        "On Saturday 28 November we're open 10:00–15:00.",
        "On Sunday 29 November we're closed.",
    ]
    month = time({"from": "2026-12-01T00:00:00+02:00", "to": "2027-01-01T00:00:00+02:00"})
    assert len(answer(salon, "hours", "en", month, weekend).split("\n")) == 7


@pytest.mark.parametrize(
    "value",
    [{"from": None, "to": "2026-11-30T00:00:00+02:00"}, {"from": "", "to": ""}],
)
def test_a_span_without_a_beginning_asks_about_today(salon: Business, value: Any) -> None:
    assert answer(salon, "hours", "en", time(value)) == "We're open now, until 18:00 today."


def test_a_span_without_an_end_asks_about_its_first_day(salon: Business) -> None:
    asked = time({"from": "2026-11-26T00:00:00+02:00", "to": None})
    assert answer(salon, "hours", "en", asked) == "On Thursday 26 November we're open 09:00–20:00."


def test_a_bare_clock_time_names_no_day(salon: Business) -> None:
    asked = time("2026-11-24T08:00:00+02:00", has_date=False)
    assert answer(salon, "hours", "en", asked) == "We're open now, until 18:00 today."


def test_the_ordinary_week(salon: Business) -> None:
    assert hours_of_week(salon, "fi") == (
        "ma–ke 9.00–18.00, to 9.00–20.00, pe 9.00–18.00, la 10.00–15.00, su suljettu"
    )
    assert hours_of_week(salon, "en") == (
        "Mon–Wed 09:00–18:00, Thu 09:00–20:00, Fri 09:00–18:00, Sat 10:00–15:00, Sun closed"
    )


def test_prices(salon: Business) -> None:
    haircut = {"entity": "service", "value": "haircut"}
    colour = {"entity": "service", "value": "colour"}
    assert answer(salon, "prices", "fi", haircut) == "hiustenleikkaus: 49 €, 45 min"
    assert answer(salon, "prices", "en", haircut, colour, haircut).split("\n") == [
        "haircut: €49, 45 min",
        "colour and cut: from €129, 150 min",
    ]
    unknown = {"entity": "service", "value": "tattoo"}
    for entities in ([], [unknown]):
        lines = answer(salon, "prices", "fi", *entities).split("\n")
        assert len(lines) == len(salon.services)
        assert lines[0] == "hiustenleikkaus: 49 €"


def test_discounts_end(salon: Business) -> None:
    none = "We have no offers at the moment."
    assert answer(salon, "discounts", "en") != none
    assert "tarjouksia" not in answer(salon, "discounts", "fi")


@pytest.mark.parametrize("language", ["fi", "en"])
def test_every_fact_says_something_and_nothing_is_left_open(salon: Business, language: str) -> None:
    facts = answer_facts(salon, language, [], datetime.fromisoformat(MONDAY_TEN))
    assert set(business_facts(salon, language)) < set(facts)
    for name, value in facts.items():
        # said of a service that was named only
        assert value.strip() or name == "more_about_service", name
        assert "{" not in value and "None" not in value, name


def test_delivery(salon: Business) -> None:
    facts = business_facts(salon, "fi")
    assert facts["free_delivery_from"] == "60 €"
    assert facts["delivery_days"] == "2–4"
    assert "Postin paketti: 5,90 €, 2–4 arkipäivää" in facts["delivery_options"].split("\n")
    assert "nouto liikkeestä: maksuton" in facts["delivery_options"].split("\n")
