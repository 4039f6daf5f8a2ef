"""The door to another system over HTTP: short waits, few tries, and none while it is down.

- Connecting, each read and each write may take 3 s, a request with its answer 30 s, and the answer
  16 MB.
- What only reads is tried again, once, after a moment of random length; so is a write that is safe
  to repeat (`repeatable`). Everything else is sent once.
- Five failures in a row and nobody is sent there for 10 s (`OUTSIDE_REST_SECONDS`): a circuit breaker.
  A customer then waits for nothing. What the system said about the request ("no such event") is no failure of the system.
- "Too many requests" with Retry-After is obeyed: until then calls fail without being sent.

`within` (time_limit.py) bounds a whole piece of work, tries included.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import stamina
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from tiski.outside.errors import OutsideError, Trouble
from tiski.outside.settings import rest_seconds
from tiski.outside.time_limit import within

# We tell what fails; they would tell each call, with its address
logging.getLogger("httpx").setLevel(logging.WARNING)
stamina.instrumentation.set_on_retry_hooks([])

TIMEOUT_SECONDS = 3.0
# Against answers that drip: each byte in time, and no end
LONGEST_ANSWER_SECONDS = 30.0
TRIES = 2
FAILURES_TO_OPEN = 5
MAX_ANSWER_BYTES = 16 * 1024 * 1024
# A longer Retry-After is believed to be a mistake, or at least not waited for
LONGEST_QUIET = timedelta(minutes=15)

_DOWN = (408, 502, 503, 504)
_CREDENTIALS = (401, 403, 407)
_ABSENT = (404, 410)


class _LeftAlone(OutsideError):
    """Nothing was sent: the system is down, or wants to be left alone."""


#: reads a vendor's own meaning out of an answer other than 2xx; None leaves it to the status
Reading = Callable[[httpx.Response], "Trouble | None"]


class Door:
    """One system's door. Made once per process and event loop; close it at the end.

    Args:
        system: its name in errors and logs, e.g. "caldav".
        auth: as httpx takes it.
        headers: sent with each request.
        reading: see `Reading`.
        timeout: seconds for connecting, each read and each write.
        transport: another way to send, for tests.

    Raises:
        SettingsError: OUTSIDE_REST_SECONDS is wrong.
    """

    def __init__(
        self,
        system: str,
        *,
        auth: httpx.Auth | tuple[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        reading: Reading | None = None,
        timeout: float = TIMEOUT_SECONDS,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.system = system
        self._reading = reading
        # No redirects: they would carry the password to wherever the answer says
        self._client = httpx.AsyncClient(
            auth=auth,
            headers=dict(headers or {}),
            timeout=httpx.Timeout(timeout),
            limits=httpx.Limits(max_connections=10, keepalive_expiry=30),
            follow_redirects=False,
            transport=transport,
        )
        self._breakers = AsyncCircuitBreakerFactory(
            default_threshold=FAILURES_TO_OPEN,
            default_ttl=rest_seconds(),
            exclude=[(OutsideError, _is_about_the_request)],
        )
        self._quiet_until = 0.0  # on time.monotonic's clock

    async def __aenter__(self) -> Door:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def call(
        self, method: str, url: str, *, repeatable: bool | None = None, **request: Any
    ) -> httpx.Response:
        """Send a request and return the whole answer, of status 2xx.

        Args:
            method: of HTTP.
            url: absolute.
            repeatable: whether sending it twice does what sending it once does. By default only
                what reads is: GET, HEAD, OPTIONS, PROPFIND and REPORT.
            request: as httpx takes it: content, json, params, headers, auth …

        Raises:
            OutsideError: there was no such answer.
        """
        if repeatable is None:
            repeatable = method in ("GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT")
        tries = TRIES if repeatable else 1
        async for attempt in stamina.retry_context(
            on=_is_worth_another_try,
            attempts=tries,
            timeout=None,
            wait_initial=0.1,
            wait_max=0.5,
            wait_jitter=0.2,
        ):
            with attempt:
                return await self._guarded(method, url, request)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _guarded(self, method: str, url: str, request: dict[str, Any]) -> httpx.Response:
        quiet = self._quiet_until - time.monotonic()
        if quiet > 0:
            raise _LeftAlone(
                self.system,
                Trouble.RATE_LIMITED,
                retry_after=timedelta(seconds=quiet),
                reached=False,
            )
        try:
            async with await self._breakers.get_breaker(self.system):
                sending = self._send(method, url, request)
                answer = await within(LONGEST_ANSWER_SECONDS, sending, system=self.system)
                if isinstance(answer, OutsideError):
                    raise answer
                return answer
        except OpenedState:
            pass
        raise _LeftAlone(self.system, Trouble.CANNOT_CONNECT, reached=False)

    async def _send(
        self, method: str, url: str, request: dict[str, Any]
    ) -> httpx.Response | OutsideError:
        # What went wrong is returned, not raised: an error of httpx holds the request, that the
        # password, and what is raised where another is handled holds the other (__context__).
        try:
            async with self._client.stream(method, url, **request) as answer:
                if "," in answer.headers.get("content-encoding", ""):
                    # Packed twice, a few bytes could fill the memory before they are counted
                    return OutsideError(self.system, Trouble.UNKNOWN, status=answer.status_code)
                content = bytearray()
                async for part in answer.aiter_bytes():
                    content += part
                    if len(content) > MAX_ANSWER_BYTES:
                        return OutsideError(self.system, Trouble.UNKNOWN, status=answer.status_code)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return OutsideError(self.system, Trouble.CANNOT_CONNECT, reached=False)
        except httpx.TransportError:
            return OutsideError(self.system, Trouble.CANNOT_CONNECT)
        except (httpx.InvalidURL, httpx.DecodingError, UnicodeError):
            return OutsideError(self.system, Trouble.UNKNOWN)
        whole = httpx.Response(
            answer.status_code,
            headers=_without_coding(answer.headers),
            content=bytes(content),
            request=answer.request,
        )
        return whole if whole.is_success else self._failure(whole)

    def _failure(self, answer: httpx.Response) -> OutsideError:
        status = answer.status_code
        wait = _retry_after(answer)
        trouble = (self._reading(answer) if self._reading else None) or _trouble_of(status, wait)
        if trouble is Trouble.RATE_LIMITED:
            pause = min(wait or timedelta(seconds=1), LONGEST_QUIET)
            self._quiet_until = time.monotonic() + pause.total_seconds()
        return OutsideError(self.system, trouble, retry_after=wait, status=status)


def _trouble_of(status: int, wait: timedelta | None) -> Trouble:
    if status == 429 or (status == 503 and wait):
        return Trouble.RATE_LIMITED
    if status in _CREDENTIALS:
        return Trouble.INVALID_CREDENTIALS
    if status in _ABSENT:
        return Trouble.NOT_FOUND
    if status in _DOWN:
        return Trouble.CANNOT_CONNECT
    return Trouble.REFUSED if 400 <= status < 500 else Trouble.UNKNOWN


def _retry_after(answer: httpx.Response) -> timedelta | None:
    """Read Retry-After (RFC 9110, 10.2.3): seconds, or a date."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return timedelta(seconds=int(value[:7]))  # 10 million seconds are four months
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=timezone.utc)
    return max(until - datetime.now(timezone.utc), timedelta())


def _without_coding(headers: httpx.Headers) -> list[tuple[str, str]]:
    """The headers without those of the transfer: the content is unpacked already."""
    gone = ("content-encoding", "content-length", "transfer-encoding")
    return [(name, value) for name, value in headers.multi_items() if name.lower() not in gone]


def _is_about_the_request(error: OutsideError) -> bool:
    """True for answers of a system that works; they do not open its circuit breaker."""
    return error.trouble not in (Trouble.CANNOT_CONNECT, Trouble.UNKNOWN)


def _is_worth_another_try(error: Exception) -> bool:
    """Not while it is left alone, nor where it said no."""
    if not isinstance(error, OutsideError) or isinstance(error, _LeftAlone):
        return False
    return error.trouble in (Trouble.CANNOT_CONNECT, Trouble.UNKNOWN)
