"""What a candidate is to the bench, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tiski.bench.nlu.sets import Example

SURE, CLARIFY, FALLBACK = "sure", "clarify", "fallback"


@dataclass(frozen=True)
class Answer:
    """What a candidate made of a message.

    Attributes:
        label: the best label; "" when it names none.
        confidence: of that label, 0 to 1.
        score: how sure it is that the message is in scope; see `in_scope`.
        decision: what the candidate as it stands would do: SURE, CLARIFY or FALLBACK.
    """

    label: str
    confidence: float
    score: float
    decision: str = SURE


def in_scope(inside: float, outside: float | None) -> float:
    """How sure a candidate is that a message is in scope, the same for all candidates.

    Args:
        inside: the confidence of the best label that is not `out_of_scope`.
        outside: that of `out_of_scope`; None for a candidate that has not learnt it, and whose only
            word about it is how sure it is of the best label.
    """
    if outside is None:
        return inside
    return inside / (inside + outside) if inside + outside > 0 else 0.0


class Answerer(Protocol):
    """A trained candidate."""

    def answer(self, texts: list[str]) -> list[Answer]:
        """Answer each text."""


class Candidate(Protocol):
    """Something that learns from examples."""

    def train(self, examples: list[Example], folder: Path) -> None:
        """Learn, and leave in the folder all that `load` needs."""

    def load(self, folder: Path) -> Answerer:
        """Read back what `train` has left, in another process."""
