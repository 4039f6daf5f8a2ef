"""tiski/nlu/mood_meaning.py, mood_examples.py: moods learnt from examples, and heard without words."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from tiski.checks.leaks import leaks
from tiski.checks.project import Example
from tiski.nlu import mood as mood_module
from tiski.nlu.encoder import Encoder, open_encoder
from tiski.nlu.intent import ENCODED
from tiski.nlu.mood import MoodDetector
from tiski.nlu.mood_examples import (
    MOODS,
    MoodExample,
    MoodExamplesError,
    read_mood_examples,
    state_of_examples,
)
from tiski.nlu.mood_meaning import MeaningSettings, MoodMeaning
from tiski.paths import ROOT

FOLDERS = ("", "later", "last", "blind")


@dataclass
class Numbers:
    """An encoder of a toy language: a vector tells how many a's, d's and n's there are."""

    name: str = "numbers"
    width: int = 3
    encoded: int = 0

    def encode(self, texts: list[str]) -> np.ndarray:
        self.encoded += len(texts)
        rows = [[text.count("a"), text.count("d"), text.count("n")] for text in texts]
        return np.array(rows, np.float32).reshape(len(texts), 3) / 10

    def knows(self, word: str) -> bool:
        return True


def toy_examples() -> list[MoodExample]:
    kinds = {"angry": "a", "distressed": "d", "neutral": "n"}
    return [
        # not letters only: a text of one letter is shortened to two of it
        MoodExample(" ".join([letter] * (number + 3)), mood, language, number / 20)
        for language in ("fi", "en")
        for mood, letter in kinds.items()
        for number in range(20)
    ]


def learnt(encoder: Encoder | None = None) -> MoodMeaning:
    return MoodMeaning(MeaningSettings(), encoder or Numbers()).fit(toy_examples(), ["n n n n n"])


def test_moods_are_learnt_and_told_apart() -> None:
    model = learnt()
    heard = {text: model.listen([text]) for text in ("a a a a a a a", "d d d d d d d", "n n n n n")}
    assert [(one.mood, one.is_heard) for one in heard.values()][:2] == [
        ("angry", True),
        ("distressed", True),
    ]
    assert not heard["n n n n n"].is_heard
    assert model.listen(["n n n n n", "d d d d d d d"]).mood == "distressed"  # the clearest part


def test_two_trainings_are_equal_and_a_saved_one_is_the_same(tmp_path: Path) -> None:
    first, second = learnt(), learnt()
    first.save(tmp_path)
    read = MoodMeaning(MeaningSettings(), Numbers()).read(tmp_path)
    texts = ["a d n", "a a d", "n n d a"]
    margins = [[model.listen([text]) for text in texts] for model in (first, second, read)]
    assert margins[0] == margins[1] == margins[2]
    assert read.hears
    assert not MoodMeaning(MeaningSettings(), Numbers("another")).read(tmp_path).hears
    assert not MoodMeaning(MeaningSettings(), None).read(tmp_path).hears


def detector(folder: Path, **config: object) -> MoodDetector:
    made = MoodDetector.create(config, LocalModelStorage(folder), Resource("mood"), None)  # type: ignore[arg-type]
    assert isinstance(made, MoodDetector)
    return made


def message(text: str, **more: object) -> Message:
    return Message(data={TEXT: text, **more})


def test_in_the_pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = Numbers()
    monkeypatch.setattr(mood_module, "open_encoder", lambda: encoder)
    monkeypatch.setattr(mood_module, "read_mood_examples", toy_examples)
    detector(tmp_path).train(TrainingData([message("n n n", intent="stop")]))
    loaded = MoodDetector.load({}, LocalModelStorage(tmp_path), Resource("mood"), None)  # type: ignore[arg-type]
    asked = [
        message("a a a a a a a"),
        message("a a a a a a a", intent_ranking=[{"name": "faq/wifi", "confidence": 0.9}]),
        message("a a a a a a a", intent_ranking=[{"name": "complain", "confidence": 0.9}]),
        message("n n n n n n", **{ENCODED: ["d d d d d d d"]}),
    ]
    moods = [one.get("mood") for one in loaded.process(asked)]  # type: ignore[attr-defined]
    assert [one["name"] for one in moods] == ["angry", "neutral", "angry", "distressed"]
    assert all(isinstance(one["meaning"], float) and one["score"] == 0 for one in moods)


def test_without_an_encoder_words_alone_decide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mood_module, "open_encoder", lambda: None)
    detector(tmp_path).train(TrainingData([]))
    loaded = MoodDetector.load({}, LocalModelStorage(tmp_path), Resource("mood"), None)  # type: ignore[arg-type]
    done = loaded.process([message("haista paska"), message("kiitos")])  # type: ignore[attr-defined]
    assert [one.get("mood")["name"] for one in done] == ["angry", "neutral"]
    assert "meaning" not in done[0].get("mood")


HOSTILE = ["", " ", "\u200b" * 50, "\ufdfa" * 10_000, "ei " * 5000, "a" * 10_000, "🙂" * 500, "\0"]


def test_hostile_texts(tmp_path: Path) -> None:
    encoder = open_encoder()
    if encoder is None:
        pytest.skip("no encoder here")
    made = detector(tmp_path)
    made.model = MoodMeaning(MeaningSettings(), encoder).fit(
        [
            MoodExample(f"{one.text} {one.place}", one.mood, "fi", one.place)
            for one in toy_examples()
        ],
        [],
    )
    began = time.monotonic()
    done = made.process([message(text) for text in HOSTILE])
    assert [(one.get("mood") or {}).get("name") in (*MOODS, None) for one in done] == [True] * 8
    assert time.monotonic() - began < 5


def test_the_projects_examples() -> None:
    """Both languages, enough of each mood, and none that a held-out message repeats."""
    examples = read_mood_examples()
    for language in ("fi", "en"):
        counts = [
            sum(one.mood == mood and one.language == language for one in examples) for mood in MOODS
        ]
        assert min(counts) >= 120 and counts[MOODS.index("neutral")] >= 300
    learnt = [Example(ROOT.as_posix(), 1, one.language, one.mood, one.text) for one in examples]
    held_out = []
    for folder in FOLDERS:
        for language in ("fi", "en"):
            file = ROOT / "tests" / "nlu" / "mood" / folder / f"{language}.yml"
            lists = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
            held_out += [
                Example(folder, number, language, mood, line)
                for mood, lines in lists.items()
                for number, line in enumerate(lines.splitlines())
            ]
    found = [
        f"{one.file or 'first'} {one.intent} {one.line}" for one, _, _ in leaks(learnt, held_out)
    ]
    assert found == []  # numbers of lines only: blind messages stay unread


def test_a_file_of_examples_is_read_strictly(tmp_path: Path) -> None:
    assert read_mood_examples(tmp_path) == []
    folder = tmp_path / "fi"
    folder.mkdir()
    file = folder / "angry.yml"
    file.write_text("mood: angry\nexamples: |\n  # why\n  - a\n  - b\n", encoding="utf-8")
    before = state_of_examples(tmp_path)
    assert [(one.text, one.place) for one in read_mood_examples(tmp_path)] == [("a", 0), ("b", 0.5)]
    for wrong in ("mood: calm\nexamples: |\n  - a\n", "mood: angry\nexamples: |\n  a\n", "[]"):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(MoodExamplesError, match=r"angry\.yml"):
            read_mood_examples(tmp_path)
    assert state_of_examples(tmp_path) != before
