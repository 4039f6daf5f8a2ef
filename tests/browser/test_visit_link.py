"""The link of a mail, on a phone: the page of the visit, and the chat that knows which one it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

from chromium import PHONE
from desk import Desk
from pages import ChatPage, until
from selenium import webdriver
from selenium.webdriver.common.by import By

from tiski.booking.links import token_for


def link_of(desk: Desk, code: str) -> str:
    """The token of an appointment of the demo, as a mail would have it."""
    [row] = desk.rows("appointments", {"code": code})
    ends_at = datetime.fromisoformat(row["ends_at"]).replace(tzinfo=timezone.utc)
    with desk.as_the_desk():
        return token_for(row["id"], ends_at=ends_at)


def test_the_chat_opens_and_knows_the_visit(
    desk: Desk, browser: Callable[..., webdriver.Chrome]
) -> None:
    desk.reset()
    token = link_of(desk, "DEMA42")
    chat = ChatPage(browser(PHONE), f"{desk.address}/desk/?visit={token}")
    chat.open()
    assert "torstaina 26.11. klo 14.00" in chat.last()
    chat.tap("Siirrä aika")
    assert "torstaina 26.11. klo 14.00" in " ".join(text for _, text in chat.said()[-2:])
    [row] = desk.rows("appointments", {"code": "DEMA42"})
    assert row["status"] == "booked", "nothing has happened yet"


def test_the_page_cancels_by_thumb(desk: Desk, browser: Callable[..., webdriver.Chrome]) -> None:
    desk.reset()
    driver = browser(PHONE)
    driver.get(f"{desk.address}/desk/visit/{link_of(desk, 'DEMA42')}")
    width = driver.execute_script("return document.documentElement.scrollWidth")
    assert width <= PHONE[0], "the page scrolls sideways"
    assert "torstaina 26.11. klo 14.00" in driver.find_element(By.TAG_NAME, "main").text
    driver.find_element(By.PARTIAL_LINK_TEXT, "Peru").click()
    driver.find_element(By.CSS_SELECTOR, "button[value=cancel]").click()
    cancelled = {"code": "DEMA42", "status": "cancelled"}
    until(lambda: desk.rows("appointments", cancelled), 10, "the cancelled visit")
    assert driver.find_element(By.TAG_NAME, "h1").text
