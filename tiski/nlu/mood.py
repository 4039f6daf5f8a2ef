"""The component that hears anger and distress, so that a person can be offered in time.

Two ears: words are counted here, and what is meant without such a word is heard in the message's
vector (`mood_meaning.py`). A mood must be clear before anything is said about it. An unhappy
customer who tells calmly what is wrong is served, and not told that they are angry.

`mood` of the message:

    {"name": "angry" | "distressed" | "neutral", "score": 2.0, "hurt": false}

`score` is what its words count. `hurt` is true where somebody may be injured: words alone say so.
`meaning` is there where the vector was asked: how far it lies on the side of a mood. Swearing is no anger by itself ("vittu kun hyvä
palvelu"), and thanks are some if they are for a grievance ("kiitos tästäkin, kaks viikkoa odotettu").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from zlib import crc32

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from tiski.nlu.component import TrainedComponent
from tiski.nlu.encoder import open_encoder
from tiski.nlu.intent import ENCODED, labelled
from tiski.nlu.lexicon import pattern
from tiski.nlu.mood_examples import read_mood_examples, state_of_examples
from tiski.nlu.mood_meaning import MeaningSettings, Meant, MoodMeaning
from tiski.nlu.text import MAX_CHARACTERS, normalise

#: where the mood stands in a parsed message
MOOD = "mood"
ANGRY, DISTRESSED, NEUTRAL = "angry", "distressed", "neutral"
_LEAST_LETTERS_OF_SHOUTING = 10
# Complaints, and what is no wish at all: an upset message may be taken for them. Who is surely
# understood to ask for a person gets one, in whatever mood
_OPEN_INTENTS = (
    "complain",
    "report_unhelpful",
    "report_order_problem",
    "report_payment_problem",
    "give_feedback",
    "out_of_scope",
    "nlu_fallback",
)
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


# Of the intents' examples so many serve as calm ones: every fourth of the intents that a mood may
# stand in, every eightieth of the others, from which the gate of `_is_ordinary` keeps it anyway.
# Which ones, their letters decide: a new example changes nothing for the others.
_EVERY_OPEN, _EVERY_OTHER = 4, 80


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class MoodDetector(TrainedComponent[MoodMeaning]):
    """Sets `mood` of each message that a customer typed."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._weights = {**_WEIGHTS, **(self.config["weights"] or {})}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The parameters, each with what it means."""
        return {
            # how high the words of a mood must score to be told; 2.0 is one clear word
            "threshold": 2.0,
            # what each kind of word counts (`_WEIGHTS`); those left out keep theirs
            "weights": {},
            # whether meaning is listened to, where there is an encoder
            "encoder": True,
            # inverse of regularisation: larger follows the examples of data/mood/ more closely
            "C": 3.0,
            # the share of the neutral examples, hard on purpose, that meaning may take for a mood
            # in cross-validation: more hears more, and is wrong more often
            "mistaken": 0.05,
            # an intent this likely, and none of `open_intents`, is an ordinary wish: meaning alone
            # tells no mood there
            "ordinary": 0.7,
            # intents that an upset message may be understood as
            "open_intents": list(_OPEN_INTENTS),
            # of these no example serves as a calm one: some are angry
            "upset_intents": ["complain"],
            "random_seed": 42,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """As `TrainedComponent`'s, and the examples: they are not among what Rasa reads."""
        return super().fingerprint_addon(config) + state_of_examples()

    def new_model(self) -> MoodMeaning:
        """A model that has learnt nothing, with the parameters of config.yml."""
        names = [entry.name for entry in fields(MeaningSettings)]
        settings = MeaningSettings(**{name: self.config[name] for name in names})
        return MoodMeaning(settings, open_encoder() if self.config["encoder"] else None)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn what moods mean, where there are examples and an encoder."""
        examples = read_mood_examples()
        if examples and self.config["encoder"] and open_encoder() is not None:
            self.model = self.new_model().fit(examples, self._calm_ones(training_data))
        self.persist()
        return self._resource

    def _calm_ones(self, training_data: TrainingData) -> list[str]:
        """Texts of intents' examples in which no word tells a mood."""
        found = []
        for text, label in labelled(training_data.intent_examples):
            every = _EVERY_OPEN if label in self.config["open_intents"] else _EVERY_OTHER
            if label not in self.config["upset_intents"] and crc32(text.encode()) % every == 0:
                found.append(text)
        return [text for text in found if mood_of(text).name == NEUTRAL]

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Set the mood; a button has none."""
        for message in messages:
            text = (message.get(TEXT) or "")[:MAX_CHARACTERS]
            if text and not text.startswith("/"):
                message.set(MOOD, self._heard(message, text), add_to_output=True)
        return messages

    def _heard(self, message: Message, text: str) -> dict[str, Any]:
        said = mood_of(text, self.config["threshold"], self._weights)
        # a message of signs only has nothing to mean
        texts = message.get(ENCODED) or [normalise(text)]
        if self.model is None or not self.model.hears or not any(texts):
            return said.as_dict()
        meant = self.model.listen(texts)
        mood = together(said, meant, ordinary=self._is_ordinary(message))
        return {**mood.as_dict(), "meaning": round(meant.margin, 3)}

    def _is_ordinary(self, message: Message) -> bool:
        """Whether the message is surely understood as a wish that has no mood in it."""
        is_open = self.config["open_intents"]
        return any(
            one["confidence"] > self.config["ordinary"] and one["name"] not in is_open
            for one in message.get("intent_ranking") or []
        )


def together(said: Mood, meant: Meant, *, ordinary: bool) -> Mood:
    """What both ears hear.

    Args:
        said: by its words.
        meant: by its vector.
        ordinary: whether it is surely a wish such as people have in any mood.

    Returns:
        The words' mood; the meaning's where words tell none. Meaning never overrules a word:
        "missä vitussa mun tilaus on" means a question, and "äiti kuoli, perun ajan" a cancellation.
    """
    if said.name == NEUTRAL and meant.is_heard and not ordinary:
        return Mood(meant.mood, said.score)
    return said


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
