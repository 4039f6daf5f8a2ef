"""The component that hears anger and distress, so that a person can be offered in time.

Words are counted, not letters guessed: a mood must be clear before anything is said about it. An
unhappy customer who tells calmly what is wrong is served, and not told that they are angry.

`mood` of the message:

    {"name": "angry" | "distressed" | "neutral", "score": 2.0, "hurt": false}

`hurt` is true where somebody may be injured. Swearing is no anger by itself ("vittu kun hyvä
palvelu"), and thanks are some if they are for a grievance ("kiitos tästäkin, kaks viikkoa odotettu").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.component import Component
from tiski.nlu.lexicon import pattern
from tiski.nlu.text import MAX_CHARACTERS

#: where the mood stands in a parsed message
MOOD = "mood"
ANGRY, DISTRESSED, NEUTRAL = "angry", "distressed", "neutral"
_LEAST_LETTERS_OF_SHOUTING = 10
_WEIGHTS = {
    "furious": 2.0,
    "anger": 2.0,
    "swearing": 1.0,
    "grievance": 0.5,
    "demand": 0.5,
    "sarcasm": 1.5,
    "shouting": 1.5,
    "distress": 2.0,
    "hurt": 2.0,
    "softened": -1.0,
    "praise": -1.5,
}


@dataclass(frozen=True)
class Mood:
    """In which mood a message was written."""

    name: str
    score: float = 0.0
    hurt: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As it stands in a parsed message."""
        return {"name": self.name, "score": self.score, "hurt": self.hurt}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MoodDetector(Component):
    """Sets `mood` of each message that a customer typed.

    Parameters in config.yml:
        threshold: how high a mood must score to be told; 2.0 is one clear word.
        weights: what each kind of word counts (`_WEIGHTS`); those left out keep theirs.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._weights = {**_WEIGHTS, **(self.config["weights"] or {})}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See the class."""
        return {"threshold": 2.0, "weights": {}}

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Set the mood; a button has none."""
        for message in messages:
            text = (message.get(TEXT) or "")[:MAX_CHARACTERS]
            if text and not text.startswith("/"):
                found = mood_of(text, self.config["threshold"], self._weights)
                message.set(MOOD, found.as_dict(), add_to_output=True)
        return messages


def mood_of(text: str, threshold: float = 2.0, weights: Mapping[str, float] = _WEIGHTS) -> Mood:
    """The mood of a message, neutral unless it is clear.

    Args:
        threshold, weights: as `MoodDetector` takes them.
    """
    text = text[:MAX_CHARACTERS]
    plain = _words("harmless").sub(" ", text)
    hurt = _count("hurt", plain)
    upset = weights["distress"] * _count("distress", plain) + weights["hurt"] * hurt
    if upset:
        upset += weights["softened"] * _count("softened", plain)
    angry = _anger(plain, text, weights)
    if upset >= threshold and upset >= angry:
        return Mood(DISTRESSED, upset, bool(hurt))
    if angry >= threshold:
        return Mood(ANGRY, angry)
    return Mood(NEUTRAL, max(angry, upset, 0.0))


def _anger(plain: str, text: str, weights: Mapping[str, float]) -> float:
    furious = _count("furious", plain)
    rest = _words("furious").sub(" ", plain)
    anger = _count("anger", rest)
    rest = _words("anger").sub(" ", rest)
    grievances = _count("grievance", rest)
    score = weights["furious"] * furious + weights["anger"] * anger
    score += weights["swearing"] * _count("swearing", rest)
    score += weights["grievance"] * grievances
    score += weights["demand"] * _count("demand", rest)
    praised = _count("praise", rest)
    ended_well = _count("ended_well", plain)
    thanked = _count("thanks", rest)
    if thanked and grievances and not ended_well:
        score += weights["sarcasm"]  # thanks, or praise, for what went wrong
    elif praised and not anger:
        score += weights["praise"] * praised
    if grievances or anger or furious:
        score += weights["shouting"] * _is_shouted(text)
    if ended_well:
        score -= weights["sarcasm"]
    return score


def _is_shouted(text: str) -> bool:
    """In capitals throughout, or with three exclamation marks."""
    letters = [letter for letter in text if letter.isalpha()]
    capitals = len(letters) >= _LEAST_LETTERS_OF_SHOUTING and not any(
        letter.islower() for letter in letters
    )
    return capitals or "!!!" in text


def _count(kind: str, text: str) -> int:
    """How many words of a kind a text has, each counted once."""
    return len({match.group().casefold() for match in _words(kind).finditer(text)})


def _words(kind: str) -> re.Pattern[str]:
    return pattern("mood", kind)
