"""What a customer wishes: "Friday afternoon", "rather at five", "an hour later".

The wish is kept in the slot `wished_time` until an opening is chosen, so that a later message
completes or corrects it:

    {"windows": [{"from": ISO, "to": ISO}], "clock": "15:00" | null, "at": ISO | null,
     "refused": a code of `openings.why_not` | absent}

`windows` are the days or spans that were named, `clock` a time of day, `at` a moment that could
not be had (the nearest openings are offered around it), `refused` why, once it has been said.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from actions.form import Draft
from actions.turn import SaidTime, Turn
from tiski.answers import dates
from tiski.booking.openings import Opening
from tiski.nlu.lexicon import pattern

# Why a day was refused that no other day of its week would do for, either
_OUT_OF_REACH = ("past", "too_far")


def wish_of(turn: Turn, draft: Draft, slot: str = "appointment_start") -> dict[str, Any] | None:
    """The wish in the message, completed by what was wished before; None without a time."""
    said = turn.times()
    return combine(turn, said, draft, slot, None) if said else None


def wish_around(start: str) -> dict[str, Any]:
    """A wish for another time near one that was chosen (ISO 8601) and is given up."""
    return {"windows": [], "clock": None, "at": start}


def day_of(opening: Opening) -> dict[str, Any]:
    """A wish for the day of an opening."""
    midnight = opening.starts_at.replace(hour=0, minute=0)
    window = {
        "from": midnight.isoformat(),
        "to": (midnight + timedelta(days=1)).isoformat(),
    }
    return {"windows": [window], "clock": None, "at": None}


def span_of(window: dict[str, str], turn: Turn) -> tuple[datetime, datetime]:
    """The ends of a window, in the business's zone."""
    zone = turn.business.tz
    first, last = (datetime.fromisoformat(window[end]).astimezone(zone) for end in ("from", "to"))
    return first, last


def combine(
    turn: Turn, said: list[SaidTime], draft: Draft, slot: str, now_at: datetime | None
) -> dict[str, Any]:
    """Put together what is said now and what was wished before."""
    before: dict[str, Any] = draft["wished_time"] or {}
    day, clock = _known(turn, before, draft[slot], now_at)
    newest = _within_week(turn, _finest(said), before, draft[slot])
    if newest.has_time and not newest.has_date and day is not None:
        # "rather at five": on the day that was meant
        return _at_clock(turn, newest, day)
    if newest.is_moment:
        return _moment(newest.begin)
    if newest.has_date and not newest.has_time and clock is not None and newest.grain == "day":
        # "no, Thursday": at the time that was meant
        return _moment(datetime.combine(newest.begin.date(), clock, turn.business.tz))
    named = [newest, *said[1:]] if newest.grain == "day" or newest == said[0] else said
    windows = [window for one in named for window in windows_of(one, turn)]
    return {"windows": windows, "clock": None, "at": None}


def _finest(said: list[SaidTime]) -> SaidTime:
    """What "in June, on the 5th at ten" comes down to; the first when they are alternatives."""
    first = said[0]
    inside = (one for one in said[1:] if first.finish and first.begin <= one.begin < first.finish)
    return next((one for one in inside if one.is_moment), first)


def _within_week(
    turn: Turn, said: SaidTime, before: dict[str, Any], chosen: str | None
) -> SaidTime:
    """ "Tuesday" after "next week", or after a day of next week was chosen, is that week's Tuesday."""
    if said.finish is not None or not said.has_date or not _is_bare_weekday(turn, said):
        return said
    known = chosen or before.get("at")
    windows = before.get("windows") or []
    if before.get("refused") in _OUT_OF_REACH:
        return said
    if known:
        day = datetime.fromisoformat(known).astimezone(turn.business.tz).date()
        first_day = day - timedelta(days=day.weekday())
        last_day = first_day + timedelta(days=6)
    elif windows:
        first_day = span_of(windows[0], turn)[0].date()
        last_day = (span_of(windows[-1], turn)[1] - timedelta(minutes=1)).date()
    else:
        return said
    # By the calendar, not by 24 hours: the clock may be changed in between
    then = said.begin.astimezone(turn.business.tz)
    while then.date() < first_day:
        then = datetime.combine(then.date() + timedelta(days=7), then.time(), turn.business.tz)
    return replace(said, begin=then, others=()) if then.date() <= last_day else said


def _is_bare_weekday(turn: Turn, said: SaidTime) -> bool:
    """Whether the words name a weekday and no week or date ("ti kolmelta", not "next Tuesday")."""
    numbers = {int(number) for number in re.findall(r"\d{1,2}", said.text)}
    clock = {said.begin.hour, said.begin.hour % 12, said.begin.minute}
    if pattern("which_week").search(said.text) or said.begin.day in numbers - clock:
        return False
    full = dates.say_weekday(said.begin, turn.language).lower()
    short = dates.say_weekday_short(said.begin, turn.language).lower()
    return any(
        word == short or (len(word) > 2 and full.startswith(word[:4]))
        for word in re.findall(r"[^\W\d_]+", said.text.lower())
    )


def shift_of(turn: Turn) -> timedelta | None:
    """By how much a time is to be moved: "an hour later", "puol tuntia aikasemmin"."""
    later, earlier = (bool(pattern(way).search(turn.text)) for way in ("later", "earlier"))
    if later == earlier:
        return None
    # the longest first: "two hours" holds "hours", "puoli tuntia" holds "tuntia"
    sizes = ("120", "30", "15", "60")
    minutes = next((int(size) for size in sizes if pattern("by", size).search(turn.text)), None)
    if minutes is None:
        return None
    return timedelta(minutes=minutes if later else -minutes)


def shifted(turn: Turn, draft: Draft, slot: str, now_at: datetime | None) -> dict[str, Any] | None:
    """The time that the conversation is about, moved as the message says; None if it does not."""
    shift = shift_of(turn)
    known = draft[slot] or (draft["wished_time"] or {}).get("at")
    anchor = datetime.fromisoformat(known) if known else now_at
    return _moment(anchor.astimezone(turn.business.tz) + shift) if shift and anchor else None


def _known(
    turn: Turn, before: dict[str, Any], chosen: str | None, now_at: datetime | None
) -> tuple[Any, time | None]:
    """The day and the time of day that the conversation is about so far, each if known."""
    if chosen or before.get("at"):
        moment = datetime.fromisoformat(chosen or before["at"]).astimezone(turn.business.tz)
        return moment.date(), moment.time()
    windows = before.get("windows") or []
    if windows:
        return datetime.fromisoformat(windows[0]["from"]).astimezone(turn.business.tz).date(), None
    if now_at:  # moving: "rather at five" is meant on the same day
        return now_at.astimezone(turn.business.tz).date(), None
    return None, None


def _at_clock(turn: Turn, said: SaidTime, day: Any) -> dict[str, Any]:
    """The time that was said, on a day that was said earlier."""
    moved = [
        datetime.combine(day, moment.timetz().replace(tzinfo=None), turn.business.tz)
        for moment in (said.begin, *said.others)
    ]
    if said.finish is not None:
        length = said.finish - said.begin
        window = {"from": moved[0].isoformat(), "to": (moved[0] + length).isoformat()}
        return {"windows": [window], "clock": None, "at": None}
    open_ones = [moment for moment in moved if turn.business.is_open(moment)]
    return _moment((open_ones or moved)[0])


def _moment(moment: datetime) -> dict[str, Any]:
    return {"windows": [], "clock": moment.strftime("%H:%M"), "at": moment.isoformat()}


def windows_of(said: SaidTime, turn: Turn) -> list[dict[str, str]]:
    """The spans that a time stands for, [{"from": ISO, "to": ISO}]; "mornings next week" are five or seven of them."""
    zone = turn.business.tz
    begin = said.begin.astimezone(zone)
    if said.finish is None:
        days = {"week": 7, "month": 31}.get(said.grain, 1)
        end = datetime.combine(begin.date() + timedelta(days=days), time(), zone)
        return [_window(begin, end)]
    end = said.finish.astimezone(zone)
    if begin.time() >= end.time() or end.date() == begin.date():
        return [_window(begin, end)]
    # a span over several days whose ends are times of day is a window on each of them
    days = (end.date() - begin.date()).days + 1
    return [
        _window(
            datetime.combine(begin.date() + timedelta(days=day), begin.time(), zone),
            datetime.combine(begin.date() + timedelta(days=day), end.time(), zone),
        )
        for day in range(days)
    ]


def _window(begin: datetime, end: datetime) -> dict[str, str]:
    return {"from": begin.isoformat(), "to": end.isoformat()}
