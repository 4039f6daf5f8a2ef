"""Decides how sure a message's intent is, and stands down when it is not.

Rasa's own FallbackClassifier knows one number for all languages, set by hand. Here the thresholds
come with the intent model, which chose them by cross-validation, for each language.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME as NLU_FALLBACK
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.bare_topics import HALF, TOPIC_ONLY
from tiski.nlu.component import Component
from tiski.nlu.decision import CLARIFY, FALLBACK, OUT_OF_SCOPE, SURE


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DecisionMaker(Component, IntentClassifier):
    """Sets `decision` to sure, clarify or fallback; the intent of the last two is `nlu_fallback`."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Decide on each message; the ranking keeps what was guessed, below `nlu_fallback`."""
        for message in messages:
            ranking: list[dict[str, Any]] = message.get("intent_ranking") or []
            thresholds = message.get("thresholds")
            if not ranking or thresholds is None:
                message.set("decision", FALLBACK, add_to_output=True)
                continue
            limits = thresholds.get(message.get("language") or "") or thresholds[""]
            best = ranking[0]
            decision = limits.decide(best["name"], best["confidence"], message.get("foreign", 0.0))
            if message.get(TOPIC_ONLY):  # made of known words, so it is not foreign
                decision = SURE if best["confidence"] >= HALF else CLARIFY
            message.set("decision", decision, add_to_output=True)
            foreign = best["name"] == OUT_OF_SCOPE and best["confidence"] >= limits.sure
            if decision != SURE and not foreign:
                # as likely as what was left behind: Rasa's rules need a confidence
                fallback = {"name": NLU_FALLBACK, "confidence": 1 - best["confidence"]}
                message.set(INTENT, fallback, add_to_output=True)
                message.set("intent_ranking", [fallback, *ranking], add_to_output=True)
        return messages
