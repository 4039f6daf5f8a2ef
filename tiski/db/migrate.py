"""Brings the database to the newest shape: `python -m tiski.db.migrate`.

The migrations lie in `tiski/db/migrations/versions`, one file per change, numbered. Alembic runs
them; its configuration is here, so that there is no second place with a database address in it.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from tiski.db.session import database_url

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def upgrade() -> None:
    """Bring the database at `database_url()` to the newest shape; do nothing if it is there.

    The folder of an SQLite file is made when it is missing. Several processes may call this at
    the same time: one works and the others wait for it.

    Raises:
        sqlalchemy.exc.OperationalError: the database cannot be reached or written.
    """
    _make_folder(database_url())
    command.upgrade(_config(), "head")


def new_migration(message: str) -> Path | None:
    """Write a migration with what `tables.py` has and the database at head has not.

    Args:
        message: what changed, in a few words; it becomes part of the file's name.

    Returns:
        The new file, to be read and corrected by whoever asked for it; None if nothing differs.
    """
    upgrade()
    config = _config()
    known = len(list(ScriptDirectory.from_config(config).walk_revisions()))
    script: Any = command.revision(
        config,
        message,
        autogenerate=True,
        rev_id=f"{known + 1:04d}",
        process_revision_directives=_drop_if_empty,
    )
    return Path(script.path) if script else None


def _config() -> Config:
    # Alembic tells its steps on INFO and on stdout: neither belongs in the desk's logs.
    logger = logging.getLogger("alembic")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.WARNING)
    config = Config(cmd_opts=argparse.Namespace(quiet=True))
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    return config


def _make_folder(url: str) -> None:
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:"):
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)


def _drop_if_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    if directives[0].upgrade_ops.is_empty():
        directives.clear()


def main(arguments: list[str] | None = None) -> None:
    """The command line; `--help` tells what it takes."""
    parser = argparse.ArgumentParser(
        prog="./scripts/migrate",
        description="Bring the desk's database (DATABASE_URL, or var/desk.db) to the newest shape.",
    )
    parser.add_argument(
        "--new",
        metavar="MESSAGE",
        help="after that, write a migration for what has changed in tiski/db/tables.py",
    )
    options = parser.parse_args(arguments)
    if options.new is None:
        upgrade()
        print("The database is up to date.")
        return
    path = new_migration(options.new)
    if path is None:
        print("Nothing to migrate: the database has every table and column of tables.py.")
    else:
        print(f"Wrote {path.name} in tiski/db/migrations/versions. Read it before you use it.")


if __name__ == "__main__":
    main()
