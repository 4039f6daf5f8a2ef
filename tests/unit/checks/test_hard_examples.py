"""tiski/checks/hard_examples.py: near-duplicates across intents, and stolen examples, are noted."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import change

from tiski.checks import examples, hard_examples
from tiski.checks.hard_examples import notes
from tiski.checks.project import Project

BOOK = "data/nlu/fi/talk/book.yml"
GREET = "data/nlu/fi/talk/greet.yml"
FAQ = "data/nlu/fi/faq/parking.yml"


def noted(root: Path) -> list[str]:
    return [str(note) for note in notes(Project(root))]


def put(root: Path, file: str, *texts: str) -> None:
    """Put messages in the place of the first of a file, in the order of the alphabet."""
    intent = file.split("/nlu/fi/")[1].removesuffix(".yml").removeprefix("talk/")
    for letter, text in zip("abcdefgh", texts, strict=False):
        # the first one stands in the heading, too: as an item only
        change(root / file, f"- learnt {intent} fi {letter * 3}\n", f"- {text}\n")


def test_a_whole_project_has_no_note(root: Path) -> None:
    assert noted(root) == []


def test_the_same_words_in_two_intents(root: Path) -> None:
    put(root, BOOK, "hei hei")
    put(root, GREET, "Hei!")
    assert noted(root) == [
        f'{BOOK}:7: book: "hei hei" is nearly "Hei!" of greet ({GREET}:7), 1.00;'
        " expected one of them to go, unless both are meant"
    ]


def test_nearly_the_same_letters_in_two_intents(root: Path) -> None:
    put(root, BOOK, "tulisin mielelläni hiustenleikkaukseen torstaina")
    put(root, GREET, "tulisin mielellani hiustenleikkaukseen torstaisin")
    (said,) = noted(root)
    assert said.startswith(f'{BOOK}:7: book: "tulisin mielelläni') and f"({GREET}:7), 0.9" in said


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("uutiskirje sähköpostiini kiitos", "ei uutiskirje sähköpostiini kiitos"),  # meant so
        ("missä elefantit ovat", "mihin aikaan elefantit syövät"),
    ],
)
def test_what_is_not_alike(root: Path, one: str, other: str) -> None:
    put(root, BOOK, one)
    put(root, GREET, other)
    assert noted(root) == []


def test_the_other_language_is_another_matter(root: Path) -> None:
    put(root, BOOK, "hola amigos")
    change(root / "data/nlu/en/talk/greet.yml", "- learnt greet en aaa\n", "- hola amigos\n")
    assert noted(root) == []


def test_an_example_that_another_intent_steals(root: Path) -> None:
    put(root, BOOK, "myyttekö sarjakortteja")
    put(root, FAQ, "myyttekö lahjakortteja", "onko lahjakortteja", "lahjakortteja?")
    (said,) = noted(root)
    assert said.startswith(
        f'{BOOK}:7: book: "myyttekö sarjakortteja" is more like faq/parking:'
        ' "myyttekö lahjakortteja" 0.'
    )
    assert said.endswith("expected more examples like it, or its move to faq/parking")


def test_one_that_has_a_neighbour_of_its_own_is_not_stolen(root: Path) -> None:
    put(root, BOOK, "myyttekö sarjakortteja", "mitä sarjakortteja myyttekö")
    put(root, FAQ, "myyttekö lahjakortteja", "onko lahjakortteja", "lahjakortteja?")
    assert noted(root) == []


def test_so_many_are_shown(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hard_examples, "MOST_SHOWN", 1)
    put(root, BOOK, "hei hei", "terve vaan")
    put(root, GREET, "hei", "vaan terve")
    assert len(noted(root)) == 2
    assert noted(root)[1].startswith("data/nlu: near-duplicates: 1 more near-duplicates")


def test_few_examples_are_noted(root: Path) -> None:
    said = [str(note) for note in examples.notes(Project(root))]
    assert (
        f"{FAQ}: faq/parking: 12 examples; expected 40 or more: with fewer it is easily" in said[0]
    )
    assert len(said) == 6  # three intents in two languages, all below


def test_enough_examples_are_not(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "ENOUGH", 12)
    assert list(examples.notes(Project(root))) == []
