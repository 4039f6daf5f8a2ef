"""Where Rasa keeps its conversations: SQLite under `var/`, or what TRACKER_DATABASE_URL names."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import create_engine, event, func
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import sessionmaker

from tiski.db.session import conversations_url, sqlite_options
from tiski.paths import var_dir

# A turn writes six to ten events. Rasa replays what it is given several times in every turn and
# posts it with every action, so a day's chat would grow slower with every message.
RECENT_EVENTS = 300
# Set on a tracker whose beginning stayed in the database: how many events more are there
_LEFT_OUT = "events_left_out"


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL store with a default that needs no configuration, in WAL mode on SQLite.

    Of a long conversation it hands out the last RECENT_EVENTS events, begun by one event for
    each slot that was set before; everything stays in the database, and `retrieve_full_tracker`
    gives all of it.
    """

    def __init__(self, domain: Any = None, event_broker: Any = None, **kwargs: Any) -> None:
        var_dir().mkdir(parents=True, exist_ok=True)
        url = conversations_url()
        # Rasa hands on the `url` of endpoints.yml as `host`; the address is chosen here
        super().__init__(domain, event_broker=event_broker, **{**kwargs, **address_parts(url)})
        if self.engine.dialect.name == "sqlite":
            self.engine.dispose()  # Rasa opens the file for each session
            self.engine: Engine = create_engine(self.engine.url, **sqlite_options(5))
            event.listen(self.engine, "connect", _use_wal)
            self.sessionmaker = sessionmaker(bind=self.engine)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation as Rasa should see it in a turn; None if there is none."""
        with self.session_scope() as session:
            query = self._event_query(session, sender_id, fetch_events_from_all_sessions=False)
            count = query.count()
            if count > RECENT_EVENTS and self.domain:
                recent = self._recent(session, query, count)
                if recent:
                    tracker = DialogueStateTracker.from_dict(sender_id, recent, self.domain.slots)
                    setattr(tracker, _LEFT_OUT, count - len(tracker.events))
                    return tracker
        return await super().retrieve(sender_id)

    def _recent(self, session: Any, query: Any, count: int) -> list[dict[str, Any]]:
        """The last events from a customer's message on, after a summary of those before it.

        Begins outside a form where it can: a form's first steps belong together. [] if the
        customer said nothing in them.
        """
        row = self.SQLEvent
        rows = query.offset(count - RECENT_EVENTS).all()
        begins = [at for at, each in enumerate(rows) if each.type_name == UserUttered.type_name]
        if not begins:
            return []
        earlier = query.order_by(None).filter(row.id < rows[0].id)
        loop = earlier.filter(row.type_name == ActiveLoop.type_name).order_by(row.id.desc()).first()
        at = _first_outside_a_form(rows, begins, loop is not None and loop.action_name is not None)
        latest = (
            query.order_by(None)
            .with_entities(func.max(row.id))
            .filter(row.id < rows[at].id, row.type_name == SlotSet.type_name)
            .group_by(row.action_name)  # Rasa keeps a slot's name here
        )
        slots = (
            session.query(row)
            .filter(row.id.in_([number for (number,) in latest]))
            .order_by(row.id)
            .all()
        )
        loops = [loop, *(each for each in rows[:at] if each.type_name == ActiveLoop.type_name)][-1:]
        summary = [json.loads(each.data) for each in (*slots, *filter(None, loops))]
        listen = ActionExecuted(ACTION_LISTEN_NAME, timestamp=rows[at].timestamp).as_dict()
        return [*summary, listen, *(json.loads(each.data) for each in rows[at:])]

    def _additional_events(self, session: Any, tracker: DialogueStateTracker) -> Iterator[Any]:
        query = self._event_query(session, tracker.sender_id, fetch_events_from_all_sessions=False)
        stored = query.count() - getattr(tracker, _LEFT_OUT, 0)
        return itertools.islice(tracker.events, stored, len(tracker.events))


def _first_outside_a_form(rows: list[Any], begins: list[int], in_form: bool) -> int:
    """The place of the first customer's message outside a form; of the first at all if none."""
    for at, each in enumerate(rows):
        if each.type_name == ActiveLoop.type_name:
            in_form = each.action_name is not None
        if not in_form and at in begins:
            return at
    return begins[0]


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
