"""tiski/checks/vague.py: each check fails on a broken file, with a sentence that helps."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import change, found

from tiski.checks.project import Project
from tiski.paths import ROOT

FI = "tests/nlu/vague/fi.yml"


@pytest.fixture
def vague_root(root: Path) -> Path:
    """The small project with one vague message in each language."""
    (root / FI).parent.mkdir()
    for language, text in (("fi", "peru"), ("en", "cancel")):
        file = root / f"tests/nlu/vague/{language}.yml"
        line = f'- {{text: "{text}", any_of: [book, faq/parking]}}\n'
        file.write_text(f"# what it is\n\n{line}", encoding="utf-8")
    return root


def test_a_good_file(vague_root: Path) -> None:
    assert found(vague_root) == []
    (message, _) = Project(vague_root).vague
    assert (message.file, message.line, message.text) == (FI, 3, "peru")
    assert message.any_of == ("book", "faq/parking")


def test_one_wish_alone(vague_root: Path) -> None:
    change(vague_root / FI, "[book, faq/parking]", "[book, book]")
    assert found(vague_root) == [f'{FI}:3: "peru": book, book; expected two wishes or more']


def test_an_unknown_wish(vague_root: Path) -> None:
    change(vague_root / FI, "faq/parking", "faq/flying")
    assert found(vague_root) == [
        f'{FI}:3: "peru": faq/flying; expected an intent or faq/<question>'
    ]


def test_a_message_that_is_labelled_elsewhere(vague_root: Path) -> None:
    change(vague_root / "tests/nlu/fi/talk/greet.yml", "held out greet fi bbb", "Peru!")
    assert found(vague_root) == [
        f'{FI}:3: "peru": is greet in tests/nlu/fi/talk/greet.yml:7;'
        " expected a message that more than one wish fits"
    ]


def test_the_same_message_twice(vague_root: Path) -> None:
    file = vague_root / FI
    twice = file.read_text(encoding="utf-8") + "- {text: PERU!, any_of: [book, greet]}\n"
    file.write_text(twice, encoding="utf-8")
    assert found(vague_root) == [f'{FI}:4: "PERU!": stands twice; expected each message once']


def test_a_missing_twin(vague_root: Path) -> None:
    (vague_root / FI).unlink()
    assert found(vague_root) == [f"{FI}: vague messages: none; expected some in each language"]


def test_forty_messages_are_kept_in_each_language() -> None:
    languages = [message.language for message in Project(ROOT).vague]
    assert min(languages.count("fi"), languages.count("en")) >= 40
