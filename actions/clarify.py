"""When the desk is no help: it did not understand, or is asked for what it is not there for.

What was not understood: first a question back, then what the desk can do, then a person. What is
out of scope is answered without an action (data/rules/fallback.yml); a person is offered after it.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.desk_action import DeskAction, Events
from actions.turn import Turn
from tiski import words
from tiski.answers import own_questions as questions
from tiski.business import OWN_QUESTION

# Choices below this are guesses that would only confuse.
_LEAST_CONFIDENCE = 0.03
# The same for a message that looks like none of the desk's business, because nothing is likelier.
# Where something is, a question back is kinder than a refusal.
_LEAST_OF_FOREIGN = 0.25
_MOST_CHOICES = 3
# Not worth offering as "did you mean"
_NO_CHOICE = {"nlu_fallback", "out_of_scope", "affirm", "deny", "inform", "ask_clarification"}
# What the desk could not help with, one way or the other
_NO_HELP = {"nlu_fallback", "out_of_scope"}
_OFFERED_EVERY = 3  # messages; somebody who goes on asking is not offered a person at each one


class Clarify(DeskAction):
    action = "action_clarify"

    async def serve(self, turn: Turn) -> Events:
        missed = _in_a_row(turn.tracker.events, {"nlu_fallback"})
        choices = _choices(turn)
        if missed <= 1 and choices:
            none_of_these = turn.button("button_none_of_these", "/deny")
            turn.say("utter_did_you_mean", buttons=[*choices, none_of_these])
            return []
        if missed <= 1 and _is_foreign(turn):
            turn.say("utter_out_of_scope")
            return []
        if missed <= 2:
            turn.say(
                "utter_cannot_help",
                buttons=[
                    turn.button("button_book", "/book_appointment"),
                    turn.button("button_order", "/check_order_status"),
                    turn.button("button_human", "/request_human"),
                ],
            )
            return [SlotSet("offer", "handoff_form")]
        turn.say("utter_person_is_better")
        return [FollowupAction("handoff_form")]


class OfferPerson(DeskAction):
    """Behind the answer to what is out of scope: the third one in a row needs a person."""

    action = "action_offer_person"

    async def serve(self, turn: Turn) -> Events:
        beside = _in_a_row(turn.tracker.events, _NO_HELP)
        if turn.tracker.active_loop_name or not beside or beside % _OFFERED_EVERY:
            return []
        turn.say("utter_offer_person", buttons=[turn.button("button_human", "/request_human")])
        return [SlotSet("offer", "handoff_form")]


def _is_foreign(turn: Turn) -> bool:
    """True for what is likely none of the desk's business."""
    guesses = {g.get("name"): g.get("confidence", 0.0) for g in turn.ranking}
    foreign = guesses.pop("out_of_scope", 0.0)
    guesses.pop("nlu_fallback", None)
    return turn.decision == "fallback" and foreign >= max(guesses.values(), default=0.0)


def _choices(turn: Turn) -> list[dict[str, str]]:
    """Up to three likely wishes, as buttons that can be read."""
    found = []
    least = _LEAST_OF_FOREIGN if _is_foreign(turn) else _LEAST_CONFIDENCE
    for guess in turn.ranking:
        name = guess.get("name") or ""
        if name in _NO_CHOICE or guess.get("confidence", 0.0) < least:
            continue
        if not turn.business.offers(name):
            continue
        if name.startswith(OWN_QUESTION):
            found.append(_own_choice(turn, name.removeprefix(OWN_QUESTION)))
            continue
        try:
            title = turn.words(f"choice_{name.replace('/', '_')}")
        except words.WordsError:
            continue
        # A question is chosen by its title: Rasa cannot take `/faq/parking` as a payload
        payload = title if "/" in name else f"/{name}"
        found.append({"title": title, "payload": payload})
    return found[:_MOST_CHOICES]


def _own_choice(turn: Turn, question: str) -> dict[str, str]:
    """A question of business.yml; a tap on it asks it in its first wording."""
    return {
        "title": questions.title(turn.business, question, turn.language),
        "payload": questions.wording(turn.business, question, turn.language),
    }


def _in_a_row(events: list[dict[str, Any]], intents: set[str]) -> int:
    """How many messages in a row, this one included, had one of these intents."""
    count = 0
    for event in reversed(events):
        if event.get("event") != "user":
            continue
        intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
        if intent not in intents:
            break
        count += 1
    return count
