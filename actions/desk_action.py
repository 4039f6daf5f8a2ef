"""What every action shares: a turn to work on, and words when something goes wrong."""

from __future__ import annotations

import logging
import secrets
import traceback
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from actions.second_wish import SECOND_WISH, first_action
from actions.turn import Turn
from tiski.access import Unavailable
from tiski.orders.order import ShopUnavailable

logger = logging.getLogger(__name__)
Events = list[dict[str, Any]]
_APOLOGIES = ("utter_system_unavailable", "utter_action_failed")


class DeskAction(Action, ABC):
    """An action that never throws: the customer hears words, the log gets a reference.

    If an action raises, Rasa says nothing to the customer and repeats the tracker, personal data
    included, in its error body. So nothing may get out of `run`.
    """

    #: the action's name in domain.yml
    action: str = ""

    def name(self) -> str:
        return self.action

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Serve the turn; on a failure apologise and return what keeps the conversation whole."""
        turn = Turn(dispatcher, tracker)
        try:
            return self._with_second_wish(turn, await self.serve(turn))
        except Exception as error:
            reference = log_failure(self.action, error)
            dispatcher.messages.clear()  # half an answer would confuse
            if _has_apologised(tracker):
                return self.after_failure(turn)
            behind = isinstance(error, (SQLAlchemyError, ShopUnavailable, Unavailable))
            turn.say(
                "utter_system_unavailable" if behind else "utter_action_failed",
                reference=reference,
                buttons=[turn.button("button_human", "/request_human")],
            )
            return self.after_failure(turn)

    def _with_second_wish(self, turn: Turn, events: Events) -> Events:
        """Remember the second wish of a message, or begin it when the first is over."""
        if turn.is_second_wish:
            return [*events, SlotSet(SECOND_WISH, None)]
        waiting = turn.slot(SECOND_WISH)
        came = None if _is_known(turn) else turn.second_wish
        if came and came["intent"]["name"].startswith("faq/"):
            turn.say(f"utter_{came['intent']['name']}")
            turn.dispatcher.messages.insert(0, turn.dispatcher.messages.pop())
        elif came:
            waiting = came
            events = [*events, SlotSet(SECOND_WISH, came)]
        if not waiting or _goes_on(turn, events):
            return events
        action = first_action(waiting["intent"]["name"])
        if action is None:
            return [*events, SlotSet(SECOND_WISH, None)]
        name = waiting["intent"]["name"]
        turn.say("utter_second_wish", wish=turn.words(f"words_wish_{name}"))
        return [*events, SlotSet(SECOND_WISH, {**waiting, "now": True}), FollowupAction(action)]

    @abstractmethod
    async def serve(self, turn: Turn) -> Events:
        """Do the work. Returns Rasa events; says things through `turn`."""
        raise NotImplementedError

    def after_failure(self, turn: Turn) -> Events:
        """Events after a failure; a form keeps its question."""
        return []


def _is_known(turn: Turn) -> bool:
    """True when an action before this one has seen this message's second wish."""
    for event in reversed(turn.tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "slot" and event.get("name") == SECOND_WISH:
            return True
        if event.get("event") == "bot":
            return True
    return False


def _goes_on(turn: Turn, events: Events) -> bool:
    """True while the first wish is being served: another action follows, or a form asks."""
    if any(event.get("event") == "followup" for event in events):
        return True
    loops = [event.get("name") for event in events if event.get("event") == "active_loop"]
    return bool(loops[-1] if loops else turn.tracker.active_loop_name)


def _has_apologised(tracker: Tracker) -> bool:
    """True when an action before this one has failed in the same turn and said so."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        if (event.get("metadata") or {}).get("utter_action") in _APOLOGIES:
            return True
    return False


def log_failure(where: str, error: Exception) -> str:
    """Log what failed and where, without a word of the customer; return a short reference.

    The error's message and its variables may hold names and numbers (a database error repeats
    its parameters), so only its type and the places in our code are logged.
    """
    reference = secrets.token_hex(3).upper()
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{f.filename.rsplit('/', 2)[-1]}:{f.lineno}" for f in frames[:-6:-1])
    logger.error("%s failed [%s]: %s at %s", where, reference, type(error).__name__, places)
    return reference
