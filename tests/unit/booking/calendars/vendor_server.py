"""What the servers that stand for Google and Microsoft share: tokens, faults, and a diary."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tiski import clock

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


class VendorServer:
    """A server on loopback, run by `async with`.

    Attributes:
        faults: answers that the next requests to the API get instead of the right ones.
        token_faults: likewise at the token endpoint.
        calls: "GET /path" of each request to the API.
        lost: how many of the next writes are done, and their answers lost on the way.
        issued: when each token ends.
        lasts: how long the next tokens last, in seconds.
    """

    token_path = "/token"

    def __init__(self) -> None:
        self.faults: list[web.Response] = []
        self.token_faults: list[web.Response] = []
        self.calls: list[str] = []
        self.lost = 0
        self.issued: dict[str, datetime] = {}
        self.lasts = 3599
        self.token_requests = 0
        app = web.Application(middlewares=[self._before])
        self.routes(app)
        self._server = TestServer(app)

    def routes(self, app: web.Application) -> None:
        """Add the vendor's addresses."""
        raise NotImplementedError

    def unauthorized(self) -> web.Response:
        """The vendor's answer to a token that is not taken."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """The server's address, without a slash at its end."""
        return f"http://127.0.0.1:{self._server.port}"

    async def __aenter__(self) -> Any:
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    def new_token(self) -> dict[str, Any]:
        """Issue a token: the answer of RFC 6749, 5.1."""
        token = self.make_token()
        self.issued[token] = clock.now() + timedelta(seconds=self.lasts)
        return {"access_token": token, "expires_in": self.lasts, "token_type": "Bearer"}

    def make_token(self) -> str:
        return f"token.{secrets.token_hex(8)}"

    @web.middleware
    async def _before(self, request: web.Request, handler: Answering) -> web.StreamResponse:
        if request.path.endswith(self.token_path):
            self.token_requests += 1
            return self.token_faults.pop(0) if self.token_faults else await handler(request)
        self.calls.append(f"{request.method} {request.path}")
        if self.faults:
            return self.faults.pop(0)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.issued or self.issued[token] <= clock.now():
            return self.unauthorized()
        answer = await handler(request)
        if self.lost and request.method != "GET":
            self.lost -= 1
            assert request.transport is not None
            request.transport.close()
        return answer


def html(status: int = 200) -> web.Response:
    """What a proxy says in the vendor's place."""
    text = "<html><body>Down for maintenance</body></html>"
    return web.Response(status=status, text=text, content_type="text/html")
