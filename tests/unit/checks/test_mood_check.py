"""tiski/checks/mood.py: each check fails on a broken file, with a sentence that helps."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import change

from tiski.checks import mood
from tiski.checks.project import Project

SAID = {
    "fi": {"angry": "aivan surkeaa touhua", "distressed": "auttakaa mua", "neutral": "no jaa"},
    "en": {"angry": "what a shambles", "distressed": "please help me", "neutral": "oh well"},
}


@pytest.fixture
def mood_root(tmp_path: Path) -> Path:
    """A project with one example and one held-out message of each mood, in each language."""
    held_out = tmp_path / "tests" / "nlu" / "mood"
    held_out.mkdir(parents=True)
    for language, said in SAID.items():
        folder = tmp_path / "data" / "mood" / language
        folder.mkdir(parents=True)
        for name, text in said.items():
            page = f"# what it is\nmood: {name}\nexamples: |\n  - {text}\n"
            (folder / f"{name}.yml").write_text(page, encoding="utf-8")
        fine = {"fi": "seitsemältä käy mainiosti", "en": "seven o'clock is fine"}[language]
        page = f"angry: |\n  not you again, {language}\nneutral: |\n  {fine}\n"
        (held_out / f"{language}.yml").write_text(page, encoding="utf-8")
    return tmp_path


def _found(root: Path) -> list[str]:
    return [str(problem) for problem in mood.problems(Project(root))]


def test_good_files(mood_root: Path) -> None:
    assert _found(mood_root) == []


def test_no_moods_at_all(tmp_path: Path) -> None:
    assert _found(tmp_path) == []


def test_a_line_that_is_no_example(mood_root: Path) -> None:
    file = mood_root / "data/mood/en/angry.yml"
    change(file, "- what a shambles", "what a shambles")
    (said,) = _found(mood_root)
    assert f'{file}: "what a shambles"; expected "- " and a message' in said


def test_a_mood_in_one_language_only(mood_root: Path) -> None:
    (mood_root / "data/mood/en/distressed.yml").unlink()
    expected = "distressed: there is no such file; expected one in each language"
    assert _found(mood_root) == [f"data/mood/en/distressed.yml: {expected}"]


def test_one_message_in_two_moods(mood_root: Path) -> None:
    change(mood_root / "data/mood/fi/neutral.yml", "no jaa", "Auttakaa mua!")
    said = '"Auttakaa mua!" stands in data/mood/fi/distressed.yml:4 as distressed'
    assert _found(mood_root) == [
        f"data/mood/fi/neutral.yml:4: neutral: {said}; expected it only once"
    ]


def test_a_held_out_message(mood_root: Path) -> None:
    change(mood_root / "data/mood/en/neutral.yml", "oh well", "seven oclock is fine")
    (said,) = _found(mood_root)
    assert said.startswith(
        'data/mood/en/neutral.yml:4: neutral: "seven oclock is fine" is held out: tests/nlu/mood/'
    )
    assert "is in the training data; expected another message" in said
