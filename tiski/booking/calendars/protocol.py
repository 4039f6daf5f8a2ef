"""What the desk asks of a calendar, whoever makes it.

All times are aware and in UTC. Every method may raise `tiski.outside.errors.OutsideError` and
nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Visit:
    """An appointment, as it is written into the calendar of the person who does it.

    Attributes:
        uid: ours, random, the same for as long as the appointment lives (RFC 5545, 3.8.4.7).
        title: what the staff see at a glance, e.g. "Haircut: Maija M.".
        notes: the rest: contact, what the customer wants known. May be empty.
        sequence: how often it was moved (RFC 5545, 3.8.7.4).
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    notes: str = ""
    sequence: int = 0


@dataclass(frozen=True)
class Kept:
    """Where an event lies, and its state.

    Attributes:
        place: an address or id of the calendar's own.
        version: changes whenever anybody changes the event: an ETag or what stands for it.
    """

    place: str
    version: str


@dataclass(frozen=True)
class Entry:
    """One occurrence of something that stands in a calendar.

    Attributes:
        uid: of the event (iCalUID); occurrences of what recurs share it.
        is_busy: whether it makes its time busy; what is transparent, cancelled or declined does not.
        is_cancelled: it is still listed, and will not take place.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    kept: Kept
    is_busy: bool = True
    is_cancelled: bool = False


@dataclass(frozen=True)
class Rights:
    """What the desk may do there, as far as the system tells."""

    name: str
    may_read: bool
    may_write: bool


class Calendar(Protocol):
    """One person's calendar.

    Attributes:
        system: "caldav", "google" or "microsoft".
    """

    system: str

    async def put(self, visit: Visit, kept: Kept | None) -> Kept:
        """Write a visit, and return where it lies.

        Doing it twice leaves one event. What staff added to an event of ours (a note, a colour, a
        reminder) stays when it is moved.

        Args:
            visit: as it shall stand there.
            kept: what the last `put` returned; None for the first one. An event that is not there
                any more is written anew.
        """
        ...

    async def remove(self, uid: str, kept: Kept) -> None:
        """Take a visit out; nothing happens when it is not there any more."""
        ...

    async def find(self, uid: str, kept: Kept) -> Entry | None:
        """Return an event of ours as it stands there now; None when it is not there any more."""
        ...

    async def entries(self, first: datetime, last: datetime) -> list[Entry]:
        """Return all that lies in or reaches into [first, last): each occurrence, by its start.

        All-day and recurring events, exceptions and other time zones included. What begins and
        ends at the same moment is left out.
        """
        ...

    async def state(self) -> str | None:
        """Return a mark that differs once anything in the calendar has changed.

        None when there is no cheap way to know, so that everything must be read each time.
        """
        ...

    async def check(self) -> Rights:
        """Tell whether it can be reached, and what may be done there; changes nothing."""
        ...

    async def close(self) -> None:
        """Close its connections."""
        ...
