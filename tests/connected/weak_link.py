"""What stands between the desk and a server that works: a line that can fail in many ways."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import Counter
from collections.abc import Callable

_HTML = b"<!DOCTYPE html><html><body>Sign in to the hotel's network</body></html>"


def _answer(status: str, body: bytes = b"", *headers: str, length: int | None = None) -> bytes:
    head = [f"HTTP/1.1 {status}", "Connection: close", *headers]
    head.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


ANSWERS = {
    "error_500": _answer("500 Internal Server Error", b"oops"),
    "too_many": _answer("429 Too Many Requests", b"", "Retry-After: 2"),
    "html": _answer("200 OK", _HTML, "Content-Type: text/html"),
    "closes_mid_body": _answer("207 Multi-Status", b"<?xml", length=5000),
    "wrong_password": _answer("401 Unauthorized", b"", 'WWW-Authenticate: Basic realm="x"'),
}
MODES = ("up", "down", "hangs", *ANSWERS)


class WeakLink:
    """A proxy on loopback; use it in `with`.

    Attributes:
        port: where it listens.
        mode: one of MODES.
        before_put: called once, when a PUT is about to go through.
        looks: how often the desk asked for the state of each calendar, by its path.
    """

    def __init__(self, port_behind: int) -> None:
        self._behind = port_behind
        self.mode = "up"
        self.before_put: Callable[[], None] | None = None
        self.looks: Counter[bytes] = Counter()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = int(self._listener.getsockname()[1])
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._acceptor = threading.Thread(target=self._accept)

    def __enter__(self) -> WeakLink:
        self._acceptor.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        # What waits in `accept` is woken by a last caller
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        self._acceptor.join()
        self._listener.close()
        self._hang_up()

    def set(self, mode: str) -> None:
        """Fail so from now on, also for who is connected already."""
        assert mode in MODES, f"unknown trouble '{mode}', expected one of {MODES}"
        self.mode = mode
        self._hang_up()

    def _hang_up(self) -> None:
        with self._lock:
            sockets, self._open = self._open, set()
        for one in sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while not self._closed.is_set():
            client, _ = self._listener.accept()
            if self._closed.is_set() or self.mode == "down":
                client.close()
                continue
            with self._lock:
                self._open.add(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self.mode == "hangs":
                return  # kept open, and never answered
            if self.mode in ANSWERS:
                client.recv(65536)
                client.sendall(ANSWERS[self.mode])
                client.shutdown(socket.SHUT_WR)
                return
            server = socket.create_connection(("127.0.0.1", self._behind))
            with self._lock:
                self._open.add(server)
            back = threading.Thread(target=self._pipe, args=(server, client), daemon=True)
            back.start()
            self._pipe(client, server, is_asking=True)

    def _pipe(self, source: socket.socket, target: socket.socket, is_asking: bool = False) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if is_asking and data.startswith(b"PUT ") and self.before_put:
                    hook, self.before_put = self.before_put, None
                    hook()
                if is_asking and data.startswith(b"PROPFIND "):
                    self.looks[data.split(b" ", 2)[1]] += 1
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
