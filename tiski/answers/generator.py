"""Rasa's answers: the responses under data/, with the facts of business.yml filled in.

Named in endpoints.yml, so it runs inside the Rasa server: greetings and questions are answered
also while the action server is down, and a changed opening hour is said after a restart, without
training. What it adds to Rasa's own generator: facts, a default language, and that a variation
is not said twice in a row.
"""

from __future__ import annotations

import copy
import random
import re
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from tiski import clock
from tiski.answers.facts import answer_facts
from tiski.business import load_business

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class BusinessAnswers(TemplatedNaturalLanguageGenerator):
    """Chooses a variation in the conversation's language and fills it."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)
        self.business = load_business()

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Return the response as Rasa's channels take it, or None when there is none.

        Values given by an action win over facts; slots are not filled in by themselves, so that
        nothing a customer typed gets into an answer by the name of a placeholder.
        """
        slots = tracker.current_slot_values()
        if slots.get("language") not in self.business.languages:
            slots = {**slots, "language": self.business.default_language}
        variations = self._variations(utter_action, slots, output_channel)
        if not variations:
            return None
        said = _last_texts(tracker)
        fresh = [v for v in variations if not _is_said(v.get("text") or "", said)]
        # A conversation and its length decide, not chance: the same one is answered the same way
        chooser = random.Random(f"{tracker.sender_id}/{utter_action}/{len(tracker.events)}")
        chosen = copy.deepcopy(chooser.choice(fresh or variations))
        entities = tracker.latest_message.entities if tracker.latest_message else []
        facts = answer_facts(self.business, slots["language"], entities, clock.now())
        # `language` is there for responses that need nothing else: Rasa fills only with values
        return self._fill_response(chosen, {"language": slots["language"]}, **{**facts, **kwargs})

    def _variations(
        self, utter_action: str, slots: dict[str, Any], output_channel: str
    ) -> list[dict[str, Any]]:
        from rasa.core.nlg.generator import ResponseVariationFilter

        if utter_action not in self.responses:
            return []
        choices = ResponseVariationFilter(self.responses)
        found: list[dict[str, Any]] = choices.responses_for_utter_action(
            utter_action, output_channel, slots
        )
        return found


def _last_texts(tracker: DialogueStateTracker) -> list[str]:
    """What the desk said last, newest first."""
    texts = [e.text for e in list(tracker.events)[-40:] if isinstance(e, BotUttered) and e.text]
    return texts[::-1][:6]


def _is_said(template: str, texts: list[str]) -> bool:
    """Whether one of the texts was made from the template, whatever was filled in."""
    parts = [re.escape(part) for part in re.split(_PLACEHOLDER, template)[::2]]
    pattern = re.compile(".*".join(parts), re.DOTALL)
    return any(pattern.fullmatch(text.strip()) for text in texts)
