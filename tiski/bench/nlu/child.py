"""One candidate in a process of its own: `python -m tiski.bench.nlu.child train|answer NAME FOLDER`.

The folder holds `job.json` (see `write_job`); the result is left in `train.json` or `answer.json`.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tiski.bench.nlu.answers import Answer, Answerer, Candidate
from tiski.bench.nlu.candidates import CANDIDATES
from tiski.bench.nlu.sets import DataSet, Example
from tiski.nlu import encoder

JOB = "job.json"
_WARM_UP = 20  # messages of the training data, before the clock runs


@dataclass
class Training:
    """What training took; `megabytes` is the most memory that its process held at a time."""

    seconds: float
    megabytes: float


@dataclass
class Answers:
    """What a candidate made of one part, in the order of its messages.

    Attributes:
        inside, outside: messages in scope and out of it.
        milliseconds: of each message in scope, asked one at a time.
        spoilt: by variant, the labels of the messages in scope.
    """

    inside: list[Answer]
    outside: list[Answer]
    milliseconds: list[float]
    spoilt: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Served:
    """What answering took; `megabytes` is what the process held when all was answered."""

    load_seconds: float | None  # None where training and answering are one process
    megabytes: float
    parts: dict[str, Answers]


def write_job(data: DataSet, folder: Path) -> None:
    """Leave what a candidate learns from and is asked, for a child or for node."""
    (folder / JOB).write_text(json.dumps(asdict(data), ensure_ascii=False), encoding="utf-8")


def train(candidate: Candidate, folder: Path) -> Training:
    """Train, with the clock on the training alone and not on the imports of libraries."""
    examples = [Example(**row) for row in _job(folder)["train"]]
    _forget_vectors(folder)
    _import_libraries()
    began = time.monotonic()
    candidate.train(examples, folder)
    seconds = time.monotonic() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kilobytes, on Linux
    return Training(seconds, most / 1024)


def answer(candidate: Candidate, folder: Path) -> Served:
    """Load what was trained and answer every message of the job."""
    job = _job(folder)
    _forget_vectors(folder)
    _import_libraries()
    began = time.monotonic()
    loaded = candidate.load(folder)
    seconds = time.monotonic() - began
    for row in job["train"][:_WARM_UP]:
        loaded.answer([row["text"]])
    parts = {part["name"]: _answers(loaded, part) for part in job["parts"]}
    return Served(seconds, psutil.Process().memory_info().rss / 2**20, parts)


def _answers(loaded: Answerer, part: dict[str, Any]) -> Answers:
    rows, times = [], []
    for example in part["inside"]:
        began = time.perf_counter()
        (made,) = loaded.answer([example["text"]])
        times.append((time.perf_counter() - began) * 1000)
        rows.append(made)
    outside = loaded.answer(part["outside"])
    spoilt = {
        name: [made.label for made in loaded.answer(texts)]
        for name, texts in part["spoilt"].items()
    }
    return Answers(rows, outside, times, spoilt)


def _forget_vectors(folder: Path) -> None:
    """Give the encoder a cache of its own, with the network that it made but no vectors.

    Every example is then encoded within the measured time, and those of the project stay cached.
    """
    cache = folder / "encoder"
    if not cache.exists():
        cache.mkdir()
        for file in encoder.CACHE.glob("*"):
            if not file.name.endswith(".npz"):
                (cache / file.name).symlink_to(file)
    encoder.CACHE = cache


def _import_libraries() -> None:
    """Rasa brings TensorFlow, in seconds; every candidate's clock starts after that."""
    import rasa.core.agent
    import rasa.model_training  # noqa: F401


def _job(folder: Path) -> dict[str, Any]:
    job: dict[str, Any] = json.loads((folder / JOB).read_text(encoding="utf-8"))
    return job


def main() -> int:
    """Do one step of one candidate."""
    step, name, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    make = CANDIDATES[name].make
    if make is None:
        raise ValueError(f"{name} does not run in Python")
    result = train(make(), folder) if step == "train" else answer(make(), folder)
    (folder / f"{step}.json").write_text(json.dumps(asdict(result)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
