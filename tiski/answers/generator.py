"""Rasa's answers: the responses under data/, with the facts of business.yml filled in.

Named in endpoints.yml, so it runs inside the Rasa server: greetings and questions are answered
also while the action server is down, and a changed opening hour is said after a restart, without
training. What it adds to Rasa's own generator: facts, a default language, and that a variation
is not said twice in a row.
"""

from __future__ import annotations

import copy
import logging
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
from tiski.answers.filling import filled, literals, placeholders, without
from tiski.answers.manner import Responses, in_manner
from tiski.answers.moods import MoodWords, joined
from tiski.answers.offers import kept
from tiski.answers.own_questions import own_answers
from tiski.business import load_business
from tiski.nlu.use_cases import asked_for
from tiski.words import written_responses

logger = logging.getLogger(__name__)

# the parts of a response that may hold placeholders
_FILLED = ("text", "image", "custom", "buttons", "attachment", "quick_replies")


NOT_HERE = "utter_not_here"
_NOT_HERE_AS_QUESTION = "utter_faq/not_here"


class BusinessAnswers(TemplatedNaturalLanguageGenerator):
    """Chooses a variation in the conversation's language and fills it."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        self.business = load_business()
        self._mood_words = MoodWords()
        super().__init__(domain.responses)

    @property
    def responses(self) -> Responses:
        """As this business says them. Rasa sets them again when it has loaded a model."""
        return self._responses

    @responses.setter
    def responses(self, responses: Responses) -> None:
        # The texts as they stand now: a changed sentence is said after a restart, untrained
        written = {**responses, **written_responses()}
        own = own_answers(self.business)
        self._responses: Responses = {**in_manner(written, self.business), **own}
        # as the answer to the second wish of a message, which is asked for by its intent
        if NOT_HERE in self._responses:
            self._responses[_NOT_HERE_AS_QUESTION] = self._responses[NOT_HERE]

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
        heard = self._mood_words.take(tracker)
        # A conversation and its length decide, not chance: the same one is answered the same way
        chooser = random.Random(f"{tracker.sender_id}/{utter_action}/{len(tracker.events)}")
        chosen = copy.deepcopy(chooser.choice(_least_recent(variations, _last_texts(tracker))))
        message = tracker.latest_message
        facts = answer_facts(
            self.business,
            slots["language"],
            message.entities if message else [],
            clock.now(),
            asked_for=asked_for(message.parse_data) if message else None,
        )
        if chosen.get("text"):
            chosen["text"] = without_empty_lines(chosen["text"], facts, kwargs)
        if chosen.get("buttons"):
            chosen["buttons"] = kept(chosen["buttons"], self.business)
        values = {**facts, **kwargs}
        answer = {
            key: _filled(part, values, utter_action) if key in _FILLED else part
            for key, part in chosen.items()
        }
        other = _second_question(tracker, utter_action)
        if other:
            second = await self.generate(f"utter_{other}", tracker, output_channel)
            answer["text"] = "\n\n".join(
                each["text"] for each in (answer, second) if each and each.get("text")
            )
        if heard:
            words_before = await self.generate(heard, tracker, output_channel)
            answer = joined(words_before, answer) if words_before else answer
        return answer

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


def _second_question(tracker: DialogueStateTracker, utter_action: str) -> str | None:
    """The second question of a message with two, when this is the answer to the first.

    It is answered here, so that questions need no action server, two at a time neither.
    """
    parsed = (tracker.latest_message.parse_data if tracker.latest_message else None) or {}
    wish = parsed.get("second_wish") or {}
    name = (parsed.get("intent") or {}).get("name")
    selected = ((parsed.get("response_selector") or {}).get(name) or {}).get("response") or {}
    is_first = selected.get("utter_action") == utter_action
    other = str(wish.get("intent") or "")
    return other if is_first and other.startswith("faq/") else None


def without_empty_lines(text: str, facts: dict[str, str], given: dict[str, Any]) -> str:
    """A response's text without what would be a hole in this business.

    Facts that the page does not have are empty. A line that hangs on such facts alone is left
    out ("Kartta: {map_url}"), as is the space that an empty one leaves in the middle of a line.
    Values that an action gives are its own matter.
    """
    empty = {name for name, fact in facts.items() if fact == "" and name not in given}
    if not empty:
        return text
    lines = text.split("\n")
    left = [line for line in lines if not _is_hollow(line, empty)] or lines
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(left)).strip()
    return without(joined, empty).strip()


def _is_hollow(line: str, empty: set[str]) -> bool:
    names = set(placeholders(line))
    return bool(names) and names <= empty


def _filled(part: Any, values: dict[str, Any], response: str) -> Any:
    """A response's text or buttons with values in the place of placeholders.

    Rasa's own way is not used: it says the response unfilled, braces and all, when a value is
    missing or when a customer typed something like "0[". Here a missing value is nothing, and an
    error in the log; what a value holds is never looked at again. `{{` stands for a brace.
    """
    if isinstance(part, list):
        return [_filled(each, values, response) for each in part]
    if isinstance(part, dict):
        return {key: _filled(each, values, response) for key, each in part.items()}
    if not isinstance(part, str):
        return part

    def value(name: str) -> object:
        if values.get(name) is None:
            logger.error("%s: nobody gave a value for {%s}", response, name)
            return ""
        return values[name]

    return filled(part, value)


def _least_recent(variations: list[dict[str, Any]], said: list[str]) -> list[dict[str, Any]]:
    """The variations that were not said lately, or the one that was said longest ago."""
    ages = [_said_ago(variation.get("text") or "", said) for variation in variations]
    return [v for v, age in zip(variations, ages, strict=True) if age == max(ages)]


def _last_texts(tracker: DialogueStateTracker) -> list[str]:
    """What the desk said last, newest first."""
    texts = [e.text for e in list(tracker.events)[-40:] if isinstance(e, BotUttered) and e.text]
    return texts[::-1][:6]


def _said_ago(template: str, texts: list[str]) -> int:
    """How many texts ago one was made from the template, whatever was filled in."""
    parts = [re.escape(part) for part in literals(template.strip())]
    pattern = re.compile(".*".join(parts), re.DOTALL)
    ages = (age for age, text in enumerate(texts) if pattern.fullmatch(text.strip()))
    return next(ages, len(texts))
