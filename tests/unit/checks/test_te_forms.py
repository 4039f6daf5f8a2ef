"""tiski/checks/manner.py: which te-forms are missing or fit no text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiski.checks.manner import problems, write_drafts
from tiski.checks.project import Project

RESPONSES = """\
version: "3.1"
responses:
  utter_a:
  - condition: [{type: slot, name: language, value: fi}]
    text: Kerro {what}.
  - condition: [{type: slot, name: language, value: fi}]
    text: Moi.
"""


@pytest.mark.parametrize(
    ("te", "expected"),
    [
        ("{}", "data/responses/a.yml:3: utter_a: says sinä (kerro); expected its te-form in data/manner/te.yml"),
        ('{utter_a: ["Kertokaa {what}."]}', "data/manner/te.yml: utter_a: 1 te-forms of 2 Finnish variations; expected one each, in their order (~ where it is the same)"),
        ("{utter_a: [~, ~]}", "data/responses/a.yml:3: utter_a (1): says sinä (kerro); expected its te-form in data/manner/te.yml"),
        ('{utter_a: ["Kerro {what}.", ~]}', "data/manner/te.yml: utter_a (1): says sinä (kerro); expected te"),
        ('{utter_a: ["Kertokaa.", ~]}', "data/manner/te.yml: utter_a (1): other placeholders; expected those of the sinä-form"),
        ('{utter_a: ["Kertokaa {what} {what|on}.", ~]}', "data/manner/te.yml: utter_a (1): {what|on}; expected {name}, or {name|one|many}: two texts, each after a |"),
        ('{utter_a: ["Kertokaa {what}.", ~], utter_b: Moi}', "data/manner/te.yml: utter_b: no such response or word; expected a name of data/responses"),
        ('{utter_a: ["Kertokaa {what}.", ~]}', None),
    ],
)  # fmt: skip
def test_problems(tmp_path: Path, te: str, expected: str | None) -> None:
    project = small(tmp_path, te)
    assert [str(problem) for problem in problems(project)] == ([expected] if expected else [])


def test_drafts_are_added_once(tmp_path: Path) -> None:
    project = small(tmp_path, "\n")
    assert write_drafts(project) == ["utter_a"]
    text = (tmp_path / "data" / "manner" / "te.yml").read_text(encoding="utf-8")
    assert '  utter_a:\n  - "Kertokaa {what}."\n  - ~\n' in text


def small(folder: Path, te: str) -> Project:
    for name, text in (("responses/a.yml", RESPONSES), ("manner/te.yml", f"te: {te}")):
        file = folder / "data" / name
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    return Project(folder)
