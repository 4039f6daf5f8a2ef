"""How well moods are heard in held-out messages: precision and recall by mood and language.

The messages are `tests/nlu/mood/<language>.yml`, a list for each mood.
"""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

from tiski.bench.entities import Score
from tiski.nlu.mood import ANGRY, DISTRESSED, mood_of
from tiski.paths import ROOT

MESSAGES = ROOT / "tests" / "nlu" / "mood"
MOODS = (ANGRY, DISTRESSED)


def read_messages(language: str, folder: Path = MESSAGES) -> list[tuple[str, str]]:
    """The held-out messages of a language, each with its mood."""
    lists = YAML(typ="safe").load((folder / f"{language}.yml").read_text(encoding="utf-8"))
    return [(mood, line) for mood, lines in lists.items() for line in lines.splitlines()]


def scores(language: str, folder: Path = MESSAGES) -> dict[str, Score]:
    """Measure one language: each mood, and `upset`, which is either of them."""
    found = {mood: Score() for mood in (*MOODS, "upset")}
    for mood, text in read_messages(language, folder):
        heard = mood_of(text).name
        for each in MOODS:
            _note(found[each], mood == each, heard == each, text)
        _note(found["upset"], mood in MOODS, heard in MOODS, text)
    return found


def _note(score: Score, meant: bool, heard: bool, text: str) -> None:
    if meant and heard:
        score.found += 1
    elif meant:
        score.missed += 1
        score.slips.append(f"missed: {text}")
    elif heard:
        score.wrong += 1
        score.slips.append(f"wrong: {text}")
