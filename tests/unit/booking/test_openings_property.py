"""Whatever the hours, the claims and the night: what is offered is just what is free."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from salon import HELSINKI
from sqlalchemy import delete

from tiski.booking.claims import claim
from tiski.booking.openings import free_openings, why_not
from tiski.db import tables
from tiski.db.session import session

MINUTE = timedelta(minutes=1)
STAFF = ("aino", "mikko")
# Of the one thing that a visit may take there are two
ROOMS = ("room#1", "room#2")

days = st.sampled_from([date(2027, 3, 27), date(2027, 10, 30), date(2027, 6, 1)])
# Minutes since the midnight at which the first of three days begins; the nights are in between.
stretches = st.lists(
    st.tuples(st.integers(0, 2 * 1440), st.integers(5, 600)), min_size=1, max_size=4
)
claimed = st.lists(
    st.tuples(st.sampled_from(STAFF + ROOMS), st.integers(0, 2 * 1440 + 300), st.integers(1, 120)),
    max_size=8,
)


def moment(day: date, minutes: int) -> datetime:
    """The moment so many minutes after midnight, by a clock that is not put forward or back."""
    midnight = datetime.combine(day, time(), HELSINKI).astimezone(timezone.utc)
    return midnight + minutes * MINUTE


def minute_of(day: date, at: datetime) -> int:
    return int((at - moment(day, 0)) / MINUTE)


def local_day(at: datetime) -> date:
    return at.astimezone(HELSINKI).date()


class Salon(SimpleNamespace):
    """As much of a business as openings need, with any hours."""

    def opening_spans(self, day: date) -> list[tuple[datetime, datetime]]:
        return [span for person in STAFF for span in self.staff_spans(person, day)]

    def staff_spans(self, person: str, day: date) -> list[tuple[datetime, datetime]]:
        return [span for span in self.spans[person] if local_day(span[0]) == day]


@st.composite
def salons(draw: Any) -> tuple[date, Salon]:
    day = draw(days)
    spans = {
        person: [
            (moment(day, start).astimezone(HELSINKI), moment(day, start + length))
            for start, length in draw(stretches)
        ]
        for person in STAFF
    }
    service = SimpleNamespace(
        minutes=draw(st.integers(5, 120)),
        buffer_minutes=draw(st.sampled_from([0, 5, 10, 17])),
        staff=draw(st.sampled_from([STAFF, STAFF[:1], STAFF[::-1]])),
        uses=draw(st.sampled_from([[], ["room"]])),
    )
    booking = SimpleNamespace(
        lead_time_minutes=60, horizon_days=30, step_minutes=draw(st.sampled_from([5, 15, 30, 60]))
    )
    staff = dict.fromkeys(STAFF)
    return day, Salon(
        tz=HELSINKI,
        spans=spans,
        services={"cut": service},
        staff=staff,
        booking=booking,
        resources={"room": SimpleNamespace(count=len(ROOMS))},
    )


def store(day: date, wanted: list[tuple[str, int, int]]) -> dict[str, set[int]]:
    """Claim these, one by one, and return each person's and each room's taken minutes."""
    minutes: dict[str, set[int]] = {name: set() for name in STAFF + ROOMS}
    with session() as opened:
        opened.execute(delete(tables.Claim))
        opened.execute(delete(tables.Appointment))
        for number, (person, first, length) in enumerate(wanted):
            last = first + length
            own = set(range(first // 5 * 5, -(-last // 5) * 5))  # five minutes are taken whole
            if own & minutes[person]:
                continue
            start, end = moment(day, first), moment(day, last)
            row = tables.Appointment(
                code=f"A{number}",
                service_id="cut",
                staff_id=person,
                starts_at=start,
                ends_at=end,
                status="booked",
                contact_name="Maija",
                language="fi",
                created_at=start,
                changed_at=start,
            )
            opened.add(row)
            opened.flush()
            claim(opened, row.id, [person], start, end)
            minutes[person] |= own
    return minutes


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(salons(), claimed)
def test_offered_is_what_is_free(
    drawn: tuple[date, Any], wanted: list[tuple[str, int, int]]
) -> None:
    day, salon = drawn
    taken = store(day, wanted)
    working: dict[str, set[int]] = {
        person: {
            minute
            for start, end in salon.spans[person]
            for minute in range(minute_of(day, start), minute_of(day, end))
        }
        for person in STAFF
    }
    service = salon.services["cut"]
    busy_for = service.minutes + service.buffer_minutes
    now, last = moment(day, -1440), moment(day, 3 * 1440)

    for person in service.staff:
        expected = set()
        for minute in range(0, 3 * 1440, 5):
            start = moment(day, minute)
            on_the_wall = start.astimezone(HELSINKI)
            if (on_the_wall.hour * 60 + on_the_wall.minute) % salon.booking.step_minutes:
                continue
            visit = set(range(minute, minute + busy_for))
            has_room = not service.uses or any(not visit & taken[room] for room in ROOMS)
            if has_room and visit <= working[person] and not visit & taken[person]:
                expected.add(start)

        found = free_openings(salon, "cut", now, last, staff_id=person, now=now)

        starts = [opening.starts_at.astimezone(timezone.utc) for opening in found]
        assert set(starts) == expected
        assert starts == sorted(expected)
        for opening in found[:: len(found) // 5 + 1]:
            wish = opening.starts_at
            assert why_not(salon, "cut", wish, staff_id=person, now=now) is None

    anyone = free_openings(salon, "cut", now, last, now=now)
    everyone = {
        opening.starts_at.astimezone(timezone.utc)
        for person in service.staff
        for opening in free_openings(salon, "cut", now, last, staff_id=person, now=now)
    }
    assert [one.starts_at.astimezone(timezone.utc) for one in anyone] == sorted(everyone)
