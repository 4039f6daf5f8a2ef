"""Checks of the vague messages: each names two wishes or more, and no other file claims one."""

from __future__ import annotations

from collections.abc import Iterator

from tiski.checks.project import LANGUAGES, Problem, Project, plain


def problems(project: Project) -> Iterator[Problem]:
    """Every problem of `tests/nlu/vague`."""
    labels = {str(block.get("intent")) for file in project.training for block in file.blocks}
    labelled = {
        (example.language, plain(example.text)): example
        for file in project.held_out
        for example in file.examples
    }
    seen: set[tuple[str, str]] = set()
    for one in project.vague:
        said = f'"{one.text}"'
        if len(set(one.any_of)) < 2:
            yield Problem(one.file, one.line, said, ", ".join(one.any_of), "two wishes or more")
        for name in one.any_of:
            if name not in labels:
                yield Problem(one.file, one.line, said, name, "an intent or faq/<question>")
        key = (one.language, plain(one.text))
        if key in labelled:
            other = labelled[key]
            yield Problem(
                one.file,
                one.line,
                said,
                f"is {other.intent} in {other.file}:{other.line}",
                "a message that more than one wish fits",
            )
        if key in seen:
            yield Problem(one.file, one.line, said, "stands twice", "each message once")
        seen.add(key)
    yield from _twins(project)


def _twins(project: Project) -> Iterator[Problem]:
    having = {one.language for one in project.vague}
    for language in LANGUAGES:
        if having and language not in having:
            name = f"tests/nlu/vague/{language}.yml"
            yield Problem(name, None, "vague messages", "none", "some in each language")
