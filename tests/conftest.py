"""For all tests: quiet libraries, and the figures of the run at its end."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from desk import Desk

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent / "conversations"))

from figures import FIGURES

_BEGAN = float(os.environ.get("TISKI_TEST_BEGAN", time.time()))


@pytest.fixture(scope="session")
def model() -> Path:
    """The model for the present data, trained at most once."""
    from tiski.desk.training import train

    return train()


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One running desk for all conversations and browsers; closed at the end, whatever happens."""
    from desk import Desk

    opened = Desk(tmp_path_factory.mktemp("desk"))
    try:
        opened.open()
        yield opened
    finally:
        opened.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured; pytest's own closing line comes after it."""
    minutes, seconds = divmod(int(time.time() - _BEGAN), 60)
    terminalreporter.section("figures")
    for name, value in FIGURES.items():
        terminalreporter.line(f"{name}: {value}")
    terminalreporter.line(f"time taken: {minutes} min {seconds} s")
