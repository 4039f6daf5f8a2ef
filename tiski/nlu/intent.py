"""The intent of a message, and which question it is when the intent is `faq`.

The model is `intent_model.py`'s: n-grams and a sentence encoder together. FAQ intents are
classified with all others (`faq/parking` is a class of its own), and the answer's key is handed
to Rasa in the place where its ResponseSelector would leave it: one rule serves every question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from functools import partial
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from tiski.business import OWN_QUESTION
from tiski.nlu.bare_topics import TOPIC_ONLY, less_sure
from tiski.nlu.business_names import mask_names, services, staff
from tiski.nlu.component import TrainedComponent, language_of
from tiski.nlu.decision import OUT_OF_SCOPE, SURE
from tiski.nlu.encoder import open_encoder
from tiski.nlu.goods import categories, products
from tiski.nlu.intent_model import IntentModel, IntentSettings
from tiski.nlu.text import mask, normalise
from tiski.nlu.two_wishes import find_two_wishes
from tiski.nlu.wish_in_story import HEARD, POLITE, STORY, find_wishes, sentences

#: the texts whose vectors were computed for a message: two where it holds two wishes
ENCODED = "encoded"
# Nothing else can be meant; Rasa's rules ask for a number
_SETTLED = 0.95


def labelled(examples: Iterable[Message]) -> Iterator[tuple[str, str]]:
    """Yield text and label of each example that has both; a question's label is `faq/<x>`."""
    for example in examples:
        text, label = example.get(TEXT), example.get(INTENT_RESPONSE_KEY) or example.get(INTENT)
        if text and label:
            yield text, label


def prepared(text: str, *, of_examples: bool = False) -> str:
    """Return a message as the model sees it; see `mask_names` for `of_examples`."""
    return mask(mask_names(normalise(text), of_examples=of_examples))


def as_ngrams_see_it(text: str, label: str | None) -> str:
    """Return what n-grams are taken from: `prepared`, and examples by the names that they name."""
    # the page's own questions name the page's own services
    ours = label is not None and not label.startswith(OWN_QUESTION)
    return prepared(text, of_examples=ours)


def is_name(word: str) -> bool:
    """Whether a word names a service, a person or goods of the business, in any case."""
    return any(finder().find(word) for finder in (services, staff, categories, products))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(TrainedComponent[IntentModel], RasaIntentClassifier):
    """Classifies messages, retrieval intents included, and says how sure that is."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The parameters, each with what it means."""
        return {
            # character n-grams within words: robust to inflections, typos and compounds
            "char_ngrams": [3, 4],
            "word_ngrams": [1, 2],
            # inverse of regularisation: larger follows the training data more closely
            "C": 1.0,
            # whether messages are also compared by meaning, where there is an encoder
            "encoder": True,
            # cross-validation, for the thresholds and for what n-grams and meaning count; with
            # more than 4,000 examples so many of the folds are tried
            "folds": 5,
            "folds_of_many": 1,
            "random_seed": 42,
            # how many intents the ranking names; "did you mean" takes its choices from it
            "ranking_length": 10,
        }

    def new_model(self) -> IntentModel:
        """An unfitted model with the parameters of config.yml."""
        names = [entry.name for entry in fields(IntentSettings)]
        settings = IntentSettings(**{name: self.config[name] for name in names})
        encoder = open_encoder() if self.config["encoder"] else None
        return IntentModel(settings, encoder, as_ngrams_see_it, is_name)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on every example that has an intent."""
        examples = [
            (text, label, language_of(message))
            for message in training_data.intent_examples
            for text, label in labelled([message])
        ]
        if len({label for _, label, _ in examples}) > 1:
            texts, labels, languages = zip(*examples, strict=True)
            self.model = self.new_model().fit(texts, labels, languages)
        self.persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent`, `intent_ranking` and, for questions, `response_selector`.

        A message with two wishes gets `second_wish`: intent, confidence, start and end.
        """
        asked: list[tuple[Message, str]] = []
        for message in messages:
            text = message.get(TEXT) or ""
            if self.model is not None and prepared(text):
                asked.append((message, self._first_wish(message, text)))
                second = message.get("second_wish")
                parts = [asked[-1][1], *([text[second["start"] : second["end"]]] if second else [])]
                message.set(ENCODED, self.model.mended(parts))  # for MoodDetector, further down
            else:
                message.set(INTENT, {"name": None, "confidence": 0.0}, add_to_output=True)
        if asked and self.model is not None:
            table = self.model.probabilities([text for _, text in asked])
            labels = self.model.classes
            for (message, text), row in zip(asked, table, strict=True):
                told = self._of_story(message, text, row)
                # two wishes are sure, each by itself
                shares = {} if message.get("second_wish") else self.model.may_want(text)
                doubted = less_sure(told, labels, shares, _is_question)
                message.set(TOPIC_ONLY, doubted is not None)
                self._set(message, labels, told if doubted is None else doubted)
        return messages

    def _of_story(self, message: Message, text: str, row: np.ndarray) -> np.ndarray:
        """The probabilities of a message, given those of all of it: of its wish, in a story.

        Sets `second_wish` where a story holds two.
        """
        assert self.model is not None
        if text.startswith("/") or len(parts := sentences(text)) < 2:
            return row
        labels, best = self.model.classes, int(np.argmax(row))
        is_sure = self._is_sure(row)
        if is_sure and len(parts) < STORY and labels[best] not in POLITE:
            return row
        wishes = find_wishes(parts, partial(self._best, meaning=False), self._sure)
        if not wishes or (len(wishes) > 1 and len(parts) < STORY):
            return row
        rows: np.ndarray = self.model.probabilities([wish.text for wish in wishes])
        found = [
            (labels[int(np.argmax(said))], said, wish)
            for said, wish in zip(rows, wishes, strict=True)
        ]
        if is_sure and labels[best] in HEARD and any(label in HEARD for label, _, _ in found):
            return row  # a complaint, and what it is about
        found.sort(key=lambda one: _is_question(one[0]))
        for label, said, wish in found[1:]:
            _set_second_wish(message, label, float(said.max()), wish.start, wish.end)
        return found[0][1]

    def _first_wish(self, message: Message, text: str) -> str:
        """Set `second_wish` where there is one; return what else the message says."""
        if text.startswith("/"):
            return text
        if len(sentences(text)) >= STORY:
            return text
        wishes = find_two_wishes(text, partial(self._best, meaning=False), self._best)
        if wishes is None:
            return text
        parts = [
            (0, wishes.first_end, wishes.first),
            (wishes.second_start, None, wishes.second),
        ]
        parts.sort(key=lambda part: _is_question(part[2][0]))
        (begin, end, _), (other_begin, other_end, (other, confidence)) = parts
        last = len(text) if other_end is None else other_end
        _set_second_wish(message, other, confidence, other_begin, last)
        return text[begin:end]

    def _best(self, texts: Sequence[str], *, meaning: bool = True) -> list[tuple[str, float]]:
        """The best label of each text, and how sure it is."""
        assert self.model is not None
        table = self.model.probabilities(texts, meaning=meaning)
        return [(self.model.classes[int(np.argmax(row))], float(row.max())) for row in table]

    def _sure(self, texts: Sequence[str]) -> list[tuple[str, float]]:
        """As `_best`, with a confidence of 0 where the desk would not act on the text by itself."""
        assert self.model is not None
        table = self.model.probabilities(texts)
        labels = self.model.classes
        return [
            (labels[int(np.argmax(row))], float(row.max()) if self._is_sure(row) else 0.0)
            for row in table
        ]

    def _is_sure(self, row: np.ndarray) -> bool:
        assert self.model is not None
        labels, best = self.model.classes, int(np.argmax(row))
        foreign = float(row[labels.index(OUT_OF_SCOPE)]) if OUT_OF_SCOPE in labels else 0.0
        limits = self.model.thresholds()[""]
        return limits.decide(labels[best], float(row[best]), foreign) == SURE

    def _set(self, message: Message, labels: list[str], probabilities: np.ndarray) -> None:
        assert self.model is not None
        order = np.argsort(-probabilities, kind="stable")[: self.config["ranking_length"]]
        ranking = [{"name": labels[i], "confidence": float(probabilities[i])} for i in order]
        best = ranking[0]
        name, _, question = best["name"].partition("/")
        message.set(INTENT, {**best, "name": name}, add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set("thresholds", self.model.thresholds())  # for DecisionMaker, further down
        if OUT_OF_SCOPE in labels:
            message.set("foreign", float(probabilities[labels.index(OUT_OF_SCOPE)]))
        if question:
            message.set("response_selector", selected(best), add_to_output=True)


def _is_question(label: str) -> bool:
    """Sorts a question behind another wish: it is answered at once and on the way."""
    return label.startswith("faq/")


def _set_second_wish(message: Message, label: str, confidence: float, start: int, end: int) -> None:
    wish = {"intent": label, "confidence": confidence, "start": start, "end": end}
    message.set("second_wish", wish, add_to_output=True)


def settle(message: Message, label: str) -> None:
    """Let a message mean this for sure, whatever was guessed: what was said before leaves nothing else.

    Args:
        message: its intent, ranking, decision and, for a question, answer are set.
        label: an intent, or a question's `faq/<x>`.
    """
    best = {"name": label, "confidence": _SETTLED}
    others = [each for each in message.get("intent_ranking") or [] if each["name"] != label]
    name, _, question = label.partition("/")
    message.set(INTENT, {**best, "name": name}, add_to_output=True)
    message.set("intent_ranking", [best, *others], add_to_output=True)
    message.set("decision", SURE, add_to_output=True)
    if question:
        message.set("response_selector", selected(best), add_to_output=True)


def selected(best: dict[str, Any]) -> dict[str, Any]:
    """The shape in which Rasa's ActionRetrieveResponse looks for the answer's key."""
    retrieval_intent = best["name"].partition("/")[0]
    answer = {
        "intent_response_key": best["name"],
        "utter_action": f"utter_{best['name']}",
        "confidence": best["confidence"],
    }
    return {
        "all_retrieval_intents": [retrieval_intent],
        retrieval_intent: {"response": answer, "ranking": [answer]},
    }
