"""How well moods are heard in held-out messages: precision and recall by mood and language.

The messages are `tests/nlu/mood/<language>.yml`, a list for each mood. They are heard by words
alone, or by a trained model with both of its ears (`tiski.tools.model.Understanding`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ruamel.yaml import YAML

from tiski.bench.entities import Score
from tiski.nlu.mood import ANGRY, DISTRESSED, MOOD, mood_of
from tiski.paths import ROOT
from tiski.tools.model import Understanding

Hear = Callable[[Sequence[str]], list[str]]  # the mood of each message

MESSAGES = ROOT / "tests" / "nlu" / "mood"
MOODS = (ANGRY, DISTRESSED)


def read_messages(language: str, folder: Path = MESSAGES) -> list[tuple[str, str]]:
    """The held-out messages of a language, each with its mood."""
    lists = YAML(typ="safe").load((folder / f"{language}.yml").read_text(encoding="utf-8"))
    return [(mood, line) for mood, lines in lists.items() for line in lines.splitlines()]


def by_words(texts: Sequence[str]) -> list[str]:
    """The moods as words alone tell them."""
    return [mood_of(text).name for text in texts]


def by_model(understanding: Understanding) -> Hear:
    """The moods as a trained model hears them, each message by itself."""
    return lambda texts: [
        (parsed.get(MOOD) or {}).get("name", "neutral") for parsed in understanding.parsed(texts)
    ]


def scores(language: str, folder: Path = MESSAGES, hear: Hear = by_words) -> dict[str, Score]:
    """Measure one language: each mood, and `upset`, which is either of them."""
    found = {mood: Score() for mood in (*MOODS, "upset")}
    messages = read_messages(language, folder)
    for (mood, text), heard in zip(messages, hear([text for _, text in messages]), strict=True):
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
