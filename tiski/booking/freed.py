"""A time that became free: a parcel for whoever offers it to the waiting list."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tiski.booking.grid import utc
from tiski.db.tables import WaitingListEntry
from tiski.outbox import store

FREED = "freed"


def freed(
    opened: Session,
    service_id: str,
    staff_id: str,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    *,
    not_before: datetime | None = None,
) -> int | None:
    """Have a freed time offered to the next in line, if anybody waits.

    Args:
        opened: the transaction that frees it.
        service_id: what it was for: what that takes is free now, too.
        staff_id: whose time it is.
        starts_at: aware. ends_at: aware.
        now: aware.
        not_before: aware; not offered earlier. None: at once.

    Returns:
        The parcel's id; None when nobody waits.
    """
    waits = select(WaitingListEntry.id).where(WaitingListEntry.status == "waiting").limit(1)
    if starts_at <= now or opened.execute(waits).first() is None:
        return None
    content = {
        "service_id": service_id,
        "staff_id": staff_id,
        "starts_at": utc(starts_at).isoformat(),
        "ends_at": utc(ends_at).isoformat(),
    }
    # One queue: who waits longest is asked first, whatever is freed at the same time
    return store.add(
        opened, FREED, content, queue=FREED, now=now, not_before=not_before, expires_at=starts_at
    )
