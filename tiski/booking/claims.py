"""Time that is taken, kept so that the database itself refuses to give it away twice.

A visit claims every granule of five minutes that it touches, of the person who does it and of each
thing that it takes (`shared.py`). The key of the table is (resource, granule): whoever comes second gets an error from the database, on
SQLite and PostgreSQL alike, however many processes book at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

import portion as P
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tiski.booking.errors import AlreadyTaken
from tiski.db.tables import Claim

GRANULE = timedelta(minutes=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def granules(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """Return the granules that [starts_at, ends_at) touches, each by its start, in UTC."""
    start = starts_at.astimezone(timezone.utc)
    granule = start - (start - _EPOCH) % GRANULE
    touched = []
    while granule < ends_at.astimezone(timezone.utc):
        touched.append(granule)
        granule += GRANULE
    return touched


def taken(
    opened: Session,
    resources: Iterable[str],
    first: datetime,
    last: datetime,
    *,
    besides: int | None = None,
) -> dict[str, P.Interval]:
    """Return the claimed time of each resource between `first` and `last`, in UTC.

    Args:
        opened: the session to look through.
        resources: staff ids, or units of what is shared.
        first: aware.
        last: aware, exclusive.
        besides: the id of an appointment whose claims do not count, because it is being moved.
    """
    names = list(resources)
    query = (
        select(Claim.resource, Claim.granule)
        .where(Claim.resource.in_(names), Claim.granule > first - GRANULE, Claim.granule < last)
        .order_by(Claim.resource, Claim.granule)
    )
    if besides is not None:
        query = query.where(Claim.appointment_id != besides)
    runs: dict[str, list[list[datetime]]] = {name: [] for name in names}
    for name, granule in opened.execute(query):
        run = runs[name]
        if run and run[-1][1] == granule:
            run[-1][1] = granule + GRANULE
        else:
            run.append([granule, granule + GRANULE])
    return {
        name: P.Interval(*(P.closedopen(start, end) for start, end in run))
        for name, run in runs.items()
    }


def claim(
    opened: Session,
    appointment_id: int,
    resources: Iterable[str],
    starts_at: datetime,
    ends_at: datetime,
) -> None:
    """Make [starts_at, ends_at) of the resources the appointment's, and nothing else.

    What it held before and needs no more is freed. New claims are made first, in order of time,
    and old ones are freed after: two customers who swap their times then never wait for each
    other, one of them is told that the time is taken.

    Raises:
        AlreadyTaken: another appointment has a part of it. The transaction must be rolled back.
    """
    times = granules(starts_at, ends_at)
    wanted = {(resource, granule) for resource in resources for granule in times}
    held = {
        (name, granule)
        for name, granule in opened.execute(
            select(Claim.resource, Claim.granule).where(Claim.appointment_id == appointment_id)
        )
    }
    rows = [
        {"resource": name, "granule": granule, "appointment_id": appointment_id}
        for name, granule in sorted(wanted - held)
    ]
    if rows:
        try:
            opened.execute(insert(Claim), rows)
        except IntegrityError as error:
            raise AlreadyTaken from error
    for name, granule in sorted(held - wanted):
        opened.execute(delete(Claim).where(Claim.resource == name, Claim.granule == granule))


def release(opened: Session, appointment_id: int) -> None:
    """Free all that the appointment has claimed."""
    opened.execute(delete(Claim).where(Claim.appointment_id == appointment_id))
