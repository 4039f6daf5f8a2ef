"""The component that understands "and on Christmas Eve?": the same question, about something else.

By itself such a message says what it is about and not what it asks. When the message before it asked
something that takes such a detail, it asks the same: after "when are you open?" it is about hours,
after "what does a haircut cost?" a service is about its price. In the middle of a form nothing is
changed: there the form asked something, and the message answers or does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.component import Component
from tiski.nlu.intent import settle
from tiski.nlu.lexicon import pattern
from tiski.nlu.text import MAX_CHARACTERS

# Words that may stand beside the detail: "entä sitten perjantaina?"
_MOST_WORDS_BESIDES = 1


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FollowUps(Component):
    """Gives a message that only adds a detail the intent of the question before it.

    Stands behind the extractors and whoever leaves entities out.

    Parameters in config.yml:
        details: for each intent that can be asked on, the entities that a follow-up may name.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See the class."""
        return {
            "details": {
                "faq/opening_hours": ["time"],
                "faq/prices": ["service"],
                "ask_service_details": ["service"],
                "ask_staff": ["staff", "service", "time"],
                "check_availability": ["time", "staff", "service"],
                "ask_product": ["product", "product_category"],
            }
        }

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Set the intent of each message that asks on; `decision` is sure then."""
        before = _asked_before(tracker)
        details = self.config["details"].get(before, ())
        if not details:
            return messages
        for message in messages:
            text = (message.get(TEXT) or "")[:MAX_CHARACTERS]
            if not text.startswith("/") and asks_on(text, message.get(ENTITIES, []), details):
                settle(message, before)
        return messages


def asks_on(text: str, entities: list[dict[str, Any]], details: Sequence[str]) -> bool:
    """Whether a message is an opening like "what about", a detail, and at most one more word.

    Args:
        text: as it was typed.
        entities: in Rasa's shape, with their places in the text.
        details: the kinds of which one must be there; one of another kind says something else.
    """
    return is_opening_and_details(text, pattern("follow_up"), entities, details)


def is_opening_and_details(
    text: str,
    opening: re.Pattern[str],
    entities: list[dict[str, Any]],
    details: Sequence[str] | None = None,
) -> bool:
    """Whether a message is an opening, one entity or more, and at most one more word.

    Args:
        text: as it was typed.
        opening: finds the opening where a message begins.
        entities: in Rasa's shape, with their places in the text.
        details: the kinds that there may be; None: any.
    """
    begun = opening.match(text)
    placed = [each for each in entities if "start" in each and each["entity"] != "language"]
    if not begun or not placed:
        return False
    if details is not None and any(each["entity"] not in details for each in placed):
        return False
    letters = list(text)
    for first, last in [begun.span(), *((each["start"], each["end"]) for each in placed)]:
        letters[first:last] = " " * (last - first)
    besides = [word for word in "".join(letters).split() if any(c.isalnum() for c in word)]
    return len(besides) <= _MOST_WORDS_BESIDES


def _asked_before(tracker: DialogueStateTracker | None) -> str:
    """The intent of the message before this one; "" in a form, or when there is none."""
    if tracker is None or tracker.active_loop_name or tracker.latest_message is None:
        return ""
    name = (tracker.latest_message.intent or {}).get("name") or ""
    selectors = (tracker.latest_message.parse_data or {}).get("response_selector") or {}
    answer = (selectors.get(name) or {}).get("response") or {}
    return str(answer.get("intent_response_key") or name)
