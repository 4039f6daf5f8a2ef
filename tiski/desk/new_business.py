"""Eight questions, and the page of a new business stands beside the demo's.

    ./scripts/new-business                       asks
    ./scripts/new-business --answers mine.yml    reads the answers from a file

What it says and writes in words is in `new_business.yml`; how answers are read, in
`business_answers.py`; what the page looks like, in `business_page.py`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tiski.business import BusinessError, load_business
from tiski.desk import business_answers as answers
from tiski.desk.business_page import guesses, page_texts, words_of
from tiski.paths import ROOT

KEYS = ("name", "kind", "languages", "hours", "address", "contact", "offer", "people")


class Wrong(ValueError):
    """An answer that cannot be used; `expected` names what was expected, in new_business.yml."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


@dataclass
class Answers:
    """What the owner said, read."""

    name: dict[str, str] = field(default_factory=dict)
    name_is_one: bool = False
    kind: str = "both"
    languages: list[str] = field(default_factory=list)
    hours: dict[str, str] = field(default_factory=dict)
    address: tuple[str, str, str] = ("", "", "")
    phone: str = ""
    email: str = ""
    offer: list[answers.Article] = field(default_factory=list)
    people: list[str] = field(default_factory=list)

    @property
    def services(self) -> list[answers.Article]:
        return [one for one in self.offer if one.minutes is not None and self.kind != "shop"]

    @property
    def goods(self) -> list[answers.Article]:
        return [one for one in self.offer if one.minutes is None and self.kind != "appointments"]

    def take(self, key: str, value: Any) -> None:
        """Read one answer, as text or as a file gives it (a list for the offer and the people).

        Raises:
            Wrong: it cannot be read; with the name of what was expected.
        """
        text = "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")
        try:
            self._take(key, text)
        except Wrong:
            raise
        except ValueError:
            raise Wrong(key) from None

    def _take(self, key: str, text: str) -> None:
        if key == "name":
            answers.localized(text, list(answers.LANGUAGES))
            self._name = text
        elif key == "kind":
            self.kind = answers.kind(text)
        elif key == "languages":
            self.languages = answers.languages(text)
            self.name = answers.localized(self._name, self.languages)
            self.name_is_one = " / " not in self._name
        elif key == "hours":
            self.hours = answers.hours(text)
        elif key == "address":
            self.address = answers.address(text)
        elif key == "contact":
            self.phone, self.email = answers.contact(text)
        elif key == "offer":
            self._take_offer([line for line in text.splitlines() if line.strip()])
        elif self.kind != "shop":
            self.people = answers.people(text)

    def _take_offer(self, lines: list[str]) -> None:
        self.offer = [answers.article(line, self.languages) for line in lines]
        for language in self.languages:
            names = [one.names[language].casefold() for one in self.offer]
            if len(set(names)) < len(names):
                raise Wrong("offer")
        ids = [answers.identifier(next(iter(one.names.values()))) for one in self.offer]
        if len(set(ids)) < len(ids):
            raise Wrong("offer")
        if self.kind != "shop" and not self.services:
            raise Wrong("offer_services")
        if self.kind != "appointments" and not self.goods:
            raise Wrong("offer_goods")


class CannotWrite(Exception):
    """No page was written; the text says why, a line for each reason."""


def from_file(file: Path, language: str) -> Answers:
    """Read a file of answers: a key for each question.

    Raises:
        CannotWrite: the file, a key or an answer is wrong; every one of them is named.
    """

    def say(key: str, /, **values: Any) -> str:
        return words_of("messages", key, language).format(file=file.name, **values)

    try:
        given = YAML(typ="safe").load(file.read_text(encoding="utf-8")) or {}
        if not isinstance(given, dict):
            raise ValueError("no keys")
    except (OSError, ValueError, YAMLError) as error:
        why = " ".join(str(getattr(error, "problem", None) or error).split())
        raise CannotWrite(say("unreadable", why=why)) from None
    problems = [say("unknown", key=key, keys=", ".join(KEYS)) for key in given if key not in KEYS]
    found = Answers()
    for key in KEYS:
        value = given.get(key)
        if value in (None, "", []) and not (key == "people" and found.kind == "shop"):
            expected = words_of("expected", key, language)
            problems.append(say("missing", key=key, expected=expected))
            if key in ("name", "kind", "languages"):
                break
            continue
        try:
            found.take(key, value)
        except Wrong as wrong:
            expected = words_of("expected", wrong.expected, language)
            problems.append(say("wrong", key=key, value=_short(value), expected=expected))
            if key in ("name", "kind", "languages"):
                break  # the others depend on these
    if problems:
        raise CannotWrite("\n".join(problems))
    return found


def _short(value: Any) -> str:
    text = " · ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) < 80 else text[:77] + "…"


def by_asking(language: str, ask: Callable[[str], str] = input) -> Answers:
    """Ask each question until its answer can be used."""
    found = Answers()
    print(words_of("messages", "hello", language))
    for number, key in enumerate(KEYS, 1):
        if key == "people" and found.kind == "shop":
            continue
        question = f"\n{number}/{len(KEYS)} {words_of('questions', key, language)}"
        while True:
            print(question)
            value: Any = _lines(ask) if key == "offer" else ask("> ")
            try:
                found.take(key, value)
                break
            except Wrong as wrong:
                expected = words_of("expected", wrong.expected, language)
                said = words_of("messages", "again", language)
                print(said.format(value=_short(value), expected=expected))
    return found


def _lines(ask: Callable[[str], str]) -> list[str]:
    lines = []
    while line := ask("> ").strip():
        lines.append(line)
    return lines


def write(found: Answers, to: Path | None, language: str) -> Path:
    """Write the page, and the goods beside it; return the page's file.

    Raises:
        CannotWrite: a file is there already, or the page would not be valid.
    """
    name = answers.identifier(found.name[found.languages[0]]).replace("_", "-")
    file = to or ROOT / "businesses" / f"{name}.yml"
    goods = file.with_name(f"{file.stem}-goods.yml")
    texts = page_texts(found, file, goods)
    for one in texts:
        if one.exists():
            said = words_of("messages", "exists", language)
            raise CannotWrite(said.format(file=_from_root(one)))
    file.parent.mkdir(parents=True, exist_ok=True)
    for one, text in texts.items():
        with one.open("x", encoding="utf-8") as opened:  # x: never over another file
            opened.write(text)
    try:
        load_business(file)
    except BusinessError as error:
        for one in texts:
            one.unlink()
        raise CannotWrite(str(error)) from None
    return file


def _from_root(file: Path) -> str:
    try:
        return file.resolve().relative_to(ROOT).as_posix()
    except ValueError:
        return str(file)


def report(found: Answers, file: Path, language: str) -> str:
    """What was written, what was guessed, what is missing, and how to start."""

    def say(key: str, /, **values: str) -> str:
        return words_of("messages", key, language).format(**values)

    guessed, left_out = guesses(found, language)
    lines = [say("written", file=_from_root(file))]
    if found.goods:
        lines.append(say("goods", file=_from_root(file.with_name(f"{file.stem}-goods.yml"))))
    lines += ["", say("guessed"), *(f"  - {one}" for one in guessed)]
    lines += ["", say("left_out"), *(f"  - {one}" for one in left_out)]
    lines += ["", say("start"), f"  TISKI_BUSINESS={_from_root(file)} ./scripts/serve"]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """The command line of ./scripts/new-business."""
    parser = argparse.ArgumentParser(prog="./scripts/new-business", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--answers", type=Path, help="a YAML file with the eight answers")
    parser.add_argument("--to", type=Path, help="the file to write (businesses/<name>.yml)")
    spoken = "en" if os.environ.get("LANG", "").startswith("en") else "fi"
    parser.add_argument(
        "--language", choices=answers.LANGUAGES, default=spoken, help="of the questions"
    )
    arguments = parser.parse_args(argv)
    language: str = arguments.language
    try:
        found = from_file(arguments.answers, language) if arguments.answers else by_asking(language)
        file = write(found, arguments.to, language)
    except CannotWrite as error:
        print(error, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        print()
        return 130
    print(f"\n{report(found, file, language)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
