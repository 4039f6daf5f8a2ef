"""The intent model: n-grams and meaning, weighed against each other, with honest probabilities.

Two kinds of classifier look at a message: one at its letters and words (`linear.py`), which knows
typos and the trade's own words, and, where there is an encoder, others at its vector
(`sentences.py`), which know that "when do you close" and "moneltako lafka menee kiinni" are one
question. How much each counts is found by cross-validation on the training data, by likelihood:
the weighed sum's softmax is then a probability that can be believed. The thresholds of the three
decisions are chosen from the same held-out predictions (`decision.py`).
"""

from __future__ import annotations

import json
import logging
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import log_softmax, softmax
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import ThreadpoolController, threadpool_limits

from tiski.nlu.bare_topics import BareTopics
from tiski.nlu.decision import Judged, Thresholds
from tiski.nlu.encoder import Encoder
from tiski.nlu.encoder.remember import Remembering
from tiski.nlu.linear import LinearTextModel
from tiski.nlu.sentences import FEW, Lesson, SentenceModel
from tiski.nlu.spelling import Spelling
from tiski.nlu.taught import Taught
from tiski.nlu.text import normalise

logger = logging.getLogger(__name__)

_FILE = "intent_model.json"
_MENDED = 64  # of the last messages and their parts
_LEAST_IN_FOLDS = 2  # examples of a label without which it takes no part in cross-validation
# With few examples, an intent's name counts as so many: "card payment fee charged" says what it is
# about, in any language that the encoder knows
_NAMES_OF_FEW = 3
# What the parts count before anything is known; close to what is found on every data set tried.
_FIRST_WEIGHTS = (4.0, 0.5, 0.1)


@dataclass(frozen=True)
class IntentSettings:
    """The parameters; see `IntentClassifier.get_default_config` for what each means."""

    char_ngrams: Sequence[int] = (3, 4)
    word_ngrams: Sequence[int] = (1, 2)
    C: float = 1.0
    folds: int = 5
    folds_of_many: int = 1
    random_seed: int = 42


def as_written(text: str, label: str | None) -> str:
    """The text as n-grams are taken from it, when nothing is to be masked."""
    return text


class IntentModel:
    """Classifies messages of any language that its examples are in.

    Args:
        settings: parameters.
        encoder: turns messages into vectors; None leaves n-grams alone.
        prepare: makes of a normalised text what n-grams are taken from; called with the label for
            training examples, with None for messages.
        is_name: whether a word is a name that examples need not know; names are not mended.
    """

    def __init__(
        self,
        settings: IntentSettings | None = None,
        encoder: Encoder | None = None,
        prepare: Callable[[str, str | None], str] = as_written,
        is_name: Callable[[str], bool] = lambda word: False,
    ) -> None:
        self.settings = settings or IntentSettings()
        self.encoder = encoder
        self._prepare = prepare
        self._spelling = Spelling(lambda word: encoder is not None and encoder.knows(word), is_name)
        # an unknown word takes two milliseconds, and a message is looked at more than once
        self._mend = lru_cache(maxsize=_MENDED)(self._spelling.mend)
        self._taught = Taught()
        self._topics = BareTopics()
        self._ngrams = self._new_ngrams()
        self._sentences: SentenceModel | None = None
        self._encoder_name: str | None = None
        self._weights: dict[str, list[float]] = {}
        self._thresholds: dict[str, dict[str, Thresholds]] = {}
        self.judged: list[Judged] = []  # what cross-validation saw; empty in a model read back

    @property
    def classes(self) -> list[str]:
        """The labels, in the order of the probabilities."""
        return self._ngrams.classes

    @property
    def uses_encoder(self) -> bool:
        """Whether the encoder that the model was trained with is here."""
        return (
            self._sentences is not None
            and self.encoder is not None
            and self.encoder.name == self._encoder_name
        )

    def _new_ngrams(self) -> LinearTextModel:
        chosen = self.settings
        return LinearTextModel(chosen.char_ngrams, chosen.word_ngrams, chosen.C, chosen.random_seed)

    def fit(
        self, texts: Sequence[str], labels: Sequence[str], languages: Sequence[str] | None = None
    ) -> IntentModel:
        """Fit to examples; labels need at least two different values.

        Args:
            languages: of each example; thresholds are chosen for each language apart.
        """
        examples = _Examples.of(texts, labels, languages)
        self._spelling.learn(examples.texts, examples.languages)
        self._mend.cache_clear()
        lesson = self._lesson(examples)
        splits = self._splits(examples)
        # One thread of letters and one of meaning, each about as long: faster than two threads
        # inside of each fit, and sums are in the same order on every machine. Letters of few
        # examples are learnt at once, so meaning gets both.
        threads = 2 if len(examples.texts) <= FEW else 1
        with threadpool_limits(1), _expected_warnings(), ThreadPoolExecutor(threads) as pool:
            if lesson is not None:
                fitted = pool.submit(lesson.fit)
                parts = [pool.submit(lesson.fit_part, seen) for seen, _ in splits]
            features = self._learn_letters(examples)
            self._ngrams.fit_features(features, examples.labels)
            tried = [
                self._ngrams.margins_apart(features, examples.labels, *split) for split in splits
            ]
            opinions: list[list[np.ndarray]] = [[] for _ in splits]
            if lesson is not None:
                models = [part.result() for part in parts]
                self._sentences = lesson.complete(fitted.result(), models[0] if models else None)
                opinions = [
                    model.opinions(lesson.rows[unseen])
                    for model, (_, unseen) in zip(models, splits, strict=True)
                ]
            judged = [
                _Tried(unseen, classes, [margins, *meaning])
                for (_, unseen), (margins, classes), meaning in zip(
                    splits, tried, opinions, strict=True
                )
            ]
        self._weigh(judged, examples)
        return self

    def _lesson(self, examples: _Examples) -> Lesson | None:
        """What the vectors of the examples teach; None without an encoder."""
        if self.encoder is None:
            return None
        self._encoder_name = self.encoder.name
        few = len(examples.texts) <= FEW
        names = sorted(set(examples.labels)) * (_NAMES_OF_FEW if few else 0)
        said = [name.rpartition("/")[2].replace("_", " ") for name in names]
        texts = [*examples.texts, *said]
        rows = (
            self.encoder.encode_examples(texts)
            if isinstance(self.encoder, Remembering)
            else self.encoder.encode(texts)
        )
        count = len(examples.texts)
        seed = self.settings.random_seed
        return Lesson(rows[:count], examples.labels, rows[count:], names, seed)

    def _learn_letters(self, examples: _Examples) -> list[csr_matrix]:
        prepared = list(map(self._prepare, examples.texts, examples.labels))
        self._taught.learn(prepared, examples.labels)
        self._topics.learn(prepared, examples.labels)
        return self._ngrams.learn_features(prepared)

    def _splits(self, examples: _Examples) -> list[tuple[np.ndarray, np.ndarray]]:
        """Rows to fit to and rows to try."""
        labels = np.array(examples.labels)
        names, counts = np.unique(labels, return_counts=True)
        common = np.flatnonzero(np.isin(labels, names[counts >= _LEAST_IN_FOLDS]))
        strata = [f"{labels[i]} {examples.languages[i]}" for i in common]
        parts = min(self.settings.folds, max(Counter(strata).values(), default=0))
        if parts < _LEAST_IN_FOLDS:
            return []
        folds = StratifiedKFold(parts, shuffle=True, random_state=self.settings.random_seed)
        with warnings.catch_warnings():  # some labels have fewer examples than there are folds
            warnings.simplefilter("ignore", UserWarning)
            drawn = list(folds.split(strata, strata))
        splits = []
        for _, tried in drawn[: self.settings.folds_of_many if len(common) > FEW else parts]:
            seen = np.setdiff1d(np.arange(len(labels)), common[tried])
            known = np.unique(labels[seen])
            unseen = common[tried][np.isin(labels[common[tried]], known)]
            if len(known) > 1 and len(unseen):
                splits.append((seen, unseen))
        return splits

    def _weigh(self, tried: list[_Tried], examples: _Examples) -> None:
        parts = 1
        if self._sentences is not None:
            parts = 3 if self._sentences.has_discriminants else 2
        # a model that is to serve without its encoder needs n-grams' own weight, too
        for kind, count in (("ngrams", 1), ("all", parts)):
            found = _likeliest(tried, examples, count)
            self._weights[kind] = found
            judged = [one for part in tried for one in part.judged(found, examples)]
            self._thresholds[kind] = Thresholds.choose(judged)
            self.judged = judged

    def probabilities(self, texts: Sequence[str], *, meaning: bool = True) -> np.ndarray:
        """One row of probabilities for each message, in the order of `classes`.

        Args:
            meaning: False asks n-grams alone: half the time, and less to be believed.
        """
        if not len(texts):
            return np.zeros((0, len(self.classes)))
        clean = self.mended(texts)
        prepared = [self._prepare(text, None) for text in clean]
        opinions = [self._ngrams.margins(prepared)]
        kind = "ngrams"
        if meaning and self.uses_encoder:
            assert self.encoder is not None and self._sentences is not None
            rows = self.encoder.encode(clean)
            with _matrix_libraries().limit(limits=1):
                opinions += self._sentences.opinions(rows)
            kind = "all"
        return self._taught.sway(prepared, _weighed(opinions, self._weights[kind]), self.classes)

    def may_want(self, text: str) -> dict[str, float]:
        """What a message may want that names a topic only, as shares by label; {} for any other."""
        [clean] = self.mended([text])
        seen = self._prepare(clean, None)
        return {} if self._taught.knows(seen) else self._topics.shares(seen)

    def mended(self, texts: Sequence[str]) -> list[str]:
        """Messages as the encoder gets them: normalised, and slips of the keyboard mended."""
        return [self._mend(normalise(text)) for text in texts]

    def thresholds(self) -> dict[str, Thresholds]:
        """When to be sure and when to give up, by language; under "" for any other."""
        return self._thresholds["all" if self.uses_encoder else "ngrams"]

    def save(self, folder: Path) -> None:
        """Write the fitted model into a folder."""
        self._ngrams.save(folder)
        self._spelling.save(folder)
        self._taught.save(folder)
        self._topics.save(folder)
        if self._sentences is not None:
            self._sentences.save(folder)
        saved = {
            "encoder": self._encoder_name,
            "weights": self._weights,
            "thresholds": {
                kind: {language: vars(limits) for language, limits in chosen.items()}
                for kind, chosen in self._thresholds.items()
            },
        }
        (folder / _FILE).write_text(json.dumps(saved), encoding="utf-8")

    def read(self, folder: Path) -> IntentModel:
        """Read a model that was saved with the same parameters.

        One line in the log when it was trained with another encoder than is here, or with one
        where there is none: it then serves by n-grams.
        """
        saved = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        self._ngrams.read(folder)
        self._spelling.read(folder)
        self._mend.cache_clear()
        self._taught.read(folder)
        self._topics.read(folder)
        self._encoder_name = saved["encoder"]
        if self._encoder_name is not None:
            self._sentences = SentenceModel(self.settings.random_seed).read(folder)
        self._weights = saved["weights"]
        self._thresholds = {
            kind: {language: Thresholds(**limits) for language, limits in chosen.items()}
            for kind, chosen in saved["thresholds"].items()
        }
        if self._sentences is not None and not self.uses_encoder:
            here = f"{self.encoder.name} is here" if self.encoder else "there is none here"
            logger.warning(
                f"The model was trained with the sentence encoder {self._encoder_name} and {here}:"
                " understanding by n-grams only. Train with what is here: ./scripts/train"
            )
        return self


@lru_cache(maxsize=1)
def _matrix_libraries() -> ThreadpoolController:
    """To have them answer on one core: with two, one spins for milliseconds after each message."""
    return ThreadpoolController()


@contextmanager
def _expected_warnings() -> Iterator[None]:
    """Leave out what is meant so; around all threads, because they share one list of filters."""
    with warnings.catch_warnings():
        # the network stops after so many rounds; some labels have one example only
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.filterwarnings("ignore", "Only one sample available", UserWarning)
        yield


@dataclass(frozen=True)
class _Examples:
    """Training examples, their texts normalised."""

    texts: list[str]
    labels: list[str]
    languages: list[str]

    @classmethod
    def of(
        cls, texts: Sequence[str], labels: Sequence[str], languages: Sequence[str] | None
    ) -> _Examples:
        spoken = languages if languages is not None else [""] * len(texts)
        kept = [
            (clean, label, language)
            for text, label, language in zip(texts, labels, spoken, strict=True)
            if (clean := normalise(text))
        ]
        return cls(*(list(column) for column in zip(*kept, strict=True)))


@dataclass(frozen=True)
class _Tried:
    """What models said of examples that they had not seen."""

    rows: np.ndarray
    classes: list[str]
    opinions: list[np.ndarray]

    def right(self, examples: _Examples) -> np.ndarray:
        """The column of each row's label."""
        column = {name: number for number, name in enumerate(self.classes)}
        return np.array([column[examples.labels[row]] for row in self.rows])

    def judged(self, weights: list[float], examples: _Examples) -> list[Judged]:
        table = _weighed(self.opinions, weights)
        return [
            Judged.of(examples.languages[row], examples.labels[row], self.classes, probabilities)
            for row, probabilities in zip(self.rows, table, strict=True)
        ]


def _weighed(opinions: Sequence[np.ndarray], weights: Sequence[float]) -> np.ndarray:
    total = sum(weight * opinion for weight, opinion in zip(weights, opinions, strict=False))
    result: np.ndarray = softmax(total, axis=1)
    return result


def _likeliest(tried: list[_Tried], examples: _Examples, count: int) -> list[float]:
    """The weights of the first `count` parts under which the right labels are likeliest."""
    first = np.log(_FIRST_WEIGHTS[:count])
    if not tried:
        return [float(weight) for weight in np.exp(first)]
    right = [part.right(examples) for part in tried]

    def surprise(logarithms: np.ndarray) -> float:
        total, rows = 0.0, 0
        for part, columns in zip(tried, right, strict=True):
            score = sum(
                weight * opinion
                for weight, opinion in zip(np.exp(logarithms), part.opinions, strict=False)
            )
            chances = log_softmax(score, axis=1)
            total -= chances[np.arange(len(columns)), columns].sum()
            rows += len(columns)
        return total / rows

    found = minimize(surprise, first, method="Nelder-Mead", options={"xatol": 0.02, "fatol": 1e-4})
    return [float(weight) for weight in np.exp(found.x)]
