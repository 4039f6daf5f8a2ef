"""What a web customer sees, numbered, so that a lost connection loses nothing.

Kept in memory and bounded. After a restart it is built again from Rasa's tracker store, under a
new `epoch`: numbers of an earlier one mean nothing any more, and the page draws itself anew.
"""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.events import BotUttered, Event, UserUttered

Entry = dict[str, Any]

KEPT_ENTRIES = 200
HISTORY_ENTRIES = 60  # so many are taken from the tracker store


class Bucket:
    """A token bucket: `burst` messages at once, then `per_second`."""

    def __init__(
        self, burst: int, per_second: float, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        # Monotonic, not tiski.clock: this measures a span, and must not stand still with a
        # clock that a test has stopped.
        self._burst = burst
        self._per_second = per_second
        self._seconds = seconds
        self._tokens = float(burst)
        self._seen_at = seconds()

    def take(self) -> bool:
        """Take one token; False when there is none."""
        now = self._seconds()
        refilled = self._tokens + (now - self._seen_at) * self._per_second
        self._tokens = min(self._burst, refilled)
        self._seen_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


@dataclass
class Conversation:
    """One customer's log, and what the channel knows about their connections."""

    sender_id: str
    bucket: Bucket
    language: str | None = None  # of the page
    visit: str | None = None  # the token of the link to an appointment that the customer followed
    epoch: str = field(default_factory=lambda: secrets.token_hex(6))
    seq: int = 0
    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=KEPT_ENTRIES))
    connections: set[str] = field(default_factory=set)
    open_turns: set[str] = field(default_factory=set)  # ids of messages not answered yet
    warned_too_fast: bool = False
    touched: float = field(default_factory=time.monotonic)

    def add(self, author: str, text: str, entry_id: str | None = None, **extras: Any) -> Entry:
        """Log something said by `author` ("user" or "bot"); returns the numbered entry."""
        self.seq += 1
        self.touched = time.monotonic()
        entry = {
            "seq": self.seq,
            "id": entry_id or f"{self.epoch}-{self.seq}",
            "from": author,
            "text": text,
            **{key: value for key, value in extras.items() if value},
        }
        self.entries.append(entry)
        return entry

    def entry_of(self, message_id: str) -> Entry | None:
        """The customer's message with this id, if it was taken in already."""
        return next((e for e in self.entries if e["id"] == message_id), None)

    def missed_since(self, epoch: object, seq: object) -> list[Entry] | None:
        """Entries after `seq`; None when the page must draw itself anew from all of them."""
        if epoch != self.epoch or not isinstance(seq, int) or not 0 <= seq <= self.seq:
            return None
        if self.entries and seq < self.entries[0]["seq"] - 1:
            return None  # what lies between has fallen out of the log
        return [entry for entry in self.entries if entry["seq"] > seq]

    def title_of(self, payload: str) -> str | None:
        """The title of the latest button shown here with this payload; None if there is none."""
        for entry in reversed(self.entries):
            for button in entry.get("buttons", []):
                if button["payload"] == payload:
                    return str(button["title"])
        return None

    def is_untouched(self) -> bool:
        """Whether the customer has not written yet."""
        return all(entry["from"] == "bot" for entry in self.entries)


def clean_buttons(buttons: Iterable[dict[str, Any]] | None) -> list[dict[str, str]]:
    """The buttons of a response as the page gets them: title and payload, nothing else."""
    return [
        {"title": str(button["title"]), "payload": str(button.get("payload") or button["title"])}
        for button in buttons or []
        if button.get("title")
    ]


def restore(conversation: Conversation, events: Iterable[Event]) -> None:
    """Fill an empty log from the events that Rasa has stored."""
    said = [e for e in events if isinstance(e, (UserUttered, BotUttered))]
    for event in said[-HISTORY_ENTRIES:]:
        if isinstance(event, UserUttered):
            text = (event.metadata or {}).get("title") or event.text
            if text and not text.startswith("/"):
                conversation.add("user", text, event.message_id)
            continue
        data = event.data or {}
        buttons = clean_buttons(data.get("buttons") or data.get("quick_replies"))
        if event.text or buttons:
            conversation.add("bot", event.text or "", buttons=buttons)
        if isinstance(data.get("image"), str):
            conversation.add("bot", "", image=data["image"])
