"""Checks of the te-form: each Finnish text that says sinä has its twin in data/manner/.

Which words say sinä is a list (second_person.yml). Titles of buttons are what the customer says to
the desk, so they are left out. `python -m tiski.checks.manner` drafts what is missing.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from tiski.answers.filling import EXPECTED, placeholders, unreadable
from tiski.answers.manner import te_forms
from tiski.checks.project import Problem, Project
from tiski.paths import ROOT

_WORD = re.compile(r"[^\W\d_]+")
# What the customer could say stands in quotes; a placeholder is filled with a fact, but the words
# in it that hang on a number ("{days|päivä|päivää}") are ours
_NOT_OURS = re.compile(r"”[^”]*”|\{[a-z_]+[|}]")
_NEGATIONS = {"en", "ei", "emme", "eivät"}
# What the customer says, and what a task is called
_NOT_SAID_TO_CUSTOMERS = ("button_", "choice_", "form_")


@dataclass(frozen=True)
class _Lists:
    words: dict[str, str]
    at_the_beginning: dict[str, str]
    endings: dict[str, str]
    not_you: frozenset[str]
    undecided: frozenset[str]


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    file = Path(__file__).with_name("second_person.yml")
    found = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return _Lists(
        found["words"],
        found["at_the_beginning"],
        found["endings"],
        frozenset(found["not_you"]),
        frozenset(found["undecided"]),
    )


def says_you(text: str) -> list[str]:
    """The words of a Finnish text that say sinä, in their order."""
    return [word for word, form in _forms(text) if form]


def may_say_you(text: str) -> list[str]:
    """The words of a Finnish text of which the lists cannot tell."""
    return [word for word in map(str.casefold, _said(text)) if word in _lists().undecided]


def _forms(text: str) -> list[tuple[str, str | None]]:
    """Each word with its te-form, or None where it does not say sinä."""
    before = ""
    found = []
    for word in _said(text):
        found.append((word.casefold(), None if before in _NEGATIONS else _te_form(word)))
        before = word.casefold()
    return found


def _te_form(written: str) -> str | None:
    """The te-form of a word, in small letters; None if it does not say sinä."""
    lists, word = _lists(), written.casefold()
    if written[0].isupper() and word in lists.at_the_beginning:
        return lists.at_the_beginning[word]
    if word in lists.words:
        return lists.words[word]
    if len(word) <= 4 or word in lists.not_you:
        return None
    for ending, te in lists.endings.items():
        if word.endswith(ending):
            return word.removesuffix(ending) + te
    return None


def _said(text: str) -> list[str]:
    """The words; what stands in quotes is what the customer could say."""
    return _WORD.findall(_NOT_OURS.sub(" ", text))


def draft(text: str) -> str | None:
    """A first te-form of a text, word by word, for a person to read; None if nothing says sinä."""
    if not says_you(text):
        return None
    parts = re.split(f"({_NOT_OURS.pattern})", text)
    before = ""

    def changed(match: re.Match[str]) -> str:
        nonlocal before
        word = match[0]
        form = None if before in _NEGATIONS else _te_form(word)
        before = word.casefold()
        if form is None:
            return word
        return form[:1].upper() + form[1:] if word[0].isupper() else form

    return "".join(
        part if number % 2 else _WORD.sub(changed, part) for number, part in enumerate(parts)
    )


def finnish_texts(project: Project) -> Iterator[tuple[str, int | None, str, list[str]]]:
    """Each response or word with its Finnish variations: file, line, key, texts."""
    by_key: dict[str, tuple[str, int | None, list[str]]] = {}
    for one in project.responses:
        if one.language == "fi":
            by_key.setdefault(one.key, (one.file, one.line, []))[2].append(one.text)
    for key, (file, line, texts) in by_key.items():
        yield file, line, key, texts
    for file, line, key, of in project.words:
        if of.get("fi") and not key.startswith(_NOT_SAID_TO_CUSTOMERS):
            yield file, line, key, [of["fi"]]


def problems(project: Project) -> Iterator[Problem]:
    """A text that says sinä without its te-form, and te-forms that fit no text."""
    folder = project.root / "data" / "manner"
    if not folder.exists():
        return
    known = te_forms(folder)
    name = project.name(folder / "te.yml")
    seen = set()
    for file, line, key, texts in finnish_texts(project):
        seen.add(key)
        forms = known.get(key)
        if forms is None:
            words = [word for text in texts for word in says_you(text)]
            if words:
                said = ", ".join(dict.fromkeys(words))
                yield Problem(file, line, key, f"says sinä ({said})", f"its te-form in {name}")
            continue
        if len(forms) != len(texts):
            value = f"{len(forms)} te-forms of {len(texts)} Finnish variations"
            yield Problem(
                name, None, key, value, "one each, in their order (~ where it is the same)"
            )
            continue
        for number, (text, form) in enumerate(zip(texts, forms, strict=True), 1):
            here = f"{key} ({number})"
            if form is None and says_you(text):
                said = ", ".join(says_you(text))
                yield Problem(file, line, here, f"says sinä ({said})", f"its te-form in {name}")
            elif form is not None and says_you(form):
                yield Problem(name, None, here, f"says sinä ({', '.join(says_you(form))})", "te")
            elif form is not None and set(placeholders(form)) != set(placeholders(text)):
                yield Problem(name, None, here, "other placeholders", "those of the sinä-form")
            elif form is not None and unreadable(form):
                yield Problem(name, None, here, unreadable(form)[0], EXPECTED)
    for key in sorted(set(known) - seen):
        yield Problem(name, None, key, "no such response or word", "a name of data/responses")


def notes(project: Project) -> Iterator[Problem]:
    """Texts of which the lists cannot tell whether they say sinä."""
    known = te_forms(project.root / "data" / "manner")
    for file, line, key, texts in finnish_texts(project):
        words = [word for text in texts for word in may_say_you(text)]
        if words and key not in known and not any(says_you(text) for text in texts):
            said = ", ".join(dict.fromkeys(words))
            yield Problem(file, line, key, f"may say sinä ({said})", "a te-form, if it does")


def write_drafts(project: Project) -> list[str]:
    """Add te-forms to data/manner/te.yml where there are none; return the names they are of."""
    file = project.root / "data" / "manner" / "te.yml"
    known = te_forms(file.parent)
    added = []
    lines = []
    for _, _, key, texts in finnish_texts(project):
        if key in known or not any(says_you(text) for text in texts):
            continue
        added.append(key)
        lines.append(f"  {key}:")
        lines += [
            f"  - {json.dumps(draft(x), ensure_ascii=False) if draft(x) else '~'}" for x in texts
        ]
    if lines:
        with file.open("a", encoding="utf-8") as opened:
            opened.write("\n".join(lines) + "\n")
    return added


def main() -> int:
    """Draft the te-forms that are missing, for a person to read."""
    added = write_drafts(Project(ROOT))
    print("\n".join(added) or "Nothing is missing.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
