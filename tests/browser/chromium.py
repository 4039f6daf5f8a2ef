"""Drives the machine's own Chromium, headless, with nothing fetched from anywhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

DESKTOP = (1280, 800)
PHONE = (390, 844)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No sandbox: tests run as root in containers. The rest keeps Chromium from calling home.
_OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
    "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-extensions", "--disable-features=Translate",
)  # fmt: skip


def missing() -> str | None:
    """Why there can be no browser test on this machine, in one line; None if there can."""
    if _browser() is None:
        return "no Chromium on this machine (Debian: apt install chromium chromium-driver)"
    if shutil.which("chromedriver") is None:
        return "no chromedriver on this machine (Debian: apt install chromium-driver)"
    return None


@contextmanager
def window(
    size: tuple[int, int], profile: Path, language: str = "fi", dark: bool = False
) -> Iterator[webdriver.Chrome]:
    """A browser of its own, with an empty profile; a phone's size makes it a phone.

    Args:
        size: of the page, in pixels of CSS.
        profile: a folder that does not exist yet.
    """
    options = Options()
    options.binary_location = str(_browser())
    for option in _OPTIONS:
        options.add_argument(option)
    options.add_argument(f"--user-data-dir={profile}")
    options.add_argument(f"--lang={language}")
    options.add_argument(f"--window-size={max(size[0], 500)},{size[1]}")
    if size == PHONE:
        phone = {"width": size[0], "height": size[1], "pixelRatio": 2.0, "touch": True}
        options.add_experimental_option("mobileEmulation", {"deviceMetrics": phone})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        if size != PHONE:  # the window's frame counts as well: the page gets what was asked for
            driver.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride",
                {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False},
            )
        if dark:
            features = [{"name": "prefers-color-scheme", "value": "dark"}]
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        yield driver
    finally:
        driver.quit()


def _browser() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)
