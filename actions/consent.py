"""An explicit yes to being contacted, and the words that it was said to."""

from __future__ import annotations

import re

from actions.turn import Turn
from tiski.nlu.lexicon import pattern

# A "no" of more words than this may be about something else: "no, make that eight people"
_SHORT_NO = 3


def consent_in(turn: Turn) -> bool | None:
    """Whether the message agrees, refuses, or (None) does neither. Nothing is guessed."""
    if turn.is_button:
        return {"affirm": True, "deny": False}.get(turn.intent)
    if "?" in turn.text:
        return None
    if turn.negated:
        is_short = len(turn.text.split()) <= _SHORT_NO
        about_it = pattern("contacting").search(turn.text)
        if pattern("no_objection").search(turn.text):
            return None  # "no problem" is no clear yes
        return False if (turn.intent == "deny" and is_short) or about_it else None
    if turn.intent == "deny":
        return False
    if turn.intent == "affirm" or pattern("agreement").search(turn.text):
        return True
    return None


def words_of_consent(turn: Turn, response: str) -> str:
    """What the customer was asked when they said yes: the response as it stood in the chat."""
    for event in reversed(turn.tracker.events):
        if (
            event.get("event") == "bot"
            and (event.get("metadata") or {}).get("utter_action") == response
        ):
            return str(event.get("text") or "")
    return ""


def content_words(turn: Turn, *besides: str) -> int:
    """How many words of the message say more than that something is wanted.

    "Can I get a quote, please" has none, "a quote for our wedding" has one.

    Args:
        besides: entities whose words do not count.
    """
    words = re.findall(r"[^\W\d_][\w'’-]*", turn.besides(*besides))
    return sum(1 for word in words if not pattern("bare_request").fullmatch(word))
