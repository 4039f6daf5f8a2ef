"""What is said before the answer to somebody who is angry or in distress, once in a conversation.

The mood comes from `tiski.nlu.mood`. It changes nothing about what is done: the wish is served, a
form goes on, and a person is one button away. Whoever complains or asks for a person gets those
words and that person already.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from rasa.shared.core.events import SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from tiski.nlu.mood import ANGRY, DISTRESSED, MOOD

_RESPONSES = {ANGRY: "utter_mood_angry", DISTRESSED: "utter_mood_distressed"}
_HURT = "utter_mood_hurt"
# These begin with regret, or end with a person
_ANSWERED_SO = frozenset({"complain", "request_human"})
# An answer may be of several messages, and the tracker shows them only when all are made
_REMEMBERED = 256


class MoodWords:
    """Decides which answer begins with words about the mood; made once for all conversations."""

    def __init__(self) -> None:
        self._said: deque[str] = deque(maxlen=_REMEMBERED)

    def take(self, tracker: DialogueStateTracker) -> str | None:
        """The response that the next answer begins with, or None; given out once for a message.

        It is the first upset message of a session that is met with these words; where help is, is
        said to whoever is hurt, also after an angry word.
        """
        message = tracker.latest_message
        response = _response(message)
        if message is None or response is None or _key(message) in self._said:
            return None
        # where help is, is said to whoever is hurt, whatever else is answered
        if response != _HURT and message.intent.get("name") in _ANSWERED_SO:
            return None
        if _was_said_before(tracker, response):
            return None
        self._said.append(_key(message))
        return response


def _was_said_before(tracker: DialogueStateTracker, response: str) -> bool:
    """Whether an earlier message of the session was upset; for one who is hurt, as badly."""
    latest = tracker.latest_message
    enough = {_HURT} if response == _HURT else {_HURT, *_RESPONSES.values()}
    for event in reversed(list(tracker.events)):
        if isinstance(event, SessionStarted):
            return False
        if (
            isinstance(event, UserUttered)
            and latest is not None
            and _key(event) != _key(latest)
            and _response(event) in enough
        ):
            return True
    return False


def _key(message: UserUttered) -> str:
    return str(message.message_id or message.timestamp)


def _response(message: UserUttered | None) -> str | None:
    """What fits the mood of a message; None when it is neither angry nor in distress."""
    mood = ((message.parse_data if message else None) or {}).get(MOOD) or {}
    response = _RESPONSES.get(str(mood.get("name")))
    return _HURT if response and mood.get("hurt") else response


def joined(first: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """An answer that begins with another response's words and ends with its buttons."""
    texts = [part["text"] for part in (first, answer) if part.get("text")]
    payloads = {button.get("payload") for button in answer.get("buttons") or []}
    offered = [b for b in first.get("buttons") or [] if b.get("payload") not in payloads]
    buttons = [*(answer.get("buttons") or []), *offered]
    return {**answer, "text": "\n\n".join(texts), **({"buttons": buttons} if buttons else {})}
