"""The systems that a connected desk talks to: a CalDAV and a mail server, and Twilio imitated."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import httpx
from icalendar import Calendar
from mail_server import Mailbox, serving
from servers import PASSWORD, USER, Server, radicale
from staff import Staff
from twilio_server import ACCOUNT, SENDER, TOKEN, FakeTwilio, answering
from weak_link import WeakLink

T = TypeVar("T")
PEOPLE = ("aino", "mikko", "sara")
#: longer than anything takes that the desk does by itself
PATIENCE_SECONDS = 20.0
# So long the desk leaves alone what keeps failing: the least, as each test waits for it
REST_SECONDS = 1


@dataclass
class Outside:
    """Everything outside, as tests and staff see it."""

    calendars: dict[str, str]  # addresses, by staff id
    client: httpx.Client
    line: WeakLink
    mailbox: Mailbox
    mail_port: int
    twilio: FakeTwilio

    @property
    def variables(self) -> dict[str, str]:
        """What connects a desk to the calendars and the mail server."""
        places = " ".join(
            f"{person}={self._through_line(url)}" for person, url in self.calendars.items()
        )
        return {
            "CALENDAR_VENDOR": "caldav",
            "CALENDARS": places,
            "CALDAV_USER": USER,
            "CALDAV_PASSWORD": PASSWORD,
            # one is the least; each look costs the machine that all tests share
            "CALENDAR_SYNC_SECONDS": "2",
            "OUTSIDE_REST_SECONDS": str(REST_SECONDS),
            "MAIL_URL": f"smtp+plain://127.0.0.1:{self.mail_port}",
        }

    @property
    def text_variables(self) -> dict[str, str]:
        """What lets a desk send text messages."""
        return {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "SMS_FROM": SENDER,
            "TWILIO_API_URL": self.twilio.address,
        }

    def _through_line(self, url: str) -> str:
        parts = urlsplit(url)
        return urlunsplit((parts.scheme, f"127.0.0.1:{self.line.port}", parts.path, "", ""))

    def staff(self, person: str) -> Staff:
        """Somebody of the staff, at their phone."""
        return Staff(self.client, self.calendars[person])

    def reset(self) -> None:
        """Empty calendars, mailbox and phones, and lines that work."""
        self.twilio.answer = None
        self.twilio.came.clear()
        self.twilio.taken.clear()
        self.line.set("up")
        self.line.before_put = None
        self.mailbox.data_answer = "250 OK"
        self.mailbox.envelopes.clear()
        for person in PEOPLE:
            staff = self.staff(person)
            for place in staff.objects():
                with _gone_since():
                    staff.delete(place)

    def is_empty(self) -> bool:
        """Whether nothing stands in any calendar."""
        return not any(self.staff(person).objects() for person in PEOPLE)

    def wait_for_a_look(self) -> None:
        """Wait until the desk begins to look anew: what it read before is stored by then."""
        first = urlsplit(self.calendars[PEOPLE[0]]).path.encode()
        before = self.line.looks[first]
        until(lambda: self.line.looks[first] > before, "a look at the calendars")

    def events(self, person: str) -> list[Any]:
        """What stands in a calendar, by its start."""
        staff = self.staff(person)
        found = []
        for place in staff.objects():
            with _gone_since():
                for event in Calendar.from_ical(staff.read(place)).walk("VEVENT"):
                    event["PLACE"] = place
                    found.append(event)
        return sorted(found, key=lambda event: event.start)

    def add(self, person: str, first: str, last: str, uid: str = "dentist") -> None:
        """Staff put something in by hand; times are ISO 8601 with an offset."""
        lines = f"DTSTART:{stamp(first)}\nDTEND:{stamp(last)}\nSUMMARY:Dentist"
        self.staff(person).add(uid, lines)

    def mails_to(self, address: str) -> list[EmailMessage]:
        """What a customer has got, oldest first."""
        return [mail for mail in self.mailbox.mails if address in str(mail["To"])]

    def texts_to(self, number: str) -> list[str]:
        """What a customer has got on the phone, oldest first; the number in E.164."""
        return [form["Body"][0] for form in list(self.twilio.taken) if form["To"] == [number]]

    def asked_to_text(self, number: str) -> int:
        """How often Twilio was asked to send something to a number, whatever it answered."""
        return sum(form.get("To") == [number] for _, form, _ in list(self.twilio.came))

    def told(self, address: str) -> list[str]:
        """The texts that came to an e-mail address or a number, oldest first."""
        if address.startswith("+"):
            return self.texts_to(address)
        return [body_of(mail) for mail in self.mails_to(address)]


@contextmanager
def _gone_since() -> Iterator[None]:
    """What was in a list may have been taken out by the desk before it is looked at."""
    try:
        yield
    except httpx.HTTPStatusError as error:
        if error.response.status_code != 404:
            raise


def body_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def stamp(moment: str) -> str:
    """ISO 8601 with an offset as iCalendar writes it, in UTC."""
    return f"{datetime.fromisoformat(moment).astimezone(timezone.utc):%Y%m%dT%H%M%SZ}"


def link_in(text: str) -> str:
    """The address of the visit's page in a mail or text message."""
    found = re.search(r"https?://\S+/desk/visit/\S+", text)
    assert found, text
    return found[0].rstrip(".,)")


def until(look: Callable[[], T], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """Wait until a look finds something, and return it.

    Raises:
        AssertionError: it did not come to be.
    """
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} did not come to be in {seconds:.0f} s"
        time.sleep(0.05)


@contextmanager
def outside(folder: Path) -> Iterator[Outside]:
    """Start them all, and stop them at the end."""
    with ExitStack() as stack:
        server: Server = stack.enter_context(radicale(folder))
        behind = urlsplit(server.home).port
        assert behind is not None
        line = stack.enter_context(WeakLink(behind))
        mailbox = Mailbox()
        port = stack.enter_context(serving(mailbox))
        client = stack.enter_context(server.client())
        twilio = stack.enter_context(answering())
        calendars = {person: server.new_calendar(person) for person in PEOPLE}
        yield Outside(calendars, client, line, mailbox, port, twilio)
