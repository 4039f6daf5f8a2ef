"""APIs that want a token with each request, which a key or a secret of ours is exchanged for.

OAuth 2.0: the exchange is RFC 6749, 4.4 (client credentials) or RFC 7523 (a signed assertion); the
token travels as RFC 6750, 2.1 says.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from tiski import clock
from tiski.outside.answers import json_object
from tiski.outside.door import Door, Reading
from tiski.outside.errors import OutsideError, Trouble

# A token is not used in its last minutes: our clock and theirs differ a little
_SPARE = timedelta(minutes=5)
_UNSAID = timedelta(minutes=10)  # how long a token lasts when the answer does not say
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750, 2.1


class SignedApi:
    """One account's door to an API, shared by all who use it: one token, one circuit breaker.

    Made once per process and event loop. Who uses it says so by `join`; it closes when the last one
    leaves.

    Args:
        system: its name in errors and logs.
        base: the API's address, which calls are below.
        token_url: where a token is had.
        form: makes the form that is sent there, anew for each token.
        reading: a vendor's own meaning of an answer of the API (`tiski.outside.door.Reading`).
    """

    def __init__(
        self,
        system: str,
        base: str,
        *,
        token_url: str,
        form: Callable[[], Mapping[str, str]],
        reading: Reading | None = None,
    ) -> None:
        self.system = system
        self.base = base.rstrip("/")
        self._token_url = token_url
        self._form = form
        self._door = Door(system, reading=reading)
        self._sign_in = Door(system, reading=_why_there_is_no_token)
        self._lock = asyncio.Lock()
        self._token: str | None = None
        self._until: datetime | None = None
        self._users: set[object] = set()

    def join(self, user: object) -> None:
        """Keep it open until this user leaves."""
        self._users.add(user)

    async def leave(self, user: object) -> None:
        """Close its connections if nobody else uses it."""
        self._users.discard(user)
        if not self._users:
            await self._door.close()
            await self._sign_in.close()

    async def call(
        self,
        method: str,
        url: str,
        *,
        repeatable: bool | None = None,
        headers: Mapping[str, str] | None = None,
        **request: Any,
    ) -> httpx.Response:
        """Do as `Door.call`, with a token. One that is not taken any more is replaced once.

        Args:
            url: absolute, and on the host of `base`: the token goes to nobody else.

        Raises:
            OutsideError: there was no such answer, or no token.
        """
        if not self.is_ours(url):
            raise OutsideError(self.system, Trouble.UNKNOWN, reached=False)
        for is_last in (False, True):
            token = await self.token()
            signed = {**(headers or {}), "Authorization": f"Bearer {token}"}
            try:
                return await self._door.call(
                    method, url, repeatable=repeatable, headers=signed, **request
                )
            except OutsideError as error:
                # 401 means that nothing was done, so this may be sent again whatever it is
                if error.status != 401 or is_last:
                    raise
            if self._token == token:
                self._token = None
        raise AssertionError("unreachable: the last round returns or raises")

    def is_ours(self, url: str) -> bool:
        """Whether an address is on the host of the API."""
        try:
            one, other = httpx.URL(url), httpx.URL(self.base)
        except httpx.InvalidURL:
            return False
        return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)

    async def token(self) -> str:
        """Return a token that is good for some minutes at least.

        Raises:
            OutsideError: INVALID_CREDENTIALS where the key or the secret is not taken.
        """
        async with self._lock:  # who comes meanwhile gets the same one
            now = clock.now()
            if self._token is None or self._until is None or now >= self._until:
                answer = await self._sign_in.call(
                    "POST", self._token_url, repeatable=True, data=dict(self._form())
                )
                self._token, lasts = _read(json_object(answer, system=self.system), self.system)
                self._until = now + max(lasts - _SPARE, lasts / 2)
            return self._token


def _read(answer: Mapping[str, Any], system: str) -> tuple[str, timedelta]:
    """Read the answer of RFC 6749, 5.1: the token, and how long it lasts."""
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise OutsideError(system, Trouble.UNKNOWN)
    try:
        lasts = timedelta(seconds=min(int(seconds), 86_400)) if seconds is not None else _UNSAID
    except (TypeError, ValueError):
        lasts = _UNSAID
    return token, lasts


def _why_there_is_no_token(answer: httpx.Response) -> Trouble | None:
    """Read the errors of RFC 6749, 5.2: what we send is always alike, so it is the key or secret."""
    if answer.status_code not in (400, 401, 403):
        return None
    try:
        error = answer.json().get("error")
    except (ValueError, AttributeError, RecursionError):
        return Trouble.UNKNOWN  # not the token endpoint's own answer
    is_down = error in ("temporarily_unavailable", "server_error")
    return Trouble.CANNOT_CONNECT if is_down else Trouble.INVALID_CREDENTIALS
