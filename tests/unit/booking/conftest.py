"""A small salon and an empty database for each test of booking."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from salon import NOW, opening, write_page

from tiski.booking.appointments import Appointment, book
from tiski.business import Business, load_business
from tiski.db.migrate import upgrade
from tiski.db.session import engine_for


@pytest.fixture(scope="session")
def make_business(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Business]:
    """A function that gives the small salon with some keys of its page changed."""
    folder = tmp_path_factory.mktemp("pages")
    made: dict[str, Business] = {}

    def _make(**changes: Any) -> Business:
        key = json.dumps(changes)
        if key not in made:
            made[key] = load_business(write_page(folder / f"business{len(made)}.yml", **changes))
        return made[key]

    return _make


@pytest.fixture(scope="session")
def business(make_business: Callable[..., Business]) -> Business:
    return make_business()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("database") / "desk.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{path}")
        upgrade()
        engine_for(f"sqlite:///{path}").dispose()  # what is in the log goes into the file
    engine_for.cache_clear()
    return path


@pytest.fixture(autouse=True)
def database(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty database of the test's own, in a file."""
    path = tmp_path / "desk.db"
    shutil.copyfile(migrated, path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    engine_for.cache_clear()
    yield path
    engine_for(f"sqlite:///{path}").dispose()
    engine_for.cache_clear()


@pytest.fixture
def booked(business: Business) -> Callable[..., Appointment]:
    """A function that books: booked("haircut", "aino", "2026-11-24 10:00", phone=...)."""

    def _book(service_id: str, staff_id: str, start: str, **changes: Any) -> Appointment:
        salon = changes.pop("business", business)
        usual = {
            "name": "Maija Meikäläinen",
            "email": "maija@example.com",
            "phone": "+358401234567",
            "language": "fi",
            "conversation_id": "c1",
            "now": NOW,
        }
        return book(salon, opening(salon, service_id, staff_id, start), **(usual | changes))

    return _book
