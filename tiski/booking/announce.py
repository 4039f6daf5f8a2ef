"""What goes out when an appointment is made, moved or cancelled: news to the customer, and the copy
in the calendar of the person who does it.

Both are put into the outbox in the transaction of the change itself. The news is a snapshot of that
moment; the calendar's parcel only names the appointment, and whoever delivers it brings the copy
to what SQL says by then.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tiski.booking.calendars.whose import has_calendar
from tiski.booking.grid import utc
from tiski.notify.reach import way_to_reach
from tiski.notify.visits import What, news_of
from tiski.outbox import store

# What comes before a look at the calendar waits for it so long: until then the booking may be taken
# back because the calendar has something else. After a crash the courier goes on with it.
GRACE = timedelta(seconds=15)

CALENDAR = "calendar"


def announce(
    opened: Session,
    row: Any,
    what: str,
    now: datetime,
    *,
    old_starts_at: datetime | None = None,
    parcels: list[int] | None = None,
    to_calendar: bool = True,
) -> bool:
    """Put in the outbox what a change of an appointment sends out.

    Args:
        opened: the transaction of the change.
        row: the appointment, as changed; flushed, so that it has its id.
        what: booked, moved, cancelled, moved_by_staff, cancelled_by_staff, reminder or opening.
        now: aware.
        old_starts_at: where it was, if it moved.
        parcels: filled with the ids of what was put in, which then waits for GRACE or until the
            caller lets it go (`store.release`). None: it goes at once.
        to_calendar: False when the calendar has it already.

    Returns:
        Whether the customer is told: False when there is no way to reach them.
    """
    not_before = None if parcels is None else now + GRACE
    put_in = []
    is_change = what not in ("reminder", "opening")
    if is_change and to_calendar and has_calendar(row.staff_id):
        put_in.append(copy_to_calendar(opened, row.id, now, not_before=not_before))
    way = way_to_reach(row.contact_email, row.contact_phone, what)
    if way:
        put_in.append(
            store.add(
                opened,
                way,
                news_of(What(what), row, now=now, old_starts_at=old_starts_at).as_content(),
                queue=f"visit-{row.id}-news",
                now=now,
                key=_key(row, what),
                not_before=not_before,
                expires_at=row.held_until if what == "opening" else row.ends_at,
            )
        )
    if parcels is not None:
        parcels += [parcel for parcel in put_in if parcel is not None]
    return way is not None


def copy_to_calendar(
    opened: Session, appointment_id: int, now: datetime, *, not_before: datetime | None = None
) -> int | None:
    """Have the copy in the staff calendar brought to what SQL says; return the parcel's id."""
    return store.add(
        opened,
        CALENDAR,
        {"appointment": appointment_id},
        queue=f"visit-{appointment_id}-calendar",
        now=now,
        not_before=not_before,
    )


def _key(row: Any, what: str) -> str | None:
    """A reminder is sent once for each time that a visit has; what else happens, each time."""
    return reminder_key(row) if what == "reminder" else None


def reminder_key(row: Any) -> str:
    """The key under which the outbox keeps the reminder of an appointment as it stands now."""
    return f"reminder-{row.id}-{utc(row.starts_at):%Y%m%d%H%M}"
