"""tiski/checks/leaks.py: a held-out message that was learnt, or nearly, is found; others are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import change, found

from tiski.checks.leaks import leaks
from tiski.checks.project import Example

FI = "data/nlu/fi/talk/greet.yml"
HELD = "tests/nlu/fi/talk/greet.yml"


def one(text: str, language: str = "fi") -> Example:
    return Example(f"{language}.yml", 1, language, "book", text)


def ways(learnt: str, held_out: str) -> list[str]:
    """In what way the second leaks from the first."""
    other = one("aivan toista asiaa koskeva viesti")
    return [how for _, how, _ in leaks([other, one(learnt)], [one(held_out)])]


def test_a_held_out_message_that_was_learnt(root: Path) -> None:
    change(root / HELD, "held out greet fi bbb", "Learnt greet fi ccc?")
    assert found(root) == [
        f'{HELD}:7: greet: "Learnt greet fi ccc?" is in the training data;'
        f' expected a message unlike "learnt greet fi ccc" ({FI}:9)'
    ]


def test_a_vague_message_that_was_learnt(root: Path) -> None:
    folder = root / "tests/nlu/vague"
    folder.mkdir()
    (folder / "fi.yml").write_text(
        "# what\n- {text: learnt book fi ddd, any_of: [greet, book]}\n", encoding="utf-8"
    )
    (folder / "en.yml").write_text("- {text: whichever, any_of: [greet, book]}\n", encoding="utf-8")
    assert found(root) == [
        'tests/nlu/vague/fi.yml:2: vague: "learnt book fi ddd" is in the training data;'
        ' expected a message unlike "learnt book fi ddd" (data/nlu/fi/talk/book.yml:10)'
    ]


@pytest.mark.parametrize(
    ("learnt", "held_out", "how"),
    [
        ("Pääsenkö sinne bussilla?", "paasenko sinne, bussilla", "is in the training data"),
        ("?", "?", "is in the training data"),
        (
            "pääsenkö bussilla sinne",
            "bussilla sinne pääsenkö",
            "has the same words as one in the training data",
        ),
        (
            "pääsenkö bussilla sinne",
            "pääsenkö bussila sinne",
            "is one letter away from one in the training data",
        ),
    ],
)
def test_the_ways_of_leaking(learnt: str, held_out: str, how: str) -> None:
    assert ways(learnt, held_out) == [how]


def test_a_message_with_nearly_the_same_characters() -> None:
    learnt = "would there be any chance of seeing the elephants on sunday"
    (how,) = ways(learnt, "would there be any chance of seeing an elephant on sunday")
    assert how.startswith("is nearly one in the training data (0.9")


def test_the_other_language_is_looked_through_as_well() -> None:
    assert len(list(leaks([one("hola", "en")], [one("Hola!", "fi")]))) == 1


@pytest.mark.parametrize(
    ("learnt", "held_out"),
    [
        ("ei", "ej"),
        ("missä elefantit ovat", "mihin aikaan elefantit syövät"),
        ("when are the elephants fed on sundays", "when are the lions fed on mondays"),
        ("?", "!"),
    ],
)
def test_messages_that_do_not_leak(learnt: str, held_out: str) -> None:
    assert ways(learnt, held_out) == []


def test_nothing_learnt_or_nothing_held_out() -> None:
    assert list(leaks([], [one("a")])) == []
    assert list(leaks([one("a")], [])) == []
