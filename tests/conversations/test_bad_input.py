"""What one customer cannot write in one message: two at once, and ten thousand characters."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from desk import TURN_SECONDS, Desk, new_conversation


def _send(desk: Desk, conversation: str, text: str) -> list[dict[str, Any]]:
    answer = httpx.post(
        f"{desk.address}/webhooks/rest/webhook",
        json={"sender": conversation, "message": text},
        timeout=TURN_SECONDS,
    )
    answer.raise_for_status()
    messages: list[dict[str, Any]] = answer.json()
    return messages


def _said_by_customer(desk: Desk, conversation: str) -> list[str]:
    events = desk.tracker(conversation)["events"]
    return [event["text"] for event in events if event["event"] == "user"]


def test_two_messages_at_once_are_answered_one_after_the_other(desk: Desk) -> None:
    desk.reset()
    conversation = new_conversation()
    together = threading.Barrier(2)

    def ask(text: str) -> list[dict[str, Any]]:
        together.wait(timeout=5)
        return _send(desk, conversation, text)

    questions = ["milloin te ootte auki", "mihin auton saa parkkiin"]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(ask, questions))

    assert all(answers), "one of the messages got no answer"
    assert "olemme auki" in str(answers[0]) or "Tavallinen viikko" in str(answers[0])
    assert "parkkikiekko" in str(answers[1])
    assert sorted(_said_by_customer(desk, conversation)) == sorted(questions)


def test_an_answer_that_is_sent_twice_makes_one_ticket(desk: Desk) -> None:
    desk.reset()
    conversation = new_conversation()
    for text in ("haluan ihmisen", "haluaisin kysyä hääkampauksesta", "Anna Korhonen"):
        _send(desk, conversation, text)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: _send(desk, conversation, "anna@posti.example"), "ab"))

    assert all(answers)
    assert len(desk.rows("tickets")) == 1


def test_two_customers_do_not_hear_each_other(desk: Desk) -> None:
    desk.reset()
    orders = {new_conversation(): ("10234", "65100"), new_conversation(): ("10235", "20100")}

    def ask(conversation: str) -> list[dict[str, Any]]:
        number, postcode = orders[conversation]
        return _send(desk, conversation, f"missä tilaus {number} on, postinumero {postcode}")

    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip(orders, pool.map(ask, orders), strict=True))

    for conversation, (number, _) in orders.items():
        assert number in str(answers[conversation])
        others = [other for other, _ in orders.values() if other != number]
        assert all(other not in str(answers[conversation]) for other in others)


@pytest.mark.parametrize(
    ("message", "cut"),
    [("haluan varata ajan " * 600, "luin siitä vain alun"), ("x" * 10_000, "only read the")],
)
def test_a_very_long_message_is_cut_and_answered_soon(desk: Desk, message: str, cut: str) -> None:
    desk.reset()
    conversation = new_conversation()
    began = time.monotonic()

    answers = _send(desk, conversation, message)

    assert time.monotonic() - began < 10
    assert cut in str(answers)
    assert len(answers) >= 2, "it was cut, but not answered"
    assert all(len(text) <= 1000 for text in _said_by_customer(desk, conversation))


def test_an_empty_message_is_no_turn(desk: Desk) -> None:
    desk.reset()
    conversation = new_conversation()

    answers = _send(desk, conversation, "")

    assert "Viestisi tuli perille tyhjänä" in str(answers)
    assert _said_by_customer(desk, conversation) == []
