"""Questions that the desk must not or cannot answer: a person does, from a ticket.

Whoever asks whether something is safe (a pregnancy, an allergy, a medicine) is never advised. The
question is kept for the turn that follows: when the customer takes the offer of a person, it is
what the ticket is about, and is not asked for again (actions/handoff.py).
"""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.desk_action import Events
from actions.turn import Turn
from tiski.nlu.lexicon import pattern

_PERSON = "handoff_form"


def is_about_health(turn: Turn) -> bool:
    """True when the message asks about health: nothing here may advise about it."""
    return not turn.is_button and bool(pattern("health").search(turn.text))


def pass_to_staff(turn: Turn) -> Events:
    """Say that a person answers this, offer one, and keep the question for them."""
    turn.say(
        "utter_question_for_staff", buttons=[turn.button("button_ask_staff", "/request_human")]
    )
    outcome = SlotSet("outcome", {"result": "handed_over"})
    if turn.tracker.active_loop_name:
        return [outcome]  # a yes belongs to the form
    return [*keep_question(turn), SlotSet("offer", _PERSON), outcome]


def keep_question(turn: Turn) -> Events:
    """Keep what was asked, for the person whom the customer may ask for next."""
    if turn.tracker.active_loop_name or turn.is_button:
        return []
    return [SlotSet("need", turn.told), SlotSet("handoff_topic", turn.intent)]


def kept_question(turn: Turn) -> tuple[str, str] | None:
    """The question that the desk kept in the turn before this message, and its intent."""
    slots = [event for event in turn.turn_before() if event.get("event") == "slot"]
    kept = {event.get("name"): event.get("value") for event in slots}
    if kept.get("need") and kept.get("handoff_topic"):
        return str(kept["need"]), str(kept["handoff_topic"])
    return None
