"""What keeps two customers from one time, on PostgreSQL as well: the same tests, another database."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

# Collected here once more; the fixtures below put another database under them
from test_appointments import *  # noqa: F403
from test_races import *  # noqa: F403
from test_reschedule import *  # noqa: F403
from test_shared import *  # noqa: F403

from tiski.bench import postgres
from tiski.db.migrate import upgrade
from tiski.db.session import engine_for

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def postgres_address() -> Iterator[str]:
    """A running server, with a migrated database to be copied."""
    if postgres.binaries() is None:
        pytest.skip(str(postgres.NoPostgres()))
    with postgres.server() as address:
        postgres.sql(address, "CREATE DATABASE migrated")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DATABASE_URL", f"{address}/migrated")
            upgrade()
            engine_for(f"{address}/migrated").dispose()
        engine_for.cache_clear()
        yield address


@pytest.fixture(autouse=True)
def database(postgres_address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty database of the test's own."""
    name = f"desk{next(_numbers)}"
    postgres.sql(postgres_address, f"CREATE DATABASE {name} TEMPLATE migrated")
    url = f"{postgres_address}/{name}"
    monkeypatch.setenv("DATABASE_URL", url)
    engine_for.cache_clear()
    yield url
    engine_for(url).dispose()
    engine_for.cache_clear()
