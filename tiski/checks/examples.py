"""Checks of the messages: twins, headings, counts and duplicates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from tiski.checks.project import LANGUAGES, Example, NluFile, Problem, Project, plain

LEAST_EXAMPLES = 25
LEAST_FAQ = 12
LEAST_OUT_OF_SCOPE = 150
ENOUGH = 40  # below it an intent is told, not refused: a new question begins with fewer
LEAST_HELD_OUT = 12
LEAST_FAQ_HELD_OUT = 6


def problems(project: Project) -> Iterator[Problem]:
    """Every problem of `data/nlu` and `tests/nlu`."""
    for files, folder in ((project.training, "data/nlu"), (project.held_out, "tests/nlu")):
        yield from _twins(files, folder)
        for file in files:
            yield from _heading(file)
    yield from breaking(project)
    yield from _counts(project)
    yield from _duplicates(project.training)
    yield from _duplicates(project.held_out)


def breaking(project: Project) -> Iterator[Problem]:
    """What of `data/nlu` a desk could not serve with, however well it were trained."""
    yield from _metadata(project)
    yield from _known(project)


def _twins(files: list[NluFile], folder: str) -> Iterator[Problem]:
    having = {language: {f.twin for f in files if f.language == language} for language in LANGUAGES}
    for file in files:
        for other in LANGUAGES:
            if file.twin not in having[other]:
                yield Problem(
                    file.name, None, "twin", "missing", f"a file {folder}/{other}/{file.twin}"
                )


def _heading(file: NluFile) -> Iterator[Problem]:
    intents = [str(block.get("intent")) for block in file.blocks]
    intent = ("faq/" if file.path.parent.name == "faq" else "") + file.path.stem
    if intents != [intent]:
        yield Problem(
            file.name, None, "intent", ", ".join(intents) or "none", f"{intent}, as the file's name"
        )
    head = file.first_line
    if not head.startswith(f"# {intent}: ") or head.count('"') < 2:
        yield Problem(
            file.name, 1, "first line", head, f'a comment # {intent}: what it is, e.g. "an example"'
        )


def _metadata(project: Project) -> Iterator[Problem]:
    """The model learns languages from the metadata of the training data."""
    for file in project.training:
        for block in file.blocks:
            language = (block.get("metadata") or {}).get("language")
            if language != file.language:
                yield Problem(
                    file.name,
                    None,
                    "metadata.language",
                    str(language),
                    f"{file.language}, as the folder",
                )


def _known(project: Project) -> Iterator[Problem]:
    """Each intent is one of domain.yml, and a question has its answer."""
    unanswered: set[str] = set()
    for file in project.training:
        for block in file.blocks:
            intent = str(block.get("intent"))
            if intent.partition("/")[0] not in project.intents:
                yield Problem(file.name, None, intent, "unknown intent", "one of domain.yml")
            elif "/" in intent and f"utter_{intent}" not in project.keys | unanswered:
                unanswered.add(f"utter_{intent}")  # said once, not in each language
                expected = f"utter_{intent} in data/responses/{intent.partition('/')[0]}.yml"
                yield Problem(file.name, None, intent, "no answer", expected)


def _least(intent: str) -> int:
    if intent.startswith("faq/"):
        return LEAST_FAQ
    return LEAST_OUT_OF_SCOPE if intent == "out_of_scope" else LEAST_EXAMPLES


def _counts(project: Project) -> Iterator[Problem]:
    for file in project.training:
        for block in file.blocks:
            intent, count = str(block.get("intent")), len(file.examples)
            if count < _least(intent):
                yield Problem(
                    file.name, None, intent, f"{count} examples", f"at least {_least(intent)}"
                )
    for file in project.held_out:
        count = len(file.examples)
        is_question = file.path.parent.name == "faq"
        least = LEAST_FAQ_HELD_OUT if is_question else LEAST_HELD_OUT
        if count < least:
            yield Problem(file.name, None, "held-out messages", str(count), f"at least {least}")
    having = {(file.language, file.twin) for file in project.held_out}
    for file in project.training:
        if (file.language, file.twin) not in having:
            yield Problem(
                file.name,
                None,
                "held-out messages",
                "none",
                f"a file tests/nlu/{file.language}/{file.twin}",
            )


def notes(project: Project) -> Iterator[Problem]:
    """Intents that have what they must, but not what they should."""
    for file in project.training:
        for block in file.blocks:
            intent, count = str(block.get("intent")), len(file.examples)
            if _least(intent) <= count < ENOUGH:
                advice = f"{ENOUGH} or more: with fewer it is easily taken for another"
                yield Problem(file.name, None, intent, f"{count} examples", advice)


def _all(files: Iterable[NluFile], language: str) -> list[Example]:
    return [example for file in files if file.language == language for example in file.examples]


def _duplicates(files: list[NluFile]) -> Iterator[Problem]:
    for language in LANGUAGES:
        seen: dict[str, Example] = {}
        for example in _all(files, language):
            first = seen.setdefault(plain(example.text), example)
            if first is not example:
                yield Problem(
                    example.file,
                    example.line,
                    example.intent,
                    f'"{example.text}"',
                    f'no other like "{first.text}" ({first.file}:{first.line})',
                )


def counts_line(project: Project) -> str:
    """How much there is, for the last lines of the report."""
    learnt = Counter(f.language for f in project.training for _ in f.examples)
    held = Counter(f.language for f in project.held_out for _ in f.examples)
    return ", ".join(
        f"{language}: {learnt[language]} examples, {held[language]} held out"
        for language in LANGUAGES
    )
