"""Which way a customer is told of an appointment: by mail, by text message, or not at all."""

from __future__ import annotations

import os

MAIL, TEXT = "visit_mail", "visit_text"


def way_to_reach(email: str | None, phone: str | None, what: str) -> str | None:
    """Return the kind of parcel that reaches a customer; None when none does.

    A mail, because it holds the invitation; for what is urgent (a reminder, a freed time) a text
    message, because it is seen.

    Args:
        email: of the customer, or None.
        phone: E.164, or None.
        what: see `tiski.booking.announce.announce`.
    """
    ways = _ways(email, phone)
    if what in ("reminder", "opening"):
        ways.reverse()
    return ways[0] if ways else None


def other_way(way: str, email: str | None, phone: str | None) -> str | None:
    """Return the kind of parcel that reaches a customer if `way` does not; None when none does.

    Args:
        way: MAIL or TEXT.
        email: of the customer, or None.
        phone: E.164, or None.
    """
    return next((one for one in _ways(email, phone) if one != way), None)


def _ways(email: str | None, phone: str | None) -> list[str]:
    ways = []
    if email and os.environ.get("MAIL_URL", "").strip():
        ways.append(MAIL)
    if phone and os.environ.get("TWILIO_ACCOUNT_SID", "").strip():
        ways.append(TEXT)
    return ways
