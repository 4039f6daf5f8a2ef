"""Plays conversations against a desk that is connected: more steps for what happens outside.

- staff_adds: {calendar: aino, from: 2026-11-24T12:00+02:00, to: 2026-11-24T13:00+02:00}
  # `uid` for a second one
- staff_adds_before_write: {…}           # between the desk's look and its write
- staff_moves: {calendar: aino, to: 2026-11-24T15:00+02:00}   # the desk's only event there
- staff_deletes: aino                    # the desk's only event there
- calendar_line: down     # or hangs, error_500, too_many, html, closes_mid_body, wrong_password, up
- mail_line: refuses                     # or refuses_for_good, takes
- text_line: 21211                       # Twilio answers with that error from now on, or takes
- calendar_has: {calendar: aino, at: [2026-11-24T12:00+02:00]}   # just these of the desk's
- waits_for: {table: …, where: …, count: …}                      # as `database`
- mail: {to: …, number: 2, contains: [...], not_contains: [...], method: REQUEST}
- text: {to: "+358455550101", number: 1, asked: 1, contains: [...], not_contains: [...]}
  # so many messages have come; `asked`: so often Twilio was asked to send one to that number
- staff_see: {part: troubles, language: en, contains: [...]}   # a part of the staff page
- follows_link: maija@posti.example      # of the newest mail (or text to a number), into the chat
- opens_page: {of: …, says: …}           # the page behind the link of the newest mail or text
- presses: {of: …, do: take, says: …}    # a button of that page

Below conversations/text_messages/ the desk sends text messages, elsewhere it has mail alone.
"""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, ClassVar

import httpx
from desk import Desk, new_conversation
from icalendar import Calendar
from outside import PATIENCE_SECONDS, REST_SECONDS, Outside, link_in, stamp, until
from script import Player, Script

# What Twilio answers with each of its error codes: status and headers
TEXT_ERRORS: dict[int, tuple[int, dict[str, str]]] = {
    20429: (429, {"Retry-After": "1"}),  # too many requests
    20500: (500, {}),  # something broke there, perhaps after it was sent
    21211: (400, {}),  # the number is none
    21610: (400, {}),  # the customer has answered STOP
}


class ConnectedPlayer(Player):
    """See the module."""

    outside: ClassVar[Outside]
    _visit: str | None = None
    _closed_at: ClassVar[float] = 0.0  # when all circuit breakers are closed again

    def __init__(self, desk: Desk, script: Script) -> None:
        super().__init__(desk, script)

    def play(self) -> None:
        # Who has met a line that fails leaves it alone for a while (tiski/outside/door.py)
        time.sleep(max(0.0, self._closed_at - time.monotonic()))
        self._wait_until_texts_may_be_sent()
        self.desk.reset(self.script.clock)  # with nothing left to write
        is_empty = False
        while not is_empty:  # an event may have been on its way already
            self.outside.reset()
            # Else a look from before might tell the fresh database of what stood in the calendars
            self.outside.wait_for_a_look()
            is_empty = self.outside.is_empty()
        super().play()

    # --- staff

    def _step_staff_adds(self, what: dict[str, Any]) -> None:
        before = len(self.desk.rows("busy_times"))
        self._add(what)
        # The desk looks every two seconds; a customer who is faster meets the look before the booking
        until(lambda: len(self.desk.rows("busy_times")) > before, "a busy time")

    def _step_staff_adds_before_write(self, what: dict[str, Any]) -> None:
        self.outside.line.before_put = lambda: self._add(what)

    def _add(self, what: dict[str, Any]) -> None:
        first, last = str(_iso(what["from"])), str(_iso(what["to"]))
        self.outside.add(what["calendar"], first, last, uid=what.get("uid", "dentist"))

    def _step_staff_moves(self, what: dict[str, Any]) -> None:
        event = self._our_event(what["calendar"])
        start = datetime.fromisoformat(_iso(what["to"]))
        length: timedelta = event.end - event.start
        staff = self.outside.staff(what["calendar"])
        content = staff.read(event["PLACE"])
        lines = [
            f"DTSTART:{stamp(start.isoformat())}"
            if line.startswith("DTSTART")
            else f"DTEND:{stamp((start + length).isoformat())}"
            if line.startswith("DTEND")
            else line
            for line in content.splitlines()
        ]
        staff.put(event["PLACE"], "\r\n".join(lines) + "\r\n")

    def _step_staff_deletes(self, calendar: str) -> None:
        self.outside.staff(calendar).delete(self._our_event(calendar)["PLACE"])

    def _our_event(self, calendar: str) -> Any:
        ours = until(lambda: self._ours(calendar), "an event of the desk's")
        assert len(ours) == 1, f"{len(ours)} events of the desk's"
        return ours[0]

    def _ours(self, calendar: str) -> list[Any]:
        return [e for e in self.outside.events(calendar) if str(e["UID"]).endswith("@tiski")]

    # --- the line

    def _step_calendar_line(self, mode: str) -> None:
        if mode == "up":
            until(lambda: any(self._troubles()), "a look that failed")
        self.outside.line.set(mode)
        ConnectedPlayer._closed_at = time.monotonic() + REST_SECONDS + 1
        if mode == "up":
            # Until the desk knows; a clock that stands still would keep its pauses from ending
            until(lambda: not any(self._troubles()), "a look that went well")

    def _troubles(self) -> list[str | None]:
        return [row["trouble"] for row in self.desk.rows("calendar_states")]

    def _step_mail_line(self, mode: str) -> None:
        answers = {
            "refuses": "451 try again later",
            "refuses_for_good": "554 no such mailbox",
            "takes": "250 OK",
        }
        self.outside.mailbox.data_answer = answers[mode]

    def _step_text_line(self, mode: int | str) -> None:
        if mode == "takes":
            self._wait_until_texts_may_be_sent()
            self.outside.twilio.answer = None
        else:
            status, headers = TEXT_ERRORS[int(mode)]
            self.outside.twilio.fails(status, int(mode), **headers)

    def _wait_until_texts_may_be_sent(self) -> None:
        # The desk's door counts real seconds from when the answer came, so a moment later
        time.sleep(max(0.0, self.outside.twilio.quiet_until + 0.5 - time.monotonic()))

    # --- crashes

    def _step_actions_die_before_write(self, _: bool) -> None:
        """kill -9, when the booking is in the database and not yet in the calendar."""
        self.outside.line.before_put = lambda: self.desk.group.kill_process("actions")

    def _step_worker_dies(self, _: bool) -> None:
        self.desk.group.kill_process("worker")

    def _step_desk_is_ready(self, _: bool) -> None:
        assert self.desk.group.wait_until_ready(PATIENCE_SECONDS), "the desk did not come back"

    # --- what is expected outside

    def _step_calendar_has(self, expected: dict[str, Any]) -> None:
        wanted = [datetime.fromisoformat(_iso(at)) for at in expected["at"]]
        until(
            lambda: [event.start for event in self._ours(expected["calendar"])] == wanted,
            f"{expected}, but {[e.start.isoformat() for e in self._ours(expected['calendar'])]}",
        )

    def _step_waits_for(self, expected: dict[str, Any]) -> None:
        until(lambda: len(self._rows(expected)) == expected["count"], str(expected))

    def _step_mail(self, expected: dict[str, Any]) -> None:
        number = expected.get("number", 1)
        until(
            lambda: len(self.outside.mails_to(expected["to"])) >= number,
            f"mail {number} to {expected['to']}",
        )
        mails = self.outside.mails_to(expected["to"])
        assert len(mails) == number, f"{len(mails)} mails"
        mail = mails[-1]
        body = mail.get_body(("plain",))
        text = f"{mail['Subject']}\n{body.get_content() if body else ''}"
        for part in expected.get("contains", []):
            assert str(part) in text, f"{part!r} is not in the mail:\n{text}"
        for part in expected.get("not_contains", []):
            assert str(part) not in text, f"{part!r} is in the mail:\n{text}"
        if "method" in expected:
            invitation = _invitation(mail)
            method = str(invitation["METHOD"]) if invitation else None
            assert method == expected["method"], f"its invitation says {method}"
        if "starts" in expected:
            invitation = _invitation(mail)
            assert invitation is not None
            [event] = invitation.walk("VEVENT")
            assert event.start == datetime.fromisoformat(_iso(expected["starts"])), event.start

    def _step_text(self, expected: dict[str, Any]) -> None:
        to, number = expected["to"], expected.get("number", 1)
        until(lambda: len(self.outside.texts_to(to)) >= number, f"text {number} to {to}")
        texts = self.outside.texts_to(to)
        assert len(texts) == number, f"{len(texts)} texts"
        if "asked" in expected:
            asked = self.outside.asked_to_text(to)
            assert asked == expected["asked"], f"Twilio was asked {asked} times"
        for part in expected.get("contains", []):
            assert str(part) in texts[-1], f"{part!r} is not in the text: {texts[-1]}"
        for part in expected.get("not_contains", []):
            assert str(part) not in texts[-1], f"{part!r} is in the text: {texts[-1]}"

    def _step_staff_see(self, expected: dict[str, Any]) -> None:
        """Sign in as staff do, and look at one part of their page."""
        address = self.desk.staff_address
        form = {"password": self.desk.new_staff_password()}
        language = {"lang": expected["language"]}
        with httpx.Client(base_url=address, timeout=20) as browser:
            signed_in = browser.post("/login", data=form, headers={"Origin": address})
            assert signed_in.status_code == 303, f"signing in gave {signed_in.status_code}"
            seen = ""

            def all_there() -> bool:
                nonlocal seen
                parts = browser.get("/data", params=language).json()["parts"]
                seen = json.dumps(parts.get(expected["part"]), ensure_ascii=False)
                return all(str(part) in seen for part in expected["contains"])

            try:
                until(all_there, str(expected))
            except AssertionError as error:
                raise AssertionError(f"{error}; staff see {seen}") from None

    # --- another customer

    def _step_new_customer(self, _: bool) -> None:
        self.conversation = new_conversation()
        self._seen = 0
        self._visit = None

    # --- the link

    def _token(self, address: str) -> str:
        newest = until(lambda: self.outside.told(address), f"a message to {address}")[-1]
        return link_in(newest).rsplit("/", 1)[1]

    def _step_follows_link(self, address: str) -> None:
        self._visit = self._token(address)

    def _page(self, address: str) -> str:
        return f"{self.desk.address}/desk/visit/{self._token(address)}"

    def _step_opens_page(self, expected: dict[str, str]) -> None:
        answer = httpx.get(self._page(expected["of"]), timeout=10)
        assert expected["says"] in answer.text, answer.text

    def _step_presses(self, expected: dict[str, str]) -> None:
        form = {key: str(value) for key, value in expected.items() if key in ("do", "to")}
        answer = httpx.post(
            self._page(expected["of"]), data=form, timeout=20, follow_redirects=True
        )
        assert expected["says"] in answer.text, answer.text

    def metadata(self) -> dict[str, str]:
        return {"visit": self._visit} if self._visit else {}


def _invitation(mail: EmailMessage) -> Any:
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            return Calendar.from_ical(part.get_payload(decode=True))
    return None


def _iso(moment: Any) -> str:
    return moment if isinstance(moment, str) else str(moment.isoformat())


STEPS = {name.removeprefix("_step_") for name in dir(ConnectedPlayer) if name.startswith("_step_")}
