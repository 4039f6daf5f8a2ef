"""Two calendars in memory, and what the desk's books say of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from memory import MemoryCalendar
from salon import NOW
from sqlalchemy import select

from tiski.booking.appointments import Appointment
from tiski.booking.calendars.follow import Look, follow
from tiski.booking.calendars.mirror import mirror
from tiski.booking.openings import why_not
from tiski.business import Business
from tiski.db import tables
from tiski.db.session import reading, session


class Staff:
    """Two people with calendars, of whom the desk has heard everything so far."""

    def __init__(self, business: Business) -> None:
        self.business = business
        self.aino, self.mikko = MemoryCalendar(), MemoryCalendar()

    async def mirrored(self, *appointments: Appointment, then_look: bool = True) -> list[str]:
        """Write the copies, as the courier does; return the uids."""
        calendars = {"aino": self.aino, "mikko": self.mikko}
        uids = []
        for one in appointments:
            await mirror(one.id, calendars, self.business, NOW)
            uids.append(row(one).uid)
        with session() as opened:
            for parcel in opened.scalars(select(tables.Delivery).filter_by(kind="calendar")):
                parcel.status = "done"
        if then_look:
            await self.look()
        return uids

    async def look(self) -> Look:
        return await follow({"aino": self.aino, "mikko": self.mikko}, self.business, NOW)


def row(appointment: Appointment) -> Any:
    with reading() as opened:
        found = opened.get(tables.Appointment, appointment.id)
        return found


def news() -> list[str]:
    with reading() as opened:
        query = select(tables.Delivery).filter_by(kind="visit_mail").order_by(tables.Delivery.id)
        return [parcel.content["what"] for parcel in opened.scalars(query)]


def states() -> dict[str, Any]:
    with reading() as opened:
        return {one.resource: one for one in opened.scalars(select(tables.CalendarState))}


def reason(business: Business, when: datetime, staff_id: str = "aino") -> str | None:
    return why_not(business, "haircut", when, staff_id=staff_id, now=NOW)


def tickets() -> list[Any]:
    with reading() as opened:
        return list(opened.scalars(select(tables.Ticket).order_by(tables.Ticket.id)))
