"""Real browsers against the running desk. Without a Chromium they are skipped, with the reason."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "unit" / "console"))

from chromium import missing, window
from desk import Desk
from pages import ChatPage, StaffPage
from selenium import webdriver

Open = Callable[..., webdriver.Chrome]


@pytest.fixture(autouse=True, scope="session")
def _chromium() -> None:
    if reason := missing():
        pytest.skip(reason)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Open]:
    """Opens browsers of a size, each with a profile of its own; all are closed at the end."""
    numbers = itertools.count()
    with ExitStack() as opened:
        yield lambda size, **rest: opened.enter_context(
            window(size, tmp_path / f"profile-{next(numbers)}", **rest)
        )


@pytest.fixture
def staff_password(desk: Desk) -> str:
    """The password of this test alone; nobody is signed in or locked out yet."""
    desk.reset()
    return desk.new_staff_password()


@pytest.fixture
def staff(desk: Desk, browser: Open, staff_password: str) -> Callable[..., StaffPage]:
    """Opens the staff page in a browser of a size and signs in."""

    def signed_in(size: tuple[int, int], language: str = "fi", dark: bool = False) -> StaffPage:
        page = StaffPage(browser(size, dark=dark), desk.staff_address)
        page.open(language)
        page.sign_in(staff_password)
        page.wait_until_loaded()
        return page

    return signed_in


@pytest.fixture
def customer(desk: Desk, browser: Open) -> Callable[..., ChatPage]:
    """Opens the customers' page with its chat in a browser of a size."""

    def opened(size: tuple[int, int], language: str = "fi") -> ChatPage:
        page = ChatPage(browser(size), f"{desk.address}/desk/?lang={language}")
        page.open()
        return page

    return opened
