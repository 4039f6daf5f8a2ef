"""After a finished task, once in a conversation: how did it go, from 1 to 5?

It is the desk's last message and may be ignored: whatever else is written goes on as usual.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import SlotSet

from actions.desk_action import Events
from actions.turn import Turn
from tiski.insight.turns import use_case_of

FEEDBACK = "feedback_form"
#: the response that asks; tiski/nlu/ratings.py knows it too
ASKS_RATING = "utter_ask_rating_after"
# A person has it in hand, something went wrong, somebody is in a hurry, or it is feedback itself:
# "how did I do?" would be out of place.
_NOT_RATED = frozenset(
    {
        FEEDBACK,
        "complaint_form",
        "privacy_form",
        "handoff_form",
        "message_form",
        "order_problem_form",
        "payment_problem_form",
        "late_form",
    }
)


# Who writes so is not asked for stars
_UPSET = frozenset({"angry", "distressed"})


def ask_for_rating(turn: Turn, result: str) -> Events:
    """Ask when a task was done and nothing else waits; return the events that remember it.

    Args:
        result: how the task ended, as `after_form` knows it.
    """
    form = _form_that_ended(turn)
    if result != "done" or form is None or form in _NOT_RATED:
        return []
    if turn.slot("feedback_asked") or turn.slot("second_wish") or _was_upset(turn):
        return []
    turn.say(ASKS_RATING)
    return [
        SlotSet("feedback_asked", True),
        SlotSet("feedback_about", use_case_of(form, turn.intent)),
        SlotSet("offer", FEEDBACK),
    ]


def _was_upset(turn: Turn) -> bool:
    """True when a message of the conversation was angry or distressed (tiski/nlu/mood.py)."""
    parsed = (event.get("parse_data") or {} for event in turn.tracker.events)
    return any((each.get("mood") or {}).get("name") in _UPSET for each in parsed)


def was_asked_just_now(turn: Turn) -> bool:
    """True when asking for a rating was the last that the desk said before this message."""
    said = [event for event in turn.tracker.events if event.get("event") == "bot"]
    return bool(said) and response_of(said[-1]) == ASKS_RATING


def response_of(event: dict[str, Any]) -> str | None:
    """The response that a bot event says, e.g. utter_faq/parking; None for plain text."""
    key: str | None = (event.get("metadata") or {}).get("utter_action")
    return key


def _form_that_ended(turn: Turn) -> str | None:
    loops = [e for e in turn.tracker.events if e.get("event") == "active_loop" and e.get("name")]
    return str(loops[-1]["name"]) if loops else None
