"""Reads the tables of a language from its folder in `languages/`.

How the files are laid out is told in `languages/README.md`. All files of a folder are read as one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from .calendar_days import HOLIDAYS
from .grammar import TAGS
from .lexicon import Language, Meaning
from .meanings import VAGUE, Clock, Day, DayRange, Holiday, Part, RelativeDay, Week, WeekOf

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every value stays as written
_SET = re.compile(r"\{(\w+)\}")
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
WEEK_PIECES = ("start", "middle", "end", "weekend", "workdays", "rest")
_KNOWN = frozenset(TAGS)
LENGTHS = ("seconds", "minutes", "days", "weeks", "months", "years")


class TableError(ValueError):
    """A table is not laid out as `languages/README.md` says; the message names file and entry."""


def read_language(folder: Path) -> Language:
    """Read one language; its code is the folder's name.

    Raises:
        TableError: an entry is not understood, or a phrase has two meanings.
    """
    tables = _Tables(folder)
    settings = dict(tables.section("settings"))
    phrases = tables.phrases()
    corrected = frozenset(tables.words(settings.get("corrected", [])))
    if not corrected <= phrases.keys():
        unknown = sorted(corrected - phrases.keys())
        raise TableError(f"{folder.name}: corrected: '{unknown[0]}' is no phrase; expected one")
    return Language(
        code=folder.name,
        phrases=phrases,
        hints=frozenset(tables.words(settings.get("hints", []))),
        stems={tag: tuple(stems) for tag, stems in settings.get("stems", {}).items()},
        greetings=frozenset(settings.get("greetings", [])),
        now_beside=tuple(settings.get("now_beside", [])),
        corrected=corrected,
        never_corrected=frozenset(settings.get("never_corrected", [])),
        plain=settings.get("plain") == "true",
        counted=re.compile(settings.get("counted", "$.")),
        not_counted=frozenset(settings.get("not_counted", [])),
        agreeing=tuple(settings.get("agreeing", [])),
        labels=frozenset(settings.get("labels", [])),
        label_stems=tuple(settings.get("label_stems", [])),
        never_after=frozenset(settings.get("never_after", [])),
        case_endings={
            ending: tag
            for tag, endings in settings.get("case_endings", {}).items()
            for ending in endings
        },
        month_first=settings.get("month_first") == "true",
    )


class _Phrases(dict[str, Meaning]):
    """Phrases with their meanings. A phrase has one meaning: the rules, not the tables, tell
    apart what a word does in different places.
    """

    def add(self, phrase: str, meaning: Meaning, where: str) -> None:
        known = self.setdefault(phrase, meaning)
        if known != meaning:
            raise TableError(
                f"{where}: phrase '{phrase}' means {known} and {meaning}; expected one meaning"
            )


class _Tables:
    """The files of a folder, and what their entries refer to."""

    def __init__(self, folder: Path) -> None:
        self._code = folder.name
        self._files = [
            (f"{folder.name}/{file.name}", yaml.load(file.read_text(encoding="utf-8"), _LOADER))
            for file in sorted(folder.glob("*.yml"))
        ]
        self._sets = dict(self.section("sets"))
        self._parts = {
            name: _part(f"{file}: parts: '{name}'", said)
            for file, content in self._files
            for name, said in content.get("parts", {}).items()
        }

    def section(self, name: str) -> Iterator[tuple[str, Any]]:
        """The entries of a section in all files."""
        for _, content in self._files:
            yield from content.get(name, {}).items()

    def words(self, phrases: list[str]) -> Iterator[str]:
        """The phrases with every `{set}` in them written out."""
        for phrase in phrases:
            pieces = _SET.split(phrase)
            if len(pieces) == 1:
                yield phrase
                continue
            # the pieces are text and names of sets by turns
            unknown = [name for name in pieces[1::2] if name not in self._sets]
            if unknown:
                raise TableError(f"{self._code}: '{phrase}': there is no set '{unknown[0]}'")
            choices = [self._sets[p] if i % 2 else [p] for i, p in enumerate(pieces)]
            yield from self.words(["".join(chosen) for chosen in product(*choices)])

    def phrases(self) -> dict[str, Meaning]:
        """All phrases of the language."""
        found = _Phrases()
        for file, content in self._files:
            for block in content.get("numbers", []):
                for phrase, meaning in self._numbers(block):
                    found.add(phrase, meaning, f"{file}: numbers")
            for said, phrases in content.get("phrases", {}).items():
                meaning = self._meaning(said, file)
                for phrase in self.words(phrases):
                    found.add(phrase, meaning, f"{file}: {said}")
        for file, content in self._files:
            for block in content.get("compounds", []):
                for phrase, meaning in self._compounds(block, found, file):
                    found.add(phrase, meaning, f"{file}: compounds")
        return dict(found)

    def _numbers(self, block: dict[str, Any]) -> Iterator[tuple[str, Meaning]]:
        """Numbers from their pieces: the first ones one by one, teens, tens, tens with ones."""
        tag = block["tag"]
        rows = [list(self.words(row)) for row in block["from_one"]]
        base = int(block.get("plus", 0))
        lead, tail = list(self.words(block.get("lead", [""]))), block.get("tail", "")
        spelt = dict(enumerate(rows, 1))
        if "teens" in block:
            for number, row in enumerate(rows[:9], 1):
                spelt[10 + number] = [one + block["teens"] for one in row]
        for ten, words in block.get("tens", {}).items():
            spelt[int(ten)] = words = list(self.words(words))
            for number, row in enumerate(rows[:9], 1):
                spelt[int(ten) + number] = [
                    word + join + one for word in words for join in block["join"] for one in row
                ]
        for number, words in spelt.items():
            if number < int(block.get("least", 0)):
                continue
            for before, word in product(lead, words):
                yield before + word + tail, ((tag, base + number),)

    def _compounds(
        self, block: dict[str, Any], known: dict[str, Meaning], file: str
    ) -> Iterator[tuple[str, Meaning]]:
        """Words of one list with words of another behind them."""
        first = self._said(block["first"], file)
        if "then_numbers" in block:
            tags = block["then_numbers"]
            then: list[tuple[str, Meaning]] = [
                (phrase, meaning)
                for phrase, meaning in known.items()
                if len(meaning) == 1 and meaning[0][0] in tags and meaning[0][1] in range(1, 13)
            ]
        else:
            then = self._said(block["then"], file)
        for (one, before), (two, after), join in product(first, then, block["join"]):
            yield one + join + two, (*before, *after)

    def _said(self, entries: dict[str, list[str]], file: str) -> list[tuple[str, Meaning]]:
        return [
            (phrase, self._meaning(said, file))
            for said, phrases in entries.items()
            for phrase in self.words(phrases)
        ]

    def _meaning(self, said: str, file: str) -> Meaning:
        try:
            return tuple(self._atom(*atom.split()) for atom in said.split(" + "))
        except (KeyError, ValueError, TypeError, IndexError):
            raise TableError(f"{file}: '{said}': not understood; see languages/README.md") from None

    def _atom(self, tag: str, *value: str) -> tuple[str, Any]:
        if tag == "part":
            return tag, self._parts[value[0]]
        if tag in _DAYS and value and value[0] != "after":  # "monday week"
            return "day", _DAYS[tag](*value)
        if tag == "vague_day":
            return "vague", RelativeDay(int(value[0]))
        if tag.startswith("weekday"):
            return tag, _WEEKDAYS.index(value[0])
        if tag in ("month", "month_in"):
            return tag, _MONTHS.index(value[0]) + 1
        if tag in ("unit", "units"):
            count, length = value
            if length not in LENGTHS:
                raise ValueError(length)
            return tag, (int(count), length)
        if tag == "clock":
            hour, minute = value[0].split(":")
            return tag, Clock(int(hour), int(minute), fixed=True)
        if tag not in _KNOWN:
            raise ValueError(tag)
        if not value:
            return tag, None
        (only,) = value
        if tag == "vague" and only not in VAGUE:
            raise ValueError(only)
        return tag, int(only) if only.lstrip("-").isdigit() else only


def _part(where: str, said: dict[str, Any]) -> Part:
    try:
        begin, until = said["hours"]
        return Part(int(begin), int(until), said.get("half", ""))
    except (KeyError, ValueError, TypeError):
        raise TableError(f"{where}: expected `hours: [from, until]` and `half`") from None


def _week(offset: str, piece: str = "") -> Day:
    if piece and piece not in WEEK_PIECES:
        raise ValueError(piece)
    return Week(int(offset), part=piece)


def _holiday(name: str) -> Holiday:
    if name not in HOLIDAYS:
        raise ValueError(name)
    return Holiday(name)


# meanings that are a day (or days) by themselves
_DAYS: dict[str, Callable[..., Day]] = {
    "day": lambda offset: RelativeDay(int(offset)),
    "days": lambda first, last: DayRange(RelativeDay(int(first)), RelativeDay(int(last))),
    "week": _week,
    "holiday": _holiday,
    "week_of_holiday": lambda name: WeekOf(_holiday(name)),
}
