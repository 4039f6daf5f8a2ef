"""How the desk understands a message, and why."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from tiski import clock
from tiski.business import BusinessError, load_business
from tiski.checks.neighbours import Neighbours
from tiski.checks.project import Project
from tiski.desk.training import TrainingError, model_path, train
from tiski.paths import ROOT
from tiski.tools.light import needs_tensorflow, without_tensorflow
from tiski.tools.output import only_ours
from tiski.tools.reading import as_json
from tiski.tools.reasons import reasons
from tiski.tools.show import lines

if TYPE_CHECKING:
    from tiski.tools.model import Understanding

_ABOUT = """\
Shows what the desk makes of each message: its language, whether the desk acts, asks back or gives
up (decision), the likeliest intents, the entities, the examples most like it, and which words made
the difference. Trains first if there is no model for the present data.

With --json: one JSON object for each message, one a line, and nothing else on standard output:
text, language, decision (sure, clarify or fallback), intent (name, confidence), intent_ranking,
entities. Ends with 0; 1 when there is no model and none can be trained; 2 for a wrong call.
"""


def main() -> int:
    """The command line of ./scripts/understand."""
    arguments = _arguments()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    clock.fix(arguments.now)
    with only_ours() as out:
        try:
            archive = model_path()
            if not archive.exists():
                archive = train()
        except (TrainingError, BusinessError) as error:
            print(error, file=sys.stderr)
            return 1
        try:
            _answer(archive, arguments.texts, out, is_json=arguments.json)
        except BrokenPipeError:  # the reader has seen enough, as `head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./scripts/understand",
        description=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "texts", nargs="+", metavar="text", help="a message; - reads one a line from standard input"
    )
    parser.add_argument("--json", action="store_true", help="one line of JSON for each message")
    parser.add_argument(
        "--now",
        type=_moment,
        metavar="TIME",
        help='what "tomorrow" counts from, e.g. 2026-11-25T10:00+02:00; else the present',
    )
    return parser.parse_args()


def _moment(text: str) -> datetime:
    expected = f"{text!r}: expected a time with its offset, e.g. 2026-11-25T10:00+02:00"
    try:
        moment = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
    except ValueError:
        raise argparse.ArgumentTypeError(expected) from None
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(expected)
    return moment


def messages(texts: Sequence[str], source: BinaryIO) -> Iterator[str]:
    """Each message; the lines of `source` in the place of "-". A line ends with a line feed only."""
    for text in texts:
        if text != "-":
            yield text
            continue
        lines = io.TextIOWrapper(source, encoding="utf-8", errors="replace", newline="\n")
        for line in lines:
            yield line.removesuffix("\n").removesuffix("\r")


def _answer(archive: Path, texts: Sequence[str], out: TextIO, *, is_json: bool) -> None:
    # Rasa comes with it: only now, so that --help and a wrong call answer at once
    with without_tensorflow(wanted=not needs_tensorflow()):
        from tiski.tools.model import Understanding

        model = Understanding(archive)
    default = load_business().default_language
    say = _json_writer(model, default) if is_json else _writer(model, default)
    for text in messages(texts, sys.stdin.buffer):
        out.write(say(text))
        out.flush()


def _json_writer(model: Understanding, default: str) -> Callable[[str], str]:
    return lambda text: as_json(model.read(text), default) + "\n"


def _writer(model: Understanding, default: str) -> Callable[[str], str]:
    """Write all there is to see about a message, and an empty line."""
    training = Project(ROOT).training
    neighbours = Neighbours([example for file in training for example in file.examples])

    def write(text: str) -> str:
        reading = model.read(text)
        near, why = neighbours.nearest(text), reasons(reading, model.read)
        return "\n".join([*lines(reading, default, near, why), "", ""])

    return write


if __name__ == "__main__":
    sys.exit(main())
