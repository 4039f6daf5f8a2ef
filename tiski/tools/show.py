"""A reading as lines of text that can be taken in at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from tiski.checks.project import Example
from tiski.tools.reading import Reading
from tiski.tools.reasons import Reason

_GUESSES = 4
_LEAST_SHOWN = 0.01
_BAR = 20  # characters for 100 %
_MOST_REASONS = 3
_DECISIONS = {
    "sure": "sure: the desk acts on it",
    "clarify": "clarify: the desk asks which of the best is meant",
    "fallback": "fallback: the desk says that it did not understand",
}


def lines(
    reading: Reading,
    default_language: str,
    nearest: Sequence[tuple[Example, float]],
    reasons: Sequence[Reason],
) -> Iterator[str]:
    """Every line about one message, without line ends."""
    yield reading.text
    yield from _part("language", [_language(reading, default_language)])
    yield from _part("decision", [_DECISIONS.get(reading.decision, reading.decision)])
    yield from _part("intent", list(_guesses(reading)))
    if reading.second_wish:
        name, confidence = reading.second_wish
        yield from _part("and also", [f"{name}  {confidence:.0%}"])
    yield from _part("entities", [_entity(entity, reading.text) for entity in reading.entities])
    yield from _part("nearest", [_near(example, likeness) for example, likeness in nearest])
    yield from _part("why", list(_why(reading, reasons)))


def _part(name: str, said: list[str]) -> Iterator[str]:
    for number, line in enumerate(said or ["none"]):
        yield f"  {name if number == 0 else '':10}{line}".rstrip()


def _language(reading: Reading, default: str) -> str:
    if reading.language:
        return reading.language
    return f"{default} (the business's default: the message does not tell)"


def _guesses(reading: Reading) -> Iterator[str]:
    shown = [g for g in reading.ranking[:_GUESSES] if g[1] >= _LEAST_SHOWN] or reading.ranking[:1]
    width = max((len(name) for name, _ in shown), default=0)
    for name, confidence in shown:
        yield f"{name:{width}}  {confidence:4.0%}  {bar(confidence)}"


def bar(share: float, width: int = _BAR) -> str:
    """A bar of eighths of a character; `share` from 0 to 1."""
    eighths = round(share * width * 8)
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def _entity(entity: dict[str, Any], text: str) -> str:
    value = entity.get("value")
    if entity["entity"] == "time":
        grain = (entity.get("additional_info") or {}).get("grain")
        value = f"{_time(value)}{f', to the {grain}' if grain else ''}"
    words = entity.get("text") or text[entity.get("start", 0) : entity.get("end", 0)]
    return f'{entity["entity"]} "{words}" = {value}'


def _time(value: Any) -> str:
    if isinstance(value, dict):
        begin, end = (_time(value[key]) if value.get(key) else "…" for key in ("from", "to"))
        return f"{begin} until {end}"
    return datetime.fromisoformat(str(value)).strftime("%a %Y-%m-%d %H:%M")


def _near(example: Example, likeness: float) -> str:
    return f'{likeness:.2f}  {example.intent}  "{example.text}"  {example.file}:{example.line}'


def _why(reading: Reading, reasons: Sequence[Reason]) -> Iterator[str]:
    if not reading.ranking:
        yield "nothing to read"
        return
    if len(reading.text.split()) < 2:
        yield "one word: look at the nearest examples"
        return
    for_it = [reason for reason in reasons if reason.change < 0][:_MOST_REASONS]
    against = [reason for reason in reversed(reasons) if reason.change > 0][:_MOST_REASONS]
    for reason in (*for_it, *against):
        verb = "falls" if reason.change < 0 else "rises"
        yield (
            f'without "{reason.word}" {reading.intent} {verb}'
            f" from {reading.confidence:.0%} to {reason.confidence:.0%}"
        )
    if not for_it and not against:
        yield "no single word decides"
