"""When an action throws: words for the customer, a reference in the log, nothing personal there."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import OperationalError

from actions.desk_action import DeskAction, Events
from actions.form import REQUESTED_SLOT, DeskForm, Draft
from actions.turn import Turn
from tiski.orders.order import ShopUnavailable

NAME, PHONE = "Matti Meikäläinen", "+358455550101"


def tracker(text: str = f"olen {NAME}, {PHONE}", **slots: Any) -> Tracker:
    message = {"text": text, "intent": {"name": "inform", "confidence": 0.9}, "entities": []}
    form = {"name": "broken_form"} if slots.get(REQUESTED_SLOT) else {}
    return Tracker(
        "someone", slots, message, [{"event": "user", "text": text}], False, None, form, ""
    )


class Broken(DeskAction):
    action = "action_broken"

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def serve(self, turn: Turn) -> Events:
        turn.say("utter_greet")  # half an answer, before it breaks
        raise self.error


class BrokenForm(Broken, DeskForm):
    form = "broken_form"
    own_intents = frozenset({"book_appointment"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["contact"]

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        pass


async def run(action: DeskAction, at: Tracker) -> tuple[list[dict[str, Any]], Events]:
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, at, {})
    return dispatcher.messages, events


@pytest.mark.parametrize(
    ("error", "response"),
    [
        (ValueError(f"{NAME} has no {PHONE}"), "utter_action_failed"),
        (KeyError(PHONE), "utter_action_failed"),
        (ShopUnavailable(f"for {NAME}"), "utter_system_unavailable"),
        (OperationalError("INSERT", {"name": NAME}, Exception(PHONE)), "utter_system_unavailable"),
    ],
)
async def test_the_customer_hears_words_and_the_log_nothing_personal(
    error: Exception, response: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        messages, events = await run(Broken(error), tracker(language="fi"))

    assert [message["response"] for message in messages] == [response]
    assert messages[0]["buttons"] == [
        {"title": "Pyydä ihminen avuksi", "payload": "/request_human"}
    ]
    assert events == []
    reference = messages[0]["reference"]
    assert f"[{reference}]" in caplog.text
    assert type(error).__name__ in caplog.text
    assert "test_desk_action.py" in caplog.text  # where it happened
    assert NAME not in caplog.text and PHONE not in caplog.text


async def test_a_form_that_fails_keeps_its_question() -> None:
    at = tracker(language="en", **{REQUESTED_SLOT: "contact"})
    messages, events = await run(BrokenForm(ValueError()), at)
    assert [message["response"] for message in messages] == ["utter_action_failed"]
    assert {
        "event": "slot",
        "timestamp": None,
        "name": REQUESTED_SLOT,
        "value": "contact",
    } in events


async def test_a_form_that_fails_at_its_start_ends() -> None:
    _messages, events = await run(BrokenForm(ValueError()), tracker(language="en"))
    slots = {event["name"]: event["value"] for event in events}
    assert slots == {"form_result": "failed", REQUESTED_SLOT: None}
