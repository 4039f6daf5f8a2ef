"""Mail in the action server as Rasa starts it: a real process, a real mail server."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from mail_server import Mailbox, serving, silent_server
from test_owner import a_ticket, mailed, until

from tiski.db.session import engine_for
from tiski.desk.group import free_port
from tiski.paths import ROOT

READY_SECONDS = 90
AS_THE_DESK = ("rasa_sdk", "--actions", "actions")
STOCK_COMMAND = ("rasa", "run", "actions")
CALL: dict[str, Any] = {
    "next_action": "action_leave_message",
    "sender_id": "c2",
    "domain": {},
    "tracker": {
        "sender_id": "c2",
        "slots": {
            "language": "fi",
            "owner_message": "unohdin huivin teille",
            "contact_name": "Liisa Aho",
            "contact": "liisa@posti.example",
            "contact_email": "liisa@posti.example",
        },
        "latest_message": {"text": "liisa@posti.example", "intent": {"name": "inform"}},
        "events": [],
        "paused": False,
        "active_loop": {},
        "latest_action_name": "action_listen",
        "latest_input_channel": "web",
    },
}


@pytest.fixture
def environment(desk_db: Any, tmp_path: Path) -> dict[str, str]:
    """A process that shares the test's database and nothing else."""
    url = os.environ["DATABASE_URL"]
    engine_for(url)
    own = {"DATABASE_URL": url, "TISKI_VAR": str(tmp_path), "MAIL_FROM": ""}
    rest = {name: value for name, value in os.environ.items() if name != "TISKI_CLOCK_FILE"}
    return {**rest, **own, "SANIC_HOST": "127.0.0.1"}


@contextmanager
def action_server(
    environment: dict[str, str], log: Path, mail_url: str, command: Sequence[str] = AS_THE_DESK
) -> Iterator[str]:
    """The action server as the desk runs it, or by another command; yields its address."""
    port = free_port()
    started = [sys.executable, "-m", *command, "--port", str(port)]
    with log.open("w") as opened:
        process = subprocess.Popen(
            started,
            cwd=ROOT,
            env={**environment, "MAIL_URL": mail_url},
            stdout=opened,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return httpx.get(f"{address}/health", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    try:
        assert until(answers, READY_SECONDS), log.read_text()
        yield address
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def leave_message(address: str) -> tuple[dict[str, Any], float]:
    """What the action answers, and how many seconds it took."""
    began = time.monotonic()
    answer = httpx.post(f"{address}/webhook", json=CALL, timeout=30)
    return answer.json(), time.monotonic() - began


@pytest.mark.parametrize("command", [AS_THE_DESK, STOCK_COMMAND], ids=["desk", "stock"])
async def test_the_action_server_mails(
    environment: dict[str, str], tmp_path: Path, command: Sequence[str]
) -> None:
    left = await a_ticket("jäi edelliseltä kerralta")
    box = Mailbox()
    with serving(box) as port, contextlib.ExitStack() as open_:
        mail_url = f"smtp+plain://127.0.0.1:{port}"
        server = action_server(environment, tmp_path / "log", mail_url, command)
        address = open_.enter_context(server)
        assert until(lambda: len(box.mails) == 1), "nothing was mailed at the start"
        assert left.code in box.texts[0]
        answer, _ = leave_message(address)
        assert answer["responses"][0]["response"] == "utter_message_taken"
        assert until(lambda: len(box.mails) == 2)
    assert "unohdin huivin teille" in box.texts[1]
    assert mailed() == [True, True]


async def test_a_hanging_mail_server_holds_up_nobody(
    environment: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with silent_server() as port:
        url = f"smtp+plain://127.0.0.1:{port}"
        with action_server(environment, log, url) as address:
            leave_message(address)  # the first call of a process takes its time
            answer, seconds = leave_message(address)
            assert answer["responses"][0]["response"] == "utter_message_taken"
            assert seconds < 2.5  # less than a mail server is waited for
    assert mailed() == [False]
    assert "huivin" not in log.read_text() and "posti.example" not in log.read_text()


def test_a_wrong_variable_is_logged_and_the_desk_works(
    environment: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with action_server(environment, log, "smtp://desk:salasana@mail.example:x") as address:
        answer, _ = leave_message(address)
        assert answer["responses"][0]["response"] == "utter_message_taken"
    assert "No mail is sent. MAIL_URL: expected smtp://" in log.read_text()
    assert "salasana" not in log.read_text()


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("MAIL_URL", "mail.example:587", "MAIL_URL: expected smtp://user:password@host:587"),
        ("MAIL_FROM", "desk", "MAIL_FROM: expected an e-mail address such as desk@example.com"),
    ],
)
def test_the_desk_does_not_open_with_a_wrong_variable(
    environment: dict[str, str], variable: str, value: str, expected: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tiski.desk.serve", "--port", str(free_port())],
        cwd=ROOT,
        env={**environment, "MAIL_URL": "smtp://mail.example", variable: value},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(expected)
    assert "Traceback" not in done.stderr
