"""The two pages as people use them: where one types and taps, and what one reads."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

TURN_SECONDS = 70
PAGE_SECONDS = 20
_BY_CSS = By.CSS_SELECTOR


def until(condition: Callable[[], Any], seconds: float, story: str) -> float:
    """Wait for a condition; returns the seconds that it took.

    Raises:
        AssertionError: it did not hold in time; `story` tells what was waited for.
    """
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"waited {seconds} s in vain: {story}"
        time.sleep(0.05)
    return time.monotonic() - began


class ChatPage:
    """The customers' page, with the chat in its shadow root."""

    def __init__(self, driver: Chrome, address: str) -> None:
        self.driver = driver
        self._address = address

    def open(self) -> None:
        """Load the page (or load it again) and open the chat."""
        self.driver.get(self._address)
        until(self._is_built, PAGE_SECONDS, "the chat")
        launcher = self._in_chat(".launcher")
        if launcher.is_displayed():
            launcher.click()
        until(lambda: self.said(), TURN_SECONDS, "the greeting")

    def said(self) -> list[tuple[str, str]]:
        """The conversation: ("bot" or "user", text) of each message, without its buttons."""
        found: list[list[str]] = self.driver.execute_script(
            "return [...document.querySelector('tiski-chat').shadowRoot"
            ".querySelectorAll('.message')].map((m) => [m.classList.contains('user') ? 'user' :"
            " 'bot', m.querySelector('.bubble')?.textContent ?? ''])"
        )
        return [(who, text) for who, text in found]

    def last(self) -> str:
        """What the desk said since the customer's last message."""
        texts: list[str] = []
        for who, text in reversed(self.said()):
            if who == "user":
                break
            texts.insert(0, text)
        return "\n".join(texts)

    def type(self, text: str) -> None:
        """Write a message and wait for the answer."""
        before = len(self.said())
        field = self._in_chat("textarea")
        field.send_keys(text, Keys.ENTER)
        self._wait_for_answer(before)

    def tap(self, title: str) -> None:
        """Tap the last button of this title and wait for the answer."""
        before = len(self.said())
        self.tap_only(title)
        self._wait_for_answer(before)

    def tap_only(self, title: str) -> None:
        """Tap the last button of this title and go on at once."""
        self.button(title).click()

    def button(self, title: str) -> WebElement:
        """The last button of this title that can be tapped."""
        found = self._shadow().find_elements(_BY_CSS, ".choices button:not([disabled])")
        titles = [one.text for one in found]
        assert title in titles, f"no button '{title}', only {titles}"
        return found[len(titles) - 1 - titles[::-1].index(title)]

    def _wait_for_answer(self, before: int) -> None:
        def has_answered() -> bool:
            said = self.said()
            is_typing = self._in_chat(".typing").is_displayed()
            return len(said) > before + 1 and said[-1][0] == "bot" and not is_typing

        until(has_answered, TURN_SECONDS, f"an answer after {self.said()[-1:]}")

    def _is_built(self) -> bool:
        script = "return !!document.querySelector('tiski-chat')?.shadowRoot?.querySelector('.root:not([hidden])')"
        return bool(self.driver.execute_script(script))

    def _shadow(self) -> Any:
        return self.driver.find_element(_BY_CSS, "tiski-chat").shadow_root

    def _in_chat(self, selector: str) -> WebElement:
        found: WebElement = self._shadow().find_element(_BY_CSS, selector)
        return found


class StaffPage:
    """The staff page and its sign-in."""

    def __init__(self, driver: Chrome, address: str) -> None:
        self.driver = driver
        self.address = address

    def open(self, language: str = "fi") -> None:
        self.driver.get(f"{self.address}/?lang={language}")

    def sign_in(self, password: str) -> None:
        """Type a password and press Enter; waits for the page that follows."""
        field = self.driver.find_element(By.ID, "password")
        field.clear()
        field.send_keys(password, Keys.ENTER)
        until(lambda: _is_gone(field), PAGE_SECONDS, "the page after signing in")

    def wait_until_loaded(self) -> None:
        until(lambda: self.state() == "online", PAGE_SECONDS, "the data")

    def state(self) -> str:
        """loading, online or broken."""
        return str(
            self.driver.execute_script("return document.getElementById('state')?.dataset.state")
        )

    def alert(self) -> str:
        """What is read out at once: a wrong password, a broken connection."""
        return self.driver.find_element(_BY_CSS, "[role=alert]").text

    def has_form(self) -> bool:
        return bool(self.driver.find_elements(By.ID, "password"))

    def part(self, name: str) -> str:
        """The visible text of a part of the page, e.g. "appointments"."""
        text = self.driver.execute_script(
            "return document.querySelector(`[data-part=${arguments[0]}]`).innerText", name
        )
        return str(text)

    def complaints(self) -> list[str]:
        """What the browser itself found wrong: blocked scripts, errors, missing files."""
        entries = self.driver.get_log("browser")
        return [one["message"] for one in entries if one["level"] in ("SEVERE", "WARNING")]


def _is_gone(element: WebElement) -> bool:
    from selenium.common.exceptions import StaleElementReferenceException, WebDriverException

    try:
        element.is_enabled()
    except StaleElementReferenceException:
        return True
    except WebDriverException:  # between two pages
        return False
    return False
