"""./scripts/check-data: what it prints and how it ends."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from small_project import change

from tiski.checks.data import main


def checked(root: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("tiski.checks.examples.ENOUGH", 12)  # a small project has fewer than 40
    monkeypatch.setattr(sys, "argv", ["check-data", "--quick", "--root", str(root)])
    return main()


def test_nothing_is_wrong(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(root, monkeypatch) == 0
    assert capsys.readouterr().out.splitlines() == [
        "fi: 62 examples, 30 held out, en: 62 examples, 30 held out",
        "check-data: 0 problems, 0 notes",
    ]


def test_something_is_wrong(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    change(root / "data/words/words.yml", ', en: "Yes"', "")
    assert checked(root, monkeypatch) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "data/words/words.yml:2: button_yes: no text in en; expected a text in fi and en"
    )
    assert said[-1] == "check-data: 1 problem, 0 notes"
