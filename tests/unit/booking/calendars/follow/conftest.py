"""Two people of the small salon with calendars in memory, of whom the desk has heard everything."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from two_calendars import Staff

from tiski.business import Business


@pytest.fixture
def staff(business: Business, monkeypatch: pytest.MonkeyPatch) -> Staff:
    monkeypatch.setenv("CALENDAR_VENDOR", "memory")
    monkeypatch.setenv("CALENDARS", "aino=here mikko=there")
    monkeypatch.setenv("MAIL_URL", "smtp+plain://localhost:25")
    return Staff(business)
