"""tiski/answers/filling.py: placeholders, and the words that hang on a number."""

from __future__ import annotations

from typing import Any

import pytest

from tiski.answers.filling import filled, literals, placeholders, shown, unreadable, without

LATE = "Aikaan on alle {hours} {hours|tunti|tuntia}. {cancellation}"


def fill(text: str, **values: Any) -> str:
    return filled(text, values.__getitem__)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (1, "alle 1 tunti."),
        ("1", "alle 1 tunti."),
        (0, "alle 0 tuntia."),
        (24, "alle 24 tuntia."),
        (21, "alle 21 tuntia."),
        ("1–2", "alle 1–2 tuntia."),
    ],
)
def test_the_words_for_one_and_for_many(hours: object, said: str) -> None:
    assert fill("alle {hours} {hours|tunti|tuntia}.", hours=hours) == said


def test_words_may_be_left_out_for_one_or_for_many() -> None:
    text = "{visits} appointment{visits||s}{more| only|}"
    assert fill(text, visits=1, more=2) == "1 appointment"
    assert fill(text, visits=2, more=1) == "2 appointments only"


def test_of_no_number_nothing_is_said() -> None:
    assert fill("{days} {days|päivä|päivää}", days="") == " "


def test_a_value_is_not_looked_at_again() -> None:
    assert fill("{a} {b}", a="{b}", b="{a|x|y}") == "{b} {a|x|y}"
    assert fill("{{{a}}} {{b}}", a="x") == "{x} {b}"


def test_what_a_text_wants() -> None:
    assert placeholders(LATE) == ["hours", "hours", "cancellation"]
    assert literals(LATE) == ["Aikaan on alle ", " ", ". ", ""]
    assert shown(LATE) == "Aikaan on alle ‹hours› tuntia. ‹cancellation›"
    assert without(LATE, {"hours", "nothing"}) == "Aikaan on alle. {cancellation}"


@pytest.mark.parametrize(
    "brackets", ["{Hours}", "{two words}", "{hours|tunti}", "{a|b|c|d}", "{hours |a|b}", "{}"]
)
def test_what_cannot_be_read(brackets: str) -> None:
    assert unreadable(f"{LATE} {brackets} {{more||s}}") == [brackets]
    assert fill(brackets) == brackets


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("Suljettu {day}.", "tiistaina 24.11.", "Suljettu tiistaina 24.11."),
        ("Suljettu {day}. Tule!", "tiistaina 24.11.", "Suljettu tiistaina 24.11. Tule!"),
        ("Suljettu {day}.", "Tuesday", "Suljettu Tuesday."),
        ("Suljettu ({day}).", "ti 24.11.", "Suljettu (ti 24.11.)."),
        ("{day}, {day}", "ti 24.11.", "ti 24.11., ti 24.11."),
        # an ellipsis stays one
        ("Siis {day}...", "24.11.", "Siis 24.11...."),
        ("Siis {day}.", "jatkuu...", "Siis jatkuu...."),
        ("Siis {day}.", "jatkuu…", "Siis jatkuu…."),
        ("Siis {day}…", "24.11.", "Siis 24.11.…"),
        # two points that stand in the value are the value's own
        ("Osoite {day}.", "a/../b", "Osoite a/../b."),
    ],
)
def test_two_points_become_one(text: str, value: str, said: str) -> None:
    assert fill(text, day=value) == said
