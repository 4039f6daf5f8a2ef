"""A linear text model: TF-IDF over character and word n-grams, one linear classifier per class.

scikit-learn fits it; here it is put together, saved as plain data (arrays and JSON, no code) and
read back. skops, which Rasa uses, would write each of the 100,000 n-grams as an object of its own:
half a minute where this takes half a second.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np
from scipy.sparse import csr_matrix, hstack
from scipy.special import expit
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

# liblinear draws its random numbers from one place for all threads: two fits at once would draw
# from each other's, and no two trainings would be equal
ONE_AT_A_TIME = Lock()
_KEPT = np.float16  # a model is packed in half the time, and no answer changes
_ARRAYS, _TERMS = "{name}.npz", "{name}.json"


class LinearTextModel:
    """Classifies short texts.

    Args:
        char_ngrams: shortest and longest character n-gram, within words; robust to inflections,
            typos and compounds.
        word_ngrams: shortest and longest word n-gram, or None for characters only.
        strength: inverse of regularisation (scikit-learn's C).
        seed: makes two fits equal.
        probable: logistic regression, whose margins are log odds, instead of a support vector
            machine, which is as accurate on the held-out messages in under half the time.
    """

    def __init__(
        self,
        char_ngrams: Sequence[int],
        word_ngrams: Sequence[int] | None,
        strength: float,
        seed: int,
        *,
        probable: bool = False,
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
        self._idf: list[np.ndarray] = []  # of each vectoriser's n-grams
        # Found in its dual: seconds where lbfgs takes a minute. "balanced": small classes count as
        # much as out_of_scope with its many examples; a finer tolerance changes hardly an answer.
        settings = {
            "C": strength,
            "tol": 0.3,
            "class_weight": "balanced",
            "random_state": seed,
            "dual": True,
        }
        self._classifier: LinearSVC | LogisticRegression
        if probable:
            self._classifier = LogisticRegression(solver="liblinear", max_iter=500, **settings)
        else:
            self._classifier = LinearSVC(**settings)

    @property
    def classes(self) -> list[str]:
        """The labels, in the order of the margins."""
        return [str(label) for label in self._classifier.classes_]

    def fit(self, texts: list[str], labels: list[str]) -> LinearTextModel:
        """Fit to examples; labels need at least two different values."""
        return self.fit_features(self.learn_features(texts), labels)

    def learn_features(self, texts: list[str]) -> list[csr_matrix]:
        """Learn the n-grams of texts; return their TF-IDF, one matrix per kind of n-gram."""
        features = [vectoriser.fit_transform(texts) for vectoriser in self._vectorisers]
        self._idf = [vectoriser.idf_ for vectoriser in self._vectorisers]
        return features

    def fit_features(
        self, features: Sequence[csr_matrix], labels: Sequence[str]
    ) -> LinearTextModel:
        """Fit to rows of what `learn_features` returned."""
        with ONE_AT_A_TIME:
            self._classifier.fit(hstack(features).tocsr(), labels)
        # as they will be read back
        self._classifier.coef_ = self._classifier.coef_.astype(_KEPT).astype(np.float64)
        return self

    def margins_apart(
        self,
        features: Sequence[csr_matrix],
        labels: Sequence[str],
        seen: np.ndarray,
        unseen: np.ndarray,
    ) -> tuple[np.ndarray, list[str]]:
        """Fit to some rows and return the margins of others, as if their own n-grams were unknown.

        Args:
            features: what `learn_features` returned; this model is left as it is.
            seen: the numbers of the rows to fit to.
            unseen: the numbers of those to classify.
        """
        classifier = clone(self._classifier)
        with ONE_AT_A_TIME:
            classifier.fit(hstack([f[seen] for f in features]).tocsr(), [labels[i] for i in seen])
        known = [np.flatnonzero(f[seen].getnnz(axis=0)) for f in features]
        rows = []
        for matrix, columns in zip(features, known, strict=True):
            kept = csr_matrix(matrix[unseen].multiply(_mask(columns, matrix.shape[1])))
            rows.append(normalize(kept))
        margins = classifier.decision_function(hstack(rows).tocsr())
        return _of_each_class(margins), [str(label) for label in classifier.classes_]

    def margins(self, texts: list[str]) -> np.ndarray:
        """One row for each text: how far it lies on each class's side, in the order of `classes`."""
        return _of_each_class(self._classifier.decision_function(self._features(texts)))

    def probabilities(self, texts: list[str]) -> np.ndarray:
        """One row of probabilities for each text; for a model made with `probable`."""
        shares: np.ndarray = expit(self.margins(texts))
        return shares / shares.sum(axis=1, keepdims=True)

    def _features(self, texts: list[str]) -> csr_matrix:
        """What the vectorisers' `transform` gives, in a fraction of the time for one text.

        It would go through the weights of all n-grams that there are, three times, where those of a
        text are wanted.
        """
        features = []
        for vectoriser, idf in zip(self._vectorisers, self._idf, strict=True):
            counts = CountVectorizer.transform(vectoriser, texts)
            counts.data = (np.log(counts.data) + 1) * idf[counts.indices]  # sublinear_tf
            features.append(normalize(counts, copy=False))
        return hstack(features).tocsr()

    def save(self, folder: Path, name: str = "ngrams") -> None:
        """Write the fitted model into a folder."""
        fitted = self._classifier
        arrays = {"coefficients": fitted.coef_.astype(_KEPT), "intercepts": fitted.intercept_}
        terms = []
        for number, vectoriser in enumerate(self._vectorisers):
            arrays[f"idf{number}"] = self._idf[number]
            terms.append(sorted(vectoriser.vocabulary_, key=vectoriser.vocabulary_.__getitem__))
        # Rasa packs a model as tightly as it can: five seconds for what is not packed before
        np.savez_compressed(folder / _ARRAYS.format(name=name), **arrays)
        saved = json.dumps({"classes": self.classes, "terms": terms}, ensure_ascii=False)
        (folder / _TERMS.format(name=name)).write_text(saved, encoding="utf-8")

    def read(self, folder: Path, name: str = "ngrams") -> LinearTextModel:
        """Read a model that was saved with the same parameters."""
        saved = json.loads((folder / _TERMS.format(name=name)).read_text(encoding="utf-8"))
        with np.load(folder / _ARRAYS.format(name=name), allow_pickle=False) as arrays:
            self._classifier.classes_ = np.array(saved["classes"])
            self._classifier.coef_ = arrays["coefficients"].astype(np.float64)
            self._classifier.intercept_ = arrays["intercepts"]
            self._idf = [arrays[f"idf{number}"] for number in range(len(self._vectorisers))]
            for vectoriser, terms in zip(self._vectorisers, saved["terms"], strict=True):
                vectoriser.vocabulary_ = {term: index for index, term in enumerate(terms)}
                vectoriser.fixed_vocabulary_ = False
        return self


def _mask(columns: np.ndarray, width: int) -> csr_matrix:
    kept = (np.ones(len(columns)), (np.zeros(len(columns), int), columns))
    return csr_matrix(kept, shape=(1, width))


def _of_each_class(margins: np.ndarray) -> np.ndarray:
    """For two classes scikit-learn gives one number; give one for each."""
    apart: np.ndarray = np.stack([-margins, margins], axis=1) if margins.ndim == 1 else margins
    return apart
