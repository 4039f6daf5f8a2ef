"""A Sanic app on a real port of this machine, for as long as a test lasts."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from unittest.mock import patch

from sanic import Sanic
from sanic.touchup import TouchUp

_touch_up = TouchUp.run
_touched_up: list[Sanic] = []


def touch_up_once(app: Sanic) -> None:
    """Sanic compiles its own methods anew at a start, which fails the second time."""
    if not _touched_up:
        _touched_up.append(app)
        _touch_up(app)


@asynccontextmanager
async def serving_app(app: Sanic) -> AsyncIterator[str]:
    """Serve an app on a free port; yields its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    with patch.object(TouchUp, "run", touch_up_once):
        await server.startup()
    await server.before_start()
    await server.after_start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        await server.before_stop()
        await server.close()
        await server.after_stop()
        Sanic._app_registry.pop(app.name, None)
