"""One desk that is connected to a real calendar and mail server, for all tests of this folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "unit" / "notify"))
sys.path.insert(0, str(Path(__file__).parent.parent / "unit" / "booking" / "calendars"))
sys.path.insert(0, str(Path(__file__).parent.parent / "conversations"))

from desk import Desk
from outside import Outside, outside


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    with outside(tmp_path_factory.mktemp("outside")) as opened:
        yield opened


@pytest.fixture(scope="session")
def connected_desk(tmp_path_factory: pytest.TempPathFactory, world: Outside) -> Iterator[Desk]:
    opened = Desk(tmp_path_factory.mktemp("connected-desk"), variables=world.variables)
    try:
        opened.open()
        yield opened
    finally:
        opened.close()
