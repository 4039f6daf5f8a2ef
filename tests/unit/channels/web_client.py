"""A page's end of the web channel, for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import socketio
from channel_server import until

# This client expects a newer aiohttp than Rasa allows; in the older one the span is a number.
if not hasattr(aiohttp, "ClientWSTimeout"):
    aiohttp.ClientWSTimeout = lambda ws_close: ws_close

PATH = "webhooks/web/socket.io"


class Page:
    """A connected page: what it got, in order, and how it speaks."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection=False)
        self.events: list[tuple[str, dict[str, Any]]] = []
        for name in ("session", "bot", "user", "typing", "done"):
            self.client.on(name, lambda data, name=name: self.events.append((name, data)))

    def of(self, name: str) -> list[dict[str, Any]]:
        """The data of the events of one kind."""
        return [data for each, data in self.events if each == name]

    @property
    def session(self) -> dict[str, Any]:
        return self.of("session")[-1]

    @property
    def texts(self) -> list[str]:
        """What the desk has said since the page connected."""
        return [entry["text"] for entry in self.of("bot")]

    async def call(self, data: Any) -> dict[str, Any]:
        """Send a `message` of any shape; returns the acknowledgement."""
        return await self.client.call("message", data, timeout=5)

    async def say(self, text: str, message_id: str = "message-1", **more: Any) -> dict[str, Any]:
        """Send a text and wait for its turn to end."""
        answer = await self.call({"id": message_id, "text": text, **more})
        await self.turn_is_over(message_id)
        return answer

    async def tap(self, payload: str, title: str, message_id: str = "message-1") -> None:
        """Tap a button and wait for the turn to end."""
        await self.call({"id": message_id, "payload": payload, "title": title})
        await self.turn_is_over(message_id)

    async def turn_is_over(self, message_id: str) -> None:
        await until(lambda: {"id": message_id} in self.of("done"))


@asynccontextmanager
async def page_at(
    address: str, headers: dict[str, str] | None = None, **auth: Any
) -> AsyncIterator[Page]:
    """Connect a page with this `auth`, and wait for its session.

    Raises:
        socketio.exceptions.ConnectionError: it was refused.
    """
    page = Page()
    refusals: list[Any] = []
    page.client.on("connect_error", refusals.append)
    await page.client.connect(
        address,
        auth={"session": None, **auth},
        socketio_path=PATH,
        headers=headers or {},
        transports=["websocket"],
        wait=False,
    )
    try:
        await until(lambda: page.of("session") or refusals)
        if refusals:
            raise socketio.exceptions.ConnectionError(refusals[0])
        yield page
    finally:
        await page.client.disconnect()
