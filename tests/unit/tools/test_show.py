"""tiski/tools/show.py: a reading as a designer sees it."""

from __future__ import annotations

import pytest

from tiski.checks.project import Example
from tiski.tools.reading import Reading
from tiski.tools.reasons import Reason
from tiski.tools.show import bar, lines

TIME = {
    "entity": "time",
    "text": "huomenna kolmelta",
    "value": "2026-11-26T15:00:00+02:00",
    "additional_info": {"grain": "hour"},
}
SPAN = {"entity": "time", "text": "a", "value": {"from": "2026-11-26T12:00:00+02:00", "to": None}}
STAFF = {"entity": "staff", "value": "mikko", "start": 0, "end": 6}


def test_everything_about_a_message() -> None:
    reading = Reading(
        "Mikolle huomenna kolmelta",
        "fi",
        "sure",
        (("book_appointment", 0.9), ("inform", 0.05), ("greet", 0.001)),
        (STAFF, TIME, SPAN),
        ("faq/parking", 0.7),
    )
    near = Example("data/nlu/fi/a.yml", 7, "fi", "book_appointment", "huomenna")
    why = [Reason("huomenna", 0.2, -0.7), Reason("Mikolle", 0.95, 0.05)]
    assert list(lines(reading, "fi", [(near, 0.5)], why)) == [
        "Mikolle huomenna kolmelta",
        "  language  fi",
        "  decision  sure: the desk acts on it",
        "  intent    book_appointment   90%  ██████████████████",
        "            inform              5%  █",
        "  and also  faq/parking  70%",
        '  entities  staff "Mikoll" = mikko',
        '            time "huomenna kolmelta" = Thu 2026-11-26 15:00, to the hour',
        '            time "a" = Thu 2026-11-26 12:00 until …',
        '  nearest   0.50  book_appointment  "huomenna"  data/nlu/fi/a.yml:7',
        '  why       without "huomenna" book_appointment falls from 90% to 20%',
        '            without "Mikolle" book_appointment rises from 90% to 95%',
    ]


def test_a_message_with_nothing_to_read() -> None:
    assert list(lines(Reading("…", None, "fallback", (), ()), "en", [], [])) == [
        "…",
        "  language  en (the business's default: the message does not tell)",
        "  decision  fallback: the desk says that it did not understand",
        "  intent    none",
        "  entities  none",
        "  nearest   none",
        "  why       nothing to read",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [("moi", "one word: look at the nearest examples"), ("moi te", "no single word decides")],
)
def test_without_reasons(words: str, said: str) -> None:
    *_, last = lines(Reading(words, "fi", "sure", (("greet", 0.9),), ()), "fi", [], [])
    assert last == f"  why       {said}"


def test_bars() -> None:
    assert (bar(0.0), bar(1.0, 4), bar(0.5, 1), bar(0.25, 2)) == ("", "████", "▌", "▌")
