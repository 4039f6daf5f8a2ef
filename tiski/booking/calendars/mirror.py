"""Brings the copy of an appointment in a staff calendar to what SQL says.

Doing it again changes nothing, so whoever is unsure whether it was done does it again. After a
visit was written, the calendar is read at that place once more: two writers who cannot lock a
calendar (the desk, and a person with a phone) both see the other then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import select

from tiski import words
from tiski.booking.calendars.protocol import Calendar, Entry, Kept, Visit
from tiski.booking.grid import utc
from tiski.business import Business
from tiski.db.session import reading, run, session
from tiski.db.tables import Appointment, CalendarCopy, CalendarState


class Mirrored(Enum):
    """What became of the copy."""

    WRITTEN = "written"
    #: written, and something else stands at the same time
    CLASH = "clash"
    REMOVED = "removed"
    #: there was nothing to do
    NOTHING = "nothing"


@dataclass(frozen=True)
class _Wanted:
    """An appointment and its copy, as the database has them."""

    staff_id: str
    service_id: str
    visit: Visit
    is_on: bool  # it is to stand in the calendar
    is_known: bool  # the row of the copy is there, so that we know whether there is one
    copied_to: str | None  # whose calendar has the copy
    kept: Kept | None


async def mirror(
    appointment_id: int, calendars: Mapping[str, Calendar], business: Business, now: datetime
) -> Mirrored:
    """Write, change or remove the copy of an appointment.

    Args:
        appointment_id: of the table.
        calendars: by staff id; who has none is left out.
        business: for the words, and how long the service keeps its person busy.
        now: aware.

    Raises:
        OutsideError: a calendar did not do it; nothing is lost, call again later.
    """
    wanted = await run(_wanted, appointment_id, business, now)
    if wanted is None:
        return Mirrored.NOTHING
    mine = calendars.get(wanted.staff_id)
    kept = wanted.kept
    done = Mirrored.NOTHING
    if wanted.kept and (not wanted.is_on or wanted.copied_to != wanted.staff_id):
        elsewhere = calendars.get(wanted.copied_to or "")
        if elsewhere:
            await elsewhere.remove(wanted.visit.uid, wanted.kept)
            done = Mirrored.REMOVED
        await run(_remember, appointment_id, wanted.staff_id, None, now)
        kept = None
    elif not wanted.is_on and not wanted.is_known and mine and wanted.visit.ends_at > utc(now):
        # An earlier try may have arrived without our hearing of it; where it lies, only the
        # calendar knows
        await mine.remove(wanted.visit.uid, await mine.put(wanted.visit, None))
        await run(_remember, appointment_id, wanted.staff_id, None, now)
        done = Mirrored.REMOVED
    if not wanted.is_on or mine is None:
        return done
    kept = await mine.put(wanted.visit, kept)
    await run(_remember, appointment_id, wanted.staff_id, kept, now)
    buffer = timedelta(minutes=business.services[wanted.service_id].buffer_minutes)
    others = await foreign(mine, wanted.visit.starts_at, wanted.visit.ends_at + buffer)
    return Mirrored.CLASH if others else Mirrored.WRITTEN


async def foreign(calendar: Calendar, first: datetime, last: datetime) -> list[Entry]:
    """Return what makes [first, last) busy and is no appointment of ours.

    Raises:
        OutsideError: the calendar could not be read.
    """
    found = [entry for entry in await calendar.entries(first, last) if entry.is_busy]
    ours = await run(our_uids, [entry.uid for entry in found])
    return [entry for entry in found if entry.uid not in ours]


def our_uids(uids: list[str]) -> set[str]:
    """Return those of the uids that are our appointments', whatever became of them."""
    found: set[str] = set()
    with reading() as opened:
        for start in range(0, len(uids), 500):  # SQLite takes some 30,000 parameters, others fewer
            part = uids[start : start + 500]
            found.update(opened.scalars(select(Appointment.uid).where(Appointment.uid.in_(part))))
    return found


def _wanted(appointment_id: int, business: Business, now: datetime) -> _Wanted | None:
    with session() as opened:
        row = opened.get(Appointment, appointment_id)
        if row is None:
            return None
        if row.uid is None:  # of the time before there were calendars
            row.uid = f"desk-{row.id}-{row.created_at:%Y%m%d%H%M%S}@tiski"
        copy = row.copy
        service = business.services.get(row.service_id)
        return _Wanted(
            staff_id=row.staff_id,
            service_id=row.service_id,
            visit=Visit(
                uid=row.uid,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                title=_title(row, business),
                notes=_notes(row, business),
                sequence=row.sequence,
            ),
            is_on=row.status == "booked" and row.ends_at > utc(now) and service is not None,
            is_known=copy is not None,
            copied_to=copy.resource if copy else None,
            kept=Kept(copy.place, copy.version) if copy and copy.place else None,
        )


def _title(row: Appointment, business: Business) -> str:
    service = business.services.get(row.service_id)
    language = business.default_language
    what = service.name.get(language) if service else row.service_id
    return words.phrase("words_calendar_title", language, service=what, name=row.contact_name)


def _notes(row: Appointment, business: Business) -> str:
    """What the person needs to know: contact, code, and what the customer wrote."""
    language = business.default_language
    contact = ", ".join(part for part in (row.contact_phone, row.contact_email) if part)
    lines = [contact, words.phrase("words_calendar_code", language, code=row.code)]
    lines += [note.text for note in row.notes]
    return "\n".join(line for line in lines if line)


def _remember(appointment_id: int, resource: str, kept: Kept | None, now: datetime) -> None:
    """Write down where the copy lies; None: there is none any more."""
    with session() as opened:
        copy = opened.get(CalendarCopy, appointment_id)
        if copy is None:
            copy = CalendarCopy(appointment_id=appointment_id)
            opened.add(copy)
        copy.resource = resource
        copy.place, copy.version = (kept.place, kept.version) if kept else ("", "")
        copy.written_at = now
        # The next look reads the calendar whatever its state says (follow._went_well tells why)
        state = opened.get(CalendarState, resource)
        if state is not None:
            state.state = None
