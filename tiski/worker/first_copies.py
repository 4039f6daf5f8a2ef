"""When calendars are first connected: what is booked already is copied to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from tiski.booking.announce import CALENDAR
from tiski.booking.calendars.whose import places
from tiski.booking.grid import utc
from tiski.business import Business
from tiski.db.session import run, session
from tiski.db.tables import Appointment, CalendarCopy
from tiski.outbox import store


async def copy_all(business: Business, now: datetime) -> int:
    """Have every coming appointment copied that has no copy yet; return how many.

    Args:
        business: whose staff count.
        now: aware.
    """
    return await run(_copy_all, [one for one in places() if one in business.staff], now)


def _copy_all(staff_ids: list[str], now: datetime) -> int:
    query = (
        select(Appointment)
        .outerjoin(CalendarCopy)
        .where(
            Appointment.status == "booked",
            Appointment.ends_at > utc(now),
            Appointment.staff_id.in_(staff_ids),
            CalendarCopy.appointment_id.is_(None),
        )
    )
    put_in = 0
    with session() as opened:
        for row in opened.scalars(query).all():
            parcel = store.add(
                opened,
                CALENDAR,
                {"appointment": row.id},
                queue=f"visit-{row.id}-calendar",
                now=now,
                key=f"first-copy-{row.id}-{row.staff_id}",
            )
            put_in += parcel is not None
    return put_in
