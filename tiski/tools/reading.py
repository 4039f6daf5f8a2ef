"""What the model made of one message, in the shape that tools print and compare."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SURE, CLARIFY, FALLBACK = "sure", "clarify", "fallback"
OUT_OF_SCOPE = "out_of_scope"
_NO_GUESS = (None, "nlu_fallback")

Guess = tuple[str, float]  # an intent's full name (questions as faq/…), and how sure the model is


@dataclass(frozen=True)
class Reading:
    """One message, understood.

    `ranking` holds real guesses only, best first; `decision` says whether the desk acts on the
    best of them, asks back between some, or says that it did not understand. `language` is None
    when the message does not tell ("10234"). `second_wish` is the other wish of a message that holds
    two.
    """

    text: str
    language: str | None
    decision: str
    ranking: tuple[Guess, ...]
    entities: tuple[dict[str, Any], ...]
    second_wish: Guess | None = None

    @property
    def intent(self) -> str | None:
        """The best guess, whatever was decided; None for a message with nothing to read."""
        return self.ranking[0][0] if self.ranking else None

    @property
    def confidence(self) -> float:
        return self.ranking[0][1] if self.ranking else 0.0

    def confidence_of(self, intent: str) -> float:
        """How sure the model is of an intent; 0 for one that the ranking does not reach."""
        return dict(self.ranking).get(intent, 0.0)


def reading_of(text: str, parsed: Mapping[str, Any]) -> Reading:
    """Return the reading that a parse result of Rasa holds.

    Args:
        text: as the customer wrote it.
        parsed: what the pipeline said of it; without `decision` (a pipeline that is not ours) the
            message counts as understood unless the fallback took it.
    """
    ranking = _ranking(parsed)
    fell_back = (parsed.get("intent") or {}).get("name") in _NO_GUESS
    decision = parsed.get("decision") or (FALLBACK if fell_back else SURE)
    if not ranking or ranking[0][0] == OUT_OF_SCOPE:
        decision = FALLBACK
    entities = tuple(e for e in parsed.get("entities") or () if e.get("entity") != "language")
    second = parsed.get("second_wish")
    wish = (str(second["intent"]), float(second["confidence"])) if second else None
    return Reading(text, parsed.get("language"), decision, tuple(ranking), entities, wish)


def _ranking(parsed: Mapping[str, Any]) -> list[Guess]:
    questions = _questions(parsed.get("response_selector") or {})
    guesses = [parsed.get("intent") or {}, *(parsed.get("intent_ranking") or [])]
    found: dict[str, float] = {}
    for guess in guesses:
        name = guess.get("name")
        if name not in _NO_GUESS:
            found.setdefault(questions.get(name, name), float(guess.get("confidence") or 0.0))
    return list(found.items())


def _questions(selectors: Mapping[str, Any]) -> dict[str, str]:
    """Which question each retrieval intent ("faq") stands for in this message."""
    return {
        name: selector["response"]["intent_response_key"]
        for name, selector in selectors.items()
        if isinstance(selector, Mapping)
        and (selector.get("response") or {}).get("intent_response_key")
    }


def as_json(reading: Reading, default_language: str) -> str:
    """One line of JSON: the contract of `./scripts/understand --json`.

    Args:
        default_language: what the desk speaks when the message does not tell.
    """
    said = {
        "text": reading.text,
        "language": reading.language or default_language,
        "decision": reading.decision,
        "intent": {"name": reading.intent, "confidence": reading.confidence},
        "intent_ranking": [
            {"name": name, "confidence": confidence} for name, confidence in reading.ranking
        ],
        "entities": list(reading.entities),
    }
    return json.dumps(said, ensure_ascii=False, default=float)
