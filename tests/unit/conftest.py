"""What unit tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from tiski.db.session import engine_for
from tiski.db.tables import Base


@pytest.fixture
def desk_db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An empty database of the desk in a file of its own, as DATABASE_URL names it."""
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    engine = engine_for(url)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()
