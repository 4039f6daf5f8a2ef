"""A small salon for the tests of the clockwork, and nothing of the machine's own settings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "booking"))
sys.path.insert(0, str(Path(__file__).parents[1] / "booking" / "calendars"))
sys.path.insert(0, str(Path(__file__).parents[1] / "notify"))

from salon import BOOKING, NOW, opening, write_page
from sqlalchemy.engine import Engine

from tiski import clock
from tiski.booking.appointments import Appointment, book
from tiski.business import Business, load_business

VARIABLES = (
    "CALENDAR_VENDOR", "CALENDARS", "MAIL_URL", "MAIL_FROM", "PUBLIC_URL",
    "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "SMS_FROM", "TWILIO_API_URL",
)  # fmt: skip


@pytest.fixture(autouse=True)
def settings(
    desk_db: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.MonkeyPatch]:
    """An empty desk that can mail; the clock is set free afterwards."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TISKI_VAR", str(tmp_path))
    monkeypatch.setenv("MAIL_URL", "smtp+plain://localhost:25")
    clock.fix(NOW)
    yield monkeypatch
    clock.fix(None)


@pytest.fixture(scope="session")
def salon(tmp_path_factory: pytest.TempPathFactory) -> Business:
    return load_business(write_page(tmp_path_factory.mktemp("salon") / "b.yml", booking=BOOKING))


@pytest.fixture
def booked(salon: Business) -> Callable[..., Appointment]:
    """A function that books: booked("haircut", "aino", "2026-11-24 10:00", phone=...)."""

    def _book(service_id: str, staff_id: str, start: str, **changes: Any) -> Appointment:
        usual = {
            "name": "Maija Meikäläinen",
            "email": "maija@example.com",
            "phone": "+358401234567",
            "language": "en",
            "conversation_id": None,
            "now": NOW,
        }
        return book(salon, opening(salon, service_id, staff_id, start), **(usual | changes))

    return _book
