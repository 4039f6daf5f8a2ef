"""What a customer gets about an appointment outside the chat: a mail, or a text message.

When they are sent, and what becomes of those that cannot be, is the outbox's business. Here they
are only written, from a snapshot: what is told is what was true when it happened.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from tiski import words
from tiski.answers import dates
from tiski.answers.visits import language_of, visit_facts
from tiski.booking.grid import utc
from tiski.business import Business
from tiski.notify.invitations import CANCEL, REQUEST, invitation
from tiski.notify.texts import one_line

if TYPE_CHECKING:
    from tiski.booking.appointments import Appointment

_LONGEST_SUBJECT = 150
_TIMES = ("starts_at", "ends_at", "old_starts_at", "held_until", "created_at")
_NAME = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+){0,5}")
_LONGEST_NAME = 60
_EMAIL = re.compile(r"[^\s\x00-\x1f\x7f<>()\[\]\\,;:\"@]+@[^\s\x00-\x1f\x7f<>()\[\]\\,;:\"@]+")
# Signs of typography that would make a text message twice as long: they are not in GSM 03.38
_PLAIN = str.maketrans({"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})


class What(str, Enum):
    """What has happened; the value is how it is stored, and the end of the words' names."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    MOVED_BY_STAFF = "moved_by_staff"
    CANCELLED_BY_STAFF = "cancelled_by_staff"
    #: the visit is near
    REMINDER = "reminder"
    #: a freed time is held for somebody of the waiting list
    OPENING = "opening"

    @property
    def method(self) -> str | None:
        """What the invitation says (RFC 5546); None when the mail has none."""
        if self in (What.REMINDER, What.OPENING):
            return None
        return CANCEL if self in _GONE else REQUEST


_GONE = (What.CANCELLED, What.CANCELLED_BY_STAFF)
_LINKS = {
    What.CANCELLED: "again",
    What.CANCELLED_BY_STAFF: "again",
    What.MOVED_BY_STAFF: "moved_by_staff",
    What.OPENING: "opening",
}


@dataclass(frozen=True)
class VisitNews:
    """Something that happened to an appointment, and the appointment as it then was.

    Times are aware. `email` is in lower case, `phone` in E.164. `old_starts_at` is of what was
    moved, `held_until` of an opening; `created_at` is when it happened.
    """

    what: What
    id: int
    code: str
    uid: str
    sequence: int
    service_id: str
    staff_id: str
    starts_at: datetime
    ends_at: datetime
    language: str
    name: str
    email: str | None
    phone: str | None
    created_at: datetime
    old_starts_at: datetime | None = None
    held_until: datetime | None = None

    def as_content(self) -> dict[str, Any]:
        """Return what JSON can hold; times are ISO 8601 in UTC."""
        content = asdict(self)
        content["what"] = self.what.value
        for key in _TIMES:
            content[key] = utc(content[key]).isoformat() if content[key] else None
        return content

    @classmethod
    def from_content(cls, content: dict[str, Any]) -> VisitNews:
        """Read what `as_content` wrote.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        values = {field.name: content[field.name] for field in fields(cls)}
        values["what"] = What(values["what"])
        for key in _TIMES:
            values[key] = utc(datetime.fromisoformat(values[key])) if values[key] else None
        return cls(**values)


def news_of(
    what: What,
    appointment: Appointment,
    *,
    now: datetime,
    old_starts_at: datetime | None = None,
) -> VisitNews:
    """Take the snapshot.

    Args:
        what: has happened.
        appointment: as it is now; a row of the table will do.
        now: aware; when it happened.
        old_starts_at: when the visit would have begun before it was moved.
    """
    return VisitNews(
        what=what,
        id=appointment.id,
        code=appointment.code,
        uid=appointment.uid or f"{appointment.id}@tiski",
        sequence=appointment.sequence,
        service_id=appointment.service_id,
        staff_id=appointment.staff_id,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        language=appointment.language,
        name=appointment.contact_name,
        email=appointment.contact_email,
        phone=appointment.contact_phone,
        created_at=now,
        old_starts_at=old_starts_at,
        held_until=appointment.held_until if what is What.OPENING else None,
    )


def write_mail(news: VisitNews, business: Business, *, sender: str, link: str) -> EmailMessage:
    """Write the mail, with an invitation unless it is a reminder or an opening.

    The invitation is there twice, as mail programs want it: as another form of the text, which
    they show with its buttons (RFC 6047, 2.4), and as a file.

    Args:
        news: with an e-mail address.
        business: whose words, names and address it has.
        sender: the address that it comes from.
        link: to the appointment's page.

    Raises:
        ValueError: the customer's e-mail address is missing or is none; it is not in the text.
    """
    language = language_of(business, news.language)
    name = business.name.get(language)
    message = EmailMessage()
    message["From"] = _address(sender, one_line(name))
    message["To"] = _address(news.email or "")
    message["Reply-To"] = _address(business.contact.email)
    subject = words.phrase(
        f"words_visit_subject_{news.what.value}", language, **_facts(news, business, language)
    )
    message["Subject"] = one_line(subject)[:_LONGEST_SUBJECT]
    message["Date"] = format_datetime(utc(news.created_at))
    message["Message-ID"] = f"<{_identity(news)}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # no holiday replies to this
    text = "\n".join(_lines(news, business, language, link)) + "\n"
    message.set_content(text, cte="quoted-printable")
    method = news.what.method
    if method:
        event = _event(news, business, language, method, link)
        message.add_alternative(
            event, subtype="calendar", cte="quoted-printable", params={"method": method}
        )
        message.add_attachment(
            event.encode(), maintype="application", subtype="ics", filename="invite.ics"
        )
    return message


def write_text(news: VisitNews, business: Business, *, link: str) -> str:
    """Write the text message: one to two GSM segments, the link at its end.

    What the customer typed is not in it.
    """
    language = language_of(business, news.language)
    facts = _facts(news, business, language, short=True)
    text = words.phrase(f"words_visit_sms_{news.what.value}", language, **facts, link=link)
    return one_line(text).translate(_PLAIN)


def known_name(name: str) -> str | None:
    """Return a name that may be repeated to whoever reads the mail; None where it is not like one.

    Anybody can book for anybody's address: "www.example.com click here" is not sent on.
    """
    plain = one_line(name)
    return plain if len(plain) <= _LONGEST_NAME and _NAME.fullmatch(plain) else None


def _facts(
    news: VisitNews, business: Business, language: str, *, short: bool = False
) -> dict[str, Any]:
    def moment(at: datetime | None) -> str:
        say = dates.say_moment_short if short else dates.say_moment
        return say(at.astimezone(business.tz), language) if at else ""

    facts = visit_facts(
        business,
        language,
        service_id=news.service_id,
        staff_id=news.staff_id,
        starts_at=news.starts_at,
    )
    facts["when"] = moment(news.starts_at)
    facts["old_when"] = moment(news.old_starts_at)
    facts["held_until"] = moment(news.held_until)
    return facts


def _lines(news: VisitNews, business: Business, language: str, link: str) -> list[str]:
    facts = _facts(news, business, language)
    lines = [_hello(news, language), ""]
    lines.append(words.phrase(f"words_visit_lead_{news.what.value}", language, **facts))
    if news.old_starts_at:
        lines.append(words.phrase("words_visit_old_time", language, old_when=facts["old_when"]))
    told = ["service", "person"]
    if news.what not in _GONE:
        told += ["when", "price", "address"]
    if news.what not in (*_GONE, What.OPENING):
        told.append("code")
    facts["code"] = news.code
    lines.append("")
    for fact in told:
        if facts[fact]:
            lines.append(words.phrase(f"words_visit_line_{fact}", language, value=facts[fact]))
    link_for = _LINKS.get(news.what, "manage")
    lines += ["", words.phrase(f"words_visit_link_{link_for}", language), link]
    if news.what not in _GONE:
        lines.append(words.phrase("words_visit_link_is_private", language))
    lines += ["", words.phrase("words_visit_phone", language, phone=facts["phone"])]
    return [*lines, "", words.phrase("words_visit_goodbye", language), facts["business"]]


def _hello(news: VisitNews, language: str) -> str:
    name = known_name(news.name)
    if name is None:
        return words.phrase("words_visit_hello_nobody", language)
    return words.phrase("words_visit_hello", language, name=name.split()[0])


def _event(news: VisitNews, business: Business, language: str, method: str, link: str) -> str:
    return invitation(
        business,
        language,
        method=method,
        uid=news.uid,
        sequence=news.sequence,
        service_id=news.service_id,
        staff_id=news.staff_id,
        starts_at=news.starts_at,
        ends_at=news.ends_at,
        link=link,
        now=news.created_at,
        attendee=news.email,
        attendee_name=known_name(news.name),
    )


def _identity(news: VisitNews) -> str:
    """The same for the same news, and hard to guess for who does not have it."""
    parts = f"{news.uid} {news.id} {news.sequence} {news.what.value} {utc(news.created_at)}"
    return f"visit.{hashlib.sha256(parts.encode()).hexdigest()[:32]}"


def _address(email: str, name: str = "") -> Address:
    if not _EMAIL.fullmatch(email):
        raise ValueError("expected one e-mail address")
    return Address(name, addr_spec=email)
