"""The staff page of a business without appointments: nothing empty stands there for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from chromium import PHONE
from pages import StaffPage, until
from selenium import webdriver
from selenium.webdriver.common.by import By

from tiski.console.password import new_password
from tiski.db.migrate import upgrade
from tiski.desk.group import free_port
from tiski.paths import ROOT

START_SECONDS = 60


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The staff page's own process, of the tea shop; yields its address."""
    variables = {
        "TISKI_BUSINESS": "docs/examples/tea-shop.yml",
        "TISKI_VAR": str(tmp_path / "var"),
        "DATABASE_URL": "",
        "TRACKER_DATABASE_URL": "",
        "STAFF_PASSWORD": "",
        "STAFF_BEHIND_PROXY": "",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    upgrade()
    port = free_port()
    command = [sys.executable, "-m", "tiski.console", "--port", str(port)]
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return httpx.get(f"{address}/health", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    with subprocess.Popen(command, cwd=ROOT, env=os.environ) as process:
        try:
            until(answers, START_SECONDS, "the staff page")
            yield address
        finally:
            process.terminate()


def test_a_shop_has_no_part_for_appointments(
    shop: str, browser: Callable[..., webdriver.Chrome]
) -> None:
    page = StaffPage(browser(PHONE), shop)
    page.open()
    page.sign_in(new_password())
    page.wait_until_loaded()
    shown = {
        part.get_attribute("data-part")
        for part in page.driver.find_elements(By.CSS_SELECTOR, "[data-part]")
        if part.is_displayed()
    }
    assert {"tickets", "orders", "unknown", "feedback"} <= shown
    assert not {"appointments", "waiting"} & shown
    links = [link.text for link in page.driver.find_elements(By.CSS_SELECTOR, "nav a")]
    assert "Ajat" not in links and "Kysytyt tilaukset" in links
    assert page.complaints() == []
