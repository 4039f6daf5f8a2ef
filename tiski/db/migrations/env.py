"""How Alembic reaches the desk's database. `tiski/db/migrate.py` starts it."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy.engine import Connection

from tiski.db.session import database_url, engine_for
from tiski.db.tables import Base, UtcDateTime

# Any fixed number: whoever migrates a PostgreSQL database holds this lock meanwhile.
LOCK = 7_132_024


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column type as the plain one that the database sees.

    A migration must stay true when `tables.py` has moved on, so it may not import from it.
    """
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


def migrate(connection: Connection) -> None:
    """Run what is missing, in one transaction: either all of it happens or nothing."""
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        # SQLite changes a table by copying it, which the keys pointing at it would forbid.
        # Straight to the driver: inside a transaction the pragma does nothing.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                render_as_batch=on_sqlite,
                render_item=render_item,
                transactional_ddl=True,
            )
            context.run_migrations()
    finally:
        if on_sqlite:  # the connection goes back to its pool
            connection.connection.cursor().execute("PRAGMA foreign_keys=ON")


with engine_for(database_url()).connect() as opened:
    migrate(opened)
