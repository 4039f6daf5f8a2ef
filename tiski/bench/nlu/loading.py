"""What it takes to load the assistant, beside Rasa's default: seconds and memory.

Each assistant is trained whole (understanding and policies, the project's own data) and loaded in a
process of its own. The default's network is trained for one epoch: that is the same network, so it
loads in the same time and takes the same memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tiski.bench.nlu.report import table
from tiski.bench.turn import YARDSTICK_UNTRAINED, BenchError, train_cold
from tiski.paths import ROOT

_LIMIT = 1800  # seconds, to train
_LOADS = 3  # of which the middle one is shown
_ASSISTANTS = {"the desk": ROOT / "config.yml", "Rasa's default": YARDSTICK_UNTRAINED}
_CHILD = """
import json, sys, time
began = time.monotonic()
from rasa.core.agent import Agent
imported = time.monotonic()
agent = Agent.load(sys.argv[1])
loaded = time.monotonic()
import asyncio
asyncio.run(agent.parse_message("moi"))
first = time.monotonic()
import psutil
taken = psutil.Process().memory_info().rss / 2**20
print(json.dumps([imported - began, loaded - imported, first - loaded, taken]))
"""


def compare() -> str:
    """A table of both assistants.

    Raises:
        BenchError: an assistant could not be trained or loaded.
    """
    rows = []
    for title, config in _ASSISTANTS.items():
        with tempfile.TemporaryDirectory(prefix="tiski-bench-") as name:
            folder = Path(name)
            model, _ = train_cold(config, folder, _LIMIT)
            loads = sorted((load(model) for _ in range(_LOADS)), key=lambda found: sum(found[:3]))
        imported, loaded, first, megabytes = loads[_LOADS // 2]
        rows.append(
            [
                title,
                f"{imported:.1f}",
                f"{loaded:.1f}",
                f"{first * 1000:.0f}",
                f"{megabytes:.0f}",
            ]
        )
    head = ["", "import of Rasa, s", "load of the model, s", "first message, ms", "memory, MB"]
    return (
        "### Loading the assistant\n\nAs `rasa run` does before it serves: Rasa is imported (with"
        f" TensorFlow, which it needs whatever the pipeline is), then the model is loaded. The"
        f" middle one of {_LOADS} loads.\n\n" + table(head, rows)
    )


def load(model: Path) -> tuple[float, float, float, float]:
    """Load a model in a process of its own.

    Returns:
        Seconds to import, to load, to understand the first message; megabytes after that.

    Raises:
        BenchError: it did not load.
    """
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(model)], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise BenchError(f"{model.name} does not load:\n{done.stderr[-1500:]}")
    imported, loaded, first, megabytes = json.loads(done.stdout.strip().splitlines()[-1])
    return imported, loaded, first, megabytes
