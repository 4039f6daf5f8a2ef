"""Two trainings on the same data give the same model, whatever the order of Python's sets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tiski.nlu.encoder.packed import installed_weights
from tiski.paths import ROOT

# Prints a digest of the probabilities that a model, fitted on the real examples of one group of
# intents, gives to those of another. Other groups are left out to save time.
TRAIN = """
import hashlib, sys
from pathlib import Path
from rasa.shared.nlu.training_data.loading import load_data
from tiski.nlu.encoder.packed import installed_weights
from tiski.nlu.encoder.remember import Remembering
from tiski.nlu.encoder.wheel import WheelEncoder
from tiski.nlu.encoder import CACHE
from tiski.nlu.intent import as_ngrams_see_it, labelled
from tiski.nlu.intent_model import IntentModel
# the network is made already; the vectors of examples are not
encoder = Remembering(WheelEncoder(installed_weights(), CACHE), Path(sys.argv[1]))
def examples(group):
    return list(labelled(load_data(f"data/nlu/fi/{group}").intent_examples))
texts, labels = zip(*examples("privacy")[::2])
if "warm" in sys.argv:  # other examples were trained on before
    encoder.encode_examples([text for text, _ in examples("feedback")][:40] + list(texts[::3]))
model = IntentModel(encoder=encoder, prepare=as_ngrams_see_it).fit(texts, labels)
assert model.uses_encoder
asked = [text for text, _ in examples("feedback")][:30]
print(hashlib.sha256(model.probabilities(asked).tobytes()).hexdigest())
"""


def digest(folder: Path, hash_seed: str, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", TRAIN, str(folder), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=True,
    )
    return done.stdout.strip()


def test_two_trainings_predict_the_same(tmp_path: Path) -> None:
    if installed_weights() is None:
        pytest.skip("the package with the weights is for Linux on x86-64 only")
    first = digest(tmp_path / "first", "0")
    assert len(first) == 64
    assert digest(tmp_path / "second", "1") == first
    assert digest(tmp_path / "third", "2", "warm") == first  # whatever was trained before
