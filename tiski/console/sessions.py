"""Who of the staff is signed in: the table `staff_sessions`, which knows only hashes of tokens."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from tiski.db.session import reading, session
from tiski.db.tables import StaffSession

LASTS = timedelta(hours=12)


def open_session(now: datetime) -> str:
    """Sign a device in; returns the token that it shows from then on. Old sessions are removed.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nobody was signed in.
    """
    token = secrets.token_urlsafe(32)
    with session() as db:
        db.execute(delete(StaffSession).where(StaffSession.expires_at <= now))
        db.add(StaffSession(token_hash=_hash(token), created_at=now, expires_at=now + LASTS))
    return token


def is_signed_in(token: str | None, now: datetime) -> bool:
    """Whether a token was given out here and still holds.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
    """
    if not token:
        return False
    with reading() as db:
        expires_at = db.scalar(
            select(StaffSession.expires_at).where(StaffSession.token_hash == _hash(token))
        )
    return expires_at is not None and now < expires_at


def close_session(token: str | None) -> None:
    """Sign one device out."""
    if token:
        with session() as db:
            db.execute(delete(StaffSession).where(StaffSession.token_hash == _hash(token)))


def close_all() -> None:
    """Sign everybody out."""
    with session() as db:
        db.execute(delete(StaffSession))


def _hash(token: str) -> str:
    # The token is random and long: a plain hash cannot be turned back
    return hashlib.sha256(token.encode()).hexdigest()
