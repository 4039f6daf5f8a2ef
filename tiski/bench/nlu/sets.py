"""The data that understanding is measured on: the project's own, and public sets."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ruamel.yaml import YAML

from tiski.bench.foreign import foreign_messages
from tiski.bench.robustness import VARIANTS
from tiski.paths import ROOT

LANGUAGES = ("fi", "en")
OUT_OF_SCOPE = "out_of_scope"  # an intent of the own data: what the desk does not do


@dataclass(frozen=True)
class Example:
    """A message, its label (`faq/parking` for a question) and its language."""

    text: str
    label: str
    language: str


@dataclass(frozen=True)
class Part:
    """Messages of one language to measure on.

    Attributes:
        inside: messages that the training data has a label for.
        outside: messages that nothing in the training data fits; may be none.
        kept: the share in scope that is kept when refusing is measured, 0 to 1.
        spoilt: by variant of `tiski/bench/robustness.py`, `inside` in that variant.
    """

    name: str
    language: str
    inside: list[Example]
    outside: list[str] = field(default_factory=list)
    kept: float = 0.95
    spoilt: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class DataSet:
    """What to train on, once, and the parts to measure on."""

    name: str
    train: list[Example]
    parts: list[Part]


def own(data: Path) -> DataSet:
    """The project's own data: one training for both languages, measured in each.

    Args:
        data: the folder of public data; MASSIVE's clearly foreign messages are those to refuse.
    """
    parts = []
    for language in LANGUAGES:
        # out_of_scope is a refusal: right for a foreign message, and no message to keep
        inside = [e for e in held_out(language) if e.label != OUT_OF_SCOPE]
        foreign = [text for _, text in foreign_messages(data / f"massive_{language}" / "dev.tsv")]
        spoilt = {
            name: [spoil(example.text, number) for number, example in enumerate(inside)]
            for name, spoil in VARIANTS.items()
        }
        parts.append(Part(f"own, {language}", language, inside, foreign, 0.97, spoilt))
    return DataSet("own", own_training(), parts)


def own_training() -> list[Example]:
    """The examples of data/nlu."""
    return list(_examples(ROOT / "data" / "nlu"))


def held_out(language: str) -> list[Example]:
    """The messages of tests/nlu in a language, written apart from the training data."""
    return list(_examples(ROOT / "tests" / "nlu", language))


def _examples(folder: Path, *languages: str) -> Iterator[Example]:
    for language in languages or LANGUAGES:
        for file in sorted((folder / language).rglob("*.yml")):
            for block in YAML(typ="safe").load(file.read_text(encoding="utf-8"))["nlu"]:
                for line in block["examples"].splitlines():
                    yield Example(line.removeprefix("- ").strip(), block["intent"], language)


def banking77(data: Path) -> DataSet:
    """77 close-lying intents of bank customers, 10 examples each."""
    folder = data / "banking77_10shot"
    test = Part("banking77", "en", _tsv(folder / "test.tsv", "en"))
    return DataSet("banking77", _tsv(folder / "train.tsv", "en"), [test])


def clinc150(data: Path) -> DataSet:
    """150 intents, 10 examples each, and questions out of their scope."""
    folder = data / "clinc150_10shot"
    outside = [example.text for example in _tsv(folder / "oos_test.tsv", "en")]
    test = Part("CLINC150", "en", _tsv(folder / "test.tsv", "en"), outside)
    return DataSet("clinc150", _tsv(folder / "train.tsv", "en"), [test])


def massive_fi(data: Path) -> DataSet:
    """60 intents of a voice assistant in Finnish, 20 examples each."""
    return _massive(data, "fi")


def massive_en(data: Path) -> DataSet:
    """The same in English."""
    return _massive(data, "en")


def _massive(data: Path, language: str) -> DataSet:
    folder = data / f"massive_{language}"
    test = Part(f"MASSIVE {language}", language, _tsv(folder / "dev.tsv", language))
    return DataSet(f"massive_{language}", _tsv(folder / "train_20.tsv", language), [test])


def _tsv(file: Path, language: str) -> list[Example]:
    """Read lines of `label<TAB>text`."""
    rows = (line.split("\t", 1) for line in file.read_text(encoding="utf-8").splitlines())
    return [Example(text, label, language) for label, text in rows]


SETS: MappingProxyType[str, Callable[[Path], DataSet]] = MappingProxyType(
    {
        "own": own,
        "banking77": banking77,
        "clinc150": clinc150,
        "massive_fi": massive_fi,
        "massive_en": massive_en,
    }
)


def smaller(data: DataSet, share: float, seed: int = 42) -> DataSet:
    """A part of a set, to try the bench itself: a share of the messages to measure on."""

    def some(rows: Iterable[int]) -> list[int]:
        chosen = list(rows)
        return sorted(random.Random(seed).sample(chosen, max(1, round(share * len(chosen)))))

    parts = []
    for part in data.parts:
        inside = some(range(len(part.inside)))
        outside = some(range(len(part.outside))) if part.outside else []
        parts.append(
            Part(
                part.name,
                part.language,
                [part.inside[row] for row in inside],
                [part.outside[row] for row in outside],
                part.kept,
                {name: [texts[row] for row in inside] for name, texts in part.spoilt.items()},
            )
        )
    return DataSet(data.name, data.train, parts)
