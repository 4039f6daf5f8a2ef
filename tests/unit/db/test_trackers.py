"""tiski/db/trackers.py: where conversations are kept."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from tiski.db.trackers import ConversationStore, address_parts


def journal_mode(file: Path) -> str:
    with sqlite3.connect(file) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def store_of_endpoints() -> ConversationStore:
    """The store as Rasa makes it from endpoints.yml."""
    endpoint = EndpointConfig(type="tiski.db.trackers.ConversationStore")
    made = TrackerStore.create(endpoint, Domain.empty())
    store = getattr(made, "_tracker_store", made)  # Rasa wraps it to survive failures
    assert isinstance(store, ConversationStore)
    return store


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TISKI_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("TRACKER_DATABASE_URL", raising=False)
    return tmp_path / "var"


async def test_by_default_a_file_under_var_in_wal_mode(var: Path) -> None:
    store = store_of_endpoints()
    tracker = DialogueStateTracker.from_events("c1", [UserUttered("moi"), SlotSet("x", 1)])
    await store.save(tracker)
    assert journal_mode(var / "conversations.db") == "wal"
    found = await store.retrieve("c1")
    assert found is not None
    assert [event.type_name for event in found.events] == ["user", "slot"]
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1  # NORMAL
    assert (var / "conversations.db-wal").exists(), "the file was closed between sessions"


def test_a_sqlite_address_is_in_wal_mode_too(
    tmp_path: Path, var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "elsewhere.db"
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{file}")
    store = store_of_endpoints()
    with store.engine.connect():
        assert journal_mode(file) == "wal"
    assert not (var / "conversations.db").exists()


def test_the_parts_of_an_address() -> None:
    url = "postgresql://tiski:s%40cret%2F@db.example:6432/talks?sslmode=require&connect_timeout=5"
    assert address_parts(url) == {
        "dialect": "postgresql",
        "host": "db.example",
        "port": 6432,
        "db": "talks",
        "username": "tiski",
        "password": "s@cret/",
        "query": {"sslmode": "require", "connect_timeout": "5"},
    }
    parts = address_parts("postgresql+psycopg2://db.example/talks")
    assert parts["dialect"] == "postgresql+psycopg2"
    assert (parts["port"], parts["username"], parts["query"]) == (None, None, {})
    assert address_parts("sqlite:////var/lib/talks.db")["db"] == "/var/lib/talks.db"


def test_rasa_builds_the_same_address_from_the_parts() -> None:
    url = "postgresql://tiski:s%40cret%2F@db.example:6432/talks?sslmode=require"
    built = ConversationStore.get_db_url(**address_parts(url))
    assert built.render_as_string(hide_password=False) == url  # type: ignore[union-attr]


def _turn(number: int) -> list[Event]:
    """A customer's message, a form begun every seventh turn and ended two turns later."""
    loop = {0: "form", 2: None}
    events: list[Event] = [UserUttered(f"message {number}"), SlotSet("count", number)]
    if number == 3:
        events.append(SlotSet("early", "kept"))
    if number % 7 in loop:
        events.append(ActiveLoop(loop[number % 7]))
    return [*events, BotUttered(f"answer {number}"), ActionExecuted("action_listen")]


_DOMAIN = """
slots:
  count: {type: any, mappings: [{type: custom}]}
  early: {type: any, mappings: [{type: custom}]}
"""


async def test_a_long_conversation_is_handed_out_in_part_and_kept_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tiski.db.trackers.RECENT_EVENTS", 60)
    domain = Domain.from_yaml(_DOMAIN)
    store = ConversationStore(domain)
    await store.save(DialogueStateTracker.from_events("c1", [ActionExecuted("action_listen")]))
    for number in range(40):
        tracker = await store.retrieve("c1")
        assert tracker is not None
        for event in _turn(number):
            tracker.update(event, domain)
        await store.save(tracker)
        whole = await store.retrieve_full_tracker("c1")
        again = await store.retrieve("c1")
        assert whole is not None and again is not None
        assert again.current_slot_values() == whole.current_slot_values() == tracker_values(number)
        assert again.active_loop_name == whole.active_loop_name
        assert len(again.events) <= 60 + 4  # a listen, a loop and two slots

    said = [event.text for event in whole.events if isinstance(event, UserUttered)]
    assert said == [f"message {number}" for number in range(40)]
    kept = [event.text for event in again.events if isinstance(event, UserUttered)]
    assert 8 < len(kept) < 20 and kept == said[-len(kept) :]
    first = next(at for at, e in enumerate(again.events) if isinstance(e, UserUttered))
    before = [e.name for e in list(again.events)[:first] if isinstance(e, ActiveLoop)]
    assert before[-1:] in ([], [None])  # it begins outside a form


def tracker_values(number: int) -> dict[str, object]:
    early = "kept" if number >= 3 else None
    return {"count": number, "early": early, "session_started_metadata": None}
