"""The customers' page on a phone: a short chat by thumb."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from chromium import PHONE
from desk import Desk
from pages import ChatPage, until

THUMB = 40  # pixels


def test_the_chat_of_a_business_that_says_te(desk: Desk, customer: Callable[..., ChatPage]) -> None:
    desk.reset()
    chat = customer(PHONE)
    inputs = chat.driver.execute_script(
        """
        const polite = document.createElement("tiski-chat");
        polite.setAttribute("address", "te");
        document.body.append(polite);
        return [...document.querySelectorAll("tiski-chat")].map(
          (each) => each.shadowRoot.querySelector("textarea").placeholder
        );
        """
    )
    assert inputs == ["Kirjoita viesti", "Kirjoittakaa viesti"]


@pytest.mark.parametrize(
    ("language", "wish", "service", "anyone", "question"),
    [
        ("fi", "Haluan varata ajan", "Hiustenleikkaus", "Kuka vain", "onko teillä parkkipaikkoja?"),
        ("en", "Book an appointment", "Haircut", "Anyone", "is there parking?"),
    ],
)
def test_a_chat_on_a_phone_survives_a_reload(
    desk: Desk,
    customer: Callable[..., ChatPage],
    language: str,
    wish: str,
    service: str,
    anyone: str,
    question: str,
) -> None:
    desk.reset()
    chat = customer(PHONE, language=language)
    width = chat.driver.execute_script("return document.documentElement.scrollWidth")
    assert width <= PHONE[0], "the page scrolls sideways"
    button = chat.button(wish)
    assert button.size["height"] >= THUMB and button.rect["x"] + button.size["width"] <= PHONE[0]
    chat.tap(wish)
    chat.tap(service)
    chat.type(question)
    assert anyone in [chat.button(anyone).text], "the question is asked again after the answer"
    before = chat.said()

    chat.open()
    until(lambda: len(chat.said()) >= len(before), 10, "the conversation after the reload")
    assert chat.said() == before
    chat.tap(anyone)
    assert chat.said()[: len(before)] == before and len(chat.said()) > len(before) + 1
