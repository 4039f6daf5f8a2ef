"""The results as pictures, in SVG: small, sharp at any size, and text in git."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tiski.bench.nlu.candidates import CANDIDATES
from tiski.bench.nlu.measures import risk_by_coverage
from tiski.bench.nlu.report import accuracy_of, answers_of, parts_of, titles
from tiski.bench.nlu.run import Results
from tiski.bench.nlu.sets import DataSet, Part

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACCURACY, RISK = "understanding.svg", "understanding-risk.svg"
# Okabe and Ito's colours, which the colour-blind tell apart; each has its own mark besides
_COLOURS = ("#0072b2", "#56b4e9", "#009e73", "#e69f00", "#d55e00", "#cc79a7", "#000000")
_MARKS = "osD^v<x"
_LEAST_COVERAGE = 0.2  # below, one mistake more or less is most of what is seen


def draw(results: Results, sets: Sequence[DataSet], folder: Path) -> list[Path]:
    """Draw what was run; return the files that were written."""
    parts = parts_of(results, sets)
    written = []
    if parts:
        written.append(_saved(_accuracy(results, parts), folder / ACCURACY))
    own = [(data, part) for data, part in parts if part.spoilt]
    if own:
        written.append(_saved(_risk(results, own), folder / RISK))
    return written


def _accuracy(results: Results, parts: Sequence[tuple[DataSet, Part]]) -> Figure:
    figure, axes = _new(1, width=9)
    (place,) = axes
    names = titles(results)
    for number, (candidate, title) in enumerate(names.items()):
        rows = [(at, answers_of(results, *pair, candidate)) for at, pair in enumerate(parts)]
        found = [(at, accuracy_of(parts[at][1], answers)) for at, answers in rows if answers]
        if not found:
            continue
        shift = (number - (len(names) - 1) / 2) * 0.1
        value = np.array([one.value for _, one in found]) * 100
        low = np.array([one.low for _, one in found]) * 100
        high = np.array([one.high for _, one in found]) * 100
        place.errorbar(
            [at + shift for at, _ in found],
            value,
            yerr=[value - low, high - value],
            linestyle="none",
            capsize=2,
            label=title,
            **_style(candidate),
        )
    place.set_xticks(range(len(parts)), [part.name for _, part in parts])
    place.set_ylabel("accuracy, % (95 % interval)")
    place.grid(axis="y", color="#dddddd")
    place.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncol=3, frameon=False)
    return figure


def _risk(results: Results, parts: Sequence[tuple[DataSet, Part]]) -> Figure:
    figure, axes = _new(len(parts), width=9)
    for place, (data, part) in zip(axes, parts, strict=True):
        for candidate, title in titles(results).items():
            answers = answers_of(results, data, part, candidate)
            if answers is None:
                continue
            right = [a.label == e.label for a, e in zip(answers.inside, part.inside, strict=True)]
            sure = np.array([answer.confidence for answer in answers.inside])
            coverage, risk = risk_by_coverage(sure, np.array(right))
            style = {**_style(candidate), "marker": None}
            shown = coverage >= _LEAST_COVERAGE
            place.plot(coverage[shown] * 100, risk[shown] * 100, label=title, **style)
        place.set_title(part.name)
        place.set_xlabel("answered, % (the surest first)")
        place.set_ylabel("of those wrong, %")
        place.grid(color="#dddddd")
    highest = max(place.get_ylim()[1] for place in axes)
    for place in axes:
        place.set_ylim(0, highest)
    axes[0].legend(frameon=False, fontsize="small")
    return figure


def _style(candidate: str) -> dict[str, str]:
    number = list(CANDIDATES).index(candidate)
    return {"color": _COLOURS[number], "marker": _MARKS[number]}


def _new(count: int, width: float) -> tuple[Figure, list[Axes]]:
    import matplotlib

    matplotlib.use("Agg")  # no screen is needed
    # names that hang on chance would make every run another file
    matplotlib.rcParams["svg.hashsalt"] = "tiski"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, count, figsize=(width, 4.5), squeeze=False)
    for place in axes[0]:
        place.spines[["top", "right"]].set_visible(False)
        place.set_axisbelow(True)
    return figure, list(axes[0])


def _saved(figure: Figure, file: Path) -> Path:
    from matplotlib import pyplot

    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)
    return file
