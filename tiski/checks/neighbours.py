"""Messages by what they look like: the character n-grams that they share.

The likeness of two messages is the cosine, 0 to 1, of the TF-IDF weights of their n-grams of 3 to 5
characters, without case, punctuation and umlauts (`plain`). It knows nothing of meaning, so it
tells a designer what a model that reads letters has to tell apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from tiski.checks.project import Example, plain

NGRAMS = (3, 5)


@lru_cache(maxsize=1)
def ngram_counts(texts: tuple[str, ...]) -> csr_matrix:
    """How often each n-gram stands in each text, a row for each; two checks look at the same."""
    counter = CountVectorizer(
        analyzer="char_wb", ngram_range=NGRAMS, lowercase=False, dtype=np.float32
    )
    rows: csr_matrix = counter.fit_transform(plain(text) for text in texts)
    return rows


class Neighbours:
    """Finds the examples that are most like a message."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.examples = list(examples)
        self._vectoriser = TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=NGRAMS,
            sublinear_tf=True,
            lowercase=False,
            dtype=np.float32,
        )
        self.rows: csr_matrix = self._vectoriser.fit_transform(
            plain(example.text) for example in self.examples
        )

    def nearest(self, text: str, count: int = 5) -> list[tuple[Example, float]]:
        """The examples most like a text, best first, with the likeness; none that share nothing."""
        likeness = (self.rows @ self._vectoriser.transform([plain(text)]).T).toarray().ravel()
        best = np.argsort(-likeness, kind="stable")[:count]
        return [(self.examples[i], float(likeness[i])) for i in best if likeness[i] > 0]
