"""The component that understands "no wait, Thursday" in a form: another answer, and nothing else.

Such a message looks like a no, a complaint or a wish of its own. When it is a word that takes back
what was said, and then what a form may ask for, it is an answer. "Not the hat but the gloves" is one
where it names what the desk knows, and else a no with something to tell.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.component import Component
from tiski.nlu.follow_ups import is_opening_and_details
from tiski.nlu.intent import settle
from tiski.nlu.lexicon import pattern, words
from tiski.nlu.text import MAX_CHARACTERS


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CorrectedAnswers(Component):
    """Gives a message that only corrects an answer the intent of answers; stands behind extractors.

    Parameters in config.yml:
        intent: what the message then is.
        denial: what it is where it names nothing that the desk knows: "not the hat but the gloves".
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See the class."""
        return {"intent": "inform", "denial": "deny"}

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Set the intent of such messages in a form; `decision` is sure then."""
        if tracker is None or not tracker.active_loop_name:
            return messages
        for message in messages:
            text = (message.get(TEXT) or "")[:MAX_CHARACTERS]
            entities = message.get(ENTITIES, [])
            if text.startswith("/"):
                continue
            if is_opening_and_details(text, _opening(), entities):
                settle(message, self.config["intent"])
            elif _this_not_that().fullmatch(text.strip(" .!")):
                settle(message, self.config["intent"] if entities else self.config["denial"])
        return messages


@lru_cache(maxsize=1)
def _opening() -> re.Pattern[str]:
    # "ei torstaina" denies a day; "ei, torstaina" and "ei vaan torstaina" name another one
    taken_back = pattern("correction").pattern
    between_commas = pattern("correction_between_commas").pattern
    return re.compile(rf"\s*(?:{taken_back}[\s,.…-]*|{between_commas}\s*,\s*)+", re.IGNORECASE)


@lru_cache(maxsize=1)
def _this_not_that() -> re.Pattern[str]:
    said = (
        re.escape(entry).replace(r"\*", r"\w\S*(?:\s\w\S*)?") for entry in words("this_not_that")
    )
    return re.compile("|".join(said).replace(r"\ ", r",?\s+"), re.IGNORECASE)
