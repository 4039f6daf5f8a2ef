"""Conversations as YAML, in the shape of Rasa Pro's end-to-end tests, and how they are played.

    fixtures:                       # all optional
      - clock: 2026-11-23T21:30+02:00
    test_cases:
      - test_case: a customer books a haircut in spoken Finnish
        steps:
          - user: haluisin varata hiustenleikkauksen huomenna kolmelta
          - utter: utter_ask_which_staff      # the desk said this response
          - button: Kuka vain                 # the customer taps a button of the last answers
          - bot: Kenen nimellä varataan?      # the desk said exactly this
          - bot_contains: klo 15.00           # ... or this is a part of one of its messages
          - slot_was_set:
              - service: haircut
          - slot_was_not_set:
              - appointment_start
          - database: {table: appointments, where: {status: booked}, count: 4}
          - database: {table: tickets, contains: {transcript: hääkampaus}, count: 1}
          - clock: 2026-11-24T09:00+02:00     # time goes on
          - fault: actions_stopped            # for the next message; the others are in FAULTS
          - away: 30                          # hours that the customer stays away

`utter`, `bot` and `bot_contains` look at the answers to the latest message, in their order; other
messages may lie between them. `bot_not_contains` looks at all of them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from desk import Desk, Said, new_conversation
from ruamel.yaml import YAML

FAULTS = ("actions_stopped", "database_locked", "database_unreadable")
KNOWN_STEPS = {
    "user",
    "button",
    "payload",
    "utter",
    "bot",
    "bot_contains",
    "bot_not_contains",
    "slot_was_set",
    "slot_was_not_set",
    "database",
    "clock",
    "fault",
    "away",
    "page_language",
    "no_text_says",
}


@dataclass(frozen=True)
class Script:
    """One test case of a file."""

    file: Path
    name: str
    steps: list[dict[str, Any]]
    clock: str | None

    @property
    def id(self) -> str:
        return f"{self.file.parent.name}/{self.file.stem}: {self.name}"


def read_scripts(folder: Path, steps: Collection[str] = KNOWN_STEPS) -> list[Script]:
    """Read every conversation below a folder.

    Args:
        folder: of YAML files.
        steps: what a step may be.

    Raises:
        ValueError: a file has no test case, or a step that is not known; names file and step.
    """
    scripts = []
    for file in sorted(folder.rglob("*.yml")):
        content = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        fixtures = {k: v for entry in content.get("fixtures") or [] for k, v in entry.items()}
        for case in content.get("test_cases") or []:
            for step in case["steps"]:
                unknown = set(step) - set(steps)
                if unknown:
                    raise ValueError(
                        f"{file}: {case['test_case']}: unknown step {sorted(unknown)};"
                        f" expected one of {sorted(steps)}"
                    )
            clock = fixtures.get("clock")
            scripts.append(Script(file, case["test_case"], case["steps"], clock and _iso(clock)))
    return scripts


def _iso(moment: Any) -> str:
    return moment if isinstance(moment, str) else str(moment.isoformat())


class Player:
    """Plays one script against a running desk."""

    #: takes the events of each turn, to tell what all conversations together reached
    record: ClassVar[Callable[[list[dict[str, Any]]], None] | None] = None

    def __init__(self, desk: Desk, script: Script) -> None:
        self.desk = desk
        self.script = script
        self.conversation = new_conversation()
        self.said: list[Said] = []
        self._seen = 0
        self._next = 0  # from which message of the turn the next expectation looks
        self._fault: str | None = None
        self._language: str | None = None
        self.log: list[str] = []

    def play(self) -> None:
        """Play all steps.

        Raises:
            AssertionError: the desk did something else; the message holds the conversation.
        """
        self.desk.reset(self.script.clock)
        for number, step in enumerate(self.script.steps, 1):
            for kind, value in step.items():
                try:
                    getattr(self, f"_step_{kind}")(value)
                except AssertionError as error:
                    story = "\n".join(self.log)
                    raise AssertionError(
                        f"{self.script.file.name}, step {number} ({kind}: {value}): {error}\n{story}"
                    ) from None

    # --- the customer

    def _step_user(self, text: str) -> None:
        self._send(str(text))

    def _step_button(self, title: str) -> None:
        buttons = [button for said in self.said for button in said.buttons]
        found = [button for button in buttons if button["title"] == title]
        assert found, f"no button '{title}', only {[b['title'] for b in buttons]}"
        self._send(found[0]["payload"], title)

    def _step_payload(self, payload: str) -> None:
        self._send(payload)

    def _send(self, text: str, title: str | None = None) -> None:
        trouble = getattr(self.desk, self._fault)() if self._fault else nullcontext()
        metadata = {**self.metadata(), **({"title": title} if title else {})}
        if self._language:
            metadata["language"] = self._language
        with trouble:
            self.desk.say(self.conversation, text, **metadata)
        self._fault = None
        self.log.append(f"  > {title or text}")
        self._collect()

    def metadata(self) -> dict[str, str]:
        """What goes along with each message."""
        return {}

    def _collect(self) -> None:
        """What the desk said in this turn: texts as they arrived, names from the tracker."""
        events = self.desk.tracker(self.conversation)["events"]
        names = {
            part.strip(): (e.get("metadata") or {}).get("utter_action")
            for e in events[self._seen :]
            if e["event"] == "bot" and e.get("text")
            for part in (e["text"], *e["text"].split("\n\n"))  # channels send paragraphs apart
        }
        if Player.record:
            Player.record(events[self._seen :])
        self._seen = len(events)
        self.said = [
            Said(m["text"], names.get(m["text"].strip()), m.get("buttons") or [])
            for m in self.desk.answered
            if m.get("text")
        ]
        self._next = 0
        self.log += [f"  < [{said.response}] {said.text}" for said in self.said]

    def _step_page_language(self, language: str) -> None:
        self._language = language

    def _step_clock(self, moment: Any) -> None:
        self.desk.set_clock(_iso(moment))

    def _step_fault(self, name: str) -> None:
        assert name in FAULTS, "unknown fault"
        self._fault = name

    def _step_away(self, hours: float) -> None:
        self.desk.expire_session(self.conversation, hours)

    # --- what is expected of the desk

    def _expect(self, matches: Any, what: str) -> None:
        for number in range(self._next, len(self.said)):
            if matches(self.said[number]):
                self._next = number + 1
                return
        raise AssertionError(f"{what} is not among the answers")

    def _step_utter(self, response: str) -> None:
        self._expect(lambda said: said.response == response, response)

    def _step_bot(self, text: str) -> None:
        self._expect(lambda said: _plain(said.text) == _plain(text), repr(text))

    def _step_bot_contains(self, text: str) -> None:
        # several parts of one message may be looked for, one step each
        self._next = max(0, self._next - 1)
        self._expect(lambda said: _plain(str(text)) in _plain(said.text), repr(text))

    def _step_bot_not_contains(self, text: str) -> None:
        assert all(str(text) not in said.text for said in self.said), f"{text!r} was said"

    def _step_slot_was_set(self, slots: list[Any]) -> None:
        held = self.desk.tracker(self.conversation)["slots"]
        for entry in slots:
            for slot, value in entry.items() if isinstance(entry, dict) else [(entry, ...)]:
                actual = held.get(slot)
                if value is ...:
                    assert actual is not None, f"slot {slot} is empty"
                else:
                    assert _same(actual, value), f"slot {slot} is {actual!r}"

    def _step_slot_was_not_set(self, slots: list[str]) -> None:
        held = self.desk.tracker(self.conversation)["slots"]
        for slot in slots:
            assert held.get(slot) is None, f"slot {slot} is {held.get(slot)!r}"

    def _step_database(self, expected: dict[str, Any]) -> None:
        # Outcomes are written on a thread of their own, a moment after the answer
        deadline = time.monotonic() + (2 if expected["table"] == "outcomes" else 0)
        while len(self._rows(expected)) != expected["count"] and time.monotonic() < deadline:
            time.sleep(0.05)
        found = len(self._rows(expected))
        assert found == expected["count"], f"{found} rows in {expected['table']}"

    def _rows(self, expected: dict[str, Any]) -> list[dict[str, Any]]:
        parts = expected.get("contains") or {}
        return [
            row
            for row in self.desk.rows(expected["table"], expected.get("where"))
            if all(str(part) in _read(row[column]) for column, part in parts.items())
        ]

    def _step_no_text_says(self, text: str) -> None:
        assert all(text.lower() not in said.text.lower() for said in self.said), (
            f"{text!r} was said"
        )


def _read(value: Any) -> str:
    """A column as text; JSON as people read it."""
    if isinstance(value, str) and value.startswith(("[", "{")):
        return json.dumps(json.loads(value), ensure_ascii=False)
    return str(value)


def _plain(text: str) -> str:
    return " ".join(str(text).split())


def _same(actual: Any, expected: Any) -> bool:
    if hasattr(expected, "isoformat"):
        expected = expected.isoformat()
    return bool(actual == expected)
