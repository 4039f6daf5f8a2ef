"""tiski/nlu/features.py: the encoder's vector as a dense sentence feature."""

from __future__ import annotations

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from tiski.nlu import features
from tiski.nlu.features import SentenceFeaturizer


class FakeEncoder:
    """A vector of length one whose direction is the text's length."""

    name, width = "fake", 2

    def knows(self, word: str) -> bool:
        return False

    def encode(self, texts: list[str]) -> np.ndarray:
        angles = np.array([len(text) for text in texts], dtype=np.float32)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def component(**settings: object) -> SentenceFeaturizer:
    config = {**SentenceFeaturizer.get_default_config(), **settings}
    context = ExecutionContext(GraphSchema({}), node_name="sentence")
    return SentenceFeaturizer.create(config, None, None, context)  # type: ignore[arg-type]


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "open_encoder", FakeEncoder)


def dense(message: Message) -> tuple:
    return message.get_dense_features(TEXT)


@pytest.mark.usefixtures("encoder")
def test_a_message_gets_its_scaled_vector() -> None:
    (message,) = component(scale=30).process([Message({TEXT: "moi"})])
    sequence, sentence = dense(message)
    assert sequence is None
    assert sentence.features.shape == (1, 2)
    assert np.linalg.norm(sentence.features) == pytest.approx(30)
    assert [of.origin for of in message.features] == ["sentence"]


@pytest.mark.usefixtures("encoder")
def test_examples_get_their_own_vectors_and_the_textless_none() -> None:
    examples = [Message({TEXT: "moi"}), Message({"action_name": "x"}), Message({TEXT: "terve"})]
    component().process_training_data(TrainingData(examples))
    for example in (examples[0], examples[2]):
        expected = FakeEncoder().encode([example.get(TEXT)])
        assert np.allclose(dense(example)[1].features, expected)
    assert dense(examples[1]) == (None, None)


def test_without_an_encoder_there_is_no_feature(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "open_encoder", lambda: None)
    (message,) = component().process([Message({TEXT: "moi"})])
    assert dense(message) == (None, None)
