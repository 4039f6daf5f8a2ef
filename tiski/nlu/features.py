"""The sentence encoder's vector as a feature for classifiers of Rasa.

The desk's own classifier asks the encoder itself. This component hands the same vectors to stock
ones, so that an alternative can be measured beside it (tests/configs/rasa_lr_encoder.yml).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from tiski.nlu.encoder import open_encoder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds a message's vector as its dense sentence feature; none where there is no encoder.

    There are no features of single tokens, so DIET cannot use it.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The parameters, each with what it means."""
        return {
            **DenseFeaturizer.get_default_config(),
            # what the vector is multiplied by; Rasa's LogisticRegressionClassifier fixes its
            # regularisation, under which vectors of length one say little beside counts
            "scale": 1.0,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """Make a component; there is nothing to train."""
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing can be wrong that Rasa does not find by itself."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vectors of all examples, many at a time."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vector of each message that has a text."""
        encoder = open_encoder()
        written = [message for message in messages if message.get(TEXT)]
        if encoder is None or not written:
            return messages
        rows = encoder.encode([message.get(TEXT) for message in written])
        for message, row in zip(written, rows, strict=True):
            scaled: np.ndarray = row[np.newaxis] * self._config["scale"]
            self.add_features_to_message(None, scaled, TEXT, message)
        return messages
