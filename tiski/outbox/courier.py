"""Delivers what is in the outbox: in order within a queue, queues beside each other, once.

A parcel is marked ("sending") before it goes out, and ended after. What was being sent when the
process died is marked still: after LEASE it is taken up again, by kinds of which a second time does
no harm (a calendar's event, a mail with the same Message-ID); the others are shown to staff, who
can ask the customer. Several couriers, on several machines, may share one outbox.

Where another system is of no use at the moment, its parcels wait, longer each time, up to GIVE_UP.
What it refused is not tried again. Either way the parcel ends as "failed", and staff see it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import aliased

from tiski import clock
from tiski.db.session import reading, run, session
from tiski.db.tables import Delivery
from tiski.outside.errors import OutsideError, Trouble

logger = logging.getLogger(__name__)

# Longer than any delivery may take
LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)
GIVE_UP = timedelta(days=1)
AT_ONCE = 8


@dataclass(frozen=True)
class Parcel:
    """One delivery, as its handler sees it."""

    id: int
    kind: str
    content: dict[str, Any]
    created_at: datetime
    expires_at: datetime | None
    tries: int


class Dropped(Exception):
    """The handler found that the parcel is of no use any more, or that nobody takes such."""


class Handler(Protocol):
    """Delivers parcels of one kind.

    Attributes:
        may_repeat: whether delivering twice does no harm.
    """

    may_repeat: bool

    async def deliver(self, parcel: Parcel) -> None:
        """Deliver it.

        Raises:
            OutsideError: it could not be delivered.
            Dropped: it need not be.
        """
        ...


class Courier:
    """Delivers for one process.

    Args:
        handlers: by kind. Parcels of other kinds stay where they are.
    """

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._handlers = dict(handlers)
        self._beside = asyncio.Semaphore(AT_ONCE)

    async def round(self) -> int:
        """Deliver all that is due, and what becomes due behind it; return how many were tried."""
        tried = 0
        while True:
            due = await run(_due, list(self._handlers), clock.now())
            if not due:
                return tried
            results = await asyncio.gather(*(self._one(parcel_id) for parcel_id in due))
            tried += sum(results)
            if not any(results):  # another courier has them all
                return tried

    async def _one(self, parcel_id: int) -> bool:
        async with self._beside:
            now = clock.now()
            claimed = await run(_claim, parcel_id, now)
            if claimed is None:
                return False
            parcel, was_sending = claimed
            handler = self._handlers[parcel.kind]
            if parcel.expires_at is not None and parcel.expires_at <= now:
                await run(_end, parcel.id, "dropped", now)
                return True
            if was_sending and not handler.may_repeat:
                await run(_end, parcel.id, "failed", clock.now(), Trouble.UNKNOWN)
                logger.error("%s %d: unknown whether it was sent", parcel.kind, parcel.id)
                return True
            try:
                await handler.deliver(parcel)
            except Dropped:
                await run(_end, parcel.id, "dropped", clock.now())
            except OutsideError as error:
                await run(_not_delivered, parcel, error, handler.may_repeat)
            except Exception as error:  # the others must go on; its text may repeat a customer's
                logger.error("%s %d failed: %s", parcel.kind, parcel.id, type(error).__name__)
                await run(_end, parcel.id, "failed", clock.now(), Trouble.UNKNOWN)
            else:
                await run(_end, parcel.id, "done", clock.now())
            return True


def _due(kinds: list[str], now: datetime) -> list[int]:
    """The first open parcel of each queue, where its time has come."""
    earlier = aliased(Delivery)
    is_behind = (
        select(earlier.id)
        .where(
            earlier.queue == Delivery.queue,
            earlier.id < Delivery.id,
            earlier.status.in_(("waiting", "sending")),
        )
        .exists()
    )
    with reading() as opened:
        query = select(Delivery.id).where(_is_free(now), Delivery.kind.in_(kinds), ~is_behind)
        return list(opened.scalars(query.order_by(Delivery.id).limit(200)))


def _is_free(now: datetime) -> Any:
    """Waiting and due, or begun by somebody who is dead by now."""
    # `not_before` of what is being sent is the end of the lease
    return and_(
        or_(Delivery.status == "waiting", Delivery.status == "sending"), Delivery.not_before <= now
    )


def _claim(parcel_id: int, now: datetime) -> tuple[Parcel, bool] | None:
    with session() as opened:
        row = opened.scalars(
            select(Delivery).where(Delivery.id == parcel_id, _is_free(now)).with_for_update()
        ).one_or_none()
        if row is None:
            return None
        was_sending = row.status == "sending"
        row.status, row.not_before, row.tries = "sending", now + LEASE, row.tries + 1
        parcel = Parcel(
            id=row.id,
            kind=row.kind,
            content=dict(row.content),
            created_at=row.created_at,
            expires_at=row.expires_at,
            tries=row.tries,
        )
        return parcel, was_sending


def _end(parcel_id: int, status: str, now: datetime, trouble: Trouble | None = None) -> None:
    with session() as opened:
        opened.execute(
            update(Delivery)
            .where(Delivery.id == parcel_id)
            .values(status=status, ended_at=now, trouble=trouble.value if trouble else None)
            .execution_options(synchronize_session=False)
        )


def _not_delivered(parcel: Parcel, error: OutsideError, may_repeat: bool) -> None:
    """Have it tried again later, or end it as failed."""
    now = clock.now()
    trouble = error.trouble
    is_lost = trouble in (Trouble.REFUSED, Trouble.NOT_FOUND)
    # Nobody knows whether what is not safe to repeat was done there
    is_unsure = (
        error.reached and not may_repeat and trouble in (Trouble.CANNOT_CONNECT, Trouble.UNKNOWN)
    )
    if is_lost or is_unsure or now - parcel.created_at >= GIVE_UP:
        _end(parcel.id, "failed", now, trouble)
        logger.error("%s %d could not be delivered: %s", parcel.kind, parcel.id, error)
        return
    pause = min(FIRST_PAUSE * 2 ** min(parcel.tries - 1, 10), LONGEST_PAUSE)
    if trouble is Trouble.INVALID_CREDENTIALS:  # until the owner has changed something
        pause = LONGEST_PAUSE
    pause = max(pause, error.retry_after or pause)
    with session() as opened:
        opened.execute(
            update(Delivery)
            .where(Delivery.id == parcel.id)
            .values(status="waiting", not_before=now + pause, trouble=trouble.value)
            .execution_options(synchronize_session=False)
        )
    logger.warning("%s %d waits, to be tried again: %s", parcel.kind, parcel.id, error)
