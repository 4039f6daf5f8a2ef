"""Two things said about one day."""

from __future__ import annotations

from dataclasses import replace

from .meanings import CalendarDay, Day, Later, Month, RelativeDay, Week, Weekday


def one_day(one: Day, two: Day) -> Day | None:
    """'ensi viikolla' and 'tiistaina' make one day; so do 'tiistaina' and '24.11.'."""
    for first, second in ((one, two), (two, one)):
        if isinstance(first, Week) and isinstance(second, Week) and not first.part:
            # "ensi viikon viikonloppuna"
            return replace(first, part=second.part) if second.part else None
        if isinstance(first, Weekday):
            if isinstance(second, Week) and second.part == "" and first.week is None:
                return replace(first, week=second)
            if isinstance(second, Later) and second.unit == "weeks":
                return replace(first, week=Week(second.count))
            if isinstance(second, CalendarDay):
                return replace(second, weekday=first.number)
            if isinstance(second, RelativeDay):
                return replace(second, weekday=first.number)
        if isinstance(first, RelativeDay) and isinstance(second, CalendarDay):
            return second
        if isinstance(first, CalendarDay) and first.month is None and isinstance(second, Month):
            # "the twentieth this month"
            said = second.offset is not None and not second.part
            return replace(first, month_offset=second.offset) if said else None
    return None
