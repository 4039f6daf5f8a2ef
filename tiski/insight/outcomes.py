"""The table `outcomes`: one row for each use case of a conversation, written turn by turn."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tiski.db.session import session
from tiski.db.tables import Outcome
from tiski.insight.turns import TurnReading

# A customer who has not written for this long has left.
ABANDONED_AFTER = timedelta(minutes=30)
# A person who was asked for this soon after a failure takes over what failed.
_HANDED_OVER_WITHIN = timedelta(minutes=10)
_PERSON = "request_human"


def record(
    conversation_id: str,
    reading: TurnReading,
    *,
    language: str | None,
    channel: str | None,
    now: datetime,
) -> None:
    """Write what a turn did.

    Args:
        language: the conversation's, if it is known.
        now: an aware time.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing of the turn was written.
    """
    with session() as db:
        open_rows = list(
            db.scalars(
                select(Outcome)
                .where(Outcome.conversation_id == conversation_id, Outcome.ended_at.is_(None))
                .order_by(Outcome.id)
            )
        )
        if reading.all_stopped:
            for row in open_rows:
                _end(row, "stopped", now)
            return
        current = open_rows[-1] if open_rows else None
        if current is not None:
            current.offers_taken += reading.offers_taken
            current.touched_at = now
        for use_case in reading.begun:
            known = next((row for row in open_rows if row.use_case == use_case), None)
            if known is None:
                known = Outcome(
                    conversation_id=conversation_id,
                    use_case=use_case,
                    language=language,
                    channel=channel,
                    began_at=now,
                    offers_shown=0,
                    offers_taken=reading.offers_taken if current is None else 0,
                )
                db.add(known)
                open_rows.append(known)
            known.touched_at = now
            current = known
        if current is not None:
            current.offers_shown += reading.offers_shown
            current.question = reading.question or current.question
            current.language = language or current.language
        if reading.ended:
            ended = next((r for r in reversed(open_rows) if r.use_case == reading.ended), current)
            if ended is not None:
                _end(ended, str(reading.result), now, reading.reference)
        if reading.ended == _PERSON and reading.result == "done":
            _hand_over(db, conversation_id, now)


def close_abandoned(now: datetime) -> int:
    """End, as abandoned, what no message has come to for ABANDONED_AFTER; return how many.

    They end at their last message: the row's `question` tells where.
    """
    with session() as db:
        done = db.execute(
            update(Outcome)
            .where(Outcome.ended_at.is_(None), Outcome.touched_at < now - ABANDONED_AFTER)
            .values(result="abandoned", ended_at=Outcome.touched_at)
            .execution_options(synchronize_session=False)
        )
        return int(done.rowcount)


def _hand_over(db: Session, conversation_id: str, now: datetime) -> None:
    """A ticket was opened: what was going on, or has just failed, is a person's now."""
    rows = db.scalars(
        select(Outcome).where(
            Outcome.conversation_id == conversation_id,
            Outcome.use_case != _PERSON,
            Outcome.touched_at >= now - _HANDED_OVER_WITHIN,
        )
    )
    for row in rows:
        if row.ended_at is None or row.result == "failed":
            _end(row, "handed_over", now, row.reference)


def _end(row: Outcome, result: str, now: datetime, reference: str | None = None) -> None:
    row.result, row.ended_at, row.touched_at = result, now, now
    row.reference = reference or row.reference
