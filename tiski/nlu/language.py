"""Which language a message is in, and when the conversation changes to it.

The training data tells: each block of examples names its language under `metadata`. The slot
`language` holds the conversation's; the entity `language` is set only when that should change:
at once on an explicit wish, quickly at the start, slowly on short messages ("ok", "Anna Smith"
and "10234" say nothing).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from tiski.nlu.component import TrainedComponent, language_of
from tiski.nlu.lexicon import pattern
from tiski.nlu.linear import LinearTextModel
from tiski.nlu.text import normalise

_WORD = re.compile(r"[^\W\d_]{2,}")
_LONGEST_NAME = 3  # words
# addresses, anything with a digit, and "ok", which everybody says. Looked for where a word begins
# only: a thousand characters without a space would be looked through a thousand times
_NO_LANGUAGE = re.compile(r"(?<!\S)\S+@\S+|https?://\S+|(?<!\S)\S*\d\S*|\b(?:ok|okay)\b")

Identified = tuple[str | None, float]  # the likeliest language, if any, and its probability
_UNKNOWN: Identified = (None, 0.0)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LanguageIdentifier(TrainedComponent[LinearTextModel]):
    """Sets the entity `language` when the conversation should change its language."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The parameters, each with what it means."""
        return {
            "char_ngrams": [1, 4],
            "C": 20.0,
            "random_seed": 42,
            # how sure to be of the first message's language; below, the page's or the default's
            "first": 0.7,
            # how sure to be before an ongoing conversation changes: by number of words, the last
            # for that many and more; a single word never changes it
            "change": [1.1, 0.97, 0.9, 0.85],
            # the intent that asks for another language, and the words that name each
            "wish_intent": "change_language",
            "wishes": {"en": ["engl", "enkku", "enkuks"], "fi": ["suom", "finn", "fin "]},
        }

    def new_model(self) -> LinearTextModel:
        """An unfitted model with the parameters of config.yml."""
        return LinearTextModel(
            self.config["char_ngrams"],
            None,
            self.config["C"],
            self.config["random_seed"],
            probable=True,
        )

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on the examples whose block names a language."""
        texts: list[str] = []
        labels: list[str] = []
        for example in training_data.intent_examples:
            language = language_of(example)
            text = _words_only(example.get(TEXT) or "")
            if language and text:
                texts.append(text)
                labels.append(language)
        if len(set(labels)) > 1:
            self.model = self.new_model().fit(texts, labels)
        self.persist()
        return self._resource

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Set `language` to the language to speak, and the entity where that is a change.

        Outside a conversation (`rasa test`, a parse of one message) there is nothing to change,
        and an entity without a place in the text would break Rasa's reports: no entity there.
        """
        # Rasa parses a single message with a tracker that has no slots at all
        slot = tracker.slots.get("language") if tracker else None
        current = slot.value if slot else None
        asked = tracker.get_slot("requested_slot") if tracker and slot else None
        # at once: a tool's two thousand messages take a fourth of what they take one by one
        told = [message for message in messages if self._tells(message)]
        found = dict(zip(map(id, told), self._identified([m.get(TEXT) for m in told]), strict=True))
        for message in messages:
            language = self._chosen(message, found.get(id(message), _UNKNOWN), current, asked)
            message.set("language", language, add_to_output=True)
            if slot and language and language != current:
                entity = {"entity": "language", "value": language, "extractor": type(self).__name__}
                message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
        return messages

    def choose(self, message: Message, current: str | None, asked: str | None = None) -> str | None:
        """Return the language to speak after this message; None leaves it as it is.

        Args:
            current: the conversation's language, if it has one.
            asked: what the desk has just asked for, if anything.
        """
        identified = self.identify(message.get(TEXT)) if self._tells(message) else _UNKNOWN
        return self._chosen(message, identified, current, asked)

    def _tells(self, message: Message) -> bool:
        """Whether the words of a message tell its language: no button, and no wish for one."""
        is_wish = (message.get(INTENT) or {}).get("name") == self.config["wish_intent"]
        return not is_wish and not (message.get(TEXT) or "/").startswith("/")

    def _chosen(
        self, message: Message, identified: Identified, current: str | None, asked: str | None
    ) -> str | None:
        text = message.get(TEXT) or ""
        if text.startswith("/"):  # a button: it says nothing about the language
            return current or self._of_page(message)
        if (message.get(INTENT) or {}).get("name") == self.config["wish_intent"]:
            return self._wished(text, current)
        language, certainty = identified
        words = len(_WORD.findall(_words_only(text)))
        if current is None:
            if words and certainty >= self.config["first"]:
                return language
            return self._of_page(message) or (language if words else None)
        if words <= _LONGEST_NAME and (asked == "contact_name" or (asked and text.istitle())):
            return current  # "Matti Meikäläinen" does not mean that Finnish is spoken now
        needed = self.config["change"]
        if words and certainty >= needed[min(words, len(needed)) - 1]:
            return language
        return current

    def identify(self, text: str) -> Identified:
        """Return the likeliest language of a text and its probability."""
        return self._identified([text])[0]

    def _identified(self, texts: Sequence[str]) -> list[Identified]:
        words = [_words_only(text) for text in texts]
        written = [row for row, text in enumerate(words) if text]
        found: list[Identified] = [_UNKNOWN] * len(texts)
        if self.model is None or not written:
            return found
        table = self.model.probabilities([words[row] for row in written])
        for row, probabilities in zip(written, table, strict=True):
            best = probabilities.argmax()
            found[row] = self.model.classes[best], float(probabilities[best])
        return found

    def _wished(self, text: str, current: str | None) -> str | None:
        text = f"{normalise(text)} "
        wishes = self.config["wishes"].items()
        named = [str(known) for known, words in wishes if any(word in text for word in words)]
        # "I don't speak Finnish" in a Finnish conversation wishes for the other one
        declined = named == [current] and pattern("negation").search(text)
        if named and not declined:  # both of them: who asks wants the other one
            return next((language for language in named if language != current), named[0])
        others = [known for known in self.config["wishes"] if known != current]
        return others[0] if current and len(others) == 1 else current

    @staticmethod
    def _of_page(message: Message) -> str | None:
        return (message.get("metadata") or {}).get("language")


def _words_only(text: str) -> str:
    return " ".join(_NO_LANGUAGE.sub(" ", normalise(text)).split())
