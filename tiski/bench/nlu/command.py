"""Measure understanding in one run: this pipeline and the yardsticks, on own and public data.

Every candidate learns the same examples and is asked the same messages, in processes of its own.
Rasa's default takes minutes on each set, and far longer on the own data: --limit-seconds bounds
each of its trainings, --default-epochs shortens them (and the table says so). What is not run is
said to be so. Without --write nothing is changed; with it, docs/understanding.md,
models/MODEL_CARD.md and the pictures in docs/pictures are.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import FrameType

from tiski.bench.nlu import encoders, loading, pictures
from tiski.bench.nlu.candidates import CANDIDATES
from tiski.bench.nlu.report import report, write_between
from tiski.bench.nlu.run import Cell, Results, measure, prepare_encoder
from tiski.bench.nlu.sets import SETS, DataSet, smaller
from tiski.bench.turn import BenchError
from tiski.paths import ROOT

MARK = "bench-nlu"
FILES = (ROOT / "docs" / "understanding.md", ROOT / "models" / "MODEL_CARD.md")
PICTURES = ROOT / "docs" / "pictures"
EXTRAS = ("encoder", "loading")
_QUANTISED_ON = ("own", "massive_fi", "massive_en")
_PROFILES = tuple(name for name, entry in CANDIDATES.items() if entry.is_ours)
_YARDSTICKS = tuple(name for name, entry in CANDIDATES.items() if not entry.is_ours)


def run(arguments: argparse.Namespace) -> Results:
    """Measure what was asked for and is not in the results' file yet."""
    results = Results.open(arguments.results)
    sets = _sets(arguments, arguments.only)
    chosen = [name for name in CANDIDATES if name in arguments.profiles + arguments.yardsticks]
    results.forget_other_data(_sets(arguments, results.cells))
    prepare_encoder()
    for data in sets:
        for name in CANDIDATES:
            if name not in chosen:
                results.cells.setdefault(data.name, {}).setdefault(name, Cell())
        for name in chosen:
            known = results.cells.get(data.name, {}).get(name)
            if known is not None and known.served:
                continue
            epochs = arguments.default_epochs if name == "default" else None
            _say(f"{data.name}: {CANDIDATES[name].title} …")
            cell = measure(name, data, limit=arguments.limit_seconds, epochs=epochs)
            if cell.reason:
                _say(f"  not run: {cell.reason}")
            results.put(data.name, name, cell)
    for name in arguments.extras:
        if name not in results.extras:
            _say(f"{name} …")
            quantised = [data for data in sets if data.name in _QUANTISED_ON]
            if name == "encoder" and quantised:
                results.extras[name] = encoders.compare(quantised)
            elif name == "loading":
                results.extras[name] = loading.compare()
            results.save()
    return results


def _sets(arguments: argparse.Namespace, names: Iterable[str]) -> list[DataSet]:
    sets = [SETS[name](arguments.data) for name in SETS if name in names]
    return [smaller(data, arguments.share) for data in sets] if arguments.share < 1 else sets


def _write(text: str, results: Results, sets: Sequence[DataSet]) -> None:
    drawn = pictures.draw(results, sets, PICTURES)
    for file in FILES:
        folder = "pictures" if file.parent == PICTURES.parent else "../docs/pictures"
        shown = "\n\n".join(f"![{_TEXTS[path.name]}]({folder}/{path.name})" for path in drawn)
        write_between(file, MARK, f"{shown}\n\n{text}")
        _say(f"wrote {file.relative_to(ROOT)}")


_TEXTS = {
    pictures.ACCURACY: "Accuracy of each candidate on each set; the figures are in the tables below",
    pictures.RISK: "Coverage against risk on the own held-out messages",
}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _list_of(allowed: Sequence[str]) -> Callable[[str], list[str]]:
    def parse(text: str) -> list[str]:
        names = [name for name in text.split(",") if name]
        unknown = [name for name in names if name not in allowed]
        if unknown:
            raise argparse.ArgumentTypeError(
                f"{', '.join(unknown)}: not known; expected some of {', '.join(allowed)}"
            )
        return names

    return parse


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./scripts/bench-nlu",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--data", type=Path, required=True, metavar="DIR", help="the folder of the public sets")
    add(
        "--only",
        type=_list_of(list(SETS)),
        default=list(SETS),
        metavar="SETS",
        help=f"some of {','.join(SETS)}",
    )
    add(
        "--profiles",
        type=_list_of(_PROFILES),
        default=list(_PROFILES),
        metavar="NAMES",
        help=f"some of {','.join(_PROFILES)}: this pipeline, and without its encoder",
    )
    add(
        "--yardsticks",
        type=_list_of(_YARDSTICKS),
        default=list(_YARDSTICKS),
        metavar="NAMES",
        help=f"some of {','.join(_YARDSTICKS)}; '' for none",
    )
    add(
        "--extras",
        type=_list_of(EXTRAS),
        default=list(EXTRAS),
        metavar="NAMES",
        help=f"some of {','.join(EXTRAS)}; '' for none",
    )
    add(
        "--limit-seconds",
        type=float,
        default=7200,
        metavar="N",
        help="give up a training after so long (%(default).0f)",
    )
    add(
        "--default-epochs",
        type=int,
        metavar="N",
        help="train Rasa's default for N epochs instead of its 100; the table says so",
    )
    add("--write", action="store_true", help="write tables and pictures into the documents")
    add("--pictures", type=Path, metavar="DIR", help="draw the pictures there, whatever is written")
    add(
        "--results",
        type=Path,
        metavar="FILE",
        help="keep what was measured; what stands there is not measured again (delete it when the"
        " code has changed)",
    )
    add(
        "--share",
        type=float,
        default=1.0,
        help="measure on a share of the messages only, to try the bench; cannot be written",
    )
    return parser


def main(given: Sequence[str] | None = None) -> int:
    """The command line of ./scripts/bench-nlu."""
    parser = _parser()
    arguments = parser.parse_args(given)
    if not (arguments.data / "massive_fi" / "dev.tsv").exists():
        parser.error(f"{arguments.data}: no massive_fi/dev.tsv; expected the folder of public sets")
    if arguments.write and arguments.share < 1:
        parser.error("--write: not with --share; the documents tell of all messages")
    signal.signal(signal.SIGTERM, _interrupt)  # so that the child of the moment ends as well
    try:
        results = run(arguments)
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    sets = _sets(arguments, results.cells)  # those of the results' file, too
    text = report(results, sets)
    print(text)
    if arguments.pictures:
        pictures.draw(results, sets, arguments.pictures)
    if arguments.write:
        _write(text, results, sets)
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
