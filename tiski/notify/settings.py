"""How mail is sent, from the environment (MAIL_URL, MAIL_FROM, STAFF_URL; see .env.example)."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import unquote, urlsplit

from tiski.nlu.emails import email

_SHAPE = (
    "smtp://user:password@host:587 (STARTTLS), smtps://user:password@host:465 (TLS), or"
    " smtp+plain://localhost:25 (not encrypted)"
)
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class Security(Enum):
    """How the connection is encrypted; the value is the beginning of MAIL_URL."""

    STARTTLS = "smtp"
    TLS = "smtps"
    NONE = "smtp+plain"


_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


class MailSettingsError(Exception):
    """A variable is wrong; the text names it and what was expected, and never its value.

    MAIL_URL holds a password, and errors are printed and logged.
    """


@dataclass(frozen=True)
class MailSettings:
    """The server that takes our mail, and what our mails name.

    `sender` is None where MAIL_FROM is not set, `staff_page` where nobody knows its address.
    """

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    sender: str | None = None
    staff_page: str | None = None


def mail_settings() -> MailSettings | None:
    """Read the settings; None when MAIL_URL is not set, which means that no mail is sent.

    Raises:
        MailSettingsError: MAIL_URL, MAIL_FROM or STAFF_URL is not what it should be.
    """
    url = (os.environ.get("MAIL_URL") or "").strip()
    sender = (os.environ.get("MAIL_FROM") or "").strip()
    if not url:
        return None
    address = email(sender) if sender else None
    if sender and address is None:
        raise MailSettingsError("MAIL_FROM: expected an e-mail address such as desk@example.com")
    try:
        parts = urlsplit(url)
        security = Security(parts.scheme)
        host, port = parts.hostname, parts.port  # a port that is none raises
    except ValueError:
        raise _wrong_url() from None
    if not host or re.search(r"[\s\x00-\x1f]", url) or parts.path.strip("/") or parts.query:
        raise _wrong_url()
    if parts.fragment or bool(parts.username) != bool(parts.password):
        raise _wrong_url("a user needs a password; write # as %23, / as %2F and @ as %40")
    if security is Security.NONE and parts.password and host not in _THIS_MACHINE:
        raise _wrong_url("a password is not sent unencrypted")
    return MailSettings(
        host=host,
        port=port or _PORTS[security],
        security=security,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        sender=address,
        staff_page=_staff_page(),
    )


def _staff_page() -> str | None:
    """STAFF_URL: the staff page as the owner's browser reaches it."""
    page = (os.environ.get("STAFF_URL") or "").strip()
    if page and not re.fullmatch(r"https?://[^\s/@]+(/[^\s?#]*)?", page):
        raise MailSettingsError("STAFF_URL: expected an address such as https://desk.example/")
    return page or None


def _wrong_url(hint: str = "") -> MailSettingsError:
    return MailSettingsError(f"MAIL_URL: expected {_SHAPE}" + (f"; {hint}" if hint else ""))
