"""Desks that are connected to real calendar and mail servers, for all tests of this folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "unit" / "notify"))
sys.path.insert(0, str(Path(__file__).parent.parent / "unit" / "booking" / "calendars"))
sys.path.insert(0, str(Path(__file__).parent.parent / "conversations"))

from desk import Desk
from outside import Outside, outside


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    with outside(tmp_path_factory.mktemp("outside")) as opened:
        yield opened


@pytest.fixture(scope="session")
def connected_desk(tmp_path_factory: pytest.TempPathFactory, world: Outside) -> Iterator[Desk]:
    """A desk with calendars and mail, which cannot send text messages."""
    with _opened(tmp_path_factory.mktemp("connected-desk"), world.variables) as desk:
        yield desk


@pytest.fixture(scope="session")
def text_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    """Of its own: two desks that follow one calendar would take each other's visits for staff's."""
    with outside(tmp_path_factory.mktemp("text-outside")) as opened:
        yield opened


@pytest.fixture(scope="session")
def texting_desk(tmp_path_factory: pytest.TempPathFactory, text_world: Outside) -> Iterator[Desk]:
    """A desk that sends text messages as well."""
    variables = {**text_world.variables, **text_world.text_variables}
    with _opened(tmp_path_factory.mktemp("texting-desk"), variables) as desk:
        yield desk


@contextmanager
def _opened(folder: Path, variables: dict[str, str]) -> Iterator[Desk]:
    desk = Desk(folder, variables=variables)
    try:
        desk.open()
        yield desk
    finally:
        desk.close()
