"""What is compared: this pipeline and the yardsticks, each behind the same two steps.

A candidate is trained in one process and answers in another (`tiski/bench/nlu/child.py`), so that
its memory and its times are its own. nlp.js runs on node: `tiski/bench/nlu/nlpjs.py`.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from tiski.bench.nlu.answers import FALLBACK, SURE, Answer, Answerer, Candidate, in_scope
from tiski.bench.nlu.rasa_pipeline import RasaPipeline
from tiski.bench.nlu.sets import OUT_OF_SCOPE, Example
from tiski.paths import ROOT

CONFIGS = ROOT / "tests" / "configs"


@dataclass(frozen=True)
class Entry:
    """A candidate's place in the tables.

    Attributes:
        title: as it is named in the tables.
        make: makes it; None where it runs on node.
        is_ours: whether it is a profile of this project, not a yardstick.
    """

    title: str
    make: Callable[[], Candidate] | None
    is_ours: bool = False


class TfidfCandidate:
    """scikit-learn as one would write it in a minute: TF-IDF and logistic regression."""

    def train(self, examples: list[Example], folder: Path) -> None:
        """Fit on the texts as they are, but in lower case."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline, make_union

        features = make_union(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        )
        # C at its default of 1 was 1.6 points less accurate on banking77
        model = make_pipeline(features, LogisticRegression(C=20, max_iter=500, random_state=42))
        model.fit([e.text for e in examples], [e.label for e in examples])
        (folder / "model").write_bytes(pickle.dumps(model))

    def load(self, folder: Path) -> Answerer:
        """Read the model that `train` has pickled a moment ago."""
        model = pickle.loads((folder / "model").read_bytes())
        return ByProbability([str(label) for label in model.classes_], model.predict_proba)


class ByProbability:
    """Answers with the most probable class.

    Args:
        classes: the labels, in the order of the probabilities.
        probabilities: gives a row for each text.
    """

    def __init__(self, classes: list[str], probabilities: Callable[[list[str]], Any]) -> None:
        self._classes, self._probabilities = classes, probabilities
        self._is_inside = np.array([label != OUT_OF_SCOPE for label in classes])

    def answer(self, texts: list[str]) -> list[Answer]:
        """Answer each text; nothing is refused but what is out of scope by its label."""
        return [self._answer(row) for row in self._probabilities(texts)] if texts else []

    def _answer(self, row: np.ndarray) -> Answer:
        best, inside = int(np.argmax(row)), int(np.argmax(np.where(self._is_inside, row, -1)))
        decision = SURE if self._is_inside[best] else FALLBACK
        foreign = None if self._is_inside.all() else float(row[~self._is_inside][0])
        score = in_scope(float(row[inside]), foreign)
        return Answer(self._classes[best], float(row[best]), score, decision)


def _rasa(config: str, *, flat: bool = False) -> Callable[[], Candidate]:
    return lambda: RasaPipeline(CONFIGS / config, flat=flat)


CANDIDATES: MappingProxyType[str, Entry] = MappingProxyType(
    {
        "tiski": Entry("this pipeline", _rasa("with_encoder.yml"), is_ours=True),
        "ngrams": Entry("this pipeline, n-grams only", _rasa("ngrams_only.yml"), is_ours=True),
        "rasa-lr-encoder": Entry(
            "Rasa LogisticRegression, our encoder", _rasa("rasa_lr_encoder.yml", flat=True)
        ),
        "tfidf": Entry("TF-IDF, LogisticRegression (scikit-learn)", TfidfCandidate),
        "rasa-lr": Entry("Rasa LogisticRegression", _rasa("rasa_lr.yml", flat=True)),
        "nlpjs": Entry("nlp.js", None),
        "default": Entry("Rasa's default (DIET)", _rasa("rasa_default_nlu.yml")),
    }
)
