"""For the tests of calendars: real servers, each started once, and a fresh calendar for each test."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import servers
from staff import Staff

from tiski.booking.calendars.caldav import CalDav


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    with servers.radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture(scope="session")
def xandikos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    try:
        with servers.xandikos(tmp_path_factory.mktemp("xandikos")) as server:
            yield server
    except servers.CannotInstall as error:
        pytest.skip(f"Xandikos cannot be installed here ({error})")


@pytest.fixture(params=["radicale", "xandikos"])
def server(request: pytest.FixtureRequest) -> servers.Server:
    return request.getfixturevalue(request.param)


@pytest.fixture
def staff(server: servers.Server) -> Iterator[Staff]:
    """Whose calendar it is, with an empty one."""
    with server.client() as client:
        yield Staff(client, server.new_calendar())


@pytest.fixture
async def calendar(staff: Staff) -> AsyncIterator[CalDav]:
    """The same calendar as the desk sees it."""
    opened = CalDav(
        staff.url, user=servers.USER, password=servers.PASSWORD, tz=ZoneInfo("Europe/Helsinki")
    )
    yield opened
    await opened.close()
