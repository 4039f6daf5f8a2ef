"""tiski/tools/confusions.py and confusion_picture.py: counted, sorted, drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiski.checks.project import Example
from tiski.tools.confusion_picture import MOST_LABELS, confused, draw
from tiski.tools.confusions import ASKED_BACK, NOT_UNDERSTOOD, Outcome, lines, outcome, worst_pairs
from tiski.tools.reading import Reading


def made(meant: str, taken: str, confidence: float = 0.5, language: str = "fi") -> Outcome:
    example = Example(f"{language}/{meant}.yml", 7, language, meant, f"a {meant} for {taken}")
    return Outcome(example, taken, taken, confidence)


OUTCOMES = [
    made("greet", "greet"),
    made("greet", "thank", 0.6),
    made("thank", "greet", 0.9),
    made("thank", "greet", 0.4),
    made("book", ASKED_BACK),
    made("book", NOT_UNDERSTOOD),
    made("greet", "thank", 0.8, "en"),
]


@pytest.mark.parametrize(
    ("meant", "decision", "guess", "taken"),
    [
        ("greet", "sure", "thank", "thank"),
        ("greet", "clarify", "greet", ASKED_BACK),
        ("greet", "fallback", "greet", NOT_UNDERSTOOD),
        ("out_of_scope", "fallback", "greet", "out_of_scope"),
        ("out_of_scope", "sure", "greet", "greet"),
        ("greet", "fallback", None, NOT_UNDERSTOOD),
    ],
)
def test_what_became_of_a_message(meant: str, decision: str, guess: str | None, taken: str) -> None:
    example = Example("a.yml", 1, "fi", meant, "x")
    ranking = ((guess, 0.5),) if guess else ()
    assert outcome(example, Reading("x", "fi", decision, ranking, ())).taken == taken


def test_pairs_count_both_directions_and_show_the_surest_first() -> None:
    first, second = worst_pairs(OUTCOMES)
    assert (first.language, first.intents) == ("fi", ("thank", "greet"))
    assert [one.confidence for one in first.outcomes] == [0.9, 0.6, 0.4]
    assert (second.language, len(second.outcomes)) == ("en", 1)
    assert worst_pairs(OUTCOMES, 1) == [first]


def test_the_table() -> None:
    said = list(lines(OUTCOMES))
    assert [line.split() for line in said[1:3]] == [
        ["en", "1", "0.0%", "1", "0", "0"],
        ["fi", "6", "16.7%", "3", "1", "1"],
    ]
    assert said[4:7] == [
        "The 2 worst pairs:",
        " 1. fi  3×  thank ↔ greet",
        '      "a thank for greet" → greet 90%  fi/thank.yml:7',
    ]


def test_no_mistake() -> None:
    assert list(lines([made("greet", "greet")]))[-1] == "No intent was taken for another."


def test_the_picture_holds_the_confused_labels_only() -> None:
    rows, columns, table = confused(OUTCOMES, "fi")
    assert (rows, columns) == (
        ["book", "greet", "thank"],
        ["greet", "thank", ASKED_BACK, NOT_UNDERSTOOD],
    )
    assert table.tolist() == [[0, 0, 1, 1], [0, 1, 0, 0], [2, 0, 0, 0]]


def test_so_many_labels_that_they_can_be_read() -> None:
    outcomes = [made(f"a{n}", f"b{n}") for n in range(30)] + [made("worst", "b0")] * 2
    rows, columns, table = confused(outcomes, "fi")
    assert len(rows) == MOST_LABELS and len(columns) == MOST_LABELS - 1
    assert "worst" in rows and table.sum() == MOST_LABELS + 1


def test_a_picture_is_drawn_even_of_no_mistakes(tmp_path: Path) -> None:
    for name, outcomes in (("some", OUTCOMES), ("none", [made("greet", "greet")])):
        file = draw(outcomes, tmp_path / "new" / f"{name}.png")
        assert file.read_bytes().startswith(b"\x89PNG")
