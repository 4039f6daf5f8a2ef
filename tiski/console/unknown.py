"""Messages that the desk did not understand, from Rasa's conversations: read, never written."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from tiski.db.session import conversations_url, engine_for

INTENTS = ("nlu_fallback", "out_of_scope")
MOST = 20
# Only the last so many events are looked at: some two thousand messages, read in a few
# milliseconds. Rasa's table has no index that would help.
_EVENTS_BACK = 20_000
_AGAIN_SECONDS = 60  # what was deleted meanwhile disappears after that

_SELECT = text(
    "SELECT id, timestamp, intent_name, data FROM events "
    "WHERE id > :after AND type_name = 'user' AND intent_name IN (:unclear, :outside) "
    "ORDER BY id DESC LIMIT :most"
)


@dataclass(frozen=True)
class UnknownMessage:
    """One message as the customer typed it."""

    id: int
    text: str
    intent: str  # one of INTENTS
    at: datetime  # by the machine's clock, as Rasa stores it


class UnknownMessages:
    """Reads them anew only when something was said since the last time."""

    def __init__(self) -> None:
        self._last_event = -1
        self._read_at = 0.0
        self._found: list[UnknownMessage] = []

    def newest(self) -> list[UnknownMessage]:
        """The latest MOST messages, newest first; [] before the first conversation.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the conversations cannot be read.
        """
        engine = engine_for(conversations_url()).execution_options(only_reads=True)
        with engine.connect() as connection:
            last = _last_event(connection)
            if last is None:
                return []
            is_old = time.monotonic() - self._read_at > _AGAIN_SECONDS
            if last != self._last_event or is_old:
                self._found = _read(connection, last)
                self._last_event, self._read_at = last, time.monotonic()
        return self._found


def _last_event(connection: Connection) -> int | None:
    if not inspect(connection).has_table("events"):
        return None
    last = connection.execute(text("SELECT max(id) FROM events")).scalar()
    return None if last is None else int(last)


def _read(connection: Connection, last: int) -> list[UnknownMessage]:
    rows = connection.execute(
        _SELECT,
        {
            "after": last - _EVENTS_BACK,
            "unclear": INTENTS[0],
            "outside": INTENTS[1],
            "most": MOST,
        },
    ).all()
    return [
        UnknownMessage(
            id=row.id,
            text=str(_data(row.data).get("text") or ""),
            intent=row.intent_name,
            at=datetime.fromtimestamp(row.timestamp or 0, timezone.utc),
        )
        for row in rows
    ]


def _data(stored: str | None) -> dict[str, Any]:
    try:
        data = json.loads(stored or "{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
