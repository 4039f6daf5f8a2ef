"""Run candidates on sets, each cell in processes of its own, and keep what came out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from tiski.bench.nlu import nlpjs
from tiski.bench.nlu.answers import Answer
from tiski.bench.nlu.candidates import CANDIDATES
from tiski.bench.nlu.child import Answers, Served, Training, write_job
from tiski.bench.nlu.not_run import NotRun
from tiski.bench.nlu.rasa_pipeline import EPOCHS
from tiski.bench.nlu.sets import DataSet
from tiski.paths import ROOT

ANSWER_SECONDS = 3600  # to answer all messages of a set; nothing comes near it


@dataclass
class Cell:
    """What one candidate did on one set.

    Attributes:
        reason: why there is nothing else.
        epochs: how long its network learnt, where that was not as its file says.
        data: which messages it was about (`fingerprint`); "" when it was not asked for.
    """

    reason: str = ""
    epochs: int | None = None
    training: Training | None = None
    served: Served | None = None
    data: str = ""


@dataclass
class Results:
    """All cells, by set and candidate; kept in a file, where one is named.

    What was measured on the same messages is not measured again, so a long run can be taken up
    where it stopped. Delete the file when the code has changed.
    """

    file: Path | None = None
    cells: dict[str, dict[str, Cell]] = field(default_factory=dict)
    extras: dict[str, Any] = field(default_factory=dict)  # by table, what it shows

    @classmethod
    def open(cls, file: Path | None) -> Results:
        """Read what an earlier run has kept; empty where there is none."""
        results = cls(file)
        if file is not None and file.exists():
            saved = json.loads(file.read_text(encoding="utf-8"))
            results.extras = saved["extras"]
            results.cells = {
                name: {candidate: _cell(row) for candidate, row in cells.items()}
                for name, cells in saved["cells"].items()
            }
        return results

    def forget_other_data(self, sets: Sequence[DataSet]) -> None:
        """Drop cells that were measured before a set was changed."""
        for data in sets:
            cells = self.cells.get(data.name, {})
            current = fingerprint(data)
            kept = {name: cell for name, cell in cells.items() if cell.data in ("", current)}
            self.cells[data.name] = kept

    def put(self, data: str, candidate: str, cell: Cell) -> None:
        """Add a cell, and keep the file up to date."""
        self.cells.setdefault(data, {})[candidate] = cell
        self.save()

    def save(self) -> None:
        """Write the file, if there is one."""
        if self.file is not None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            saved = {
                "cells": {
                    name: {candidate: asdict(cell) for candidate, cell in cells.items()}
                    for name, cells in self.cells.items()
                },
                "extras": self.extras,
            }
            self.file.write_text(json.dumps(saved), encoding="utf-8")


def fingerprint(data: DataSet) -> str:
    """Stands for all messages and labels of a set."""
    return blake2b(json.dumps(asdict(data)).encode(), digest_size=8).hexdigest()


def prepare_encoder() -> None:
    """Let the encoder make its network, which it does once on a machine, before any clock runs."""
    command = [sys.executable, "-c", "from tiski.nlu.encoder import open_encoder; open_encoder()"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def measure(name: str, data: DataSet, *, limit: float, epochs: int | None = None) -> Cell:
    """Measure a candidate on a set.

    Args:
        name: of `CANDIDATES`.
        limit: give up a training after so many seconds.
        epochs: how long networks learn, where that is not as their file says.
    """
    with tempfile.TemporaryDirectory(prefix="tiski-bench-") as folder:
        job = Path(folder)
        write_job(data, job)
        try:
            if CANDIDATES[name].make is None:
                nlpjs.run(job, limit)
            else:
                environment = {EPOCHS: str(epochs)} if epochs else {}
                _child("train", name, job, limit, environment)
                _child("answer", name, job, ANSWER_SECONDS, environment)
        except NotRun as reason:
            return Cell(str(reason), epochs, data=fingerprint(data))
        return Cell(
            epochs=epochs,
            data=fingerprint(data),
            training=Training(**_read(job / "train.json")),
            served=_served(_read(job / "answer.json")),
        )


def _child(step: str, name: str, job: Path, limit: float, variables: dict[str, str]) -> None:
    command = [sys.executable, "-m", "tiski.bench.nlu.child", step, name, str(job)]
    environment = {**os.environ, **variables}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=limit
        )
    except subprocess.TimeoutExpired:
        raise NotRun(f"{step} took over {limit:.0f} s") from None
    if done.returncode:
        print(done.stderr[-3000:], file=sys.stderr)
        raise NotRun(f"{step} failed: {(done.stderr.strip().splitlines() or ['?'])[-1][:200]}")


def _read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def _cell(row: dict[str, Any]) -> Cell:
    training = Training(**row["training"]) if row["training"] else None
    served = _served(row["served"]) if row["served"] else None
    return Cell(row["reason"], row["epochs"], training, served, row["data"])


def _served(row: dict[str, Any]) -> Served:
    parts = {
        name: Answers(
            [Answer(**one) for one in part["inside"]],
            [Answer(**one) for one in part["outside"]],
            part["milliseconds"],
            part["spoilt"],
        )
        for name, part in row["parts"].items()
    }
    return Served(row["load_seconds"], row["megabytes"], parts)
