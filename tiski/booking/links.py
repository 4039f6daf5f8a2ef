"""Links that let a customer manage one appointment without an account.

A token is `<id>-<hours>-<signature>`: the appointment's id and the hour since 1970 (UTC) at which
the link ends, both in hexadecimal, and 128 bits of an HMAC-SHA256 over them and a purpose. Nothing
of the customer is in it, and not the booking code: links lie in mailboxes and in the logs of
proxies. Small letters, digits and hyphens only, so that no program breaks it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from datetime import datetime, timedelta

from tiski.booking.grid import utc
from tiski.outside.errors import SettingsError
from tiski.secret import secret

#: what a link is for; a token for one purpose is worth nothing for another
VISIT = "visit"

#: a link is of use for so long after the end of the visit
KEPT_FOR = timedelta(days=1)

PAGE = "/desk/visit/"
DEFAULT_URL = "http://localhost:5005"

_PURPOSE = b"appointment-link:"
_SIGNATURE_BYTES = 16
_HOUR = 3600
_SHAPE = re.compile(r"([0-9a-f]{1,12})-([0-9a-f]{1,8})-[a-z2-7]{26}")
_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
_ADDRESS = re.compile(r"(https?)://([^\s/?#@:\[\]]+|\[[0-9a-f:]+\])(:\d{1,5})?(/[^\s?#]*)?")


def token_for(appointment_id: int, *, ends_at: datetime, purpose: str = VISIT) -> str:
    """Return the token of an appointment.

    Args:
        appointment_id: of the table.
        ends_at: of the visit, aware.
        purpose: see above.
    """
    # up to the full hour, so that it is never less than a day
    hours = -int(-(utc(ends_at) + KEPT_FOR).timestamp() // _HOUR)
    content = f"{appointment_id:x}-{hours:x}"
    return f"{content}-{_signature(content, purpose)}"


def appointment_of(token: object, now: datetime, purpose: str = VISIT) -> int | None:
    """Return the id of the appointment that a token is for; None when it is forged or too old.

    Which of the two it is shows neither in the answer nor in the time it takes.

    Args:
        token: as it came.
        now: aware.
        purpose: what it must have been made for.
    """
    text = token if isinstance(token, str) else ""
    match = _SHAPE.fullmatch(text)
    content, _, signature = text.rpartition("-")
    is_ours = hmac.compare_digest(_bytes(signature), _bytes(_signature(content, purpose)))
    ends = int(match[2], 16) * _HOUR if match else 0
    is_valid = is_ours & (utc(now).timestamp() < ends)
    return int(match[1], 16) if match and is_valid else None


def visit_link(appointment_id: int, *, ends_at: datetime) -> str:
    """Return the address of the page of an appointment, as a customer's browser reaches it.

    Raises:
        SettingsError: PUBLIC_URL is wrong.
    """
    return f"{public_url()}{PAGE}{token_for(appointment_id, ends_at=ends_at)}"


def public_url() -> str:
    """Return where customers reach the desk: PUBLIC_URL without a slash at its end.

    Raises:
        SettingsError: it is no address, or not encrypted: whoever reads a link on its way may
            cancel the visit.
    """
    written = (os.environ.get("PUBLIC_URL") or "").strip()
    if not written:
        return DEFAULT_URL
    match = _ADDRESS.fullmatch(written)
    if not match or (match[1] == "http" and match[2] not in _THIS_MACHINE):
        raise SettingsError("PUBLIC_URL: expected an address such as https://desk.example.com")
    return written.rstrip("/")


def _signature(content: str, purpose: str) -> str:
    signed = _PURPOSE + _bytes(f"{purpose}:{content}")
    digest = hmac.new(secret(), signed, hashlib.sha256).digest()[:_SIGNATURE_BYTES]
    return base64.b32encode(digest).decode().rstrip("=").lower()


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")  # half characters come from outside, too
