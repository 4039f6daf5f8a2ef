"""The results as tables in Markdown, and where they are written."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from tiski.bench.nlu.answers import CLARIFY, FALLBACK, SURE, Answer
from tiski.bench.nlu.candidates import CANDIDATES
from tiski.bench.nlu.child import Answers
from tiski.bench.nlu.measures import (
    Estimate,
    accuracy,
    auroc,
    estimate,
    macro_f1,
    percentile,
    refused_keeping,
)
from tiski.bench.nlu.published import LITERATURE, WITH_THE_DATA
from tiski.bench.nlu.run import Cell, Results
from tiski.bench.nlu.sets import DataSet, Part

NOT_RUN = "not run"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; columns but the first are numbers and stand to the right."""
    lines = [_row(head), _row(["---"] + ["---:"] * (len(head) - 1)), *map(_row, rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def per_cent(figure: Estimate) -> str:
    """A share with its interval, in per cent: "78.3 (76.8–79.7)"."""
    return f"{figure.value * 100:.1f} ({figure.low * 100:.1f}–{figure.high * 100:.1f})"


def report(results: Results, sets: Sequence[DataSet]) -> str:
    """All tables of what was run; see `tiski/bench/nlu/pictures.py` for the pictures."""
    parts = parts_of(results, sets)
    blocks = [_about()]
    if parts:
        blocks.append(_summary(results, parts))
    blocks += [_of_part(results, data, part) for data, part in parts]
    own = [(data, part) for data, part in parts if part.spoilt]
    if own:
        blocks += [_as_it_stands(results, own), *_robustness(results, own)]
    blocks += [results.extras[name] for name in ("encoder", "loading") if name in results.extras]
    return "\n\n".join(blocks) + "\n"


def parts_of(results: Results, sets: Sequence[DataSet]) -> list[tuple[DataSet, Part]]:
    """The parts of the sets that a candidate was run on, or should have been."""
    asked = {
        name
        for name, cells in results.cells.items()
        if any(cell.served or cell.reason for cell in cells.values())
    }
    return [(data, part) for data in sets if data.name in asked for part in data.parts]


def _about() -> str:
    return (
        f"Measured by `./scripts/bench-nlu` on {os.cpu_count()} cores, {platform.system()}"
        f" {platform.machine()}, Python {platform.python_version()}, Rasa {version('rasa')},"
        f" scikit-learn {version('scikit-learn')}. One training each. In brackets: 95 % confidence"
        " intervals (bootstrap over the messages, 1,000 times). What was not run says so."
    )


def titles(results: Results) -> dict[str, str]:
    """The candidates that were asked for, in the order of `CANDIDATES`, with their titles."""
    seen = {name for cells in results.cells.values() for name in cells}
    return {name: entry.title for name, entry in CANDIDATES.items() if name in seen}


def answers_of(results: Results, data: DataSet, part: Part, candidate: str) -> Answers | None:
    """What a candidate made of a part; None where it was not run."""
    cell = results.cells[data.name].get(candidate)
    return cell.served.parts[part.name] if cell and cell.served else None


def _summary(results: Results, parts: Sequence[tuple[DataSet, Part]]) -> str:
    rows = []
    for candidate, title in titles(results).items():
        found = [answers_of(results, data, part, candidate) for data, part in parts]
        cells = [
            per_cent(accuracy_of(part, answers)) + _epochs(results.cells[data.name][candidate])
            if answers
            else NOT_RUN
            for (data, part), answers in zip(parts, found, strict=True)
        ]
        rows.append([title, *cells])
    for title, figures in LITERATURE.items():
        cells = [figures.get(data.name, "–") for data, _ in parts]
        if any(data.name in figures for data, _ in parts):
            rows.append([f"*published, not measured here: {title}*", *cells])
    return "### Accuracy (%)\n\n" + table(["", *(part.name for _, part in parts)], rows)


def _epochs(cell: Cell) -> str:
    return f", {cell.epochs} epochs only" if cell.epochs else ""


def accuracy_of(part: Part, answers: Answers) -> Estimate:
    """Accuracy of the best label, whatever was decided on it."""
    return estimate(accuracy, _codes(part, [answer.label for answer in answers.inside]))


def _codes(part: Part, guessed: Sequence[str]) -> list[np.ndarray]:
    """Truth and guesses as numbers, which are faster to draw anew a thousand times."""
    both = [example.label for example in part.inside] + list(guessed)
    numbers = np.unique(both, return_inverse=True)[1]
    return [numbers[: len(part.inside)], numbers[len(part.inside) :]]


def scores(answers: Sequence[Answer]) -> np.ndarray:
    """How sure each message was thought to be in scope."""
    return np.array([answer.score for answer in answers])


def _of_part(results: Results, data: DataSet, part: Part) -> str:
    kept = f"{part.kept * 100:.0f} %"
    head = ["", "accuracy %", "macro-F1 %"]
    if part.outside:
        head += ["out-of-scope AUROC", f"refused at {kept} kept, %"]
    head += ["training s", "p50 ms", "p95 ms", "MB to train", "MB to answer"]
    published = WITH_THE_DATA.get(data.name, {})
    if published:
        head.append("*accuracy published with the data*")
    rows = []
    for candidate, title in titles(results).items():
        cell = results.cells[data.name].get(candidate)
        figures = list(_figures(part, cell)) if cell and cell.served else []
        if not figures:
            reason = f"{NOT_RUN}: {cell.reason}" if cell and cell.reason else NOT_RUN
            figures = [reason, *["–"] * (len(head) - 2 - bool(published))]
        if published:
            figures.append(published.get(candidate, "–"))
        rows.append([title + (_epochs(cell) if cell else ""), *figures])
    trained = len(data.train)
    counts = f"Trained on {trained:,} examples, measured on {len(part.inside):,} messages"
    if part.outside:
        counts += f" and {len(part.outside):,} out of scope"
    return f"### {part.name}\n\n{counts}.\n\n{table(head, rows)}"


def _figures(part: Part, cell: Cell) -> Iterator[str]:
    assert cell.training is not None and cell.served is not None
    answers = cell.served.parts[part.name]
    yield per_cent(accuracy_of(part, answers))
    yield per_cent(estimate(macro_f1, _codes(part, [a.label for a in answers.inside])))
    if part.outside:
        inside, outside = [scores(answers.inside)], [scores(answers.outside)]
        area = estimate(auroc, inside, outside)
        yield f"{area.value:.3f} ({area.low:.3f}–{area.high:.3f})"
        yield per_cent(estimate(partial(refused_keeping, kept=part.kept), inside, outside))
    yield f"{cell.training.seconds:.1f}"
    yield f"{percentile(answers.milliseconds, 0.5):.2f}"
    yield f"{percentile(answers.milliseconds, 0.95):.2f}"
    yield f"{cell.training.megabytes:.0f}"
    yield f"{cell.served.megabytes:.0f}"


def _as_it_stands(results: Results, parts: Sequence[tuple[DataSet, Part]]) -> str:
    """What each candidate would do with its own thresholds, chosen before it saw a message."""
    head = ["", "language", "sure and right", "sure and wrong", "asked back", "refused"]
    head += ["foreign: sure", "foreign: asked back", "foreign: refused"]
    rows = []
    for candidate, title in titles(results).items():
        for data, part in parts:
            answers = answers_of(results, data, part, candidate)
            if answers is None:
                rows.append([title, part.language, NOT_RUN, *["–"] * 6])
                continue
            right = [a.label == e.label for a, e in zip(answers.inside, part.inside, strict=True)]
            sure = [answer.decision == SURE for answer in answers.inside]
            right_and_sure = float(np.mean(np.logical_and(right, sure)))
            shares = [
                right_and_sure,
                float(np.mean(sure)) - right_and_sure,
                *(_decided(answers.inside, decision) for decision in (CLARIFY, FALLBACK)),
                *(_decided(answers.outside, decision) for decision in (SURE, CLARIFY, FALLBACK)),
            ]
            rows.append([title, part.language, *(f"{share * 100:.1f}" for share in shares)])
    return (
        "### As each stands: its own thresholds on the own held-out and on foreign messages (%)\n\n"
        "Rasa's fallback is as its default sets it (0.3, ambiguity 0.1); a message taken for"
        " `out_of_scope` is refused. TF-IDF and nlp.js have no threshold of their own here.\n\n"
        + table(head, rows)
    )


def _decided(answers: Sequence[Answer], decision: str) -> float:
    return float(np.mean([answer.decision == decision for answer in answers]))


def _robustness(results: Results, parts: Sequence[tuple[DataSet, Part]]) -> Iterator[str]:
    for data, part in parts:
        rows = []
        for candidate, title in titles(results).items():
            answers = answers_of(results, data, part, candidate)
            if answers is None:
                rows.append([title, NOT_RUN, *["–"] * len(part.spoilt)])
                continue
            clean = accuracy(*_codes(part, [answer.label for answer in answers.inside]))
            found = [accuracy(*_codes(part, answers.spoilt[name])) for name in part.spoilt]
            cells = [f"{share * 100:.1f} ({(share - clean) * 100:+.1f})" for share in found]
            rows.append([title, f"{clean * 100:.1f}", *cells])
        yield (
            f"### Spoilt messages: accuracy on {part.name} (%), and points against clean\n\n"
            + table(["", "clean", *part.spoilt], rows)
        )


def write_between(file: Path, name: str, content: str) -> None:
    """Put content between the marks of a name in a Markdown file, and leave the rest alone.

    The marks are `<!-- name -->` and `<!-- /name -->`. A file that has none gets them at its end.
    """
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    if begin not in text:
        text = f"{text.rstrip()}\n\n{begin}\n{end}\n".lstrip()
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    file.write_text(f"{before}{begin}\n\n{content.strip()}\n\n{end}{after}", encoding="utf-8")
