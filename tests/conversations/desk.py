"""A running desk for end-to-end conversations: real servers, a real channel, a clock to set.

The servers run as `./scripts/serve` runs them, on ports of their own and with a database of their
own. The clock of all processes is a file (tiski/clock.py). The Rasa server's HTTP API is switched
on, behind a token, to see which response was said and what the slots hold.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tiski.console.password import new_password
from tiski.db.demo import load_demo
from tiski.db.migrate import upgrade
from tiski.desk.group import Group, free_port
from tiski.desk.training import train

# A Monday morning: the salon is open, staff answer, Thursday is the long day.
USUAL_TIME = "2026-11-23T10:00+02:00"
READY_SECONDS = 300  # from a cold disk, Rasa alone takes more than two minutes to load
# Databases with the demo in them, by business and time; several desks play at once.
_FRESH: dict[tuple[str | None, str], sqlite3.Connection] = {}
_LOADING = threading.Lock()
# Longer than any turn: the desk's own limit of a turn is 50 s
TURN_SECONDS = 70


@dataclass
class Said:
    """One message of the desk."""

    text: str
    response: str | None  # the response's name, e.g. utter_greet
    buttons: list[dict[str, str]] = field(default_factory=list)


class Desk:
    """The running desk, as tests drive it."""

    def __init__(
        self, folder: Path, business: str | None = None, variables: dict[str, str] | None = None
    ) -> None:
        """A desk with its files in `folder`, of the business whose page is named, or of the demo.

        `variables` connect it to other systems; without them it is connected to none.
        """
        self.folder = folder
        self._business = business
        self._clock = folder / "clock"
        self._token = secrets.token_hex(16)
        self._variables = {
            "TISKI_VAR": str(folder),
            "TISKI_CLOCK_FILE": str(self._clock),
            "TISKI_REST_TOKEN": "",
            "TISKI_WEB_ORIGINS": "",
            "DATABASE_URL": "",
            "TRACKER_DATABASE_URL": "",
            "MAIL_URL": "",
            "CALENDAR_VENDOR": "",
            "CALENDARS": "",
            "PUBLIC_URL": "",
            "TWILIO_ACCOUNT_SID": "",
            "TWILIO_AUTH_TOKEN": "",
            "SMS_FROM": "",
            "TWILIO_API_URL": "",
            "STAFF_PASSWORD": "",
            "STAFF_BEHIND_PROXY": "",
            "TISKI_BUSINESS": business or "",
            **(variables or {}),
        }
        self.set_clock(USUAL_TIME)
        with self.as_the_desk():
            upgrade()
            model = train()
        self.group = Group(
            model,
            folder=folder,
            port=free_port(),
            actions_port=free_port(),
            staff_port=free_port(),
            rasa_options=["--enable-api", "--auth-token", self._token],
            environment=self._variables,
        )
        self.http = httpx.Client(timeout=TURN_SECONDS)

    @contextmanager
    def as_the_desk(self) -> Iterator[None]:
        """This process has the desk's variables for a moment; other tests must not see them."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self._variables.items():
                patch.setenv(name, value)
            yield

    def open(self) -> None:
        """Start the servers and wait until they answer."""
        self.group.start()
        if not self.group.wait_until_ready(READY_SECONDS):
            raise RuntimeError(f"the desk did not open:\n{self.group.last_words()}")

    def close(self) -> None:
        self.group.stop()
        self.http.close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.group.port}"

    @property
    def staff_address(self) -> str:
        return f"http://127.0.0.1:{self.group.staff_port}"

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self._clock.read_text(encoding="utf-8"))

    def set_clock(self, moment: str) -> None:
        """Set the time of all processes; ISO 8601 with an offset."""
        datetime.fromisoformat(moment)
        self._clock.write_text(moment, encoding="utf-8")

    def reset(self, moment: str | None = None) -> None:
        """A fresh database with demo data, at the usual time or another one.

        The demo is loaded once for each time, and copied from then on.
        """
        moment = moment or USUAL_TIME
        self.set_clock(moment)
        with _LOADING:
            if (self._business, moment) not in _FRESH:
                with self.as_the_desk():
                    load_demo(self.now, replace=True)
                fresh = sqlite3.connect(":memory:", check_same_thread=False)
                with closing(sqlite3.connect(self.folder / "desk.db", timeout=5)) as loaded:
                    loaded.backup(fresh)
                _FRESH[self._business, moment] = fresh
                return
            with closing(sqlite3.connect(self.folder / "desk.db", timeout=5)) as target:
                _FRESH[self._business, moment].backup(target)

    def new_staff_password(self) -> str:
        """Another password for the staff page: who was signed in is out, who was locked may try."""
        with self.as_the_desk():
            return new_password()

    # --- talking

    def say(self, conversation: str, text: str, **metadata: Any) -> None:
        """Send one message over the REST channel and wait for the turn to end."""
        body: dict[str, Any] = {"sender": conversation, "message": text}
        if metadata:
            body["metadata"] = metadata
        answer = self.http.post(f"{self.address}/webhooks/rest/webhook", json=body)
        answer.raise_for_status()
        self.answered = answer.json()

    def tracker(self, conversation: str) -> dict[str, Any]:
        """The conversation's slots and events, as Rasa's HTTP API gives them."""
        answer = self.http.get(
            f"{self.address}/conversations/{conversation}/tracker",
            params={"token": self._token, "include_events": "ALL"},
        )
        answer.raise_for_status()
        tracker: dict[str, Any] = answer.json()
        return tracker

    def rows(self, table: str, where: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Rows of the desk's database; `where` compares columns for equality."""
        where = where or {}
        condition = " AND ".join(f'"{column}" IS ?' for column in where) or "1"
        with closing(sqlite3.connect(self.folder / "desk.db", timeout=5)) as connection:
            connection.row_factory = sqlite3.Row
            query = f'SELECT * FROM "{table}" WHERE {condition}'
            return [dict(row) for row in connection.execute(query, list(where.values()))]

    # --- trouble

    @contextmanager
    def actions_stopped(self) -> Iterator[None]:
        """The action server is down."""
        self.group.stop_process("actions")
        try:
            yield
        finally:
            self.group.start_process("actions")
            if not self.group.wait_until_ready(READY_SECONDS):
                raise RuntimeError(f"the actions did not come back:\n{self.group.last_words()}")

    @contextmanager
    def database_locked(self) -> Iterator[None]:
        """Another program writes into the desk's database and does not come to an end.

        In WAL mode that keeps out writers only: who only looks still sees what was there.
        """
        database = self.folder / "desk.db"
        with closing(sqlite3.connect(database, timeout=10, isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            yield

    @contextmanager
    def database_unreadable(self) -> Iterator[None]:
        """The desk's tables are not there: whoever looks or writes gets an error at once."""
        database = self.folder / "desk.db"
        with closing(sqlite3.connect(database, timeout=10, isolation_level=None)) as connection:
            connection.execute("PRAGMA legacy_alter_table=ON")  # keys go on naming the tables
            query = (
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
            tables = [name for (name,) in connection.execute(query)]

            def rename(before: str, after: str) -> None:
                connection.execute("BEGIN IMMEDIATE")
                for table in tables:
                    names = before.format(table), after.format(table)
                    connection.execute("ALTER TABLE {} RENAME TO {}".format(*names))
                connection.execute("COMMIT")

            rename("{}", "away_{}")
            try:
                yield
            finally:
                rename("away_{}", "{}")

    def expire_session(self, conversation: str, hours: float) -> None:
        """Make the conversation's events older, as if the customer had been away that long."""
        import json

        with sqlite3.connect(self.folder / "conversations.db", timeout=5) as connection:
            rows = connection.execute(
                "SELECT id, timestamp, data FROM events WHERE sender_id = ?", (conversation,)
            ).fetchall()
            for row_id, timestamp, data in rows:
                event = json.loads(data)
                event["timestamp"] -= hours * 3600
                connection.execute(
                    "UPDATE events SET timestamp = ?, data = ? WHERE id = ?",
                    (timestamp - hours * 3600, json.dumps(event), row_id),
                )


def new_conversation() -> str:
    return uuid.uuid4().hex
