"""Checks of the messages: twins, headings, counts, duplicates, and leaks into the held-out ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from tiski.checks.project import LANGUAGES, Example, NluFile, Problem, Project, plain

LEAST_EXAMPLES = 25
LEAST_FAQ = 12
LEAST_OUT_OF_SCOPE = 150
LEAST_HELD_OUT = 6
# Shorter messages differ in one letter and mean something else ("ei", "ej")
_LEAST_LETTERS = 12


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
    yield from _leaks(project)


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
    counts = {file.name: len(file.examples) for file in project.held_out}
    for name, count in counts.items():
        if count < LEAST_HELD_OUT:
            yield Problem(name, None, "held-out messages", str(count), f"at least {LEAST_HELD_OUT}")
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


def _leaks(project: Project) -> Iterator[Problem]:
    """Held-out messages that the model has seen, or nearly: they would measure nothing."""
    for language in LANGUAGES:
        learnt: dict[str, Example] = {}
        by_words: dict[frozenset[str], Example] = {}
        by_letters: dict[str, list[Example]] = defaultdict(list)
        for example in _all(project.training, language):
            text = plain(example.text)
            learnt.setdefault(text, example)
            if text.split() and text[0].isalnum():
                by_words.setdefault(frozenset(text.split()), example)
            for shorter in _without_one_letter(text):
                by_letters[shorter].append(example)
        for example in _all(project.held_out, language):
            text = plain(example.text)
            like = learnt.get(text)
            how = "is in the training data"
            if like is None and text[:1].isalnum():
                like = by_words.get(frozenset(text.split()))
                how = "has the same words as one in the training data"
            if like is None:
                near = (e for s in _without_one_letter(text) for e in by_letters.get(s, []))
                like = next(near, None)
                how = "is one letter away from one in the training data"
            if like is not None:
                yield Problem(
                    example.file,
                    example.line,
                    example.intent,
                    f'"{example.text}" {how}',
                    f'a message unlike "{like.text}" ({like.file}:{like.line})',
                )


def _without_one_letter(text: str) -> set[str]:
    """The text and every text that lacks one of its letters: two that share one are that close."""
    if len(text) < _LEAST_LETTERS:
        return set()
    return {text} | {text[:i] + text[i + 1 :] for i in range(len(text))}


def counts_line(project: Project) -> str:
    """How much there is, for the last lines of the report."""
    learnt = Counter(f.language for f in project.training for _ in f.examples)
    held = Counter(f.language for f in project.held_out for _ in f.examples)
    return ", ".join(
        f"{language}: {learnt[language]} examples, {held[language]} held out"
        for language in LANGUAGES
    )
