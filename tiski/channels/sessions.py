"""Signed names of web conversations: who holds the token may read and continue it, nobody else.

A token is `<sender id>.<HMAC-SHA256 of it>`, made with the installation's key (tiski/secret.py).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from tiski.secret import secret

_PURPOSE = b"web-session:"  # so that a signature made for something else is worth nothing here


def new_sender_id() -> str:
    """A name for a new conversation that cannot be guessed."""
    return f"web-{secrets.token_hex(16)}"


def token_for(sender_id: str) -> str:
    """The token that proves its holder to be this sender."""
    return f"{sender_id}.{_signature(sender_id)}"


def sender_of(token: object) -> str | None:
    """The sender that a token names, or None when it was not signed here."""
    if not isinstance(token, str):
        return None
    sender_id, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(sender_id).encode()):
        return None
    return sender_id


def _signature(sender_id: str) -> str:
    return hmac.new(secret(), _PURPOSE + sender_id.encode(), hashlib.sha256).hexdigest()
