"""What does not get through: calendars that cannot be read, and news and copies that wait or failed.

What a card needs is looked up here; how it is said is `cards.py`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from tiski.booking.announce import CALENDAR
from tiski.booking.freed import FREED
from tiski.db.tables import Appointment, CalendarState, Delivery
from tiski.notify.reach import MAIL, TEXT

SHOWN_FOR = timedelta(days=7)
# What a moment's fault delays is nobody's worry
PATIENCE = timedelta(minutes=15)
# How the last try of a text message may have ended without anybody knowing whether it was sent
_UNSURE = ("cannot_connect", "unknown")


@dataclass(frozen=True)
class Visit:
    """The visit that something is about, as far as it is known. `starts_at` is aware."""

    starts_at: datetime
    staff_id: str
    service_id: str | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None


@dataclass(frozen=True)
class Trouble:
    """One thing that staff should know of.

    Attributes:
        id: the same as long as it is about the same thing.
        kind: unread (a calendar), or the kind of a parcel of the outbox.
        since: aware.
        why: a code of `tiski.outside.errors.Trouble`; None where nobody has told.
        has_failed: nothing more is tried; False: it is tried again.
        is_unsure: it may have arrived all the same.
        staff_id: whose calendar, or None.
        visit: None where it is about none, or that is gone.
    """

    id: str
    kind: str
    since: datetime
    why: str | None
    has_failed: bool = False
    is_unsure: bool = False
    staff_id: str | None = None
    visit: Visit | None = None


def troubles(db: Session, now: datetime) -> list[Trouble]:
    """Return what there is, calendars first, then by when it began, the newest first.

    Args:
        db: the session to look through.
        now: aware.
    """
    return [*_unread(db), *_undelivered(db, now)]


def _unread(db: Session) -> Iterable[Trouble]:
    query = select(CalendarState).where(CalendarState.trouble.is_not(None))
    for row in db.scalars(query.order_by(CalendarState.failing_since, CalendarState.resource)):
        since = row.failing_since or row.read_at
        if since is not None:
            yield Trouble(
                id=f"calendar-{row.resource}",
                kind="unread",
                since=since,
                why=row.trouble,
                staff_id=row.resource,
            )


def _undelivered(db: Session, now: datetime) -> Iterable[Trouble]:
    later = aliased(Delivery)
    is_mended = (  # a later parcel has brought the copy to what it should be
        select(later.id)
        .where(
            later.queue == Delivery.queue,
            later.id > Delivery.id,
            later.status.in_(("done", "failed")),
        )
        .exists()
    )
    has_failed = and_(Delivery.status == "failed", Delivery.ended_at > now - SHOWN_FOR)
    waits = and_(
        Delivery.status.in_(("waiting", "sending")),
        Delivery.tries > 0,
        Delivery.created_at < now - PATIENCE,
        or_(Delivery.expires_at.is_(None), Delivery.expires_at > now),
    )
    query = select(Delivery).where(
        Delivery.kind.in_((CALENDAR, MAIL, TEXT, FREED)),
        or_(has_failed, waits),
        ~and_(Delivery.kind == CALENDAR, is_mended),
    )
    rows = db.scalars(query.order_by(Delivery.created_at.desc(), Delivery.id.desc())).all()
    visits = _visits(db, rows)
    for row in rows:
        visit = visits.get(row.content.get("appointment")) or _visit(row.content)
        yield Trouble(
            id=f"parcel-{row.id}",
            kind=row.kind,
            since=row.created_at,
            why=row.trouble,
            has_failed=row.status == "failed",
            is_unsure=row.kind == TEXT and row.status == "failed" and row.trouble in _UNSURE,
            staff_id=visit.staff_id if visit else None,
            visit=visit,
        )


def _visits(db: Session, rows: Iterable[Delivery]) -> dict[int | None, Visit]:
    """The visits of which a parcel holds the number only."""
    numbers = [row.content["appointment"] for row in rows if "appointment" in row.content]
    found: dict[int | None, Visit] = {}
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        for row in db.scalars(select(Appointment).where(Appointment.id.in_(part))):
            found[row.id] = Visit(
                row.starts_at,
                row.staff_id,
                row.service_id,
                row.contact_name,
                row.contact_email,
                row.contact_phone,
            )
    return found


def _visit(content: dict[str, Any]) -> Visit | None:
    """The visit that a parcel's content tells of; None when it tells of none."""
    try:
        return Visit(
            datetime.fromisoformat(content["starts_at"]),
            content["staff_id"],
            content.get("service_id"),
            content.get("name"),
            content.get("email"),
            content.get("phone"),
        )
    except (KeyError, TypeError, ValueError):
        return None
