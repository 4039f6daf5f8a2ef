"""One running desk for all conversations of a test run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from desk import Desk
from reached import CONVERSATIONS
from script import Player

Player.record = CONVERSATIONS.take_events


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk, open for business; closed at the end, whatever happens."""
    opened = Desk(tmp_path_factory.mktemp("desk"))
    try:
        opened.open()
        yield opened
    finally:
        opened.close()
