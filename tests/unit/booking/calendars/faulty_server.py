"""A server on this machine that does what goes wrong with others: each answer as a test scripts it."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        length: what Content-Length says; None tells the truth. With more than there is, the
            connection is closed in the middle of the body.
        drip: seconds before each byte of the body.
        pause: seconds before the answer.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    drip: float = 0
    pause: float = 0


#: takes the request and says nothing
HANG = Answer(status=0)
#: takes the request and closes the connection
CLOSE = Answer(status=-1)
HTML = Answer(
    body=b"<!DOCTYPE html><html><body>Sign in</body></html>", headers={"Content-Type": "text/html"}
)


@dataclass(frozen=True)
class Request:
    """A request that came; names of headers are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class FaultyServer:
    """Gives one answer of the script for each request, and the last one for all that follow.

    Use it in `async with`, in the loop of the test.

    Attributes:
        url: its address; ends with "/".
        requests: what came, in order.
    """

    def __init__(self, *script: Answer) -> None:
        self._script = list(script) or [Answer()]
        self.requests: list[Request] = []
        self.url = ""
        self._tasks: set[asyncio.Task[None]] = set()

    def answer(self, *script: Answer) -> None:
        """Begin a new script."""
        self._script = list(script)

    async def __aenter__(self) -> FaultyServer:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._talk(reader, writer)
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        method, path, _ = first.split(" ")
        self.requests.append(Request(method, path, headers, body))
        answer = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if answer is HANG:
            await asyncio.Event().wait()
        if answer is CLOSE:
            return
        await asyncio.sleep(answer.pause)
        length = len(answer.body) if answer.length is None else answer.length
        said = {"Content-Length": str(length), "Connection": "close", **answer.headers}
        writer.write(f"HTTP/1.1 {answer.status} So\r\n".encode())
        writer.write("".join(f"{name}: {value}\r\n" for name, value in said.items()).encode())
        writer.write(b"\r\n")
        for byte in [answer.body] if not answer.drip else [bytes([one]) for one in answer.body]:
            await asyncio.sleep(answer.drip)
            writer.write(byte)
            await writer.drain()
