"""Signed names of web conversations: who holds the token may read and continue it, nobody else.

A token is `<sender id>.<HMAC-SHA256 of it>`. The key is TISKI_SECRET; without it, a random one
is made at the first start and kept in `var/secret`, readable by the desk's own user only.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from tiski.paths import var_dir

MIN_SECRET_CHARS = 32
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


def secret() -> bytes:
    """The key of this installation.

    Raises:
        ValueError: TISKI_SECRET is set, but too short to be safe.
    """
    from_environment = os.environ.get("TISKI_SECRET", "")
    if not from_environment:
        return _kept_secret(var_dir() / "secret")
    if len(from_environment) < MIN_SECRET_CHARS:
        raise ValueError(
            f"TISKI_SECRET: {len(from_environment)} characters; "
            f"expected at least {MIN_SECRET_CHARS} random ones"
        )
    return from_environment.encode()


@lru_cache(maxsize=4)
def _kept_secret(file: Path) -> bytes:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(secrets.token_hex(32))
        try:
            os.link(draft, file)  # whole or not at all, and the first of two processes wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_bytes().strip()
