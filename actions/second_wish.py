"""Two wishes in one message: the first is served, then the second; neither is forgotten.

The classifier finds them (tiski/nlu/two_wishes.py). A second wish that is a question is answered
on the way; any other waits in the slot `second_wish` until the first is done, stopped or failed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from ruamel.yaml import YAML

from tiski.paths import ROOT

SECOND_WISH = "second_wish"


def read_message(
    tracker: Tracker,
) -> tuple[dict[str, Any], dict[str, Any] | None, bool]:
    """Return the message that is to be answered now.

    Returns:
        The message, in the shape of Rasa's `latest_message`; the second wish that came along with
        it, in the same shape, or None; and whether the message is itself a second wish.
    """
    waiting = tracker.get_slot(SECOND_WISH)
    if waiting and waiting.get("now"):
        return waiting, None, True
    message = tracker.latest_message or {}
    found = message.get(SECOND_WISH)
    # What answers a form's question is taken whole: "the parcel was torn, and where is my money?"
    if not found or (tracker.active_loop_name and tracker.get_slot("requested_slot")):
        return message, None, False
    begin, end = found["start"], found["end"]
    first = (0, begin) if begin else (end, len(message.get("text") or ""))
    second = _part(message, begin, end)
    second["intent"] = {"name": found["intent"], "confidence": found["confidence"]}
    own = _part(message, *first)
    if found["intent"].startswith("faq/"):
        own["entities"] += _told_with_the_question(own["entities"], second["entities"])
    return {**message, **own}, second, False


def _told_with_the_question(
    own: list[dict[str, Any]], others: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """ "Book me in on Friday, and how much is a cut?" names the service in the question."""
    named = {entity["entity"] for entity in own}
    return [
        {key: value for key, value in entity.items() if key not in ("start", "end")}
        for entity in others
        if entity["entity"] in ("service", "staff") and entity["entity"] not in named
    ]


def _part(message: dict[str, Any], begin: int, end: int) -> dict[str, Any]:
    """Text and entities of a part of a message; what has no place belongs to both."""
    text = (message.get("text") or "")[begin:end]
    lead = len(text) - len(text.lstrip())
    entities = [
        {**e, "start": e["start"] - begin - lead, "end": e["end"] - begin - lead}
        if "start" in e
        else e
        for e in message.get("entities") or []
        if "start" not in e or begin <= e["start"] < end
    ]
    return {"text": text.strip(), "entities": entities}


def first_action(intent: str) -> str | None:
    """The action that serves an intent, by the rules of data/rules; None if no rule begins so."""
    return _first_actions().get(intent)


@lru_cache(maxsize=1)
def _first_actions() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted((ROOT / "data" / "rules").glob("*.yml")):
        rules = YAML(typ="safe").load(file.read_text(encoding="utf-8"))["rules"]
        for steps in (rule["steps"] for rule in rules):
            if "intent" in steps[0] and "action" in steps[1]:
                found[steps[0]["intent"]] = steps[1]["action"]
    return found
