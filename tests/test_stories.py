"""The stories of tests/stories, played by Rasa itself on the model that the desk serves with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from figures import FIGURES
from ruamel.yaml import YAML

from tiski.paths import ROOT

STORIES = ROOT / "tests" / "stories"


def read_stories(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Every story below a folder, with its file's name."""
    return [
        (file.name, story)
        for file in sorted(folder.glob("test_*.yml"))
        for story in YAML(typ="safe").load(file.read_text(encoding="utf-8"))["stories"]
    ]


def twins(stories: list[tuple[str, dict[str, Any]]]) -> list[str]:
    """Stories with the same steps: Rasa merges them into one and counts one."""
    same = defaultdict(list)
    for file, story in stories:
        steps = [step for step in story["steps"] if "slot_was_set" not in step]
        same[json.dumps(steps)].append(f"{file}: {story['story']}")
    return [" = ".join(names) for names in same.values() if len(names) > 1]


def play(model: Path, folder: Path, results: Path) -> subprocess.CompletedProcess[str]:
    """`rasa test core` on the stories below a folder; fails on the first wrong prediction."""
    command = [sys.executable, "-m", "rasa", "test", "core", "--model", str(model)]
    command += ["--stories", str(folder), "--e2e", "--fail-on-prediction-errors"]
    command += ["--no-plot", "--out", str(results)]
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=quiet)


def test_every_file_is_found_by_rasa() -> None:
    """Rasa takes files for test stories by the prefix of their names, and says nothing of others."""
    missed = [file.name for file in STORIES.glob("*.yml") if not file.name.startswith("test_")]
    assert missed == []


def test_no_two_stories_are_the_same() -> None:
    assert twins(read_stories(STORIES)) == []


def test_every_story_is_predicted(model: Path, tmp_path: Path) -> None:
    written = read_stories(STORIES)
    done = play(model, STORIES, tmp_path)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    report = json.loads((tmp_path / "story_report.json").read_text(encoding="utf-8"))
    counted = report["conversation_accuracy"]
    assert counted["correct"] == counted["total"] == len(written)
    FIGURES["stories"] = f"{counted['correct']} of {len(written)} correct"


WRONG = """\
version: "3.1"
stories:
  - story: a greeting is answered with a goodbye
    steps:
      - user: moikka
        intent: greet
      - action: utter_goodbye
"""


def test_a_wrong_story_fails(model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "stories"
    folder.mkdir()
    (folder / "test_wrong.yml").write_text(WRONG, encoding="utf-8")
    done = play(model, folder, tmp_path)
    assert done.returncode != 0
    assert "Model predicted a wrong action" in done.stdout + done.stderr


def test_the_same_story_twice_is_noticed() -> None:
    steps = [{"user": "moi", "intent": "greet"}, {"action": "utter_greet"}]
    stories = [("test_a.yml", {"story": name, "steps": steps}) for name in ("one", "two")]
    assert twins(stories) == ["test_a.yml: one = test_a.yml: two"]
