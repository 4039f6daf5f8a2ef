"""tiski/booking/busy.py: what staff calendars say is taken, kept as it was read last."""

from __future__ import annotations

from datetime import datetime

import portion as P
from salon import at
from sqlalchemy import select

from tiski.booking.busy import busy, replace_busy
from tiski.booking.grid import utc
from tiski.db.session import reading, session
from tiski.db.tables import BusyTime

DAY = (at("2026-11-24 00:00"), at("2026-11-25 00:00"))
Span = tuple[datetime, datetime]


def span(first: str, last: str, day: str = "2026-11-24") -> Span:
    return at(f"{day} {first}"), at(f"{day} {last}")


def put(*spans: Span, resource: str = "aino", within: Span = DAY) -> bool:
    with session() as opened:
        return replace_busy(opened, resource, spans, *within)


def rows() -> list[tuple[str, Span]]:
    with reading() as opened:
        query = select(BusyTime).order_by(BusyTime.resource, BusyTime.starts_at)
        return [(row.resource, (row.starts_at, row.ends_at)) for row in opened.scalars(query)]


def looked(first: str = "00:00", last: str = "23:59") -> dict[str, P.Interval]:
    with reading() as opened:
        return busy(opened, ["aino", "mikko"], *span(first, last))


def interval(*spans: Span) -> P.Interval:
    return P.Interval(*(P.closedopen(utc(first), utc(last)) for first, last in spans))


def test_each_person_has_their_own() -> None:
    assert put(span("10:00", "11:00"), span("10:30", "12:00"))
    assert looked() == {"aino": interval(span("10:00", "12:00")), "mikko": P.empty()}


def test_what_only_touches_the_window_is_not_in_it() -> None:
    put(span("10:00", "11:00"))
    assert looked("09:00", "10:00")["aino"] == looked("11:00", "12:00")["aino"] == P.empty()
    assert looked("10:59", "12:00")["aino"] == interval(span("10:00", "11:00"))


def test_the_same_again_in_any_order_is_no_change() -> None:
    first, second = span("10:00", "11:00"), span("14:00", "15:00")
    assert put(first, second)
    assert not put(second, first, first)
    assert len(rows()) == 2
    assert put(first)
    assert rows() == [("aino", first)]
    assert put() and not put()


def test_what_is_outside_of_the_window_stays() -> None:
    before, after = span("08:00", "10:00"), span("12:00", "13:00")
    put(before, after)
    put(span("10:30", "11:00"), within=span("10:00", "12:00"))
    assert [one for _, one in rows()] == [before, span("10:30", "11:00"), after]


def test_what_is_in_the_window_in_part_is_replaced_as_a_whole() -> None:
    put(span("09:00", "11:00"))
    put(span("10:30", "11:00"), within=span("10:00", "12:00"))
    assert [one for _, one in rows()] == [span("10:30", "11:00")]


def test_other_people_are_left_alone() -> None:
    put(span("10:00", "11:00"), resource="mikko")
    assert not put()
    put(span("09:00", "10:00"))
    assert [name for name, _ in rows()] == ["aino", "mikko"]


def test_half_done_it_is_as_it_was() -> None:
    put(span("10:00", "11:00"))
    try:
        with session() as opened:
            replace_busy(opened, "aino", [], *DAY)
            raise KeyError
    except KeyError:
        pass
    assert len(rows()) == 1
