"""A linear text model: TF-IDF over character and word n-grams, one logistic regression per class.

scikit-learn fits it; here it is put together, saved as plain data (arrays and JSON, no code) and
read back. skops, which Rasa uses, would write each of the 60,000 n-grams as an object of its own:
half a minute where this takes half a second.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

_ARRAYS, _TERMS = "model.npz", "terms.json"


class LinearTextModel:
    """Classifies short texts.

    Args:
        char_ngrams: shortest and longest character n-gram, within words; robust to inflections,
            typos and compounds.
        word_ngrams: shortest and longest word n-gram, or None for characters only.
        strength: inverse of regularisation (scikit-learn's C).
        seed: makes two fits equal.
    """

    def __init__(
        self,
        char_ngrams: Sequence[int],
        word_ngrams: Sequence[int] | None,
        strength: float,
        seed: int,
    ) -> None:
        self._vectorisers = [
            TfidfVectorizer(analyzer="char_wb", ngram_range=tuple(char_ngrams), sublinear_tf=True)
        ]
        if word_ngrams:
            self._vectorisers.append(
                TfidfVectorizer(
                    token_pattern=r"\w+|[?!]+", ngram_range=tuple(word_ngrams), sublinear_tf=True
                )
            )
        # One classifier per class, solved in its dual: seconds where lbfgs takes a minute, and
        # half a point more accurate on the held-out messages. "balanced": small classes count
        # as much as out_of_scope with its many examples.
        self._classifier = LogisticRegression(
            C=strength,
            solver="liblinear",
            dual=True,
            multi_class="ovr",
            class_weight="balanced",
            max_iter=500,
            # scikit-learn's 1e-4 takes twice as long and classifies every held-out message alike
            tol=1e-2,
            random_state=seed,
        )

    @property
    def classes(self) -> list[str]:
        """The labels, in the order of the probabilities."""
        return [str(label) for label in self._classifier.classes_]

    def fit(self, texts: list[str], labels: list[str]) -> LinearTextModel:
        """Fit to examples; labels need at least two different values."""
        features = [vectoriser.fit_transform(texts) for vectoriser in self._vectorisers]
        self._classifier.fit(hstack(features).tocsr(), labels)
        return self

    def probabilities(self, texts: list[str]) -> np.ndarray:
        """One row of probabilities for each text, in the order of `classes`."""
        result: np.ndarray = self._classifier.predict_proba(self._features(texts))
        return result

    def _features(self, texts: list[str]) -> csr_matrix:
        return hstack([v.transform(texts) for v in self._vectorisers]).tocsr()

    def save(self, folder: Path) -> None:
        """Write the fitted model into a folder."""
        fitted = self._classifier
        arrays = {"coefficients": fitted.coef_.astype(np.float32), "intercepts": fitted.intercept_}
        terms = []
        for number, vectoriser in enumerate(self._vectorisers):
            arrays[f"idf{number}"] = vectoriser.idf_
            terms.append(sorted(vectoriser.vocabulary_, key=vectoriser.vocabulary_.__getitem__))
        np.savez_compressed(folder / _ARRAYS, **arrays)
        saved = {"classes": self.classes, "terms": terms}
        (folder / _TERMS).write_text(json.dumps(saved, ensure_ascii=False), encoding="utf-8")

    def read(self, folder: Path) -> LinearTextModel:
        """Read a model that was saved with the same parameters."""
        saved = json.loads((folder / _TERMS).read_text(encoding="utf-8"))
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            self._classifier.classes_ = np.array(saved["classes"])
            self._classifier.coef_ = arrays["coefficients"].astype(np.float64)
            self._classifier.intercept_ = arrays["intercepts"]
            for number, vectoriser in enumerate(self._vectorisers):
                terms = saved["terms"][number]
                vectoriser.vocabulary_ = {term: index for index, term in enumerate(terms)}
                vectoriser.fixed_vocabulary_ = False
                vectoriser.idf_ = arrays[f"idf{number}"]
        return self
