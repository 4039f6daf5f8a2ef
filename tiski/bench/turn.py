"""Measure the desk in one run: training, start, turns, memory; and Rasa's default as a yardstick.

What the yardstick shares with the desk: training data, domain, rules, action server, answers and
channel. What it replaces is config.yml, so understanding and policies. It has no language
identifier, so it answers in the default language, and no extractors of services and times, so it
cannot book: it is compared in training, start, questions (FAQ) and memory. There are no stories to
train on, so its TED and UnexpecTED are loaded but learn nothing.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import FrameType

from sqlalchemy import func, select

from tiski.bench.desk import BenchDesk, BenchError, new_conversation
from tiski.db import tables
from tiski.db.session import reading
from tiski.desk.training import TrainingError, train
from tiski.paths import ROOT

YARDSTICK = ROOT / "tests" / "configs" / "rasa_default.yml"
# Its network, as good as untrained: for what does not depend on how well it has learnt
YARDSTICK_UNTRAINED = ROOT / "tests" / "configs" / "rasa_default_one_epoch.yml"
_TRAIN_SECONDS = 1800

# Questions in both languages, and the answers that they ask for (data/responses/faq.yml)
FAQ = (
    ("mihin aikaan te avaatte", "opening_hours"),
    ("where can i park", "parking"),
    ("paljonko hiustenleikkaus maksaa", "prices"),
    ("how can i pay", "payment_methods"),
    ("missä te sijaitsette", "location"),
    ("do you sell gift cards", "gift_cards"),
    ("voiko tulla ilman ajanvarausta", "walk_in"),
    ("how long does delivery take", "delivery_time"),
)
_FAQ_PER_CONVERSATION = 10
# What the customer answers to each question of the booking
_ANSWERS = {
    "service": "parturileikkaus",
    "staff": "kuka vain",
    "contact_name": "Matti Meikäläinen",
    "contact": "045 555 0123",
    "booking_confirmed": "kyllä kiitos",
}
TRAIN = "train, cold (s)"
_LONGEST_BOOKING = 12  # turns; more means that the desk and the bench do not understand each other

Times = list[float]


class TrainedTooLong(BenchError):
    """A training was given up after the time that it was allowed."""


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    faq: int  # turns
    bookings: int  # conversations with one booking each
    long: int  # turns of one conversation
    window: int  # how many of its first and last turns are compared


FULL = Size(faq=100, bookings=20, long=300, window=20)
QUICK = Size(faq=5, bookings=1, long=14, window=7)


@dataclass
class Figures:
    """What was measured of one configuration; times of turns in milliseconds."""

    train: float | None = None  # seconds
    gave_up: bool = False  # the training would have taken longer than that
    start: float = 0.0  # seconds
    turns: dict[str, Times] = field(default_factory=dict)  # by kind
    windows: dict[str, dict[str, Times]] = field(default_factory=dict)  # by window, then kind
    memory: dict[str, float] = field(default_factory=dict)  # MB by process
    right: float = 0.0  # share of the questions that got the answer to that question


def train_cold(config: Path, folder: Path, limit: float) -> tuple[Path, float]:
    """Train with a configuration and no cache; return the model and the seconds it took.

    Raises:
        TrainedTooLong: it took longer than `limit` seconds.
        BenchError: Rasa refused.
    """
    # a copy: Rasa writes an assistant_id and its choice of defaults into the file it is given
    copy = folder / "config.yml"
    shutil.copyfile(config, copy)
    command = [sys.executable, "-m", "rasa", "train", "--force", "--skip-validation"]
    command += ["--config", str(copy), "--domain", "domain.yml", "--data", "data"]
    command += ["--out", str(folder), "--fixed-model-name", "bench"]
    environment = {**os.environ, "RASA_CACHE_DIRECTORY": str(folder / "cache")}
    began = time.monotonic()
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        raise TrainedTooLong(f"{config.name}: training took over {limit:.0f} s") from None
    model = folder / "bench.tar.gz"
    if done.returncode or not model.exists():
        raise BenchError(f"{config.name}: rasa train failed:\n{done.stderr[-1500:]}")
    return model, time.monotonic() - began


def measure(model: Path, folder: Path, size: Size, *, books: bool = True) -> Figures:
    """Open a desk with a model and measure it.

    Args:
        books: also measure forms and bookings, and a long conversation.
    """
    desk = BenchDesk(folder, model)
    figures = Figures()
    try:
        figures.start = desk.open()
        figures.turns["question (FAQ)"], figures.right = ask_questions(desk, size.faq)
        if books:
            figures.turns.update(make_bookings(desk, size.bookings))
            figures.windows = talk_long(desk, size)
        figures.memory = desk.memory()
    finally:
        desk.close()
    return figures


def ask_questions(desk: BenchDesk, count: int) -> tuple[Times, float]:
    """Ask questions in conversations of ten; their greetings are not counted.

    Returns:
        The times, and the share of the questions that got the answer to that question.
    """
    times: Times = []
    right = 0
    conversation = ""
    for number in range(count):
        if number % _FAQ_PER_CONVERSATION == 0:
            conversation = new_conversation()
            desk.say(conversation, "moi")
        question, response = FAQ[number % len(FAQ)]
        times.append(desk.say(conversation, question).milliseconds)
        right += desk.response(conversation) == f"utter_faq/{response}"
    return times, right / count


def make_bookings(desk: BenchDesk, count: int) -> dict[str, Times]:
    """Book in conversations of their own; every booking must reach the database."""
    times: dict[str, Times] = {"form step": [], "booking": []}
    before = _appointments()
    for _ in range(count):
        for kind, milliseconds in book(desk, new_conversation()):
            times[kind].append(milliseconds)
    booked = _appointments() - before
    if booked != count:
        raise BenchError(f"{count} bookings were made, {booked} are in the database")
    return times


def book(desk: BenchDesk, conversation: str) -> Iterator[tuple[str, float]]:
    """Book the first time that is offered; yield the kind and time of each turn."""
    text, asked = "haluaisin varata ajan parturileikkaukseen", None
    for _ in range(_LONGEST_BOOKING):
        answer = desk.say(conversation, text)
        yield ("booking" if asked == "booking_confirmed" else "form step"), answer.milliseconds
        asked = desk.asked(conversation)
        if asked is None:
            return
        times = [payload for payload in answer.payloads if '"time"' in payload]
        if asked == "appointment_start" and times:
            text = times[0]
        elif asked in _ANSWERS:
            text = _ANSWERS[asked]
        else:
            break
    raise BenchError(f"the booking got stuck at '{asked}'; the bench talks to the demo business")


def talk_long(desk: BenchDesk, size: Size) -> dict[str, dict[str, Times]]:
    """Hold one long conversation of questions and bookings; return its first and last turns."""
    conversation = new_conversation()
    turns: list[tuple[str, float]] = []
    while len(turns) < size.long:
        for question, _ in FAQ[:4]:
            turns.append(("question (FAQ)", desk.say(conversation, question).milliseconds))
        turns += book(desk, conversation)
    turns = turns[: size.long]
    first, last = f"turns 1–{size.window}", f"turns {size.long - size.window + 1}–{size.long}"
    return {first: _by_kind(turns[: size.window]), last: _by_kind(turns[-size.window :])}


def _by_kind(turns: list[tuple[str, float]]) -> dict[str, Times]:
    kinds = sorted({kind for kind, _ in turns})
    return {kind: [time for of, time in turns if of == kind] for kind in kinds}


def _appointments() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(tables.Appointment)) or 0


def percentile(times: Times, share: float) -> float:
    """The smallest of the times that at least this share (0 to 1) of them does not exceed."""
    ordered = sorted(times)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def report(desk: Figures, yardstick: Figures | None) -> str:
    """The figures as text."""
    lines = [
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()},"
        f" Python {platform.python_version()}, Rasa {version('rasa')}",
        "",
        f"{'Turns over REST (ms)':<34}{'p50':>8}{'p95':>8}{'turns':>8}",
    ]
    lines += [_turn_line(kind, times) for kind, times in desk.turns.items()]
    for window, kinds in desk.windows.items():
        lines += [f"  one conversation, {window}"]
        lines += [_turn_line(f"  {kind}", times) for kind, times in kinds.items()]
    own = _columns(desk)
    lines += ["", f"{'':<34}{'desk':>10}" + (f"{'default':>10}{'ratio':>8}" if yardstick else "")]
    other = _columns(yardstick) if yardstick else {}
    for name, value in own.items():
        line = f"{name:<34}{value:>10.1f}"
        if name in other:
            least = yardstick is not None and yardstick.gave_up and name == TRAIN
            theirs = f"{'>' if least else ''}{other[name]:.1f}"
            ratio = f"{'<' if least else ''}{value / other[name] if other[name] else 0:.2f}"
            line += f"{theirs:>10}{ratio:>8}"
        lines.append(line)
    if yardstick and yardstick.gave_up:
        lines += [
            "",
            "The default's training was given up; the rest is of its network after one epoch.",
        ]
    return "\n".join(lines)


def _turn_line(kind: str, times: Times) -> str:
    p50, p95 = percentile(times, 0.5), percentile(times, 0.95)
    return f"  {kind:<32}{p50:>8.1f}{p95:>8.1f}{len(times):>8}"


def _columns(figures: Figures) -> dict[str, float]:
    """What is compared with the yardstick."""
    faq = figures.turns["question (FAQ)"]
    trained = {} if figures.train is None else {TRAIN: figures.train}
    # a network that has learnt nothing yet says nothing of how well it would answer
    right = {} if figures.gave_up else {"questions answered rightly (%)": figures.right * 100}
    return {
        **trained,
        "start to first answer (s)": figures.start,
        "question (FAQ), p50 (ms)": percentile(faq, 0.5),
        "question (FAQ), p95 (ms)": percentile(faq, 0.95),
        **right,
        **{f"memory of {name} (MB)": size for name, size in figures.memory.items()},
        "memory, all (MB)": sum(figures.memory.values()),
    }


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tiski-bench-") as name:
        yield Path(name)


def measure_yardstick(limit: float) -> Figures:
    """Train Rasa's default and measure it; past `limit` seconds, its network after one epoch."""
    with _folder() as folder:
        print("Training Rasa's default, for minutes …", file=sys.stderr, flush=True)
        try:
            model, seconds = train_cold(YARDSTICK, folder, limit)
            gave_up = False
        except TrainedTooLong as reason:
            print(f"{reason}; one epoch of it …", file=sys.stderr, flush=True)
            shutil.rmtree(folder / "cache", ignore_errors=True)
            model, _ = train_cold(YARDSTICK_UNTRAINED, folder, _TRAIN_SECONDS)
            seconds, gave_up = limit, True
        print("Talking to it …", file=sys.stderr, flush=True)
        yardstick = measure(model, folder, FULL, books=False)
        yardstick.train, yardstick.gave_up = seconds, gave_up
        return yardstick


def _run(arguments: argparse.Namespace) -> str:
    with _folder() as folder:
        if arguments.quick:
            return report(measure(train(), folder, QUICK), None)
        print("Training cold …", file=sys.stderr, flush=True)
        model, seconds = train_cold(ROOT / "config.yml", folder, _TRAIN_SECONDS)
        print("Talking …", file=sys.stderr, flush=True)
        desk = measure(model, folder, FULL)
        desk.train = seconds
    if arguments.no_yardstick:
        return report(desk, None)
    print(f"{report(desk, None)}\n", file=sys.stderr)  # what is known so far
    yardstick = measure_yardstick(arguments.train_limit)
    return report(desk, yardstick)


def main() -> int:
    """The command line of ./scripts/bench-turn."""
    parser = argparse.ArgumentParser(
        prog="./scripts/bench-turn",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--quick", action="store_true", help="a few turns with the model at hand, no yardstick"
    )
    parser.add_argument("--no-yardstick", action="store_true", help="leave out Rasa's default")
    parser.add_argument(
        "--train-limit",
        type=float,
        default=_TRAIN_SECONDS,
        metavar="SECONDS",
        help="give up training Rasa's default after this long (%(default)s)",
    )
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        print(_run(arguments))
    except (BenchError, TrainingError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
