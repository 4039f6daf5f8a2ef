from __future__ import annotations

import logging
import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from tiski.db import migrate
from tiski.db.session import engine_for
from tiski.db.tables import Base
from tiski.paths import ROOT


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a database that is not there yet, nor is its folder."""
    address = f"sqlite:///{tmp_path / 'not' / 'there' / 'desk.db'}"
    monkeypatch.setenv("DATABASE_URL", address)
    engine_for.cache_clear()
    yield address
    engine_for.cache_clear()


@pytest.fixture
def own_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the folder of migrations that a test may write to."""
    copy = tmp_path / "migrations"
    (copy / "versions").mkdir(parents=True)
    for source in [*migrate.MIGRATIONS.glob("*.*"), *migrate.MIGRATIONS.glob("versions/*.py")]:
        (copy / source.relative_to(migrate.MIGRATIONS)).write_bytes(source.read_bytes())
    monkeypatch.setattr(migrate, "MIGRATIONS", copy)
    return copy


def test_an_empty_database_gets_the_tables_of_tables_py(url: str) -> None:
    migrate.upgrade()

    with engine_for(url).connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
    names = set(inspect(engine_for(url)).get_table_names())
    assert names == {*Base.metadata.tables, "alembic_version"}


def test_what_is_stored_survives_a_second_upgrade(url: str) -> None:
    migrate.upgrade()
    with engine_for(url).begin() as connection:
        connection.execute(text("INSERT INTO lookup_attempts VALUES ('c1', 3, NULL)"))

    migrate.upgrade()

    with engine_for(url).connect() as connection:
        rows = connection.execute(text("SELECT conversation_id, failures FROM lookup_attempts"))
        assert rows.all() == [("c1", 3)]


def test_downgrade_takes_back_what_upgrade_made(url: str) -> None:
    migrate.upgrade()

    migrate.command.downgrade(migrate._config(), "base")

    assert inspect(engine_for(url)).get_table_names() == ["alembic_version"]


def test_processes_that_start_at_once_do_not_disturb_each_other(url: str) -> None:
    fork = multiprocessing.get_context("fork")
    starters = [fork.Process(target=migrate.upgrade) for _ in range(4)]
    for process in starters:
        process.start()
    for process in starters:
        process.join(30)

    assert [process.exitcode for process in starters] == [0, 0, 0, 0]
    assert set(Base.metadata.tables) < set(inspect(engine_for(url)).get_table_names())


def test_foreign_keys_hold_again_after_the_migration(url: str) -> None:
    migrate.upgrade()

    with engine_for(url).connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_nothing_is_logged(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("alembic").setLevel(logging.NOTSET)

    with caplog.at_level(logging.INFO):
        migrate.upgrade()

    assert caplog.messages == []
    assert capfd.readouterr() == ("", "")


def test_no_new_migration_when_nothing_has_changed(own_migrations: Path) -> None:
    before = sorted(own_migrations.rglob("*.py"))

    assert migrate.new_migration("nothing") is None
    assert sorted(own_migrations.rglob("*.py")) == before


def test_a_new_migration_holds_what_differs(own_migrations: Path, url: str) -> None:
    number = len(list(own_migrations.glob("versions/*.py"))) + 1
    migrate.upgrade()
    with engine_for(url).begin() as connection:
        connection.execute(text("ALTER TABLE orders DROP COLUMN closed_at"))

    path = migrate.new_migration("When an order was closed")

    assert path is not None
    assert path.name == f"{number:04d}_when_an_order_was_closed.py"
    assert 'sa.Column("closed_at", sa.DateTime(), nullable=True)' in path.read_text().replace(
        "'", '"'
    )
    migrate.upgrade()
    with engine_for(url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_command_line(url: str) -> None:
    command = [sys.executable, "-m", "tiski.db.migrate"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "The database is up to date.\n"
    assert "appointments" in inspect(engine_for(url)).get_table_names()


def test_help_touches_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        migrate.main(["--help"])

    assert caught.value.code == 0
    assert "--new MESSAGE" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
