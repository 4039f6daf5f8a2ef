"""Puts parcels into the outbox (table `outbox`), and takes them out while nobody has begun."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tiski.db.tables import Delivery


def add(
    opened: Session,
    kind: str,
    content: dict[str, Any],
    *,
    queue: str,
    now: datetime,
    key: str | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> int | None:
    """Put a parcel in, with the transaction of `opened`; return its id.

    Args:
        kind: who delivers it (tiski/worker/handlers.py).
        content: what that needs; JSON.
        queue: parcels of one queue are delivered in the order in which they were put in.
        now: aware.
        key: a parcel with a key that was there before, delivered or not, is not put in again, and
            None is returned.
        not_before: aware; None: at once.
        expires_at: aware; what could not be delivered by then is dropped. None: never.
    """
    if key is not None:
        known = opened.execute(select(Delivery.id).where(Delivery.key == key)).first()
        if known:
            return None
    row = Delivery(
        kind=kind,
        queue=queue,
        key=key,
        content=content,
        status="waiting",
        tries=0,
        not_before=not_before or now,
        expires_at=expires_at,
        created_at=now,
    )
    opened.add(row)
    opened.flush()
    return int(row.id)


def waiting(opened: Session, queue: str) -> list[int]:
    """Return the ids of a queue's parcels that nobody has begun to deliver."""
    query = select(Delivery.id).where(Delivery.queue == queue, Delivery.status == "waiting")
    return list(opened.scalars(query.order_by(Delivery.id)))


def drop(opened: Session, ids: list[int], now: datetime) -> None:
    """Take out parcels that nobody has begun to deliver: what they tell of did not come about."""
    _change(opened, ids, status="dropped", ended_at=now)


def release(opened: Session, ids: list[int], now: datetime) -> None:
    """Let parcels go that were put in with a later `not_before`."""
    _change(opened, ids, not_before=now)


def done(opened: Session, ids: list[int], now: datetime) -> None:
    """Note that somebody else than the courier has delivered parcels."""
    _change(opened, ids, status="done", ended_at=now)


def _change(opened: Session, ids: list[int], **values: Any) -> None:
    opened.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.status == "waiting")
        .values(**values)
        .execution_options(synchronize_session=False)
    )
