"""Where Rasa keeps its conversations: SQLite under `var/`, or what TRACKER_DATABASE_URL names."""

from __future__ import annotations

import os
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy import event
from sqlalchemy.engine import make_url

from tiski.paths import var_dir


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL store with a default that needs no configuration, in WAL mode on SQLite."""

    def __init__(self, domain: Any = None, event_broker: Any = None, **kwargs: Any) -> None:
        url = os.environ.get("TRACKER_DATABASE_URL")
        if not url:
            var_dir().mkdir(parents=True, exist_ok=True)
            url = f"sqlite:///{var_dir() / 'conversations.db'}"
        # Rasa hands on the `url` of endpoints.yml as `host`; the address is chosen here
        super().__init__(domain, event_broker=event_broker, **{**kwargs, **address_parts(url)})
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _use_wal)
            self.engine.dispose()  # connections made before the listener was there


def _use_wal(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def address_parts(url: str) -> dict[str, Any]:
    """Return a database's address as SQLTrackerStore takes it, a parameter for each part."""
    parts = make_url(url)
    return {
        "dialect": parts.drivername,
        "host": parts.host,
        "port": parts.port,
        "db": parts.database,
        "username": parts.username,
        "password": parts.password,
        "query": dict(parts.query),
    }
