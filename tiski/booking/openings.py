"""Which times are free.

A time is free for a person when the whole visit, and the minutes needed after it, lie within
their working hours, nobody has claimed any of them, the person's own calendar has nothing else
then (as far as it was read: `tiski/booking/calendars/`), and of each thing that the service takes
one is not in use (`shared.py`). Starts are offered on a grid of
`booking.step_minutes`, counted on the clock on the wall from midnight.

Inside, all moments are UTC: two local times compare by the clock face, which on the night when
summer time ends shows the same hour twice. What is given out is in the business's zone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import portion as P
from sqlalchemy import select
from sqlalchemy.orm import Session

from tiski.booking import claims
from tiski.booking.busy import busy
from tiski.booking.codes import read_code
from tiski.booking.errors import NotOffered
from tiski.booking.grid import DAY, grid, midnight, utc
from tiski.booking.shared import in_use
from tiski.business import Business
from tiski.db import tables
from tiski.db.session import reading

# So many days are looked at with one query; a search that is satisfied early stops there.
DAYS_AT_ONCE = 7


@dataclass(frozen=True)
class Opening:
    """A visit that could be booked. Times are aware, in the business's zone.

    `ends_at` is when the customer leaves; the buffer after it is not the customer's business.
    """

    service_id: str
    staff_id: str
    starts_at: datetime
    ends_at: datetime


def free_openings(
    business: Business,
    service_id: str,
    first: datetime,
    last: datetime,
    *,
    staff_id: str | None = None,
    now: datetime,
    limit: int | None = None,
    moving: str | None = None,
) -> list[Opening]:
    """Return the openings that start within [first, last), sorted by time.

    Args:
        business: hours, people, services and the rules of booking.
        service_id: a service of the business.
        first: aware, any zone.
        last: aware, any zone, exclusive.
        staff_id: who shall do it. None: anyone, and one opening per start, with the person who
            has the fewest appointments that day (then the one who stands first in business.yml).
        now: aware; what is too soon or too far away from it is left out.
        limit: at most so many.
        moving: the code of an appointment that is being moved; its own time counts as free.

    Raises:
        NotOffered: no such service, or that person does not do it.
    """
    staff = _staff_for(business, service_id, staff_id)
    earliest, horizon = _bookable(business, now)
    begin, end = max(utc(first), earliest), min(utc(last), horizon)
    found: list[Opening] = []
    if begin >= end:
        return found
    with reading() as opened:
        besides = _id_of(opened, moving)
        for days in _weeks(_day(business, begin), _day(business, end)):
            for opening in _openings_on(opened, business, service_id, staff, days, besides):
                if begin <= utc(opening.starts_at) < end:
                    found.append(opening)
                if limit is not None and len(found) >= limit:
                    return found[:limit]
    return found


def opening_at(
    business: Business,
    service_id: str,
    starts_at: datetime,
    *,
    staff_id: str | None = None,
    now: datetime,
    moving: str | None = None,
) -> Opening | None:
    """Return the opening that starts exactly then, or None; `why_not` tells why there is none.

    Arguments and errors are those of `free_openings`.
    """
    found = free_openings(
        business,
        service_id,
        starts_at,
        utc(starts_at) + timedelta(microseconds=1),
        staff_id=staff_id,
        now=now,
        moving=moving,
    )
    return found[0] if found else None


def nearest_openings(
    business: Business,
    service_id: str,
    wish: datetime,
    *,
    staff_id: str | None = None,
    now: datetime,
    count: int = 3,
    moving: str | None = None,
) -> list[Opening]:
    """Return up to `count` openings that come nearest to the wish, sorted by time.

    Those of the wished day come first, before and after the wish. If they are too few, each
    following day adds those nearest to the wished time of day: who wants Thursday at 17 and
    cannot have it is more likely to come on Friday at 17 than on Friday at 9.

    The other arguments and the errors are those of `free_openings`.
    """
    zone = business.tz
    wished = wish.astimezone(zone)
    _earliest, horizon = _bookable(business, now)
    day = max(wished.date(), _day(business, now))
    days = 1
    chosen: list[Opening] = []
    while len(chosen) < count and midnight(day, zone) < horizon:
        openings = free_openings(
            business,
            service_id,
            midnight(day, zone),
            midnight(day + days * DAY, zone),
            staff_id=staff_id,
            now=now,
            moving=moving,
        )

        def distance(opening: Opening) -> tuple[date, timedelta, datetime]:
            there = opening.starts_at.date()
            same_time = datetime.combine(there, wished.time(), zone).replace(fold=wished.fold)
            start = utc(opening.starts_at)
            return there, abs(start - utc(same_time)), start

        chosen += sorted(openings, key=distance)[: count - len(chosen)]
        day, days = day + days * DAY, DAYS_AT_ONCE
    return sorted(chosen, key=lambda opening: utc(opening.starts_at))


def why_not(
    business: Business,
    service_id: str,
    wish: datetime,
    *,
    staff_id: str | None = None,
    now: datetime,
    moving: str | None = None,
) -> str | None:
    """Tell why a visit cannot start at the wish, or return None when it can.

    The codes, in the order in which they are looked for:

        past          before `now`
        too_soon      less than `booking.lead_time_minutes` away
        too_far       on a day more than `booking.horizon_days` after today
        closed        the shop is not open then
        staff_away    it is open, and the person (or everyone who does it) is not at work
        does_not_fit  the visit would run past the end of the working time, or a minute like
                      15:07 is off the grid
        taken         somebody else has the time, or a part of it, or what the service takes is in use

    For anyone, the answer is that of the person who comes closest. Arguments and errors are
    those of `free_openings`.
    """
    with reading() as opened:
        besides = _id_of(opened, moving)
        return look(opened, business, service_id, wish, staff_id=staff_id, now=now, besides=besides)


def look(
    opened: Session,
    business: Business,
    service_id: str,
    wish: datetime,
    *,
    staff_id: str | None,
    now: datetime,
    besides: int | None,
) -> str | None:
    """`why_not` within a session that is open already, as booking needs it.

    Args:
        besides: the id of an appointment whose claims do not count.
    """
    staff = _staff_for(business, service_id, staff_id)
    earliest, horizon = _bookable(business, now)
    start = utc(wish)
    if start < utc(now):
        return "past"
    if start < earliest:
        return "too_soon"
    if start >= horizon:
        return "too_far"
    day = _day(business, start)
    if start not in _union(business.opening_spans(near) for near in _around([day])):
        return "closed"
    end = start + _occupied(business, service_id)
    visit = P.closedopen(start, end)
    on_grid = start in grid(day, business.booking.step_minutes, business.tz)
    taken = _taken(opened, staff, start, end, besides)
    shared = in_use(opened, business, service_id, start, end, besides=besides)
    has_all = all(any((visit & unit).empty for unit in each) for each in shared)
    reasons = set()
    for person in staff:
        working = _working(business, person, [day])
        if start not in working:
            reasons.add("staff_away")
        elif not on_grid or visit not in working:
            reasons.add("does_not_fit")
        elif not has_all or not (visit & taken[person]).empty:
            reasons.add("taken")
        else:
            return None
    return next(reason for reason in ("taken", "does_not_fit", "staff_away") if reason in reasons)


def _openings_on(
    opened: Session,
    business: Business,
    service_id: str,
    staff: list[str],
    days: list[date],
    besides: int | None,
) -> Iterator[Opening]:
    """Yield the openings on these consecutive days, one per start, sorted by time."""
    zone = business.tz
    occupied = _occupied(business, service_id)
    visit = timedelta(minutes=business.services[service_id].minutes)
    begin, end = utc(midnight(days[0], zone)), utc(midnight(days[-1] + DAY, zone))
    taken = _taken(opened, staff, begin, end + occupied, besides)
    visits = _visits(opened, business, staff, begin, end, besides)
    starts = [start for day in days for start in grid(day, business.booking.step_minutes, zone)]
    whole = P.closedopen(begin, end + occupied)
    for each in in_use(opened, business, service_id, begin, end + occupied, besides=besides):
        has_one = {start for unit in each for start in _fitting(whole - unit, occupied, starts)}
        starts = [start for start in starts if start in has_one]
    who: dict[datetime, list[str]] = {}
    for person in staff:
        free = _working(business, person, days) - taken[person]
        for start in _fitting(free, occupied, starts):
            who.setdefault(start, []).append(person)
    for start in sorted(who):
        day = _day(business, start)
        free_then = [(visits[one, day], staff.index(one), one) for one in who[start]]
        person = min(free_then)[2]
        yield Opening(service_id, person, start.astimezone(zone), (start + visit).astimezone(zone))


def _taken(
    opened: Session, staff: list[str], first: datetime, last: datetime, besides: int | None
) -> dict[str, P.Interval]:
    """What each person cannot be booked for: others' visits, and their own calendar."""
    claimed = claims.taken(opened, staff, first, last, besides=besides)
    elsewhere = busy(opened, staff, first, last)
    return {person: claimed[person] | elsewhere[person] for person in staff}


def _fitting(free: P.Interval, occupied: timedelta, starts: list[datetime]) -> Iterator[datetime]:
    """Yield those of the sorted starts from which `occupied` lies in one piece of free time."""
    for piece in free:
        if piece.empty:
            continue
        for start in starts[bisect_left(starts, piece.lower) :]:
            if start + occupied > piece.upper:
                break
            yield start


def _visits(
    opened: Session,
    business: Business,
    staff: list[str],
    begin: datetime,
    end: datetime,
    besides: int | None,
) -> Counter[tuple[str, date]]:
    """Count the appointments of each person on each day."""
    query = select(tables.Appointment.id, tables.Appointment.staff_id, tables.Appointment.starts_at)
    query = query.where(
        tables.Appointment.status == "booked",
        tables.Appointment.staff_id.in_(staff),
        tables.Appointment.starts_at >= begin,
        tables.Appointment.starts_at < end,
    )
    return Counter(
        (person, _day(business, start))
        for number, person, start in opened.execute(query)
        if number != besides
    )


def _staff_for(business: Business, service_id: str, staff_id: str | None) -> list[str]:
    """Return the ids of those who may do it, in the order of business.yml."""
    service = business.services.get(service_id)
    if service is None:
        raise NotOffered(f"no service '{service_id}'; expected one of {sorted(business.services)}")
    if staff_id is None:
        return [one for one in business.staff if one in service.staff]
    if staff_id not in service.staff:
        raise NotOffered(f"'{staff_id}' does not do '{service_id}'; these do: {service.staff}")
    return [staff_id]


def _id_of(opened: Session, code: str | None) -> int | None:
    if code is None:
        return None
    query = select(tables.Appointment.id).where(tables.Appointment.code == read_code(code))
    found: int | None = opened.execute(query).scalar_one_or_none()
    return found


def _bookable(business: Business, now: datetime) -> tuple[datetime, datetime]:
    """Return the first moment that may be booked and the one after the last, in UTC."""
    booking = business.booking
    last_day = _day(business, now) + booking.horizon_days * DAY
    return (
        utc(now) + timedelta(minutes=booking.lead_time_minutes),
        utc(midnight(last_day + DAY, business.tz)),
    )


def _occupied(business: Business, service_id: str) -> timedelta:
    """How long a visit keeps its person busy, the buffer included."""
    service = business.services[service_id]
    return timedelta(minutes=service.minutes + service.buffer_minutes)


def _working(business: Business, person: str, days: list[date]) -> P.Interval:
    return _union(business.staff_spans(person, day) for day in _around(days))


def _union(spans_by_day: Iterator[list[tuple[datetime, datetime]]]) -> P.Interval:
    return P.Interval(
        *(
            P.closedopen(utc(start), utc(end))
            for spans in spans_by_day
            for start, end in spans
            if utc(start) < utc(end)
        )
    )


def _around(days: list[date]) -> list[date]:
    """The days with their neighbours: working time may begin or end beyond midnight."""
    return [days[0] - DAY, *days, days[-1] + DAY]


def _weeks(first: date, last: date) -> Iterator[list[date]]:
    """Yield the days from first to last, both included, a few at a time."""
    number = (last - first).days + 1
    for start in range(0, number, DAYS_AT_ONCE):
        yield [first + at * DAY for at in range(start, min(start + DAYS_AT_ONCE, number))]


def _day(business: Business, moment: datetime) -> date:
    return moment.astimezone(business.tz).date()
