"""One turn at a time per customer, in the order of arrival."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """A queue per sender. A queue that is empty takes no memory.

    Rasa has a lock of its own, but it polls once a second: a second quick message would wait.
    """

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}

    def waiting(self, sender_id: str) -> int:
        """How many turns of a sender are under way or queued."""
        return self._waiting.get(sender_id, 0)

    @asynccontextmanager
    async def turn(self, sender_id: str) -> AsyncIterator[None]:
        """Hold the sender's turn; later callers wait, first come, first served."""
        lock = self._locks.setdefault(sender_id, asyncio.Lock())
        self._waiting[sender_id] = self.waiting(sender_id) + 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[sender_id] -= 1
            if not self._waiting[sender_id]:
                del self._waiting[sender_id], self._locks[sender_id]
