"""Leaks: held-out messages that the model has learnt, or nearly. They would measure nothing.

A held-out message leaks when, without case, punctuation and umlauts (`plain`), a message of the
training data of any language

- is the same,
- has the same words in another order,
- is one letter away from it, or
- shares nearly all of its character n-grams (`LEAST_LIKENESS`).

The messages of `tests/nlu/blind` and `tests/nlu/vague` are held out, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sklearn.preprocessing import normalize

from tiski.checks.neighbours import ngram_counts
from tiski.checks.project import Example, Problem, Project, plain

# Cosine of the counts of 3- to 5-grams of characters, 0 to 1. At 0.9 two messages differ in little
# words or endings; those that name another thing ("lions", "elephants") stay well below.
LEAST_LIKENESS = 0.9
_AT_ONCE = 256  # messages whose likenesses are held in memory
# Shorter messages differ in one letter and mean something else ("ei", "ej")
_LEAST_LETTERS = 12


def problems(project: Project) -> Iterator[Problem]:
    """Every held-out message that is like one of the training data; one line each."""
    for example, how, like in leaks(learnt_messages(project), held_out_messages(project)):
        yield Problem(
            example.file,
            example.line,
            example.intent,
            f'"{example.text}" {how}',
            f'a message unlike "{like.text}" ({like.file}:{like.line})',
        )


def learnt_messages(project: Project) -> list[Example]:
    """Every message of the training data."""
    return [example for file in project.training for example in file.examples]


def held_out_messages(project: Project) -> list[Example]:
    """Every message that must not be learnt, blind and vague ones included."""
    vague = (Example(one.file, one.line, one.language, "vague", one.text) for one in project.vague)
    files = [*project.held_out, *project.blind]
    return [*(example for file in files for example in file.examples), *vague]


def leaks(
    learnt: Sequence[Example], held_out: Sequence[Example]
) -> Iterator[tuple[Example, str, Example]]:
    """Each held-out message that leaks: it, in what way, and the learnt one that it is like."""
    if not learnt or not held_out:
        return
    index = _Index(learnt, [plain(example.text) for example in held_out])
    for example, (nearest, likeness) in zip(held_out, _nearest(learnt, held_out), strict=True):
        found = index.like(plain(example.text))
        if found is not None:
            how, like = found
            yield example, how, like
        elif likeness >= LEAST_LIKENESS:
            yield example, f"is nearly one in the training data ({likeness:.2f})", nearest


class _Index:
    """The learnt messages, to be found by text, by words and by all letters but one."""

    def __init__(self, learnt: Sequence[Example], asked: Iterable[str]) -> None:
        """Index the learnt messages; `asked` are the plain texts that will be looked up."""
        wanted = {shorter for text in asked for shorter in _without_one_letter(text)}
        self._by_text: dict[str, Example] = {}
        self._by_words: dict[tuple[str, ...], Example] = {}
        self._by_letters: dict[str, list[Example]] = defaultdict(list)
        for example in learnt:
            text = plain(example.text)
            self._by_text.setdefault(text, example)
            self._by_words.setdefault(same_words(text), example)
            for shorter in _without_one_letter(text) & wanted:
                self._by_letters[shorter].append(example)

    def like(self, text: str) -> tuple[str, Example] | None:
        """In what way a plain text is like a learnt one, and which; None when it is like none."""
        if text in self._by_text:
            return "is in the training data", self._by_text[text]
        if same_words(text) in self._by_words:
            return "has the same words as one in the training data", self._by_words[
                same_words(text)
            ]
        for shorter in sorted(_without_one_letter(text)):
            if self._by_letters.get(shorter):
                return "is one letter away from one in the training data", (
                    self._by_letters[shorter][0]
                )
        return None


def same_words(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(text.split())))


def _without_one_letter(text: str) -> set[str]:
    """The text and every text that lacks one of its letters: two that share one are that close."""
    if len(text) < _LEAST_LETTERS:
        return set()
    return {text} | {text[:i] + text[i + 1 :] for i in range(len(text))}


def _nearest(learnt: Sequence[Example], held_out: Sequence[Example]) -> list[tuple[Example, float]]:
    """For each held-out message the learnt one with the most n-grams in common, and the cosine."""
    rows = normalize(ngram_counts(tuple(example.text for example in (*learnt, *held_out))))
    columns = rows[: len(learnt)].T.tocsr()
    found = []
    for start in range(len(learnt), rows.shape[0], _AT_ONCE):
        likeness = (rows[start : start + _AT_ONCE] @ columns).toarray()
        for row in likeness:
            best = int(row.argmax())
            found.append((learnt[best], float(row[best])))
    return found
