"""When calendars are first connected: what is booked already is copied to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from tiski.booking.announce import CALENDAR, copy_to_calendar
from tiski.booking.calendars.whose import places
from tiski.booking.grid import utc
from tiski.business import Business
from tiski.db.session import run, session
from tiski.db.tables import Appointment, CalendarCopy, Delivery


async def copy_all(business: Business, now: datetime) -> int:
    """Have every coming appointment copied that has no copy yet; return how many.

    What failed before is tried again: the owner may have put the calendar right since.

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
    on_their_way = select(Delivery.content).where(
        Delivery.kind == CALENDAR, Delivery.status.in_(("waiting", "sending"))
    )
    with session() as opened:
        pending = {content["appointment"] for content in opened.scalars(on_their_way)}
        missing = [row.id for row in opened.scalars(query) if row.id not in pending]
        for number in missing:
            copy_to_calendar(opened, number, now)
    return len(missing)
