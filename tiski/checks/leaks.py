"""Leaks: held-out messages that the model has learnt, or nearly. They would measure nothing.

A held-out message leaks when, without case, punctuation and umlauts (`plain`), a message of the
training data of any language

- is the same,
- has the same words in another order,
- is one letter away from it, or
- shares nearly all of its character n-grams (`LEAST_LIKENESS`).

The messages of `tests/nlu/vague` are held out, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from tiski.checks.project import Example, Problem, Project, plain

# Cosine of the counts of 3- to 5-grams of characters, 0 to 1. At 0.9 two messages differ in little
# words or endings; those that name another thing ("lions", "elephants") stay well below.
LEAST_LIKENESS = 0.9
_NGRAMS = (3, 5)
# Shorter messages differ in one letter and mean something else ("ei", "ej")
_LEAST_LETTERS = 12


def problems(project: Project) -> Iterator[Problem]:
    """Every held-out message that is like one of the training data; one line each."""
    learnt = [example for file in project.training for example in file.examples]
    held_out = [example for file in project.held_out for example in file.examples]
    held_out += [
        Example(one.file, one.line, one.language, "vague", one.text) for one in project.vague
    ]
    for example, how, like in leaks(learnt, held_out):
        yield Problem(
            example.file,
            example.line,
            example.intent,
            f'"{example.text}" {how}',
            f'a message unlike "{like.text}" ({like.file}:{like.line})',
        )


def leaks(
    learnt: Sequence[Example], held_out: Sequence[Example]
) -> Iterator[tuple[Example, str, Example]]:
    """Each held-out message that leaks: it, in what way, and the learnt one that it is like."""
    if not learnt or not held_out:
        return
    index = _Index(learnt)
    for example, (nearest, likeness) in zip(held_out, _nearest(learnt, held_out), strict=True):
        found = index.like(plain(example.text))
        if found is not None:
            how, like = found
            yield example, how, like
        elif likeness >= LEAST_LIKENESS:
            yield example, f"is nearly one in the training data ({likeness:.2f})", nearest


class _Index:
    """The learnt messages, to be found by text, by words and by all letters but one."""

    def __init__(self, learnt: Sequence[Example]) -> None:
        self._by_text: dict[str, Example] = {}
        self._by_words: dict[tuple[str, ...], Example] = {}
        self._by_letters: dict[str, list[Example]] = defaultdict(list)
        for example in learnt:
            text = plain(example.text)
            self._by_text.setdefault(text, example)
            self._by_words.setdefault(_words(text), example)
            for shorter in _without_one_letter(text):
                self._by_letters[shorter].append(example)

    def like(self, text: str) -> tuple[str, Example] | None:
        """In what way a plain text is like a learnt one, and which; None when it is like none."""
        if text in self._by_text:
            return "is in the training data", self._by_text[text]
        if _words(text) in self._by_words:
            return "has the same words as one in the training data", self._by_words[_words(text)]
        for shorter in sorted(_without_one_letter(text)):
            if self._by_letters.get(shorter):
                return "is one letter away from one in the training data", (
                    self._by_letters[shorter][0]
                )
        return None


def _words(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(text.split())))


def _without_one_letter(text: str) -> set[str]:
    """The text and every text that lacks one of its letters: two that share one are that close."""
    if len(text) < _LEAST_LETTERS:
        return set()
    return {text} | {text[:i] + text[i + 1 :] for i in range(len(text))}


def _nearest(learnt: Sequence[Example], held_out: Sequence[Example]) -> list[tuple[Example, float]]:
    """For each held-out message the learnt one with the most n-grams in common, and the cosine."""
    texts = [plain(example.text) for example in (*learnt, *held_out)]
    ngrams = CountVectorizer(analyzer="char_wb", ngram_range=_NGRAMS, lowercase=False)
    rows = normalize(ngrams.fit_transform(texts).astype(np.float32))
    table = rows[len(learnt) :] @ rows[: len(learnt)].T
    best = np.asarray(table.argmax(axis=1)).ravel()
    likeness = table.max(axis=1).toarray().ravel()
    return [(learnt[i], float(value)) for i, value in zip(best, likeness, strict=True)]
