"""The REST channel: Rasa's `rest`, behind the same guard as every other channel.

    POST /webhooks/rest/webhook   {"sender": "...", "message": "...", "metadata": {...}?}
    200 [{"recipient_id": "...", "text": "...", "buttons": [...]?}, ...]
    400, 401, 413 {"error": "one line that says what was expected"}

Without `sender` each request is a conversation of its own, named in `recipient_id`: two callers
must never share one by accident. A message with the exact payload of a button that was offered
in this conversation is a tap; any other leading slash is text. When TISKI_REST_TOKEN is set,
callers must send `Authorization: Bearer <token>`. `?stream=true` sends the answers one a line.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from tiski.channels import guard
from tiski.channels.action_answers import check_rules_once
from tiski.channels.turns import Turns

MAX_BODY_BYTES = 64 * 1024
MAX_SENDER_CHARS = 120  # what the desk's tables hold


class Refused(Exception):
    """A request that is answered with a status and one line instead of a turn."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class Call:
    """A request that was read and found sound."""

    sender_id: str
    text: str
    metadata: dict[str, Any] | None

    @property
    def language(self) -> str | None:
        """The language of the caller's page, when it says so in its metadata."""
        language = (self.metadata or {}).get("language")
        return language if isinstance(language, str) else None


class Collector(CollectingOutputChannel):
    """Keeps a turn's messages, and hands them on one by one to whoever streams them."""

    def __init__(self) -> None:
        super().__init__()
        self._fresh: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    def count(self) -> int:
        """How many messages were said so far."""
        return len(self.messages)

    def close(self) -> None:
        """End the stream: nothing more will be said."""
        self._fresh.put_nowait(None)

    async def lines(self) -> AsyncIterator[str]:
        """Each message as a line of JSON, as it is said, until `close`."""
        while (message := await self._fresh.get()) is not None:
            yield json.dumps(message) + "\n"

    async def _persist_message(self, message: dict[str, Any]) -> None:
        await super()._persist_message(message)
        self._fresh.put_nowait(message)


class RestChannel(RestInput):
    """See the module. `name()` stays `rest`, and so does the path."""

    def __init__(self) -> None:
        self._turns = Turns()

    def blueprint(self, on_new_message: guard.OnNewMessage) -> Blueprint:
        """The two routes of the channel, for Rasa's server."""
        check_rules_once()
        blueprint = Blueprint("tiski_rest")

        @blueprint.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.post("/webhook", stream=True)
        async def receive(request: Request) -> HTTPResponse | None:
            try:
                check_token(request.headers.get("authorization", ""))
                call = read_call(await read_body(request))
            except Refused as refused:
                return response.json({"error": refused.reason}, status=refused.status)
            output = Collector()
            # A task of its own: when the caller hangs up, Sanic cancels this handler, and a turn
            # cut in the middle would be lost from the conversation.
            turn = asyncio.ensure_future(self._turn(request.app, on_new_message, call, output))
            turn.add_done_callback(lambda _: output.close())
            if request.args.get("stream") != "true":
                await asyncio.shield(turn)
                return response.json(output.messages)
            answer = await request.respond(content_type="text/event-stream")
            async for line in output.lines():
                await answer.send(line)
            await answer.eof()
            return None

        return blueprint

    async def _turn(
        self, app: Sanic, on_new_message: guard.OnNewMessage, call: Call, output: Collector
    ) -> None:
        async def say_by_channel(key: str) -> None:
            language = await guard.language_of(app, call.sender_id, call.language)
            await output.send_text_message(call.sender_id, guard.say(key, language))

        async with self._turns.turn(call.sender_id):
            heard = await guard.hear(app, call.sender_id, call.text)
            if not heard.text:
                await say_by_channel("utter_empty_message")
                return
            if heard.was_cut:
                await say_by_channel("utter_message_too_long_cut")
            message = UserMessage(
                heard.text,
                output,
                call.sender_id,
                input_channel=self.name(),
                metadata=call.metadata,
            )
            apology = await guard.run_turn(app, on_new_message, message, output.count)
            if apology:
                await output.send_text_message(call.sender_id, apology)


def check_token(authorization: str) -> None:
    """Refuse a caller without the shared secret, when one is set."""
    token = os.environ.get("TISKI_REST_TOKEN")
    given = authorization.removeprefix("Bearer ").encode()
    if token and not hmac.compare_digest(given, token.encode()):
        raise Refused(
            HTTPStatus.UNAUTHORIZED,
            "Authorization: expected 'Bearer <token>' with the desk's TISKI_REST_TOKEN",
        )


async def read_body(request: Request) -> bytes:
    """Read a body of at most MAX_BODY_BYTES; a longer one is refused before it is read whole."""
    body = b""
    assert request.stream is not None  # the route is one that streams
    async for chunk in request.stream:
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise Refused(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"body: expected at most {MAX_BODY_BYTES} bytes of JSON",
            )
    return body


def read_call(body: bytes) -> Call:
    """Check a request's body.

    Raises:
        Refused: with the one line that tells the caller what to send instead.
    """

    def refuse(reason: str) -> Refused:
        return Refused(HTTPStatus.BAD_REQUEST, reason)

    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise refuse("body: not JSON; expected an object with 'sender' and 'message'") from None
    if not isinstance(content, dict):
        raise refuse("body: expected a JSON object with 'sender' and 'message'")
    text = content.get("message")
    if not isinstance(text, str):
        raise refuse("message: expected a text")
    sender = content.get("sender")
    if sender is None:
        sender = f"rest-{uuid.uuid4().hex}"
    if not isinstance(sender, str) or not sender or not sender.isprintable():
        raise refuse("sender: expected a text without control characters")
    if len(sender) > MAX_SENDER_CHARS:
        raise refuse(f"sender: expected at most {MAX_SENDER_CHARS} characters")
    metadata = content.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise refuse("metadata: expected an object")
    if not _is_unicode(metadata):
        raise refuse("metadata: expected whole Unicode characters")
    return Call(sender, text, metadata)


def _is_unicode(value: object) -> bool:
    """Whether a JSON value can be stored: half a surrogate pair can be sent, but not encoded."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
