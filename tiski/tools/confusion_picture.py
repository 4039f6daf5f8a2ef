"""A picture of what is taken for what: a square of shades for each language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tiski.tools.confusions import ASKED_BACK, NOT_UNDERSTOOD, Outcome

MOST_LABELS = 20  # of a language; more cannot be read
_SIDE = 0.36  # inches for a label
_LEAST_DARKEST = 4  # mistakes: one or two are not shown as the worst there can be
_LEGIBLE = 0.55  # of the darkest shade: from here numbers are white


def draw(outcomes: Sequence[Outcome], file: Path) -> Path:
    """Write the picture as PNG and return its path. Its folder is made when it is missing."""
    languages = sorted({one.example.language for one in outcomes})
    tables = {language: confused(outcomes, language) for language in languages}
    widest = max((len(columns) for _, columns, _ in tables.values()), default=1)
    highest = max((len(rows) for rows, _, _ in tables.values()), default=1)
    figure = Figure(figsize=((widest * _SIDE + 3.4) * len(languages), highest * _SIDE + 3.4))
    FigureCanvasAgg(figure)
    for number, language in enumerate(languages, 1):
        of = [one for one in outcomes if one.example.language == language]
        right = sum(one.is_right for one in of) / len(of)
        axes = figure.add_subplot(1, len(languages), number)
        _square(axes, *tables[language])
        axes.set_title(f"{language}: {right:.1%} of {len(of)} messages right", fontsize=11)
    figure.tight_layout()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)
    return file


def confused(outcomes: Sequence[Outcome], language: str) -> tuple[list[str], list[str], np.ndarray]:
    """What was meant (rows), what it was taken for (columns), and how often.

    The labels with most mistakes, so many that they can be read; those that are never confused
    are left out. Asking back and not understanding come last.
    """
    mistakes = Counter(
        (one.example.intent, one.taken)
        for one in outcomes
        if one.example.language == language and not one.is_right
    )
    rows = _worst(mistakes, 0)
    columns = _worst({pair: n for pair, n in mistakes.items() if pair[0] in rows}, 1)
    table = np.array([[mistakes[meant, taken] for taken in columns] for meant in rows])
    return rows, columns, table.reshape(len(rows), len(columns))


def _worst(mistakes: Mapping[tuple[str, str], int], side: int) -> list[str]:
    by_label: Counter[str] = Counter()
    for pair, count in mistakes.items():
        by_label[pair[side]] += count
    kept = sorted(sorted(by_label), key=lambda label: -by_label[label])[:MOST_LABELS]
    return sorted(kept, key=lambda label: (label in (ASKED_BACK, NOT_UNDERSTOOD), label))


def _square(axes: Axes, rows: list[str], columns: list[str], table: np.ndarray) -> None:
    if not table.size:
        axes.axis("off")
        return
    darkest = max(_LEAST_DARKEST, table.max())
    axes.imshow(np.ma.masked_equal(table, 0), cmap="Reds", vmin=0, vmax=darkest)
    axes.set_xticks(range(len(columns)), columns, rotation=60, ha="right", fontsize=8)
    axes.set_yticks(range(len(rows)), rows, fontsize=8)
    axes.set_xlabel("taken for")
    axes.set_ylabel("meant")
    axes.set_xticks(np.arange(len(columns)) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(rows)) - 0.5, minor=True)
    axes.grid(which="minor", color="#e4e4e4", linewidth=0.6)
    axes.tick_params(which="minor", length=0)
    for row, column in zip(*np.nonzero(table), strict=True):
        count = table[row, column]
        colour = "white" if count > _LEGIBLE * darkest else "black"
        axes.text(column, row, count, ha="center", va="center", color=colour, fontsize=9)
