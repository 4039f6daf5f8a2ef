"""What is taken for what: the confused intents, counted, as a table and as a picture."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TextIO

from tiski.business import BusinessError
from tiski.checks.project import Example, Project
from tiski.desk.training import TrainingError, model_path, train
from tiski.nlu.encoder import open_encoder
from tiski.paths import ROOT, var_dir
from tiski.tools.light import needs_tensorflow, without_tensorflow
from tiski.tools.output import only_ours
from tiski.tools.reading import CLARIFY, FALLBACK, OUT_OF_SCOPE, Reading

_ABOUT = """\
Reads every held-out message (tests/nlu) with the trained model, trained first if need be, and shows
which intents are taken for one another: the ten worst pairs with messages, and a picture for each
language with the confused intents only. Takes some seconds, and twice as long the first time
and with a new encoder: what it says of each message is kept in .cache/encoder.

With --cross-validate the examples of data/nlu are read instead, each by a model that has not seen
it. That trains three times, and shows messages that you may look at while you write examples.
"""
ASKED_BACK, NOT_UNDERSTOOD = "(asked back)", "(not understood)"
PAIRS = 10
_MESSAGES = 3  # shown of a pair
_DRAWS = "tiski.tools.confusion_picture"


@dataclass(frozen=True)
class Outcome:
    """A message whose right intent is known, and what the desk would take it for."""

    example: Example
    taken: str  # an intent, ASKED_BACK or NOT_UNDERSTOOD
    guess: str | None  # the best guess, whatever was decided
    confidence: float

    @property
    def is_right(self) -> bool:
        return self.taken == self.example.intent


@dataclass(frozen=True)
class Pair:
    """Two intents of a language that are confused, with every message that is."""

    language: str
    intents: tuple[str, str]  # the one that is mistaken more often first
    outcomes: tuple[Outcome, ...]


def outcome(example: Example, reading: Reading) -> Outcome:
    """What became of a message; out of scope is rightly told by not understanding."""
    taken = reading.intent or NOT_UNDERSTOOD
    if reading.decision == FALLBACK:
        taken = OUT_OF_SCOPE if example.intent == OUT_OF_SCOPE else NOT_UNDERSTOOD
    elif reading.decision == CLARIFY:
        taken = ASKED_BACK
    return Outcome(example, taken, reading.intent, reading.confidence)


def worst_pairs(outcomes: Iterable[Outcome], count: int = PAIRS) -> list[Pair]:
    """The pairs with most mistakes in either direction; asking back is a mistake of no pair."""
    by_pair: dict[tuple[str, frozenset[str]], list[Outcome]] = defaultdict(list)
    for one in outcomes:
        if not one.is_right and one.taken not in (ASKED_BACK, NOT_UNDERSTOOD):
            by_pair[one.example.language, frozenset((one.example.intent, one.taken))].append(one)
    pairs = []
    for (language, _), found in by_pair.items():
        meant = Counter(one.example.intent for one in found).most_common(1)[0][0]
        taken = next(
            name for one in found for name in (one.example.intent, one.taken) if name != meant
        )
        surest_first = sorted(found, key=lambda one: -one.confidence)
        pairs.append(Pair(language, (meant, taken), tuple(surest_first)))
    return sorted(pairs, key=lambda pair: (-len(pair.outcomes), pair.language, pair.intents))[
        :count
    ]


def lines(outcomes: Sequence[Outcome], count: int = PAIRS) -> Iterator[str]:
    """The figures of each language and the worst pairs with messages, without line ends."""
    yield f"{'':10}{'messages':>9}{'right':>9}{'taken for another':>19}{'asked back':>12}{'not understood':>16}"
    for language in sorted({one.example.language for one in outcomes}):
        of = [one for one in outcomes if one.example.language == language]
        right = sum(one.is_right for one in of)
        back = sum(one.taken == ASKED_BACK for one in of)
        lost = sum(one.taken == NOT_UNDERSTOOD for one in of)
        wrong = len(of) - right - back - lost
        yield f"{language:10}{len(of):>9}{right / len(of):>9.1%}{wrong:>19}{back:>12}{lost:>16}"
    yield ""
    pairs = worst_pairs(outcomes, count)
    yield f"The {len(pairs)} worst pairs:" if pairs else "No intent was taken for another."
    for number, pair in enumerate(pairs, 1):
        meant, taken = pair.intents
        yield f"{number:>2}. {pair.language}  {len(pair.outcomes)}×  {meant} ↔ {taken}"
        for one in pair.outcomes[:_MESSAGES]:
            place = f"{one.example.file}:{one.example.line}"
            yield f'      "{one.example.text}" → {one.taken} {one.confidence:.0%}  {place}'


def held_out(project: Project) -> list[Outcome]:
    """Read the held-out messages with the model for the present data.

    Raises:
        TrainingError: there is none, and none can be trained.
    """
    archive = model_path()
    if not archive.exists():
        archive = train()
    # Rasa comes with it: not for --help
    with without_tensorflow(wanted=not needs_tensorflow()):
        from tiski.tools.model import Understanding

        model = Understanding(archive, only_intents=True)
    examples = [example for file in project.held_out for example in file.examples]
    began = time.monotonic()
    encoder = open_encoder()
    # all but the messages that are new since the last call are known
    with encoder.keeping("held-out") if encoder else nullcontext():
        readings = model.read_all([example.text for example in examples])
    print(f"Read {len(examples)} messages in {time.monotonic() - began:.1f} s.", file=sys.stderr)
    return [outcome(example, reading) for example, reading in zip(examples, readings, strict=True)]


def main() -> int:
    """The command line of ./scripts/confusions."""
    parser = argparse.ArgumentParser(
        prog="./scripts/confusions",
        description=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--cross-validate", action="store_true", help="read the training data instead"
    )
    arguments = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with only_ours() as out:
        try:
            return _report(out, is_crossed=arguments.cross_validate)
        except (TrainingError, BusinessError) as error:
            print(error, file=sys.stderr)
            return 1


def _report(out: TextIO, *, is_crossed: bool) -> int:
    project = Project(ROOT)
    # what draws takes as long to come as a fifth of the messages: on a core of its own
    with ProcessPoolExecutor(1) as pool:
        pool.submit(import_module, _DRAWS)
        if is_crossed:
            from tiski.tools.cross_validation import cross_validated

            outcomes = cross_validated(project)
        else:
            outcomes = held_out(project)
        name = "cross-validated" if is_crossed else "held-out"
        file = var_dir() / f"confusions-{name}.png"
        picture = pool.submit(_drawn, outcomes, file).result()
    print(*lines(outcomes), "", f"Picture: {_short(picture)}", sep="\n", file=out)
    if not is_crossed:
        print(
            "Held-out messages are an exam: write other examples of the same kind, never these.",
            file=out,
        )
    return 0


def _drawn(outcomes: Sequence[Outcome], file: Path) -> Path:
    path: Path = import_module(_DRAWS).draw(outcomes, file)
    return path


def _short(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


if __name__ == "__main__":
    sys.exit(main())
