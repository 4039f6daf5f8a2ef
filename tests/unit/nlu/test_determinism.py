"""Two trainings on the same data give the same model, whatever the order of Python's sets."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tiski.paths import ROOT

# Prints a digest of the probabilities that a model, fitted on the real examples of one group of
# intents, gives to those of another. Other groups are left out to save time.
TRAIN = """
import hashlib
from rasa.shared.nlu.training_data.loading import load_data
from tiski.nlu.intent import NgramIntentClassifier, labelled, prepared, training_texts
from tiski.nlu.linear import LinearTextModel
config = NgramIntentClassifier.get_default_config()
model = LinearTextModel(
    config["char_ngrams"], config["word_ngrams"], config["C"], config["random_seed"]
)
def examples(group):
    return list(labelled(load_data(f"data/nlu/fi/{group}").intent_examples))
texts, labels = training_texts(examples("orders"))
model.fit(texts, labels)
asked = [prepared(text) for text, _ in examples("privacy")]
print(hashlib.sha256(model.probabilities(asked).tobytes()).hexdigest())
"""


def digest(hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", TRAIN],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_two_trainings_predict_the_same(hash_seed: str) -> None:
    first = digest("0")
    assert len(first) == 64
    assert digest(hash_seed) == first
