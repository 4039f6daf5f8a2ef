"""tiski/checks/examples.py: each check fails on a broken copy, with a sentence that helps."""

from __future__ import annotations

from pathlib import Path

from small_project import change, found, messages

FI = "data/nlu/fi/talk/greet.yml"


def test_a_whole_project_has_no_problem(root: Path) -> None:
    assert found(root) == []


def test_a_missing_twin(root: Path) -> None:
    (root / "data/nlu/en/talk/greet.yml").unlink()
    assert f"{FI}: twin: missing; expected a file data/nlu/en/talk/greet.yml" in found(root)


def test_a_missing_twin_of_held_out_messages(root: Path) -> None:
    (root / "tests/nlu/fi/faq/parking.yml").unlink()
    assert found(root) == [
        "tests/nlu/en/faq/parking.yml: twin: missing; expected a file tests/nlu/fi/faq/parking.yml",
        "data/nlu/fi/faq/parking.yml: held-out messages: none; expected a file"
        " tests/nlu/fi/faq/parking.yml",
    ]


def test_the_wrong_language_in_the_metadata(root: Path) -> None:
    change(root / FI, "language: fi", "language: en")
    assert found(root) == [f"{FI}: metadata.language: en; expected fi, as the folder"]


def test_an_intent_that_is_not_the_files(root: Path) -> None:
    change(root / FI, "intent: greet", "intent: book")
    assert f"{FI}: intent: book; expected greet, as the file's name" in found(root)


def test_no_heading(root: Path) -> None:
    change(root / FI, "# greet: what it is", "# hello")
    first = (root / FI).read_text(encoding="utf-8").splitlines()[0]
    assert found(root) == [
        f'{FI}:1: first line: {first}; expected a comment # greet: what it is, e.g. "an example"'
    ]


def test_too_few_examples(root: Path) -> None:
    one = messages("greet", "fi", "learnt", 25)[-1]
    change(root / FI, f"      - {one}\n", "")
    assert found(root) == [f"{FI}: greet: 24 examples; expected at least 25"]


def test_too_few_examples_of_a_question(root: Path) -> None:
    one = messages("faq/parking", "fi", "learnt", 12)[-1]
    change(root / "data/nlu/fi/faq/parking.yml", f"      - {one}\n", "")
    assert found(root) == [
        "data/nlu/fi/faq/parking.yml: faq/parking: 11 examples; expected at least 12"
    ]


def test_too_few_held_out_messages(root: Path) -> None:
    one = messages("greet", "en", "held out", 12)[-1]
    change(root / "tests/nlu/en/talk/greet.yml", f"      - {one}\n", "")
    assert found(root) == [
        "tests/nlu/en/talk/greet.yml: held-out messages: 11; expected at least 12"
    ]


def test_too_few_held_out_messages_of_a_question(root: Path) -> None:
    one = messages("faq/parking", "en", "held out", 6)[-1]
    change(root / "tests/nlu/en/faq/parking.yml", f"      - {one}\n", "")
    assert found(root) == [
        "tests/nlu/en/faq/parking.yml: held-out messages: 5; expected at least 6"
    ]


def test_a_duplicate_in_another_intent(root: Path) -> None:
    change(root / "data/nlu/fi/talk/book.yml", "learnt book fi bbb", "Learnt, GREET fi: ccc!")
    assert found(root) == [
        f'{FI}:9: greet: "learnt greet fi ccc"; expected no other like "Learnt, GREET fi: ccc!"'
        " (data/nlu/fi/talk/book.yml:8)"
    ]
