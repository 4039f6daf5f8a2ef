"""Time that the staff's own calendars say is taken, as it was read from them last.

Kept in the table `busy_times`, so that looking for openings asks nobody outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import portion as P
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tiski.booking.grid import utc
from tiski.db.tables import BusyTime

Span = tuple[datetime, datetime]


def busy(
    opened: Session, resources: Iterable[str], first: datetime, last: datetime
) -> dict[str, P.Interval]:
    """Return the busy time of each resource between `first` and `last`, in UTC.

    Args:
        opened: the session to look through.
        resources: staff ids.
        first: aware.
        last: aware, exclusive.
    """
    names = list(resources)
    query = select(BusyTime.resource, BusyTime.starts_at, BusyTime.ends_at).where(
        BusyTime.resource.in_(names), BusyTime.starts_at < last, BusyTime.ends_at > first
    )
    spans: dict[str, list[P.Interval]] = {name: [] for name in names}
    for name, start, end in opened.execute(query):
        spans[name].append(P.closedopen(start, end))
    return {name: P.Interval(*found) for name, found in spans.items()}


def replace_busy(
    opened: Session, resource: str, spans: Sequence[Span], first: datetime, last: datetime
) -> bool:
    """Make these the busy times of a resource that touch [first, last); True if any is different.

    What lies in the window only in part is replaced as a whole: hand over all that touches it.
    """
    touching = (
        BusyTime.resource == resource,
        BusyTime.starts_at < utc(last),
        BusyTime.ends_at > utc(first),
    )
    wanted = sorted({(utc(start), utc(end)) for start, end in spans})
    query = select(BusyTime.starts_at, BusyTime.ends_at).where(*touching)
    if sorted((start, end) for start, end in opened.execute(query)) == wanted:
        return False
    opened.execute(delete(BusyTime).where(*touching).execution_options(synchronize_session=False))
    opened.add_all(
        BusyTime(resource=resource, starts_at=start, ends_at=end) for start, end in wanted
    )
    return True
