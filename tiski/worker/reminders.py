"""Reminds customers of a visit, once, some hours before (`booking.reminder_hours`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from tiski.booking.announce import announce
from tiski.booking.grid import utc
from tiski.business import Business
from tiski.db.session import reading, run, session
from tiski.db.tables import Appointment, Delivery


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
        rows = list(opened.scalars(query))
        known = set(opened.scalars(select(Delivery.key).where(Delivery.key.like("reminder-%"))))
    due = [
        row.id
        for row in rows
        if row.changed_at < row.starts_at - before
        and f"reminder-{row.id}-{row.starts_at:%Y%m%d%H%M}" not in known
    ]
    told = 0
    for appointment_id in due:
        with session() as opened:
            row = opened.get(Appointment, appointment_id, with_for_update=True)
            if row is not None and row.status == "booked":
                told += announce(opened, row, "reminder", now)
    return told
