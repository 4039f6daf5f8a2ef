"""A small real server with a channel in it, and a bot that does what a test tells it."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from app_server import serving_app
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

Answer = Callable[[UserMessage], Awaitable[None]]


class FakeAgent:
    """Stands where Rasa's agent does: stores what is said, answers by a test's function."""

    def __init__(self) -> None:
        self.tracker_store = self
        self.heard: list[UserMessage] = []
        self.events: dict[str, list[Event]] = {}
        self.language: str | None = None
        self.ready = True
        self.answer: Answer = self.echo

    async def parse_message(self, text: str) -> dict[str, Any]:
        """What the channel warms up with before the first customer."""
        return {"text": text, "intent": {"name": "greet"}}

    @staticmethod
    async def echo(message: UserMessage) -> None:
        await message.output_channel.send_response(
            message.sender_id, {"text": f"echo {message.text}"}
        )

    @staticmethod
    async def silence(message: UserMessage) -> None:
        """A turn that brings nothing."""

    @staticmethod
    async def break_down(message: UserMessage) -> None:
        raise RuntimeError("the tracker of +358401234567")

    @property
    def texts(self) -> list[str | None]:
        return [message.text for message in self.heard]

    async def handle(self, message: UserMessage) -> None:
        self.heard.append(message)
        await self.answer(message)
        self.add(
            message.sender_id,
            UserUttered(message.text, message_id=message.message_id, metadata=message.metadata),
        )

    def add(self, sender_id: str, *events: Event) -> None:
        self.events.setdefault(sender_id, []).extend(events)

    def offer(self, sender_id: str, payload: str, title: str = "Joo") -> None:
        data = {"buttons": [{"title": title, "payload": payload}]}
        self.add(sender_id, BotUttered("Sopiiko?", data))

    def is_ready(self) -> bool:
        return self.ready

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        if sender_id not in self.events:
            return None
        slot = TextSlot("language", mappings=[{}], initial_value=self.language)
        return DialogueStateTracker.from_events(sender_id, self.events[sender_id], [slot])

    retrieve_full_tracker = retrieve


def fake_app(agent: FakeAgent) -> Any:
    """What the guard needs of an app."""
    return SimpleNamespace(ctx=SimpleNamespace(agent=agent))


@asynccontextmanager
async def serving(channel: InputChannel, agent: FakeAgent) -> AsyncIterator[str]:
    """Serve a channel as Rasa does, on a free port of this machine; yields its address."""
    app = Sanic(f"test-{uuid.uuid4().hex}", configure_logging=False)
    app.ctx.agent = agent
    app.blueprint(channel.blueprint(agent.handle), url_prefix=f"/webhooks/{channel.name()}")
    async with serving_app(app) as address:
        yield address


async def until(condition: Callable[[], Any], seconds: float = 5) -> None:
    """Let the loop run until a condition holds.

    Raises:
        AssertionError: it did not within `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.002)
