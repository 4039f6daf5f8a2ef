"""How late a customer says that they will be, for a visit at 14:00 as it is 13:50."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tiski.nlu.lateness import minutes_late

ZONE = ZoneInfo("Europe/Helsinki")
NOW = datetime(2026, 11, 26, 13, 50, tzinfo=ZONE)
START = datetime(2026, 11, 26, 14, 0, tzinfo=ZONE)

FI = {
    "oon 10 min myöhässä": 10,
    "10min myöhässä": 10,
    "10-15 min menee": 15,
    "20": 20,
    "15 myöhemmin": 15,
    "tulen 20 minuuttia myöhemmin": 20,
    "kymmenen minuuttia aikaisemmin": -10,
    "myöhästyn vartin": 15,
    "puolisen tuntia myöhässä": 30,
    "tunnin myöhässä": 60,
    "1 h myöhässä": 60,
    "puolitoista tuntia myöhässä": 90,
    "oon siellä 20 min päästä": 10,
    "en ehdi kahdeksi vaan vasta 14.20": 20,
    "saavun noin varttia yli kaksi": 15,
    "tuun vartin etuajassa": -15,
    "oon jo 13.45 siellä": -15,
    "viiden minuutin päästä siellä": -5,
    "bussi on myöhässä": None,
    "bussi 10 on jumissa": None,
    "myöhästyn ajastani klo 14": None,
    "tulen vasta perjantaina": None,
    "tulen vasta kello 18": None,  # four hours: about something else
}
EN = {
    "running 10 min late": 10,
    "about half an hour late": 30,
    "an hour late": 60,
    "half an hour later": 30,
    "i'll be there ten minutes earlier": -10,
    "i come a quarter late": 15,
    "I'm running ten minutes late": 10,
    "is it still ok if i come 10 past": 10,
    "be there in 20 minutes": 10,
    "hi, my appointment is at 14 but i'll be there at 14.10": 10,
    "can't get there by 2, more like 2.20": 20,
    "i'm already outside, 20 minutes too early": -20,
    "arriving early, around 13:45 instead of 14": -15,
    "my bus is late": None,
}


def late(text: str, language: str) -> int | None:
    return minutes_late(
        text, START, now=NOW, language=language, is_open=lambda at: 9 <= at.hour < 18
    )


@pytest.mark.parametrize(("text", "minutes"), FI.items())
def test_in_finnish(text: str, minutes: int | None) -> None:
    assert late(text, "fi") == minutes


@pytest.mark.parametrize(("text", "minutes"), EN.items())
def test_in_english(text: str, minutes: int | None) -> None:
    assert late(text, "en") == minutes


def test_a_clock_time_is_of_the_visits_day() -> None:
    the_day_before = datetime(2026, 11, 25, 17, 0, tzinfo=ZONE)
    said = minutes_late("olen siellä 14.10", START, now=the_day_before, language="fi")
    assert said == 10
