"""One engine per process, short sessions, and a door for async code.

The desk's tables live in `var/desk.db` unless DATABASE_URL names another database. Actions
are async and SQLAlchemy's sessions are not: `run` takes a function to a thread, so that a slow
disk holds up one customer and not all of them.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

from tiski.paths import var_dir

T = TypeVar("T")


def database_url() -> str:
    """The address of the desk's database: DATABASE_URL, or SQLite under `var/`."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{var_dir() / 'desk.db'}"


def conversations_url() -> str:
    """The address of Rasa's conversations: TRACKER_DATABASE_URL, or SQLite under `var/`."""
    return os.environ.get("TRACKER_DATABASE_URL") or f"sqlite:///{var_dir() / 'conversations.db'}"


def sqlite_options(wait_seconds: int) -> dict[str, Any]:
    """Options of `create_engine` for a file of SQLite: connections stay open between sessions.

    SQLAlchemy 1.4 opens the file for each session. In WAL mode the last connection that closes
    writes everything into the file, waits for the disk and deletes the log: several times a turn.

    Args:
        wait_seconds: for another process that writes.
    """
    return {
        "poolclass": QueuePool,
        "max_overflow": -1,  # a session more than are kept open opens its own, as before
        # sqlite3 serialises what threads do; a session is used by one at a time
        "connect_args": {"timeout": wait_seconds, "check_same_thread": False},
    }


@lru_cache(maxsize=4)
def engine_for(url: str) -> Engine:
    """Return the engine for a database; one is made per address and process."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True, future=True)
    engine = create_engine(url, **sqlite_options(3), hide_parameters=True, future=True)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # pysqlite opens transactions late and by itself; we open them ourselves, below.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # a confirmed booking survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # IMMEDIATE: a look and the write that follows it are one; no deadlock by upgrade.
        # Who only reads takes no lock, and so neither waits for a writer nor holds one up.
        only_reads = connection.get_execution_options().get("only_reads", False)
        connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")

    return engine


@contextmanager
def session() -> Iterator[Session]:
    """A session that commits at the end and rolls back when anything is raised."""
    factory = sessionmaker(engine_for(database_url()), future=True, expire_on_commit=False)
    with factory.begin() as opened:
        yield opened


@contextmanager
def reading() -> Iterator[Session]:
    """A session for looking only: it sees one state of the database and blocks nobody.

    What is decided on the strength of such a look must be looked at again in `session`.
    """
    engine = engine_for(database_url()).execution_options(only_reads=True)
    with Session(engine, future=True, expire_on_commit=False) as opened:
        yield opened


async def run(work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Run blocking database work in a thread and wait for it without blocking the loop."""
    return await asyncio.to_thread(work, *args, **kwargs)
