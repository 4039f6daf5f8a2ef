"""Examples that are hard to tell from another intent's: two that are nearly alike, and stolen ones.

Both are notes, not problems: hard neighbours set against each other are worth having, and the model
knows more than letters. But who wrote one by mistake finds it here.

- Two examples of different intents are nearly alike when they have the same words, differ in one
  letter, or share nearly all n-grams, as `leaks` has it. A pair of which one says "not" is meant
  so: "send me the newsletter", "don't send me the newsletter".
- An example is stolen by another intent when the three examples most like it are all of that one,
  and far more like it than any of its own intent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

from tiski.checks.leaks import LEAST_LIKENESS, held_out_messages, learnt_messages, same_words
from tiski.checks.neighbours import ngram_counts
from tiski.checks.project import LANGUAGES, Example, Problem, Project, plain
from tiski.nlu.lexicon import pattern

MOST_SHOWN = 20  # of each kind, the worst first
_THIEVES = 3
# By how much the thieves must be nearer than the nearest of one's own
_FAR = 0.2
# n-grams that more examples have ("kiitos") cost much time and tell little
_COMMON = 0.05
# TF-IDF likeness from which two examples are compared by all their n-grams
_CANDIDATE = 0.6
_AT_ONCE = 1000


@dataclass(frozen=True)
class Stolen:
    """An example with the one of the other intent that is most like it."""

    example: Example
    thief: Example
    likeness: float  # of the thief
    own: float  # of the nearest of its own intent
    by: float  # how much nearer the thieves are


def notes(project: Project) -> Iterator[Problem]:
    """The worst of both kinds; when there are more, the last of a kind says how many."""
    learnt = learnt_messages(project)
    # the same texts in the same order as `leaks`: the n-grams are counted once
    texts = tuple(example.text for example in (*learnt, *held_out_messages(project)))
    rows = ngram_counts(texts)[: len(learnt)] if texts else csr_matrix((0, 1))
    alike: list[tuple[float, Example, Example]] = []
    stolen: list[Stolen] = []
    for language in LANGUAGES:
        places = [i for i, example in enumerate(learnt) if example.language == language]
        if places:
            examples = [learnt[place] for place in places]
            pairs, found = _looked_through(examples, rows[places])
            alike += pairs
            stolen += found
    alike.sort(key=lambda pair: (-pair[0], pair[1].file, pair[1].line))
    stolen.sort(key=lambda one: (-one.by, one.example.file, one.example.line))
    yield from _shown([_alike(*pair) for pair in alike], "near-duplicates")
    yield from _shown([_stolen(one) for one in stolen], "stolen examples")


def _shown(found: list[Problem], what: str) -> Iterator[Problem]:
    yield from found[:MOST_SHOWN]
    if len(found) > MOST_SHOWN:
        said = f"{len(found) - MOST_SHOWN} more {what}"
        yield Problem("data/nlu", None, what, said, "these to be dealt with first")


def _alike(likeness: float, one: Example, other: Example) -> Problem:
    said = f'"{one.text}" is nearly "{other.text}" of {other.intent} ({other.file}:{other.line})'
    advice = "one of them to go, unless both are meant"
    return Problem(one.file, one.line, one.intent, f"{said}, {likeness:.2f}", advice)


def _stolen(one: Stolen) -> Problem:
    thief = one.thief
    said = f'"{one.example.text}" is more like {thief.intent}: "{thief.text}" {one.likeness:.2f}'
    place = f"{thief.file}:{thief.line}; nearest of its own {one.own:.2f}"
    advice = f"more examples like it, or its move to {thief.intent}"
    return Problem(
        one.example.file, one.example.line, one.example.intent, f"{said} ({place})", advice
    )


def _looked_through(
    examples: Sequence[Example], counts: csr_matrix
) -> tuple[list[tuple[float, Example, Example]], list[Stolen]]:
    """Every near-duplicate and every stolen example of one language."""
    intents = {name: number for number, name in enumerate(sorted({e.intent for e in examples}))}
    labels = np.array([intents[example.intent] for example in examples])
    seldom = np.asarray((counts > 0).sum(axis=0)).ravel() <= max(_COMMON * len(examples), 25)
    cosines = normalize(counts)
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(counts[:, seldom])
    columns = weights.T.tocsr()
    pairs = dict(_same_words(examples))
    stolen = []
    for start in range(0, len(examples), _AT_ONCE):
        near: csr_matrix = weights[start : start + _AT_ONCE] @ columns
        pairs.update(_nearly_alike(near, start, labels, cosines))
        for row, place in enumerate(range(start, start + near.shape[0])):
            span = slice(near.indptr[row], near.indptr[row + 1])
            others, likeness = near.indices[span], near.data[span]
            foreign = labels[others] != labels[place]
            found = _thief(labels, others[foreign], likeness[foreign])
            if found is None:
                continue
            thief, best, third = found
            own = float(likeness[~foreign & (others != place)].max(initial=0.0))
            if third - own >= _FAR:
                stolen.append(Stolen(examples[place], examples[thief], best, own, third - own))
    negation = pattern("negation")
    alike = [
        (likeness, examples[one], examples[other])
        for (one, other), likeness in pairs.items()
        if bool(negation.search(examples[one].text)) == bool(negation.search(examples[other].text))
    ]
    return alike, stolen


def _nearly_alike(
    near: csr_matrix, start: int, labels: np.ndarray, cosines: csr_matrix
) -> Iterator[tuple[tuple[int, int], float]]:
    """Pairs of different intents that share nearly all n-grams, of the rows from `start` on."""
    at = np.flatnonzero(near.data > _CANDIDATE)
    ones = np.searchsorted(near.indptr, at, side="right") - 1 + start
    others = near.indices[at]
    foreign = (ones < others) & (labels[ones] != labels[others])
    ones, others = ones[foreign], others[foreign]
    exact = np.asarray(cosines[ones].multiply(cosines[others]).sum(axis=1)).ravel()
    for one, other, cosine in zip(ones, others, exact, strict=True):
        if cosine >= LEAST_LIKENESS:
            yield (int(one), int(other)), float(cosine)


def _thief(
    labels: np.ndarray, others: np.ndarray, likeness: np.ndarray
) -> tuple[int, float, float] | None:
    """The nearest foreign example, its likeness and the third's; None unless all are of one intent."""
    if len(others) < _THIEVES:
        return None
    nearest = np.argpartition(-likeness, _THIEVES - 1)[:_THIEVES]
    nearest = nearest[np.argsort(-likeness[nearest], kind="stable")]
    if len(set(labels[others[nearest]])) > 1:
        return None
    return int(others[nearest[0]]), float(likeness[nearest[0]]), float(likeness[nearest[-1]])


def _same_words(examples: Sequence[Example]) -> Iterator[tuple[tuple[int, int], float]]:
    """Pairs of different intents whose words are the same, in whatever order and number."""
    by_words: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        by_words[same_words(plain(example.text))].append(place)
    for places in by_words.values():
        for number, one in enumerate(places):
            for other in places[number + 1 :]:
                if examples[one].intent != examples[other].intent:
                    yield (one, other), 1.0
