"""A desk to measure: real servers on free ports, with a database and a clock of their own."""

from __future__ import annotations

import os
import secrets
import subprocess
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from tiski.db.demo import load_demo
from tiski.db.migrate import upgrade
from tiski.desk.group import Group, free_port

# A Monday morning in a year of its own, so that each run finds the same free times
CLOCK = "2026-11-23T10:00+02:00"
_READY_SECONDS = 180
_TURN_SECONDS = 70


class BenchError(Exception):
    """The desk did not do what is measured; the text says what happened instead."""


@dataclass
class Answer:
    """What the desk said in one turn, and how long that took."""

    messages: list[dict[str, Any]]
    milliseconds: float

    @property
    def payloads(self) -> list[str]:
        """The buttons of the turn."""
        return [b["payload"] for message in self.messages for b in message.get("buttons") or []]


@dataclass
class BenchDesk:
    """Starts, talks, and stops.

    Args:
        folder: for the database, the logs and the clock; nothing else is written.
        model: the trained model to run.
    """

    folder: Path
    model: Path
    _token: str = field(default_factory=lambda: secrets.token_hex(16))

    def open(self) -> float:
        """Start the servers; return the seconds until the first message was answered.

        Raises:
            BenchError: they did not come up in three minutes, or the answer was empty.
        """
        clock = self.folder / "clock"
        clock.write_text(CLOCK, encoding="utf-8")
        variables = {
            "TISKI_VAR": str(self.folder),
            "TISKI_CLOCK_FILE": str(clock),
            "TISKI_REST_TOKEN": "",
            "DATABASE_URL": "",
            "TRACKER_DATABASE_URL": "",
        }
        os.environ.update(variables)
        upgrade()
        load_demo(datetime.fromisoformat(CLOCK), replace=True)
        self._http = httpx.Client(timeout=_TURN_SECONDS)
        self.group = Group(
            self.model,
            port=free_port(),
            actions_port=free_port(),
            rasa_options=["--enable-api", "--auth-token", self._token],
            environment=variables,
        )
        began = time.monotonic()
        self.group.start()
        if not self.group.wait_until_ready(_READY_SECONDS):
            raise BenchError(f"the desk did not open:\n{self.group.last_words()}")
        self.say(new_conversation(), "moi")
        return time.monotonic() - began

    def close(self) -> None:
        """Stop everything that was started."""
        if hasattr(self, "group"):
            self.group.stop()
            self._http.close()

    def say(self, conversation: str, text: str) -> Answer:
        """Send one message over the REST channel and wait for the turn to end.

        Raises:
            BenchError: the channel refused it, or nobody answered.
        """
        body = {"sender": conversation, "message": text}
        began = time.perf_counter()
        answer = self._http.post(self._address("/webhooks/rest/webhook"), json=body)
        milliseconds = (time.perf_counter() - began) * 1000
        if answer.status_code != 200 or not answer.json():
            raise BenchError(f"'{text}' was met with {answer.status_code} and {answer.text[:200]}")
        return Answer(answer.json(), milliseconds)

    def asked(self, conversation: str) -> str | None:
        """The slot that the desk is asking for, or None outside a form."""
        slot: str | None = self._tracker(conversation, "NONE")["slots"].get("requested_slot")
        return slot

    def response(self, conversation: str) -> str | None:
        """The name of the response that was said last, e.g. utter_faq/parking."""
        events = self._tracker(conversation, "ALL")["events"]
        said = [event for event in events if event["event"] == "bot"]
        name: str | None = (said[-1].get("metadata") or {}).get("utter_action") if said else None
        return name

    def _tracker(self, conversation: str, events: str) -> dict[str, Any]:
        answer = self._http.get(
            self._address(f"/conversations/{conversation}/tracker"),
            params={"token": self._token, "include_events": events},
        )
        answer.raise_for_status()
        tracker: dict[str, Any] = answer.json()
        return tracker

    def memory(self) -> dict[str, float]:
        """Resident memory in MB of each process, by its name."""
        pids = {name: self.group.control("pid", name) for name in ("rasa", "actions")}
        pids["supervisord"] = self.group.control("pid")
        return {name: _resident_megabytes(pid) for name, pid in pids.items()}

    def _address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.group.port}{path}"


def new_conversation() -> str:
    """A name that no other conversation has."""
    return f"bench-{uuid.uuid4().hex}"


def _resident_megabytes(pid: str) -> float:
    done = subprocess.run(["ps", "-o", "rss=", "-p", pid], capture_output=True, text=True)
    if not done.stdout.strip().isdigit():
        raise BenchError(f"ps tells no memory of process '{pid}': {done.stdout}{done.stderr}")
    return int(done.stdout) / 1024
