"""An empty database for each test of the outbox, and a clock that is set free afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import Engine

from tiski import clock


@pytest.fixture(autouse=True)
def database(desk_db: Engine) -> Iterator[Engine]:
    yield desk_db
    clock.fix(None)
