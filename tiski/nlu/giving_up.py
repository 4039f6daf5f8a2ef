"""The component that understands a bare "cancel" in the middle of something: it is given up.

By itself it may mean an appointment, an order or this conversation, and the desk would ask which. While
a form asks for something that is not there yet, nothing else can be meant.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.component import Component
from tiski.nlu.intent import settle
from tiski.nlu.lexicon import pattern
from tiski.nlu.text import normalise


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class BareCancel(Component):
    """Gives a message that is "cancel" and nothing more the intent of stopping, in some forms.

    Parameters in config.yml:
        forms: those that make something new. Elsewhere there is something that could be cancelled.
        intent: what the message then is.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See the class."""
        return {
            "intent": "stop",
            "forms": [
                "appointment_form",
                "quote_form",
                "callback_form",
                "message_form",
                "newsletter_form",
                "waiting_list_form",
                "complaint_form",
                "feedback_form",
                "visit_note_form",
                "recommend_form",
                "gift_card_form",
                "handoff_form",
            ],
        }

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Set the intent of such messages; `decision` is sure then."""
        if tracker is None or tracker.active_loop_name not in self.config["forms"]:
            return messages
        for message in messages:
            text = normalise(message.get(TEXT) or "").strip(" .!,")
            if text and pattern("bare_cancel").fullmatch(text):
                settle(message, self.config["intent"])
        return messages
