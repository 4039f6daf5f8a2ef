"""tiski/nlu/time: a date and a time, however they are written, are read back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from one_monday import HELSINKI, only

_DAYS = st.dates(min_value=datetime(2026, 11, 24).date(), max_value=datetime(2027, 11, 22).date())
_CLOCKS = st.tuples(st.integers(8, 19), st.sampled_from([0, 5, 10, 15, 20, 30, 40, 45, 50, 55]))
_FI_MONTHS = [
    "tammi",
    "helmi",
    "maalis",
    "huhti",
    "touko",
    "kesä",
    "heinä",
    "elo",
    "syys",
    "loka",
    "marras",
    "joulu",
]
_FI_DAYS = [
    "maanantaina",
    "tiistaina",
    "keskiviikkona",
    "torstaina",
    "perjantaina",
    "lauantaina",
    "sunnuntaina",
]
_EN_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
# how a day and a clock time are written; the round trip must give them back
_WRITTEN: dict[str, Callable[[datetime], str]] = {
    "fi, figures": lambda when: f"{when.day}.{when.month}. klo {when:%H.%M}",
    "fi, with the year": lambda when: f"{when.day}.{when.month}.{when.year} klo {when:%H:%M}",
    "fi, words": lambda when: f"{when.day}. {_FI_MONTHS[when.month - 1]}kuuta kello {when:%H.%M}",
    "fi, weekday": lambda when: (
        f"{_FI_DAYS[when.weekday()]} {when.day}.{when.month}. klo {when:%H.%M}"
    ),
    "en, figures": lambda when: f"{when.day}/{when.month}/{when.year} at {when:%H:%M}",
    "en, words": lambda when: f"{when:%B} {when.day} at {when:%H:%M}",
    "en, day first": lambda when: f"{when.day} {when:%B} {when.year}, {when:%I:%M %p}",
    "en, weekday": lambda when: (
        f"{_EN_DAYS[when.weekday()]} the {when.day}th of {when:%B} at {when:%H:%M}"
    ),
    "either, ISO": lambda when: f"{when:%Y-%m-%dT%H:%M}",
}


@pytest.mark.parametrize("way", _WRITTEN, ids=lambda way: way)
@settings(derandomize=True, database=None, deadline=None, max_examples=60)
@given(day=_DAYS, clock=_CLOCKS)
def test_a_date_and_a_time_are_read_back(way: str, day: date, clock: tuple[int, int]) -> None:
    when = datetime(day.year, day.month, day.day, *clock, tzinfo=HELSINKI)
    language = way.split(",")[0]
    span = only(_WRITTEN[way](when), language=None if language == "either" else language)
    assert (span.begin, span.finish) == (when, None)


@settings(derandomize=True, database=None, deadline=None, max_examples=60)
@given(hour=st.integers(1, 12), minutes=st.sampled_from([0, 15, 30, 45]))
def test_clock_times_in_words_are_read_back(hour: int, minutes: int) -> None:
    finnish = [
        "yksi",
        "kaksi",
        "kolme",
        "neljä",
        "viisi",
        "kuusi",
        "seitsemän",
        "kahdeksan",
        "yhdeksän",
        "kymmenen",
    ]
    finnish += ["yksitoista", "kaksitoista"]
    english = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ]
    said = {
        0: ("kello {0}", "{0} o'clock"),
        15: ("varttia yli {0}", "quarter past {0}"),
        30: ("puoli {1}", "half past {0}"),
        45: ("varttia vaille {1}", "quarter to {1}"),
    }[minutes]
    for words, phrase, language in ((finnish, said[0], "fi"), (english, said[1], "en")):
        text = phrase.format(words[hour - 1], words[hour % 12])
        span = only(f"{text}", language=language)
        assert (span.begin.hour % 12, span.begin.minute) == (hour % 12, minutes)
