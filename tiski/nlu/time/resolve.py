"""From what was said to datetimes: the calendar, the opening hours and the present moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from .calendar_days import add_months
from .days import DaySpan, day_readings, settle
from .expressions import Expression
from .meanings import (
    VAGUE,
    Around,
    Clock,
    InMinutes,
    Length,
    MinuteOfHour,
    Moment,
    Now,
    Part,
    RestOfDay,
    TimeRange,
    Vague,
)
from .span import TimeSpan

# hours in which people make appointments, when nobody says when the business is open
USUAL_HOURS = range(8, 20)

IsOpen = Callable[[datetime], bool]


@dataclass(frozen=True)
class Reading:
    """One value: begin, finish (None for a point) and grain, as in `TimeSpan`."""

    begin: datetime
    finish: datetime | None
    grain: str


# hour and minute; hour 24 is the midnight that ends a day
HourMinute = tuple[int, int]
_MIDNIGHT: HourMinute = (0, 0)
_HOURS_OF_NIGHT = 6
# a range that begins from this hour on may end after midnight
_LATE = 20


def at(day: date, clock: HourMinute, zone: tzinfo) -> datetime:
    """A local time as an aware datetime.

    A time that the clocks jump over in spring becomes the one an hour later, as clocks show it;
    of the two that autumn brings the first is taken.
    """
    hour, minute = clock
    day += timedelta(days=hour // 24)
    local = datetime.combine(day, time(hour % 24, minute), zone)
    return local.astimezone(timezone.utc).astimezone(zone)


def resolve(
    expression: Expression, text: str, now: datetime, is_open: IsOpen | None
) -> TimeSpan | None:
    """The value of an expression, or None if it has none (a date beyond the calendar)."""
    try:
        expression = settle(expression, now)
        readings = _readings(expression, now, is_open)
    except (OverflowError, ValueError):
        return None
    if not readings:
        return None
    return _span(expression, text, readings)


def _span(expression: Expression, text: str, readings: list[Reading]) -> TimeSpan:
    on_the_dot = isinstance(
        expression.time, (Now, InMinutes, Moment, Around, RestOfDay, Length, Vague)
    )
    has_date = expression.day is not None or on_the_dot
    has_time = expression.time is not None or expression.part is not None
    if isinstance(expression.time, Moment):
        has_time = len(expression.time.text) > 10
    spans = [
        TimeSpan(
            expression.start,
            expression.end,
            text[expression.start : expression.end],
            reading.begin,
            reading.finish,
            reading.grain,
            has_date,
            has_time,
            kind=expression.kind,
            every=_every(expression),
            length=_length(expression),
            shift=isinstance(expression.time, InMinutes) and expression.time.shift,
            pieces=expression.pieces,
        )
        for reading in dict.fromkeys(readings)
    ]
    first, *others = spans
    return replace(first, alternatives=tuple(others))


def _every(expression: Expression) -> str | None:
    every = expression.every
    return None if every is None else f"{every.count} {every.unit}"


def _length(expression: Expression) -> str | None:
    """In the largest unit of minutes that leaves no rest: '2 hours', '90 minutes'."""
    said = expression.time
    if not isinstance(said, Length):
        return None
    if said.unit == "minutes" and said.count % 60 == 0:
        return f"{said.count / 60:g} hours"
    return f"{said.count:g} {said.unit}"


def _readings(expression: Expression, now: datetime, is_open: IsOpen | None) -> list[Reading]:
    said, part = expression.time, expression.part
    if isinstance(said, Moment):
        return [_moment(said, now)]
    if isinstance(said, Now):
        return [Reading(now.replace(second=0, microsecond=0), None, "hour")]
    if isinstance(said, InMinutes):
        return [_in_minutes(said, now)]
    if isinstance(said, MinuteOfHour):
        return [_next_minute(said, now)]
    if isinstance(said, (Around, RestOfDay, Length, Vague)):
        return [_from_here(said, now)]
    days, rolling = day_readings(expression, now)
    if said is None and part is None:
        return _whole_days(days, now, is_open)
    if isinstance(said, Clock):
        if not days[0].single:
            return [_daily(days[0], said, part, now, is_open)]
        return _points(days, rolling, _hours(said, part), said.grain, now, is_open)
    if isinstance(said, TimeRange):
        return _ranges(days, rolling, said, part, now, is_open)
    assert part is not None
    return _parts(days, rolling, part, now)


def _moment(said: Moment, now: datetime) -> Reading:
    assert now.tzinfo is not None
    text = said.text.replace("z", "+00:00").upper()
    moment = datetime.fromisoformat(text)
    if len(text) == 10:
        return Reading(at(moment.date(), _MIDNIGHT, now.tzinfo), None, "day")
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
    return Reading(zoned.astimezone(now.tzinfo), None, "minute")


def _in_minutes(said: InMinutes, now: datetime) -> Reading:
    return Reading(_shifted(now.replace(second=0, microsecond=0), said.minutes), None, "minute")


def _from_here(said: Around | RestOfDay | Length | Vague, now: datetime) -> Reading:
    """A span that begins or ends now."""
    here = now.replace(second=0, microsecond=0)
    assert now.tzinfo is not None
    if isinstance(said, RestOfDay):
        midnight = at(now.date(), (24, 0), now.tzinfo)
        if said.past:
            return Reading(at(now.date(), _MIDNIGHT, now.tzinfo), here, "hour")
        return Reading(here, midnight, "hour")
    if isinstance(said, Length):
        return Reading(here, _after(said, here), "minute")
    first, last = VAGUE[said.name] if isinstance(said, Vague) else sorted((0, said.minutes))
    return Reading(_shifted(here, first), _shifted(here, last), "minute")


def _shifted(moment: datetime, minutes: float) -> datetime:
    exact = moment.astimezone(timezone.utc) + timedelta(minutes=minutes)
    return exact.astimezone(moment.tzinfo)


def _after(length: Length, begin: datetime) -> datetime:
    """The end of something that begins now and lasts so long, at least a minute."""
    if length.unit in ("months", "years") and length.count == round(length.count):
        months = round(length.count) * (12 if length.unit == "years" else 1)
        assert begin.tzinfo is not None
        return at(add_months(begin.date(), months), (begin.hour, begin.minute), begin.tzinfo)
    return _shifted(begin, max(1, round(length.count * _MINUTES[length.unit])))


_MINUTES = {
    "seconds": 1 / 60,
    "minutes": 1,
    "days": 24 * 60,
    "weeks": 7 * 24 * 60,
    "months": 30 * 24 * 60,
    "years": 365 * 24 * 60,
}


def _next_minute(said: MinuteOfHour, now: datetime) -> Reading:
    moment = now.replace(minute=said.minute, second=0, microsecond=0)
    if moment < now:
        moment += timedelta(hours=1)
    return Reading(moment, None, "minute")


def _whole_days(days: list[DaySpan], now: datetime, is_open: IsOpen | None) -> list[Reading]:
    zone = now.tzinfo
    assert zone is not None
    if len(days) > 1 and days[0].first == now.date() and not _day_is_still_on(now, is_open):
        days = [*days[1:], days[0]]
    return [
        Reading(
            at(day.first, _MIDNIGHT, zone),
            None if day.single else at(day.until, _MIDNIGHT, zone),
            day.grain,
        )
        for day in days
    ]


def _day_is_still_on(now: datetime, is_open: IsOpen | None) -> bool:
    if is_open is None:
        return now.hour < USUAL_HOURS.stop
    half_hours = range(0, (24 - now.hour) * 2)
    return any(
        is_open(moment)
        for moment in (now + timedelta(minutes=30 * count) for count in half_hours)
        if moment.date() == now.date()
    )


def _hours(said: Clock, part: Part | None) -> list[HourMinute]:
    """The (hour, minute) pairs that a clock time may mean, as said first."""
    hour, minute = said.hour, said.minute
    if said.fixed or hour > 12:
        return [(hour, minute)]
    half = part.half if part else ""
    if half == "night":
        half = "pm" if 6 <= hour <= 11 else "am"
    if half == "am":
        return [(hour % 12, minute)]
    if half == "pm":
        return [(hour % 12 + 12, minute)]
    if part is not None:
        inside = [h for h in (hour, hour + 12) if part.begin <= h <= part.until]
        if inside:
            return [(inside[0], minute)]
    if hour == 12:
        return [(12, minute)]
    return [(hour, minute), (hour + 12, minute)]


def _points(
    days: list[DaySpan],
    rolling: bool,
    hours: list[HourMinute],
    grain: str,
    now: datetime,
    is_open: IsOpen | None,
) -> list[Reading]:
    """Clock times on days. The best reading first; `rolling` days never give what is over."""
    zone = now.tzinfo
    assert zone is not None
    moments = [at(day.first, pair, zone) for day in days for pair in hours]
    future = [moment for moment in moments if moment >= now]
    if rolling and future:
        moments = future
    best = min(moments, key=lambda moment: _rank(moment, is_open))
    others = [
        moment
        for moment in moments
        if moment != best
        and (moment >= now)
        and (moment.date() == best.date() or (not rolling and moment.timetz() == best.timetz()))
    ]
    return [Reading(moment, None, grain) for moment in (best, *others)]


def _daily(
    days: DaySpan, said: Clock, part: Part | None, now: datetime, is_open: IsOpen | None
) -> Reading:
    """'next week at three': the hour from three, every day of the week."""
    assert now.tzinfo is not None
    hour, minute = _best_hour(_hours(said, part), days, now.tzinfo, is_open)
    return _on(days, (hour, minute), (hour + 1, minute), now.tzinfo)


def _rank(moment: datetime, is_open: IsOpen | None) -> tuple[bool, bool]:
    usual = moment.hour in USUAL_HOURS
    return (not (is_open(moment) if is_open else usual), not usual)


def _ranges(
    days: list[DaySpan],
    rolling: bool,
    said: TimeRange,
    part: Part | None,
    now: datetime,
    is_open: IsOpen | None,
) -> list[Reading]:
    zone = now.tzinfo
    assert zone is not None
    readings = []
    for day in days:
        found = _range_on(day, said, part, now, is_open)
        if found is not None:
            readings.append(found)
    if rolling:
        readings = [reading for reading in readings if _ahead(reading, now, said)] or readings
        readings = readings[:1]
    return [_from_now(reading, now) for reading in readings]


def _range_on(
    day: DaySpan, said: TimeRange, part: Part | None, now: datetime, is_open: IsOpen | None
) -> Reading | None:
    zone = now.tzinfo
    assert zone is not None
    first: HourMinute | None = None
    if said.first is not None:
        first = _best_hour(_hours(said.first, part), day, zone, is_open)
    if said.last is None:
        assert first is not None
        until = (part.until, 0) if part and (part.until, 0) > first else (24, 0)
        if first >= until:
            until = (first[0] + _HOURS_OF_NIGHT, 0)  # "after midnight"
        return _on(day, first, until, zone)
    choices = _hours(said.last, part)
    if first is None:
        last = _best_hour(choices, day, zone, is_open)
        begin = (part.begin, 0) if part and (part.begin, 0) < last else (0, 0)
        return _on(day, begin, last, zone)
    later = [pair for pair in choices if pair > first]
    if not later and said.first is not None and said.first.fixed and said.last.fixed:
        later = [(hour + 24, minute) for hour, minute in choices]  # "ten pm to seven am"
    if not later and first[0] >= _LATE and said.first is not None and said.first.fixed:
        later = [(choices[0][0] + 24, choices[0][1])]  # "klo 22 ja 6 välillä"
    if not later and said.first is not None and not said.first.fixed:
        first = _hours(said.first, part)[0]
        later = [pair for pair in choices if pair > first]
    if not later:
        return None
    return _on(day, first, later[0], zone)


def _best_hour(
    hours: list[HourMinute], day: DaySpan, zone: tzinfo, is_open: IsOpen | None
) -> HourMinute:
    return min(hours, key=lambda pair: _rank(at(day.first, pair, zone), is_open))


def _on(day: DaySpan, first: HourMinute, last: HourMinute, zone: tzinfo) -> Reading:
    final = day.until - timedelta(days=1)
    return Reading(at(day.first, first, zone), at(final, last, zone), "hour")


def _parts(days: list[DaySpan], rolling: bool, part: Part, now: datetime) -> list[Reading]:
    zone = now.tzinfo
    assert zone is not None
    readings = [_on(day, (part.begin, 0), (part.until, 0), zone) for day in days]
    if rolling:
        readings = ([reading for reading in readings if _ahead(reading, now)] or readings)[:1]
    return [_from_now(reading, now) for reading in readings]


def _ahead(reading: Reading, now: datetime, said: TimeRange | None = None) -> bool:
    """Whether at least half of a span is still to come, or the end of 'before three'."""
    assert reading.finish is not None
    if said is not None and said.first is None:
        return reading.finish > now
    return reading.begin + (reading.finish - reading.begin) / 2 >= now


def _from_now(reading: Reading, now: datetime) -> Reading:
    """A span that has begun starts now; one that is over is left as said.

    A daily window begins with the first of its days on which it is not over.
    """
    if reading.finish is None or not reading.begin < now < reading.finish:
        return reading
    if reading.finish - reading.begin <= _A_DAY:
        begin = now.replace(second=0, microsecond=0)
    else:
        over = now.timetz() >= reading.finish.timetz() > reading.begin.timetz()
        first = now.date() + (_A_DAY if over else timedelta(0))
        assert now.tzinfo is not None
        begin = at(first, (reading.begin.hour, reading.begin.minute), now.tzinfo)
    return Reading(begin, reading.finish, reading.grain)


_A_DAY = timedelta(days=1)
