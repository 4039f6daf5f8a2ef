"""Choose the fallback's threshold: what each would keep and catch, by cross-validation.

Every message of data/nlu is classified once by a model that has not seen it. One model serves all
languages, as in use; the figures are told apart. A message is *kept* when the best intent's
confidence reaches the threshold; otherwise the desk asks back.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.loading import load_data
from sklearn.model_selection import StratifiedKFold

from tiski.nlu.intent import NgramIntentClassifier, labelled, prepared, training_texts
from tiski.nlu.linear import LinearTextModel
from tiski.paths import ROOT

FOLDS = 5
THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(1, 11))
KEPT_ENOUGH = 0.97  # of the messages that were understood rightly
_SEED = 42
_OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Guess:
    """One message's right label and what a model that had not seen it made of it."""

    language: str
    label: str
    guessed: str
    confidence: float

    @property
    def is_right(self) -> bool:
        return self.label == self.guessed


@dataclass(frozen=True)
class Row:
    """What one threshold does to the messages of one language; all shares from 0 to 1."""

    threshold: float
    kept: float  # of the messages that are in scope
    right_of_kept: float  # accuracy of those
    right_kept: float  # of the messages in scope that were understood rightly
    wrong_caught: float  # of those that were not


def read_examples() -> list[tuple[str, str, str]]:
    """Return language, text and label of every example under data/nlu, in a fixed order."""
    examples = []
    for message in load_data(str(ROOT / "data" / "nlu")).intent_examples:
        language = (message.get("metadata") or {}).get(INTENT, {}).get("language", "?")
        examples += [(language, text, label) for text, label in labelled([message])]
    return sorted(examples)


def guesses(examples: Sequence[tuple[str, str, str]], folds: int = FOLDS) -> Iterator[Guess]:
    """Classify each example with a model fitted on the other folds."""
    strata = [f"{language} {label}" for language, _, label in examples]
    splitter = StratifiedKFold(n_splits=folds, shuffle=True, random_state=_SEED)
    for seen, unseen in splitter.split(strata, strata):
        texts, labels = training_texts((examples[i][1], examples[i][2]) for i in seen)
        model = _model().fit(texts, labels)
        table = model.probabilities([prepared(examples[i][1]) for i in unseen])
        for index, probabilities in zip(unseen, table, strict=True):
            language, _, label = examples[index]
            best = int(np.argmax(probabilities))
            yield Guess(language, label, model.classes[best], float(probabilities[best]))


def _model() -> LinearTextModel:
    """A model with the classifier's parameters."""
    config = NgramIntentClassifier.get_default_config()
    return LinearTextModel(
        config["char_ngrams"], config["word_ngrams"], config["C"], config["random_seed"]
    )


def rows(made: Sequence[Guess], thresholds: Sequence[float] = THRESHOLDS) -> list[Row]:
    """Return what each threshold does to the guesses."""
    in_scope = [guess for guess in made if guess.label != _OUT_OF_SCOPE]
    right = [guess for guess in in_scope if guess.is_right]
    wrong = [guess for guess in in_scope if not guess.is_right]
    result = []
    for threshold in thresholds:
        kept = [guess for guess in in_scope if guess.confidence >= threshold]
        result.append(
            Row(
                threshold,
                kept=_share(len(kept), len(in_scope)),
                right_of_kept=_share(sum(guess.is_right for guess in kept), len(kept)),
                right_kept=_share(sum(g.confidence >= threshold for g in right), len(right)),
                wrong_caught=_share(sum(g.confidence < threshold for g in wrong), len(wrong)),
            )
        )
    return result


def suggested(tables: Sequence[Sequence[Row]]) -> float | None:
    """The highest threshold that keeps enough in every language; None when none does."""
    fitting = [
        of_threshold[0].threshold
        for of_threshold in zip(*tables, strict=True)
        if all(row.right_kept >= KEPT_ENOUGH for row in of_threshold)
    ]
    return max(fitting, default=None)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def main() -> int:
    """The command line of ./scripts/choose-threshold."""
    parser = argparse.ArgumentParser(
        prog="./scripts/choose-threshold",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.parse_args()
    made = list(guesses(read_examples()))
    tables = []
    for language in sorted({guess.language for guess in made}):
        of_language = [guess for guess in made if guess.language == language]
        tables.append(rows(of_language))
        print(f"{language}: {len(of_language)} messages")
        print("threshold   kept  right of kept  right ones kept  wrong ones caught")
        for row in tables[-1]:
            print(
                f"     {row.threshold:.2f} {row.kept:>6.1%} {row.right_of_kept:>14.1%}"
                f" {row.right_kept:>16.1%} {row.wrong_caught:>18.1%}"
            )
        print()
    choice = suggested(tables)
    if choice is None:
        print(f"No threshold keeps {KEPT_ENOUGH:.0%} of what was understood rightly.")
        return 1
    print(
        f"Suggested: threshold: {choice:.2f}, the highest that keeps {KEPT_ENOUGH:.0%} of what was"
        " understood rightly, in every language."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
