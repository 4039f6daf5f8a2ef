"""Offers a freed time to the waiting list: to one at a time, in order, each one once.

The time is held for `booking.waiting_offer_minutes`: it is claimed as if it were booked. Who takes
it has it; who does not, or says no, makes room for the next. Nobody is written to at night.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from tiski import clock
from tiski.booking import held
from tiski.booking.errors import NotBookable, NotOffered, NotWaiting
from tiski.booking.freed import FREED
from tiski.booking.grid import utc
from tiski.booking.openings import Opening, free_openings
from tiski.business import Business
from tiski.db import tables
from tiski.db.session import reading, run, session
from tiski.outbox import store
from tiski.outbox.courier import Parcel

# Between these hours of the business's zone nobody is written to
NIGHT_BEGINS, NIGHT_ENDS = time(21), time(8)
# Less than that is no time to answer
SHORTEST_OFFER = timedelta(minutes=15)


class OfferFreed:
    """Delivers "freed" parcels: offers the time to the next in line."""

    may_repeat = True

    def __init__(self, business: Business) -> None:
        self._business = business

    async def deliver(self, parcel: Parcel) -> None:
        """Hold the time for the next in line and have them told; nothing if nobody wants it."""
        now = clock.now()
        morning = self._morning(now)
        if morning:
            await run(_postpone, parcel, morning, now)
        else:
            await run(self._offer, parcel.content, now)

    def _morning(self, now: datetime) -> datetime | None:
        """When people may be written to again; None when they may now."""
        local = now.astimezone(self._business.tz)
        if NIGHT_ENDS <= local.time() < NIGHT_BEGINS:
            return None
        day = local.date() + timedelta(days=local.time() >= NIGHT_BEGINS)
        return datetime.combine(day, NIGHT_ENDS, self._business.tz)

    def _offer(self, content: dict[str, str], now: datetime) -> None:
        first, last = (datetime.fromisoformat(content[key]) for key in ("starts_at", "ends_at"))
        for entry in _waiting():
            opening = self._opening(entry, content, first, last, now)
            if opening is None:
                continue
            until = self._until(opening, now)
            if until is None:
                continue
            try:
                held.hold(self._business, entry.id, opening, until=until, now=now)
            except (NotBookable, NotWaiting):
                continue
            return

    def _opening(
        self,
        entry: tables.WaitingListEntry,
        content: dict[str, str],
        first: datetime,
        last: datetime,
        now: datetime,
    ) -> Opening | None:
        """The opening that the freed time has made, if this customer wishes for one.

        Of several, the one that begins nearest to the visit that was there: the day stays filled.
        """
        service = self._business.services.get(entry.service_id)
        if service is None:
            return None
        staff_id: str | None = content["staff_id"]
        # what was freed before visits had places does not say which service it was
        was = self._business.services.get(content.get("service_id", ""))
        if was is not None and set(was.uses) & set(service.uses):
            staff_id = entry.staff_id  # a place was freed: it is anybody's
        elif entry.staff_id not in (None, staff_id):
            return None
        occupied = timedelta(minutes=service.minutes + service.buffer_minutes)
        try:
            found = free_openings(
                self._business,
                entry.service_id,
                first - occupied,
                last,
                staff_id=staff_id,
                now=now,
            )
        except NotOffered:
            return None
        made = [
            opening
            for opening in found
            if utc(opening.starts_at) < last
            and utc(opening.starts_at) + occupied > first
            and _wishes(entry.windows, opening.starts_at)
        ]
        return min(made, key=lambda one: abs(utc(one.starts_at) - first), default=None)

    def _until(self, opening: Opening, now: datetime) -> datetime | None:
        """How long it is held; None when there is no time left to answer."""
        minutes = self._business.booking.waiting_offer_minutes
        lead = timedelta(minutes=self._business.booking.lead_time_minutes)
        until = min(utc(now) + timedelta(minutes=minutes), utc(opening.starts_at) - lead)
        return until if until - utc(now) >= SHORTEST_OFFER else None


def _postpone(parcel: Parcel, until: datetime, now: datetime) -> None:
    with session() as opened:
        store.add(
            opened,
            FREED,
            parcel.content,
            queue=f"{FREED}-{parcel.id}",  # it must not keep others waiting
            now=now,
            key=f"{FREED}-{parcel.id}-in-the-morning",  # once, after a crash too
            not_before=until,
            expires_at=parcel.expires_at,
        )


def _waiting() -> list[tables.WaitingListEntry]:
    with reading() as opened:
        query = select(tables.WaitingListEntry).where(tables.WaitingListEntry.status == "waiting")
        return list(opened.scalars(query.order_by(tables.WaitingListEntry.id)))


def _wishes(windows: list[dict[str, str]], start: datetime) -> bool:
    """Whether a start lies in one of the windows of a wish; none means any time."""
    spans = (
        (datetime.fromisoformat(window["from"]), datetime.fromisoformat(window["to"]))
        for window in windows
    )
    return not windows or any(first <= start < last for first, last in spans)


async def pass_on_expired(now: datetime) -> None:
    """Free what was held for somebody who did not answer, and have it offered to the next."""
    await run(held.expire, now)
