"""Measure how many of people's time expressions are understood, and how fast, in one run.

The messages are MASSIVE's (CC BY 4.0), in which annotators marked each date and time:

    wake me up at [time : nine am] on [date : friday]

A marked phrase counts as *covered* when every word of it stands in a piece that the reader found
in the whole message, and as *touched* when one of them does. That is about finding; whether the
values are right is judged by hand in tests/unit/nlu/time/massive/.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from zoneinfo import ZoneInfo

from tiski.nlu.time import KINDS, find_times

# The data says nothing of when a message was said; any Monday morning does
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Helsinki"))
LANGUAGES = ("fi", "en")
# How MASSIVE calls dates and times; how often something recurs is counted by itself
MARKS = ("date", "time", "timeofday")
RECURRENCE = "general_frequency"

# name → the package and what else it needs. Duckling's time grammar knows no Finnish
PACKAGES = {
    "dateparser": ("dateparser==1.5.0", LANGUAGES),
    "duckling": ("pyduckling-native-phihos==0.3.0", ("en",)),
}
# wheels only: a yardstick is not worth compiling for
_INSTALL = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--only-binary",
    ":all:",
]
_INSTALL_SECONDS = 300
_READ_SECONDS = 900

_MARK = re.compile(r"\[(\w+) : ([^\]]*)\]")
_WORD = re.compile(r"[\w']+")

Place = tuple[int, int]
Reading = tuple[list[Place], float]


class BenchError(Exception):
    """What was asked for cannot be measured; the message says why."""


@dataclass(frozen=True)
class Marked:
    """A message, and the places of the phrases marked in it with what they are marked as."""

    text: str
    phrases: tuple[tuple[str, int, int], ...]


@dataclass
class Share:
    """How many of the phrases of one reader were covered and touched."""

    phrases: int = 0
    covered: int = 0
    touched: int = 0
    missed: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)  # of CPU time


def read_marked(file: Path) -> list[Marked]:
    """Read messages with mark-up: the text, a tab, and the same text with phrases in brackets.

    Raises:
        BenchError: there is no such file.
    """
    if not file.exists():
        raise BenchError(f"{file}: not there; --data names the folder of massive_fi and massive_en")
    return [unmark(line.split("\t")[1]) for line in file.read_text(encoding="utf-8").splitlines()]


def unmark(markup: str) -> Marked:
    """The message without its brackets, and where the phrases stand in it."""
    text, at = "", 0
    phrases = []
    for match in _MARK.finditer(markup):
        text += markup[at : match.start()]
        phrases.append((match[1], len(text), len(text) + len(match[2])))
        text += match[2]
        at = match.end()
    return Marked(text + markup[at:], tuple(phrases))


def count(messages: list[Marked], readings: list[Reading], marks: tuple[str, ...] = MARKS) -> Share:
    """Compare what was marked with what a reader found."""
    share = Share(milliseconds=[milliseconds for _, milliseconds in readings])
    for message, (places, _) in zip(messages, readings, strict=True):
        found = {index for start, end in places for index in range(start, end)}
        for mark, start, end in message.phrases:
            if mark not in marks:
                continue
            words = [
                all(index in found for index in range(start + word.start(), start + word.end()))
                for word in _WORD.finditer(message.text[start:end])
            ]
            share.phrases += 1
            share.covered += all(words)
            share.touched += any(words)
            if not all(words):
                share.missed.append(f"{message.text[start:end]}   <   {message.text}")
    return share


def own_readings(texts: list[str], language: str, kinds: frozenset[str]) -> list[Reading]:
    """The desk's reader, on messages whose language is known."""
    find_times("", now=NOW)
    readings = []
    for text in texts:
        began = time.process_time()
        found = find_times(text, now=NOW, language=language, kinds=kinds)
        milliseconds = (time.process_time() - began) * 1000
        readings.append(([place for each in found for place in each.pieces], milliseconds))
    return readings


class Yardstick:
    """Another reader, in an environment of its own under a folder that is thrown away."""

    def __init__(self, name: str, folder: Path) -> None:
        """Make the environment and install the reader's package, at the version named above.

        Raises:
            BenchError: the package cannot be had or does not run here.
        """
        self.name = name
        package, self.languages = PACKAGES[name]
        self._python = folder / name / "bin" / "python"
        commands = (
            [sys.executable, "-m", "venv", str(folder / name)],
            [str(self._python), *_INSTALL, package],
        )
        for command in commands:
            try:
                done = subprocess.run(
                    command, capture_output=True, text=True, timeout=_INSTALL_SECONDS
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                raise BenchError(f"{package} cannot be had: {type(error).__name__}") from None
            if done.returncode:
                reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
                raise BenchError(f"{package} cannot be had: {reason}")

    def readings(self, texts: list[str], language: str) -> list[Reading]:
        """What it finds in each text, and the milliseconds it took."""
        program = Path(__file__).with_name("time_yardsticks.py")
        lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
        try:
            done = subprocess.run(
                [str(self._python), str(program), self.name, language, NOW.isoformat()],
                input=lines,
                capture_output=True,
                text=True,
                timeout=_READ_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise BenchError(f"{self.name}: gave up after {_READ_SECONDS} s") from None
        if done.returncode:
            raise BenchError(f"{self.name}: {done.stderr.strip().splitlines()[-1]}")
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        return [
            ([(start, end) for start, end in answer["places"]], answer["milliseconds"])
            for answer in answers
        ]


def unmarked(folder: Path, marked: list[Marked]) -> list[str]:
    """The messages of dev.tsv in which the annotators marked no date or time."""
    known = {message.text for message in marked if message.phrases}
    lines = (folder / "dev.tsv").read_text(encoding="utf-8").splitlines()
    return [text for text in (line.split("\t")[1] for line in lines) if text not in known]


def row(name: str, language: str, share: Share) -> str:
    """One line of the table."""
    times = sorted(share.milliseconds)
    p95 = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return (
        f"| {name} | {language} | {share.phrases} | {100 * share.covered / share.phrases:.1f} "
        f"| {100 * share.touched / share.phrases:.1f} | {times[len(times) // 2]:.2f} | {p95:.2f} |"
    )


def rows(data: Path, yardsticks: list[Yardstick], show: bool) -> Iterator[str]:
    """The lines of the table, then what was found in messages without marks."""
    after = []
    for language in LANGUAGES:
        folder = data / f"massive_{language}"
        messages = read_marked(folder / "time_spans.tsv")
        texts = [message.text for message in messages]
        everything = count(messages, own_readings(texts, language, KINDS))
        yield row("Tiski", language, everything)
        readings = own_readings(texts, language, frozenset({"time"}))
        yield row("Tiski, as times to book", language, count(messages, readings))
        readings = own_readings(texts, language, KINDS)
        yield row("Tiski, recurrences", language, count(messages, readings, (RECURRENCE,)))
        for yardstick in yardsticks:
            if language in yardstick.languages:
                yield row(
                    yardstick.name, language, count(messages, yardstick.readings(texts, language))
                )
        rest = unmarked(folder, messages)
        found = own_readings(rest, language, frozenset({"time"}))
        struck = [text for text, (places, _) in zip(rest, found, strict=True) if places]
        after.append(
            f"{language}: of {len(rest)} messages of dev.tsv without a mark, "
            f"{len(struck)} ({100 * len(struck) / len(rest):.1f} %) have a time for us"
        )
        if show:
            after += [f"  missed: {missed}" for missed in everything.missed]
            after += [f"  not marked: {text}" for text in struck]
    yield ""
    yield from after


def yardsticks(names: list[str], folder: Path, tell: Callable[[str], None]) -> list[Yardstick]:
    """The readers that can be had here; of each of the others, tell why it cannot."""
    found = []
    for name in names:
        try:
            found.append(Yardstick(name, folder))
        except BenchError as error:
            tell(f"{name} is left out: {error}")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 when the data is not there."""
    description = (__doc__ or "").split("\n")[0]
    parser = argparse.ArgumentParser(prog="./scripts/bench-time", description=description)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data")
    parser.add_argument("--alone", action="store_true", help="measure no other reader")
    parser.add_argument("--show", action="store_true", help="list what was missed")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="tiski-bench-") as folder:
        others = [] if options.alone else yardsticks(list(PACKAGES), Path(folder), _tell)
        print("| reader | language | phrases | covered % | touched % | CPU ms p50 | p95 |")
        print("|---|---|---|---|---|---|---|")
        try:
            for line in rows(options.data, others, options.show):
                print(line, flush=True)
        except BenchError as error:
            _tell(str(error))
            return 1
    return 0


def _tell(line: str) -> None:
    print(f"bench-time: {line}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
