"""What this business does not do, and what it does not talk about, right after the classifier.

Named in config.yml behind the intent classifier. It reads business.yml when the model is loaded, so
no training is needed: a use case that is off leaves the ranking, and who asks for it is answered
by `utter_not_here`; a message with a forbidden topic by `utter_forbidden_topic`. Both are given to
Rasa as the answer to a question, so that a form goes on after it.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from tiski.business import Business, load_business
from tiski.nlu.bare_topics import HALF, TOPIC_ONLY
from tiski.nlu.component import Component
from tiski.nlu.intent import selected
from tiski.nlu.names import NameFinder
from tiski.use_cases import INSTEAD

FORBIDDEN = "forbidden_topic"
NOT_HERE = "not_here"
_FAQ = "faq"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class UseCaseGate(Component):
    """Lets through what this business does."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self.business: Business = load_business()
        topics = [word for words in self.business.forbidden_topics.values() for word in words]
        self._topics = NameFinder({FORBIDDEN: topics})

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The parameters, each with what it means."""
        return {
            # what is off gives way to the next best that is on, if that is this near to it:
            # "peru se" is about an appointment where there are no orders
            "near": 0.5,
            # slots whose answer is any text: what a customer tells a person is never refused
            "free_text": [
                "contact_name",
                "need",
                "order_change",
                "return_reason",
                "order_problem",
                "late_text",
                "visit_note",
                "lead_need",
                "owner_message",
                "payment_problem",
                "feedback_comment",
                "complaint",
            ],
        }

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Look at each message that a customer typed; buttons show only what is on."""
        asked = tracker.get_slot("requested_slot") if tracker else None
        for message in messages:
            text = message.get(TEXT) or ""
            if text and not text.startswith("/"):
                self._look_at(message, text, asked)
                self._look_at_second(message, len(text))
        return messages

    def _look_at_second(self, message: Message, length: int) -> None:
        """The second of two wishes: what is off is answered, and does not keep one that is on."""
        second = message.get("second_wish")
        if not second:
            return
        first = (message.get("response_selector") or {}).get(_FAQ, {}).get("response", {})
        refused = first.get("utter_action") in (f"utter_{NOT_HERE}", f"utter_{FORBIDDEN}")
        on = self.business.offers(second["intent"])
        if not on and refused:
            message.set("second_wish", None, add_to_output=True)  # one answer is enough
        elif not on:
            other = {**second, "intent": f"{_FAQ}/{NOT_HERE}", "use_case": second["intent"]}
            message.set("second_wish", other, add_to_output=True)
        elif refused and not second["intent"].startswith(f"{_FAQ}/"):
            # the wish that can be served is the turn's, and the refusal comes with it
            begins = second["start"] > 0
            other = {
                "intent": f"{_FAQ}/{NOT_HERE}",
                "use_case": first["use_case"],
                "confidence": message.get(INTENT)["confidence"],
                "start": 0 if begins else second["end"],
                "end": second["start"] if begins else length,
            }
            set_intent(message, [{"name": second["intent"], "confidence": second["confidence"]}])
            message.set("second_wish", other, add_to_output=True)

    def _look_at(self, message: Message, text: str, asked: str | None) -> None:
        ranking: list[dict[str, Any]] = message.get("intent_ranking") or []
        if not ranking:
            return
        best = ranking[0]
        left = [guess for guess in ranking if self.business.offers(guess["name"])]
        if asked not in self.config["free_text"] and self._topics.find(text):
            answered_by(message, FORBIDDEN, {**best, "confidence": 1.0}, left)
            return
        if len(left) == len(ranking):
            return
        if self.business.offers(best["name"]):
            message.set("intent_ranking", left, add_to_output=True)
            return
        other = INSTEAD.get(best["name"])
        if other and self.business.offers(other):
            taken = {"name": other, "confidence": best["confidence"]}
        elif left and left[0]["confidence"] >= self.config["near"] * best["confidence"]:
            taken = left[0]
        else:
            answered_by(message, NOT_HERE, best, left)
            return
        rest = [guess for guess in left if guess["name"] != taken["name"]]
        set_intent(message, [taken, *rest])


def set_intent(message: Message, ranking: list[dict[str, Any]]) -> None:
    """Give a message the first intent of a ranking."""
    name, _, question = ranking[0]["name"].partition("/")
    message.set(INTENT, {**ranking[0], "name": name}, add_to_output=True)
    message.set("intent_ranking", ranking, add_to_output=True)
    message.set("response_selector", selected(ranking[0]) if question else {}, add_to_output=True)


def answered_by(
    message: Message, answer: str, best: dict[str, Any], rest: list[dict[str, Any]]
) -> None:
    """Have a message answered as a question whose answer is the response `utter_<answer>`."""
    name = f"{_FAQ}/{answer}"
    # of a topic alone, too: whatever was wanted of it, this is the answer
    least = HALF if message.get(TOPIC_ONLY) else 0.0
    guess = {"name": name, "confidence": max(best["confidence"], least)}
    found = selected(guess)
    for part in (found[_FAQ]["response"], *found[_FAQ]["ranking"]):
        part.update(utter_action=f"utter_{answer}", use_case=best["name"])
    message.set(INTENT, {**guess, "name": _FAQ}, add_to_output=True)
    message.set("intent_ranking", [guess, *rest], add_to_output=True)
    message.set("response_selector", found, add_to_output=True)


def asked_for(parse_data: Any) -> str | None:
    """The use case that was asked for and is off, of a message that `UseCaseGate` has answered."""
    response = ((parse_data or {}).get("response_selector") or {}).get(_FAQ) or {}
    first = (response.get("response") or {}).get("use_case")
    use_case = first or ((parse_data or {}).get("second_wish") or {}).get("use_case")
    return str(use_case) if use_case else None
