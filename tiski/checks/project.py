"""The project's data as the checks see it: examples, responses, words, domain, each with its line.

Everything is read below one folder, so that a check can be shown to fail on a broken copy.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

LANGUAGES = ("fi", "en")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or a note about something that may be."""

    file: str
    line: int | None
    key: str
    value: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.value}; expected {self.expected}"


@dataclass(frozen=True)
class Example:
    """One message of the training data or of the held-out messages."""

    file: str
    line: int
    language: str
    intent: str
    text: str


@dataclass(frozen=True)
class NluFile:
    """One file of `data/nlu/<language>` or `tests/nlu/<language>`."""

    path: Path
    name: str  # relative to the project
    twin: str  # relative to the language's folder: the same in every language
    language: str
    first_line: str
    blocks: list[dict[str, Any]]
    examples: list[Example]


@dataclass(frozen=True)
class VagueMessage:
    """A message of `tests/nlu/vague/<language>.yml`: it may mean any of two or more wishes."""

    file: str
    line: int
    language: str
    text: str
    any_of: tuple[str, ...]  # names of intents, and faq/<question>


@dataclass(frozen=True)
class Variation:
    """One variation of a response."""

    file: str
    line: int | None
    key: str
    language: str | None
    channel: str | None
    text: str
    buttons: tuple[tuple[str, str], ...]  # title, payload


class Project:
    """The data below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def load(self, path: Path) -> dict[str, Any]:
        content: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
        return content

    @cached_property
    def domain(self) -> dict[str, Any]:
        return self.load(self.root / "domain.yml")

    @cached_property
    def intents(self) -> set[str]:
        """The intents of domain.yml, without Rasa's own."""
        return {
            next(iter(intent)) if isinstance(intent, dict) else intent
            for intent in self.domain.get("intents") or []
        }

    @cached_property
    def form_slots(self) -> dict[str, list[str]]:
        """Each form's slots, in the order of domain.yml."""
        forms = self.domain.get("forms") or {}
        return {form: list(parts["required_slots"]) for form, parts in forms.items()}

    @cached_property
    def training(self) -> list[NluFile]:
        return self._nlu(self.root / "data" / "nlu")

    @cached_property
    def held_out(self) -> list[NluFile]:
        return self._nlu(self.root / "tests" / "nlu")

    @cached_property
    def blind(self) -> list[NluFile]:
        """The messages of somebody who had seen none of the others."""
        return self._nlu(self.root / "tests" / "nlu" / "blind")

    @cached_property
    def vague(self) -> list[VagueMessage]:
        """The messages to which the right answer is "did you mean"; none when there are no files."""
        found = []
        for language in LANGUAGES:
            file = self.root / "tests" / "nlu" / "vague" / f"{language}.yml"
            if not file.exists():
                continue
            entries: Any = YAML().load(file.read_text(encoding="utf-8")) or []
            for index, entry in enumerate(entries):
                line = entries.lc.item(index)[0] + 1
                names = tuple(str(name) for name in entry["any_of"])
                found.append(
                    VagueMessage(self.name(file), line, language, str(entry["text"]), names)
                )
        return found

    def _nlu(self, folder: Path) -> list[NluFile]:
        return [
            self._nlu_file(file, folder, language)
            for language in LANGUAGES
            for file in sorted((folder / language).rglob("*.yml"))
        ]

    def _nlu_file(self, file: Path, folder: Path, language: str) -> NluFile:
        lines = file.read_text(encoding="utf-8").splitlines()
        blocks: list[dict[str, Any]] = self.load(file).get("nlu") or []
        examples = []
        at = 0
        for block in blocks:
            for example in str(block.get("examples") or "").splitlines():
                text = example.removeprefix("- ").strip()
                while at < len(lines) and lines[at].strip().removeprefix("- ").strip() != text:
                    at += 1
                at += 1
                examples.append(
                    Example(self.name(file), at, language, str(block.get("intent")), text)
                )
        twin = file.relative_to(folder / language).as_posix()
        first = lines[0] if lines else ""
        return NluFile(file, self.name(file), twin, language, first, blocks, examples)

    @cached_property
    def responses(self) -> list[Variation]:
        """Every variation of every response, in the order of the files."""
        return list(self._responses())

    def _responses(self) -> Iterator[Variation]:
        for file in sorted((self.root / "data" / "responses").glob("*.yml")):
            lines = _lines(file)
            for key, variations in (self.load(file).get("responses") or {}).items():
                for one in variations:
                    yield Variation(
                        self.name(file),
                        lines.get(key),
                        key,
                        _language(one),
                        one.get("channel"),
                        str(one.get("text") or ""),
                        tuple((str(b["title"]), str(b["payload"])) for b in one.get("buttons", [])),
                    )

    @cached_property
    def words(self) -> list[tuple[str, int | None, str, dict[str, str]]]:
        """Every word of data/words: file, line, key, the text of each language."""
        found = []
        for file in sorted((self.root / "data" / "words").glob("*.yml")):
            lines = _lines(file)
            for key, texts in (self.load(file).get("words") or {}).items():
                found.append((self.name(file), lines.get(key), key, texts))
        return found

    @cached_property
    def keys(self) -> set[str]:
        """The names of all responses and words."""
        return {one.key for one in self.responses} | {key for _, _, key, _ in self.words}


def _language(variation: dict[str, Any]) -> str | None:
    for condition in variation.get("condition") or []:
        if condition.get("name") == "language":
            return str(condition.get("value"))
    return None


def _lines(file: Path) -> dict[str, int]:
    """Where each key of the second level stands."""
    found: dict[str, int] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        match = re.match(r"  ([\w/]+):", line)
        if match:
            found.setdefault(match[1], number)
    return found


def plain(text: str) -> str:
    """A message without what two writers do differently: case, punctuation, umlauts, spaces.

    A message of signs alone ("?", an emoji) stays as it is.
    """
    text = unicodedata.normalize("NFKC", text).lower().translate(str.maketrans("äöå", "aoa"))
    words = re.findall(r"[^\W_]+", re.sub("['’]", "", text))
    return " ".join(words) or text
