"""The one source of "now". Everything else asks here, so that tests can set the time."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path

_fixed: datetime | None = None


def fix(moment: datetime | None) -> None:
    """Let `now` return one moment in this process, for tools that look at messages; None ends it.

    Args:
        moment: aware, in any time zone.
    """
    global _fixed
    _fixed = moment.astimezone(timezone.utc) if moment else None


def now() -> datetime:
    """Return the current moment as an aware datetime in UTC, or the one that `fix` has set.

    When the variable TISKI_CLOCK_FILE names a file, the time is read from it on each call
    (ISO 8601 with an offset). The conversations under `tests/` set the time of several
    processes that way; nothing else should.

    Raises:
        ValueError: the file holds something other than an ISO 8601 time with an offset.
    """
    if _fixed:
        return _fixed
    clock_file = os.environ.get("TISKI_CLOCK_FILE")
    if not clock_file:
        return datetime.now(timezone.utc)
    text = Path(clock_file).read_text(encoding="utf-8").strip()
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(
            f"{clock_file}: '{text}' has no offset; expected e.g. 2026-11-23T10:00+02:00"
        )
    return moment.astimezone(timezone.utc)
