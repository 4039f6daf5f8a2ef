"""Reminds customers of a visit, once, some hours before (`booking.reminder_hours`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from tiski.booking.announce import announce, reminder_key
from tiski.booking.grid import utc
from tiski.business import Business
from tiski.db.session import reading, run, session
from tiski.db.tables import Appointment, Delivery
from tiski.notify.reach import way_to_reach


async def remind(business: Business, now: datetime) -> int:
    """Put the reminders that are due into the outbox; return how many.

    Who booked or moved the visit when the reminder was due already needs none. Who said that they
    are coming gets one all the same: it holds the time and the way to change it.

    Args:
        business: for `booking.reminder_hours`; None there: nobody is reminded.
        now: aware.
    """
    hours = business.booking.reminder_hours
    return await run(_remind, timedelta(hours=hours), now) if hours else 0


def _remind(before: timedelta, now: datetime) -> int:
    query = select(Appointment).where(
        Appointment.status == "booked",
        Appointment.starts_at > utc(now),
        Appointment.starts_at <= utc(now) + before,
    )
    with reading() as opened:
        rows = [row for row in opened.scalars(query) if _is_due(row, before, now)]
        keys = [reminder_key(row) for row in rows]
        known = set(opened.scalars(select(Delivery.key).where(Delivery.key.in_(keys))))
    told = 0
    for number in [row.id for row in rows if reminder_key(row) not in known]:
        with session() as opened:
            row = opened.get(Appointment, number, with_for_update=True)
            # It may have been moved since
            if row is not None and _is_due(row, before, now):
                told += announce(opened, row, "reminder", now)
    return told


def _is_due(row: Any, before: timedelta, now: datetime) -> bool:
    return (
        row.status == "booked"
        and now < row.starts_at <= now + before
        and row.changed_at < row.starts_at - before
        # Else it would be looked at anew in each round
        and way_to_reach(row.contact_email, row.contact_phone, "reminder") is not None
    )
