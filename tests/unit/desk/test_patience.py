"""tiski/desk/patience.py: the action server waits for an assistant that is busy."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tiski.channels.guard import TURN_SECONDS
from tiski.desk.group import free_port
from tiski.desk.patience import SILENCE_SECONDS
from tiski.paths import ROOT

READY_SECONDS = 90
# Sanic's own limit is 5 s
SILENT_SECONDS = 6.5


def test_it_waits_longer_than_a_turn_may_take() -> None:
    assert SILENCE_SECONDS > TURN_SECONDS


def test_who_says_nothing_for_a_while_is_served_all_the_same(tmp_path: Path) -> None:
    port = free_port()
    environment = {**os.environ, "TISKI_VAR": str(tmp_path), "SANIC_HOST": "127.0.0.1"}
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "rasa", "run", "actions", "--port", str(port)],
            cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        with _connected(port) as line:
            time.sleep(SILENT_SECONDS)
            line.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert line.recv(100).startswith(b"HTTP/1.1 200")
    finally:
        process.terminate()
        process.wait(20)


def _connected(port: int) -> socket.socket:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=20)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                pytest.fail(f"the action server did not open in {READY_SECONDS} s")
            time.sleep(0.2)
