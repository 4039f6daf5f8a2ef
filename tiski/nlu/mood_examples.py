"""Messages whose mood is known: what the meaning of a mood is learnt from (data/mood/)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from tiski.paths import ROOT

FOLDER = ROOT / "data" / "mood"
MOODS = ("angry", "distressed", "neutral")


class MoodExamplesError(ValueError):
    """A file of examples cannot be used; the text says which and why."""


@dataclass(frozen=True)
class MoodExample:
    """A message, the mood it was written in, and how far down its file it stands (0 to 1)."""

    text: str
    mood: str
    language: str
    place: float


def read_mood_examples(folder: Path = FOLDER) -> list[MoodExample]:
    """All examples, `<language>/<mood>.yml` by `<language>/<mood>.yml`; none without a folder.

    Raises:
        MoodExamplesError: a file names another mood, or a line is no example.
    """
    found = []
    for file in _files(folder):
        read = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        mood = read.get("mood") if isinstance(read, dict) else None
        if mood not in MOODS or mood != file.stem:
            raise MoodExamplesError(f"{file}: mood: {mood}; expected {file.stem}, of {MOODS}")
        lines = [line.strip() for line in str(read.get("examples") or "").splitlines()]
        texts = [line for line in lines if line and not line.startswith("#")]
        for number, line in enumerate(texts):
            if not line.startswith("- ") or not line[2:].strip():
                raise MoodExamplesError(f'{file}: "{line}"; expected "- " and a message')
            place = number / len(texts)
            found.append(MoodExample(line[2:].strip(), mood, file.parent.name, place))
    return found


def state_of_examples(folder: Path = FOLDER) -> str:
    """Stands for all that is in the files: a trained model depends on it."""
    state = hashlib.sha256()
    for file in _files(folder):
        state.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return state.hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.yml"))
