"""Rooms, chairs and devices: what a service takes besides the person who does it.

Of a resource there are `count` units (business.yml, `resources`), claimed as people's time is: a
visit has one unit of each from its beginning to the end, the buffer included.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import portion as P
from sqlalchemy import select
from sqlalchemy.orm import Session

from tiski.booking import claims
from tiski.booking.errors import AlreadyTaken, InUse
from tiski.booking.grid import utc
from tiski.business import Business
from tiski.db import tables
from tiski.db.session import session


def units(business: Business, service_id: str) -> dict[str, list[str]]:
    """Return what a service takes: for each resource the names of its units in `claims`.

    No unit has the name of a person: ids have no "#".
    """
    uses = business.services[service_id].uses
    return {
        name: [f"{name}#{number + 1}" for number in range(business.resources[name].count)]
        for name in uses
    }


def in_use(
    opened: Session,
    business: Business,
    service_id: str,
    first: datetime,
    last: datetime,
    *,
    besides: int | None,
) -> list[list[P.Interval]]:
    """Return when each unit of what a service takes is in use, by resource; UTC.

    Arguments are those of `claims.taken`.
    """
    taken_by = units(business, service_id)
    names = [unit for each in taken_by.values() for unit in each]
    taken = claims.taken(opened, names, first, last, besides=besides) if names else {}
    return [[taken[unit] for unit in each] for each in taken_by.values()]


def claim_visit(opened: Session, business: Business, row: Any) -> None:
    """Claim what an appointment takes: its person's time, and a unit of each resource.

    Args:
        row: the appointment, flushed; its times are those that are wanted.

    Raises:
        AlreadyTaken: somebody else has the person's time. The transaction must be rolled back.
        InUse: the person is free, a resource is not. The same holds.
    """
    until = row.ends_at + timedelta(minutes=business.services[row.service_id].buffer_minutes)
    # In the same order for all services: two transactions that want two things cannot block each other
    free = {
        name: _free(opened, each, row.id, row.starts_at, until)
        for name, each in sorted(units(business, row.service_id).items())
    }
    has = [row.staff_id]
    claims.claim(opened, row.id, has, row.starts_at, until)
    for name, each in free.items():
        for unit in each:
            try:
                with opened.begin_nested():
                    claims.claim(opened, row.id, [*has, unit], row.starts_at, until)
            except (
                AlreadyTaken
            ):  # by somebody who came between our look and our claim: the next one
                continue
            has.append(unit)
            break
        else:
            raise InUse(name)


def claim_missing(business: Business, now: datetime) -> int:
    """Claim what visits take that were booked before business.yml said that they take it.

    Args:
        now: aware; what has begun is left as it is.

    Returns:
        How many visits cannot have it: more were booked than there are units.
    """
    table = tables.Appointment
    lacking = 0
    with session() as opened:
        shares = [name for name, service in business.services.items() if service.uses]
        query = select(table).where(
            table.status.in_(("booked", "held")),
            table.starts_at > utc(now),
            table.service_id.in_(shares),
        )
        for row in opened.scalars(query.order_by(table.starts_at, table.id)):
            query = select(tables.Claim.resource).where(tables.Claim.appointment_id == row.id)
            has = set(opened.scalars(query.distinct()))
            takes = units(business, row.service_id)
            if all(has & set(each) for each in takes.values()):
                continue
            try:
                with opened.begin_nested():
                    claim_visit(opened, business, row)
            except AlreadyTaken:
                lacking += 1
    return lacking


def _free(
    opened: Session, names: Iterable[str], besides: int, first: datetime, last: datetime
) -> list[str]:
    """The units that are free throughout."""
    visit = P.closedopen(first, last)
    taken = claims.taken(opened, names, first, last, besides=besides)
    return [name for name in names if (taken[name] & visit).empty]
