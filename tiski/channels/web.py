"""The web channel: socket.io for the widget under `web/`. One process, one worker.

Protocol (default path /webhooks/web/socket.io; all payloads are JSON objects)

connect, auth {session: token|null, language: "fi", epoch: str|null, last_seq: int|null}
    Refused with the message "bad_session" when the token was not signed here, "busy" when too
    many are connected, and by HTTP 400 when the page's origin is not allowed.

server -> client
    session {token, epoch, seq, full, open, messages}
        After each connect. `full`: show `messages` instead of what was shown; otherwise add
        them, they were missed. `open`: ids of messages whose turn is still running.
    bot     {seq, id, from: "bot", text, buttons: [{title, payload}]?, image: url?}
    user    {seq, id, from: "user", text}    written in another window of the same session
    typing  {on: bool}
    done    {id}    the turn of that message is over; the page need not keep it any longer

client -> server, acknowledged with {ok: true, seq} or {ok: false, error}
    message {id, text, language?}
    message {id, payload, title, language?}    a tapped button; a payload that the desk has not
                                               offered here is ignored and the title is text
    `id` is 8 to 64 of A-Z a-z 0-9 _ -, made by the page and kept when it sends again: what was
    taken in before is acknowledged with {ok: true, duplicate: true} and not said twice. After
    a crash of the server a page sends again what got no `done` and is not in `messages`.
    Errors: bad_message (wrong shape), too_fast (see registry.py), no_session.

Text is plain text. What Rasa sends of other kinds (custom JSON) is not shown.
Environment: TISKI_WEB_ORIGINS (other pages that may embed the widget, comma separated; the
desk's own is always allowed), TISKI_SECRET (see tiski/secret.py).
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import socketio
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, Sanic

from tiski import words
from tiski.answers.offers import kept
from tiski.business import load_business
from tiski.channels import guard, sessions
from tiski.channels.action_answers import check_rules_once
from tiski.channels.conversation import Conversation
from tiski.channels.page import desk_blueprint
from tiski.channels.registry import Conversations
from tiski.channels.turns import Turns
from tiski.channels.visit_link import visit_greeting
from tiski.channels.visit_page import visit_blueprint
from tiski.channels.web_output import WebOutput
from tiski.secret import secret

logger = logging.getLogger(__name__)

MAX_PACKET_BYTES = 16_000
MAX_CONNECTIONS = 2_000
MAX_QUEUED_TURNS = 20
JANITOR_SECONDS = 60
STOP_SECONDS = 5  # turns under way get this long to end when the server stops
OWN_WORDS = (
    "utter_greet",
    "utter_technical_problem",
    "utter_empty_message",
    "utter_message_too_long_cut",
    "utter_too_fast",
)
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class WebChannel(InputChannel):
    """See the module."""

    def __init__(self) -> None:
        self._app: Sanic | None = None
        self._on_new_message: guard.OnNewMessage | None = None
        self._sio: Any = None
        self._conversations = Conversations()
        self._turns = Turns()
        self._senders: dict[str, str] = {}  # socket.io's connection id -> sender
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa, and in its path."""
        return "web"

    def get_output_channel(self) -> OutputChannel | None:
        """For what is said without being asked, e.g. a person's answer over Rasa's HTTP API."""
        return WebOutput(self.show)

    def blueprint(self, on_new_message: guard.OnNewMessage) -> Blueprint:
        """The socket, and the desk's pages under /desk/ with it."""
        check_rules_once()
        # What is wrong with our own files stops the start, not the first customer.
        secret()
        for language in words.languages("utter_greet"):
            for key in OWN_WORDS:
                guard.say(key, language)
        self._on_new_message = on_new_message
        self._sio = socketio.AsyncServer(
            async_mode="sanic",
            cors_allowed_origins=origin_is_allowed,
            max_http_buffer_size=MAX_PACKET_BYTES,
        )
        self._sio.on("connect", self._connect)
        self._sio.on("disconnect", self._disconnect)
        self._sio.on("message", self._message)
        blueprint = _SocketBlueprint("tiski_web", self._attach)
        blueprint.listener("after_server_start")(self._start)  # earlier there is no agent
        blueprint.listener("before_server_stop")(self._stop)
        return blueprint

    def _attach(self, app: Sanic, url_prefix: str) -> None:
        self._app = app
        self._sio.attach(app, f"{url_prefix}/socket.io")
        app.blueprint(visit_blueprint())
        app.blueprint(desk_blueprint())

    async def _start(self, app: Sanic, _loop: Any = None) -> None:
        self._spawn(self._janitor())
        # The first parse of a process takes a second longer than any other: before a customer's
        agent = getattr(app.ctx, "agent", None)
        if agent is not None and agent.is_ready():
            await agent.parse_message("hei")

    async def _stop(self, app: Sanic, _loop: Any = None) -> None:
        running = [task for task in self._tasks if task.get_name() == "turn"]
        if running:
            await asyncio.wait(running, timeout=STOP_SECONDS)
        for task in self._tasks:
            task.cancel()
        await self._sio.shutdown()

    async def _janitor(self) -> None:
        while True:
            await asyncio.sleep(JANITOR_SECONDS)
            # A connection that broke while it was made has no `disconnect` of its own.
            for sid in [s for s in self._senders if not self._sio.manager.is_connected(s, "/")]:
                await self._disconnect(sid)
            self._conversations.forget_idle()

    def _spawn(self, work: Any, name: str = "work") -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)  # the loop itself keeps weak references only
        task.add_done_callback(self._tasks.discard)

    # --- events of socket.io -----------------------------------------------------------------

    async def _connect(self, sid: str, _environ: dict[str, Any], auth: Any = None) -> None:
        auth = auth if isinstance(auth, dict) else {}
        token = auth.get("session")
        sender_id = sessions.new_sender_id() if token is None else sessions.sender_of(token)
        if sender_id is None:
            raise socketio.exceptions.ConnectionRefusedError("bad_session")
        if len(self._senders) >= MAX_CONNECTIONS:
            raise socketio.exceptions.ConnectionRefusedError("busy")
        self._senders[sid] = sender_id
        # After this handler: socket.io confirms the connection first, then comes `session`.
        self._spawn(self._welcome(sid, sender_id, auth))

    async def _disconnect(self, sid: str, _reason: Any = None) -> None:
        conversation = self._conversations.get(self._senders.pop(sid, ""))
        if conversation is not None:
            conversation.connections.discard(sid)

    async def _welcome(self, sid: str, sender_id: str, auth: dict[str, Any]) -> None:
        conversation = await self._conversation(sender_id)
        if sid not in self._senders:
            return  # gone while the history was read
        conversation.connections.add(sid)
        self._greet(conversation, _language(auth.get("language")))
        await self._greet_visit(conversation, auth.get("visit"))
        await self._sio.enter_room(sid, sender_id)
        missed = conversation.missed_since(auth.get("epoch"), auth.get("last_seq"))
        session = {
            "token": sessions.token_for(sender_id),
            "epoch": conversation.epoch,
            "seq": conversation.seq,
            "full": missed is None,
            "open": sorted(conversation.open_turns),
            "messages": list(conversation.entries) if missed is None else missed,
        }
        await self._sio.emit("session", session, to=sid)

    async def _message(self, sid: str, data: Any = None) -> dict[str, Any]:
        sender_id = self._senders.get(sid)
        if sender_id is None:
            return {"ok": False, "error": "no_session"}
        if not is_message(data):
            return {"ok": False, "error": "bad_message"}
        conversation = await self._conversation(sender_id)
        # No `await` from here to the queue: messages keep the order in which they came.
        known = conversation.entry_of(data["id"])
        if known is not None:
            return {"ok": True, "duplicate": True, "seq": known["seq"]}
        queue_is_full = self._turns.waiting(sender_id) >= MAX_QUEUED_TURNS
        if queue_is_full or not conversation.bucket.take():
            await self._warn_too_fast(conversation)
            return {"ok": False, "error": "too_fast"}
        conversation.warned_too_fast = False
        conversation.language = _language(data.get("language")) or conversation.language
        payload, shown = data.get("payload"), data.get("text", data.get("title"))
        if payload is not None:
            shown = conversation.title_of(payload) or shown
        conversation.open_turns.add(data["id"])
        self._spawn(self._turn(conversation, data["id"], shown, payload), name="turn")
        visible = guard.clean_text(shown)
        if visible:
            entry = conversation.add("user", visible, data["id"])
            await self._sio.emit("user", entry, room=sender_id, skip_sid=sid)
        return {"ok": True, "seq": entry["seq"] if visible else conversation.seq}

    # --- a turn ------------------------------------------------------------------------------

    async def _turn(
        self, conversation: Conversation, message_id: str, text: str, payload: str | None
    ) -> None:
        sender_id = conversation.sender_id
        async with self._turns.turn(sender_id):
            await self._sio.emit("typing", {"on": True}, room=sender_id)
            try:
                await self._answer(conversation, message_id, text, payload)
            except Exception as error:
                guard.log_failure("The web channel failed in a turn", error)
            finally:
                conversation.open_turns.discard(message_id)
                await self._sio.emit("typing", {"on": False}, room=sender_id)
                await self._sio.emit("done", {"id": message_id}, room=sender_id)

    async def _answer(
        self, conversation: Conversation, message_id: str, text: str, payload: str | None
    ) -> None:
        assert self._app is not None and self._on_new_message is not None
        sender_id = conversation.sender_id
        output = WebOutput(self.show)
        heard = await self._hear(conversation, text, payload)
        if not heard.text:
            await self._say_by_channel(conversation, "utter_empty_message")
            return
        if heard.was_cut:
            await self._say_by_channel(conversation, "utter_message_too_long_cut")
        metadata = {"language": conversation.language} if conversation.language else {}
        if conversation.visit:
            metadata["visit"] = conversation.visit
        if payload is not None:
            metadata["title"] = guard.clean_text(text)  # what history shows instead of the payload
        message = UserMessage(
            heard.text,
            output,
            sender_id,
            input_channel=self.name(),
            message_id=message_id,
            metadata=metadata,
        )
        apology = await guard.run_turn(
            self._app, self._on_new_message, message, lambda: output.said
        )
        if apology:
            await output.send_text_message(sender_id, apology)

    async def _hear(
        self, conversation: Conversation, text: str, payload: str | None
    ) -> guard.Heard:
        assert self._app is not None
        if payload is None:
            return await guard.hear(self._app, conversation.sender_id, text)
        if conversation.title_of(payload) is not None or await guard.was_offered(
            self._app, conversation.sender_id, payload
        ):
            return guard.Heard(await self._in_language(conversation, payload), was_cut=False)
        return await guard.hear(self._app, conversation.sender_id, text)

    async def _in_language(self, conversation: Conversation, payload: str) -> str:
        """A tap says nothing of the language: the first one takes the page's along."""
        assert self._app is not None
        if conversation.language is None or not payload.startswith("/") or "{" in payload:
            return payload
        if await guard.language_of(self._app, conversation.sender_id) is not None:
            return payload
        return f'{payload}{{"language": "{conversation.language}"}}'

    # --- saying ------------------------------------------------------------------------------

    async def show(self, sender_id: str, text: str, **extras: Any) -> None:
        """Log what the desk says and send it to every window that the customer has open.

        A conversation that is not in memory has no window open; what is said to it stands in
        Rasa's tracker store and is shown when the customer is back.
        """
        conversation = self._conversations.get(sender_id)
        if conversation is not None:
            await self._sio.emit("bot", conversation.add("bot", text, **extras), room=sender_id)

    async def _say_by_channel(self, conversation: Conversation, key: str) -> None:
        assert self._app is not None
        language = await guard.language_of(self._app, conversation.sender_id, conversation.language)
        await self.show(conversation.sender_id, guard.say(key, language))

    async def _warn_too_fast(self, conversation: Conversation) -> None:
        if not conversation.warned_too_fast:  # once, until a message is taken in again
            conversation.warned_too_fast = True
            await self._say_by_channel(conversation, "utter_too_fast")

    def _greet(self, conversation: Conversation, language: str | None) -> None:
        """Greet a new customer, in the page's language. The greeting is no turn in Rasa."""
        language = language or conversation.language or words.languages("utter_greet")[0]
        greeted_in_other = conversation.is_untouched() and conversation.language != language
        conversation.language = language
        if conversation.entries and not (greeted_in_other and len(conversation.entries) == 1):
            return
        conversation.entries.clear()
        text = guard.say("utter_greet", language)
        buttons = kept(words.buttons("utter_greet", language), load_business())
        conversation.add("bot", text, buttons=buttons)

    async def _greet_visit(self, conversation: Conversation, token: Any) -> None:
        """Say which appointment the customer's link is about, once; nothing if it is too old."""
        if not token or token == conversation.visit:
            return
        greeting = await visit_greeting(token, conversation.language)
        if greeting is not None:
            conversation.visit = token
            conversation.add("bot", greeting.text, buttons=greeting.buttons)

    async def _conversation(self, sender_id: str) -> Conversation:
        assert self._app is not None
        return await self._conversations.open(self._app, sender_id)


class _SocketBlueprint(Blueprint):
    """A blueprint that also attaches the socket, under the prefix that Rasa gives it."""

    def __init__(self, name: str, attach: Callable[[Sanic, str], None]) -> None:
        super().__init__(name)
        self.ctx.attach = attach

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Called by Sanic when Rasa adds the channel to its server."""
        self.ctx.attach(app, options.get("url_prefix") or "")
        super().register(app, options)


def origin_is_allowed(origin: str | None, environ: dict[str, Any]) -> bool:
    """Whether a page of this origin may talk to the desk.

    Hosts are compared without the scheme: behind a proxy that ends TLS, the page says https
    and the request that arrives here http.
    """
    if not origin:
        return False
    listed = os.environ.get("TISKI_WEB_ORIGINS", "").split(",")
    if origin in [item.strip().rstrip("/") for item in listed]:
        return True
    return urlsplit(origin).netloc == environ.get("HTTP_HOST")


def is_message(data: Any) -> bool:
    """Whether a `message` has the shape that the protocol asks for."""
    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        return False
    if not _MESSAGE_ID.fullmatch(data["id"]):
        return False
    if "payload" in data:
        return isinstance(data["payload"], str) and isinstance(data.get("title"), str)
    return isinstance(data.get("text"), str)


def _language(value: Any) -> str | None:
    return value if value in words.languages("utter_technical_problem") else None
