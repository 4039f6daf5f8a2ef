from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

from tiski.db.session import reading, run, session
from tiski.db.tables import LookupAttempts

NOON = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)


def attempts(conversation_id: str) -> LookupAttempts:
    return LookupAttempts(conversation_id=conversation_id, failures=1, locked_until=NOON)


def seen() -> int:
    with reading() as opened:
        return int(opened.scalar(select(func.count()).select_from(LookupAttempts)))


@pytest.mark.usefixtures("desk_db")
class TestSession:
    def test_what_is_done_is_kept_and_what_fails_is_not(self) -> None:
        with session() as opened:
            opened.add(attempts("c1"))
        with pytest.raises(RuntimeError), session() as opened:
            opened.add(attempts("c2"))
            opened.flush()
            raise RuntimeError

        assert seen() == 1

    def test_a_reader_does_not_wait_for_a_writer(self) -> None:
        with session() as opened:
            opened.add(attempts("c1"))
            opened.flush()

            assert seen() == 0
        assert seen() == 1

    def test_a_writer_does_not_wait_for_a_reader(self) -> None:
        with reading() as looking:
            before = looking.scalar(select(func.count()).select_from(LookupAttempts))
            with session() as opened:
                opened.add(attempts("c1"))
            after = looking.scalar(select(func.count()).select_from(LookupAttempts))

        assert (before, after, seen()) == (0, 0, 1)

    async def test_run_works_in_a_thread(self) -> None:
        assert await run(seen) == 0

    def test_the_file_stays_open_between_sessions(self, desk_db: Engine) -> None:
        assert seen() == 0
        made: list[object] = []
        event.listen(desk_db, "connect", lambda connection, _record: made.append(connection))
        with session() as opened:
            opened.add(attempts("c1"))

        assert seen() == 1
        assert made == []
        assert desk_db.url.database is not None
        log = Path(f"{desk_db.url.database}-wal")
        assert log.exists(), "the last connection was closed, and the log written into the file"

    def test_times_come_back_in_utc(self) -> None:
        with session() as opened:
            opened.add(attempts("c1"))
        with reading() as opened:
            row = opened.get(LookupAttempts, "c1")

        assert row.locked_until == NOON
        assert row.locked_until.tzinfo is timezone.utc


def test_the_journal_is_written_ahead_and_synced(desk_db: Engine) -> None:
    with desk_db.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
