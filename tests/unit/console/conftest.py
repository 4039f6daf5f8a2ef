"""A desk's databases with a busy day in them, and the staff page on a real port."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from app_server import serving_app
from busy_day import NOW, fill, say_unclear
from sqlalchemy.engine import Engine

from tiski.console import password
from tiski.console.app import create_app


@pytest.fixture
def var(desk_db: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty desk of its own; it is Monday, ten past ten."""
    monkeypatch.setenv("TISKI_VAR", str(tmp_path))
    clock = tmp_path / "clock"
    clock.write_text(NOW.isoformat(), encoding="utf-8")
    monkeypatch.setenv("TISKI_CLOCK_FILE", str(clock))
    for name in ("TRACKER_DATABASE_URL", "STAFF_PASSWORD", "STAFF_BEHIND_PROXY", "TISKI_BUSINESS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def busy(var: Path) -> Path:
    """The desk in the middle of a busy day."""
    fill()
    say_unclear()
    return var


@pytest.fixture
def secret(var: Path) -> str:
    """The staff's password."""
    return password.new_password()


@pytest.fixture
async def staff(var: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at the staff page, not signed in; it says where its forms come from."""
    async with (
        serving_app(create_app(f"test-{uuid.uuid4().hex}")) as address,
        httpx.AsyncClient(base_url=address, headers={"Origin": address}) as client,
    ):
        yield client
