"""The component that puts a `rating` into a message's entities."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.component import Component
from tiski.nlu.rating import find_rating, is_all
from tiski.nlu.text import MAX_CHARACTERS

# The desk's question after a finished task (actions/ask_rating.py)
_ASKS_RATING = "utter_ask_rating_after"
# Questions of the feedback form: the second is answered by a number when the first is corrected
_QUESTIONS = ("rating", "feedback_comment")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class RatingExtractor(Component):
    """`rating`, 1 to 5.

    A message that is nothing but a rating is the intent give_feedback, unless the desk has just
    asked for something else: a "5" says nothing to a classifier that does not know what was asked.
    """

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Add the entity to each message that a customer typed; buttons carry their own."""
        asked = _asked(tracker)
        for message in messages:
            text = (message.get(TEXT) or "")[:MAX_CHARACTERS]
            if not text or text.startswith("/"):
                continue
            rating = find_rating(text, asked=asked is not None)
            if rating is None:
                continue
            alone = is_all(text, rating)
            if not alone and asked != "rating" and find_rating(text) is None:
                continue  # "I waited 3 hours" in a comment, "one more thing" after a task
            entity = {
                "entity": "rating",
                "value": rating.value,
                "start": rating.start,
                "end": rating.end,
                "confidence": 1.0,
                "extractor": type(self).__name__,
            }
            message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
            if alone and (asked or not _in_a_form(tracker)):
                intent = {"name": "give_feedback", "confidence": 1.0}
                message.set(INTENT, intent, add_to_output=True)
        return messages


def _in_a_form(tracker: DialogueStateTracker | None) -> bool:
    return bool(tracker and tracker.get_slot("requested_slot"))


def _asked(tracker: DialogueStateTracker | None) -> str | None:
    """What of a rating the desk has asked for with its last words, if anything."""
    if tracker is None:
        return None
    question = tracker.get_slot("requested_slot")
    if question:
        return question if question in _QUESTIONS else None
    last = next(
        (event for event in reversed(tracker.events) if isinstance(event, BotUttered)), None
    )
    if last is not None and (last.metadata or {}).get("utter_action") == _ASKS_RATING:
        return _ASKS_RATING
    return None
