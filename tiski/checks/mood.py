"""The examples of moods (data/mood): what is wrong with them, and which of them the tests hold out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tiski.checks.leaks import leaks
from tiski.checks.project import LANGUAGES, Example, Problem, Project, plain
from tiski.nlu.mood_examples import MOODS, MoodExamplesError, read_mood_examples


def problems(project: Project) -> Iterator[Problem]:
    """Files that cannot be used or have no twin, examples of two moods, and held-out messages."""
    folder = project.root / "data" / "mood"
    if not folder.is_dir():  # moods are heard by words alone
        return
    try:
        read_mood_examples(folder)
    except MoodExamplesError as error:
        yield Problem(project.name(folder), None, "moods", str(error), "files that can be used")
        return
    for language in LANGUAGES:
        for mood in MOODS:
            if not (folder / language / f"{mood}.yml").exists():
                name = f"{project.name(folder)}/{language}/{mood}.yml"
                yield Problem(name, None, mood, "there is no such file", "one in each language")
    learnt = [example for file in _files(folder) for example in _learnt(project, file)]
    yield from _of_two_moods(learnt)
    held_out = [
        example
        for file in _files(project.root / "tests" / "nlu" / "mood")
        for example in _held_out(project, file)
    ]
    for example, how, like in leaks(learnt, held_out):
        yield Problem(
            like.file,
            like.line,
            like.intent,
            f'"{like.text}" is held out: {example.file}:{example.line} {how}',
            "another message: one that is learnt measures nothing",
        )


def _of_two_moods(learnt: Sequence[Example]) -> Iterator[Problem]:
    first: dict[tuple[str, str], Example] = {}
    for example in learnt:
        other = first.setdefault((example.language, plain(example.text)), example)
        if other is not example:
            said = f'"{example.text}" stands in {other.file}:{other.line} as {other.intent}'
            yield Problem(example.file, example.line, example.intent, said, "it only once")


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.yml"))


def _learnt(project: Project, file: Path) -> Iterator[Example]:
    for number, line in _lines(file):
        if line.startswith("- "):
            yield Example(project.name(file), number, file.parent.name, file.stem, line[2:].strip())


def _held_out(project: Project, file: Path) -> Iterator[Example]:
    """The messages below `angry: |`, `distressed: |` and `neutral: |`, one on each line."""
    mood = ""
    for number, line in _lines(file):
        if line.endswith(": |") and line[:-3] in MOODS:
            mood = line[:-3]
        elif mood:
            yield Example(project.name(file), number, file.stem, mood, line)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line.strip()
