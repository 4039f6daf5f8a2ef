"""Feedback: a rating, praise, or that an answer did not help."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tiski.db.session import session
from tiski.db.tables import Feedback

# Within this time a rating and the word that follows it are of one thing.
SAME_WITHIN = timedelta(hours=1)
LEAST_RATING, MOST_RATING = 1, 5


def keep(
    *,
    conversation_id: str,
    rating: int | None,
    comment: str | None,
    about: str | None,
    language: str,
    channel: str | None,
    now: datetime,
) -> int:
    """Store a rating, a comment or both; return the row's id.

    A rating is stored as soon as it is given, for many customers leave then; the comment that
    follows is added to it. A rating given anew replaces the earlier one; another comment is a
    row of its own.

    Args:
        rating: 1 to 5, or None: then it is praise.
        about: the use case that was rated, or None where it was not asked for after one.
        now: an aware time.

    Raises:
        ValueError: neither a rating nor a comment, or a rating that is none.
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    if rating is None and not comment:
        raise ValueError("neither a rating nor a comment")
    if rating is not None and not LEAST_RATING <= rating <= MOST_RATING:
        raise ValueError(f"rating {rating}; expected {LEAST_RATING} to {MOST_RATING}")
    with session() as db:
        row = _latest(db, conversation_id, about, now)
        if row is None or (comment and row.comment and row.comment != comment):
            row = Feedback(
                kind="praise" if rating is None else "rating",
                about=about,
                language=language,
                channel=channel,
                conversation_id=conversation_id,
                created_at=now,
            )
            db.add(row)
        row.rating = row.rating if rating is None else rating
        row.comment = comment or row.comment
        db.flush()
        return int(row.id)


def keep_unhelpful(
    *,
    conversation_id: str,
    about: str | None,
    comment: str | None,
    language: str,
    channel: str | None,
    now: datetime,
) -> int:
    """Store that an answer did not help; return the row's id.

    Args:
        about: the response that was said, e.g. utter_faq/parking.
        comment: the customer's words.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    with session() as db:
        row = Feedback(
            kind="unhelpful",
            about=about,
            comment=comment,
            language=language,
            channel=channel,
            conversation_id=conversation_id,
            created_at=now,
        )
        db.add(row)
        db.flush()
        return int(row.id)


def _latest(db: Session, conversation_id: str, about: str | None, now: datetime) -> Feedback | None:
    same_thing = Feedback.about.is_(None) if about is None else Feedback.about == about
    row: Feedback | None = db.scalars(
        select(Feedback)
        .where(
            Feedback.conversation_id == conversation_id,
            Feedback.kind != "unhelpful",
            same_thing,
            Feedback.created_at > now - SAME_WITHIN,
        )
        .order_by(Feedback.id.desc())
    ).first()
    return row
