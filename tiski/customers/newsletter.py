"""Who wants the newsletter: every yes and every no is a row of its own, with its words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tiski.db.session import reading, run, session
from tiski.db.tables import Consent

NEWSLETTER = "newsletter"


async def is_subscribed(email: str) -> bool:
    """Whether the last word about an address (in lower case) was a yes.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
    """

    def look() -> bool:
        with reading() as db:
            return bool(_last(db, email))

    return await run(look)


async def subscribe(
    email: str,
    *,
    words: str,
    language: str,
    channel: str,
    conversation_id: str,
    now: datetime,
) -> bool:
    """Record that an address is given for the newsletter; False when it was on the list before.

    Args:
        email: in lower case.
        words: what the customer said yes to, exactly as it was asked.
        now: an aware time.

    Raises:
        ValueError: there are no words.
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    return await run(_record, email, True, words, language, channel, conversation_id, now)


async def unsubscribe(
    email: str,
    *,
    words: str,
    language: str,
    channel: str,
    conversation_id: str,
    now: datetime,
) -> bool:
    """Record that an address is to get no newsletter, whether it is on the list or not.

    A no counts also for an address that never said yes: it may be on a list elsewhere. The
    customer must be told the same either way.

    Args: as for `subscribe`; `words` tell how it was withdrawn.

    Returns:
        False when the last word about the address was a no already; nothing is added then.
    """
    return await run(_record, email, False, words, language, channel, conversation_id, now)


def _record(
    email: str,
    is_given: bool,
    words: str,
    language: str,
    channel: str,
    conversation_id: str,
    now: datetime,
) -> bool:
    if not words.strip():
        raise ValueError("a consent without its words may not be stored")
    with session() as db:
        if _last(db, email) is is_given:
            return False
        db.add(
            Consent(
                purpose=NEWSLETTER,
                email=email,
                is_given=is_given,
                words=words,
                language=language,
                channel=channel,
                conversation_id=conversation_id,
                created_at=now,
            )
        )
        return True


def _last(db: Session, email: str) -> bool | None:
    given: bool | None = db.scalars(
        select(Consent.is_given)
        .where(Consent.purpose == NEWSLETTER, Consent.email == email)
        .order_by(Consent.id.desc())
    ).first()
    return given
