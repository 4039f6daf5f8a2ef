"""What the owner reads in a mail, in the business's own language; the words are in data/words/.

The conversation is not in it: mail lies about in many places, and the staff's page has it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from tiski import words
from tiski.answers import dates
from tiski.business import Business

_LONGEST_TEXT = 1000
_LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class News:
    """A ticket or a lead, as far as a mail tells of it. Times are aware."""

    code: str  # of the ticket or lead
    kind: str  # of data/words/mail.yml: an intent, or lead_quote, lead_callback
    need: str
    created_at: datetime
    answer_by: datetime | None
    reference: str | None = None  # an order number or an appointment's code
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    when: str | None = None
    budget_cents: int | None = None
    is_qualified: bool | None = None  # None: not a lead


def write(
    news: News,
    business: Business,
    *,
    sender: str,
    recipients: list[str],
    staff_page: str | None = None,
) -> EmailMessage:
    """Write the mail; with the address of the staff page where it is known.

    Nothing that a customer wrote gets into a header, and what the owner wrote gets there as one
    line: no header can be added from outside.
    """
    language = business.default_language
    what = _kind(news.kind, language)
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Subject"] = one_line(
        words.phrase(
            "words_mail_subject",
            language,
            business=business.name.get(language),
            what=what,
            code=news.code,
        )
    )[:_LONGEST_SUBJECT]
    message["Date"] = format_datetime(news.created_at)
    # the same for the same ticket, so that a mail program shows it once if it ever came twice
    host = sender.rpartition("@")[2]
    message["Message-ID"] = f"<{news.code}.{news.created_at:%Y%m%d%H%M%S}@{host}>"
    message["Auto-Submitted"] = "auto-generated"  # no holiday replies to this
    message.set_content(
        "\n".join(_lines(news, business, what, staff_page)) + "\n", cte="quoted-printable"
    )
    return message


def _lines(news: News, business: Business, what: str, staff_page: str | None) -> list[str]:
    language = business.default_language

    def line(key: str, value: str) -> list[str]:
        return [words.phrase(key, language, value=value)]

    lines = [words.phrase("words_mail_intro", language, what=what, code=news.code), ""]
    lines += [words.phrase("words_mail_need", language), *_quoted(news.need), ""]
    if news.when:
        lines += line("words_mail_when", one_line(news.when))
    if news.budget_cents is not None:
        lines += line("words_mail_budget", dates.say_price(news.budget_cents, language))
    if news.is_qualified is not None:
        lines.append(words.phrase(_QUALIFIED[news.is_qualified], language))
    if news.reference:
        lines += line("words_mail_reference", one_line(news.reference))
    contacts = [one_line(part) for part in (news.name, news.phone, news.email) if part]
    lines += line("words_mail_contact", ", ".join(contacts)) if contacts else []
    if news.answer_by:
        moment = dates.say_moment(news.answer_by.astimezone(business.tz), language)
        lines += line("words_mail_promised", moment)
    lines += ["", words.phrase("words_mail_staff_page", language)]
    return [*lines, staff_page] if staff_page else lines


_QUALIFIED = {True: "words_mail_qualified", False: "words_mail_not_qualified"}


def _kind(kind: str, language: str) -> str:
    try:
        return words.phrase(f"words_mail_kind_{kind}", language)
    except words.WordsError:  # a kind without words of its own
        return words.phrase("words_mail_kind_other", language)


def one_line(text: str) -> str:
    """The text without line breaks and control characters, of any script."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]", " ", text).split())


def _quoted(text: str) -> list[str]:
    """What the customer wrote, line by line and set in, so that it cannot pass for ours."""
    cut = text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "…"
    lines = (one_line(line) for line in cut.splitlines())
    visible = ("".join(c for c in line if unicodedata.category(c) != "Cf") for line in lines)
    return [f"  {line}" for line in visible if line]
