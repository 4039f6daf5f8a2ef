"""For the tests of mail: their helpers, and no mail settings of the machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from tiski.notify import owner


@pytest.fixture(autouse=True)
def no_mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("MAIL_URL", "MAIL_FROM", "STAFF_URL"):
        monkeypatch.delenv(name, raising=False)
    yield
    owner.stop()
