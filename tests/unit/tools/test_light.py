"""tiski/tools/light.py: Rasa starts without TensorFlow, where no component needs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tiski.paths import ROOT
from tiski.tools.light import needs_tensorflow

_PROGRAM = """
import sys
from tiski.tools.light import without_tensorflow

with without_tensorflow(wanted={wanted}):
    import rasa.engine.recipes.default_recipe
    from rasa.utils.tensorflow.callback import tf

print(tf.__name__, "tensorflow" in sys.modules, hasattr(tf, "__version__"))
try:
    tf.keras.Model()
except ImportError as error:
    print(error)
"""


def run(*, wanted: bool) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _PROGRAM.format(wanted=wanted)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_tensorflow_is_left_out() -> None:
    first, refused = run(wanted=True)
    assert first == "tensorflow False False"
    assert refused.startswith("tensorflow was left out")


def test_it_comes_where_it_is_needed() -> None:
    assert run(wanted=False) == ["tensorflow True True"]


@pytest.mark.parametrize(
    ("pipeline", "needed"),
    [
        ("", False),
        ("pipeline: [{name: tiski.nlu.intent.IntentClassifier}]", False),
        ("pipeline: [{name: tiski.nlu.intent.IntentClassifier}, {name: DIETClassifier}]", True),
        ("pipeline: [{name: shop.nlu.Own, epochs: 3}]", True),
    ],
)
def test_what_is_not_ours_may_need_it(tmp_path: Path, pipeline: str, needed: bool) -> None:
    config = tmp_path / "config.yml"
    config.write_text(f"language: fi\n{pipeline}\n", encoding="utf-8")
    assert needs_tensorflow(config) is needed


def test_our_own_pipeline_does_without() -> None:
    assert not needs_tensorflow()
