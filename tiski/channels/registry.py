"""The web conversations in memory: read in when a customer comes, forgotten when idle."""

from __future__ import annotations

import asyncio
import time

from sanic import Sanic

from tiski.channels import guard
from tiski.channels.conversation import Bucket, Conversation, restore

BURST = 10  # messages that a customer may send at once
PER_SECOND = 1.0  # and then
IDLE_SECONDS = 30 * 60
MAX_CONVERSATIONS = 5_000


class Conversations:
    """By sender id."""

    def __init__(self) -> None:
        self._by_sender: dict[str, Conversation] = {}
        self._reading: dict[str, asyncio.Future[Conversation]] = {}

    def get(self, sender_id: str) -> Conversation | None:
        """A conversation that is in memory."""
        return self._by_sender.get(sender_id)

    async def open(self, app: Sanic, sender_id: str) -> Conversation:
        """A conversation, read from Rasa's tracker store if it is not in memory."""
        found = self._by_sender.get(sender_id)
        if found is not None:
            return found
        if sender_id not in self._reading:  # two windows at once read it once
            self._reading[sender_id] = asyncio.ensure_future(self._read(app, sender_id))
        return await asyncio.shield(self._reading[sender_id])

    async def _read(self, app: Sanic, sender_id: str) -> Conversation:
        try:
            conversation = Conversation(sender_id, Bucket(BURST, PER_SECOND))
            tracker = await guard.tracker_of(app, sender_id, whole=True)
            if tracker is not None:
                restore(conversation, tracker.events)
            if len(self._by_sender) >= MAX_CONVERSATIONS:
                self.forget_idle(seconds=0)
            self._by_sender[sender_id] = conversation
            return conversation
        finally:
            del self._reading[sender_id]

    def forget_idle(self, seconds: float = IDLE_SECONDS) -> None:
        """Drop conversations without a connection or a turn that have rested this long."""
        rested = time.monotonic() - seconds
        for conversation in list(self._by_sender.values()):
            busy = conversation.connections or conversation.open_turns
            if not busy and conversation.touched <= rested:
                del self._by_sender[conversation.sender_id]
