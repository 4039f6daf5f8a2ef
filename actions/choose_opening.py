"""From "Friday afternoon" to an opening: shared by booking, moving and asking for free times.

The wish is kept in the slot `wished_time` until an opening is chosen, so that a later "at five"
or "rather Thursday" completes or corrects it:

    {"windows": [{"from": ISO, "to": ISO}], "clock": "15:00" | null, "at": ISO | null,
     "refused": a code of `openings.why_not` | absent}

`windows` are the days or spans that were named, `clock` a time of day, `at` a moment that could
not be had (the nearest openings are offered around it), `refused` why, once it has been said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from actions.form import Draft
from actions.turn import SaidTime, Turn
from tiski.answers import dates
from tiski.booking.openings import (
    Opening,
    free_openings,
    nearest_openings,
    opening_at,
    why_not,
)
from tiski.db.session import run
from tiski.nlu.lexicon import pattern
from tiski.nlu.time import find_impossible

# How many openings are offered as buttons: what fits a phone without scrolling.
OFFERED = 4


@dataclass(frozen=True)
class Visit:
    """What the opening is for: a service, who does it, and which appointment it would replace."""

    service: str
    staff: str | None  # None: anyone
    moving: str | None = None  # an appointment's code
    now_at: datetime | None = None  # when the appointment being moved is


async def choose(turn: Turn, draft: Draft, slot: str, visit: Visit) -> None:
    """Take the times of the message as a wish; fill `slot` if it can be had.

    Otherwise say why not, and leave the wish for `offer` to show openings around it.
    """
    if refuse_impossible(turn, draft):
        return
    wish = _shifted(turn, draft, slot, visit.now_at)
    if wish is None:
        said = turn.times()
        if not said:
            return
        wish = _combine(turn, said, draft, slot, visit.now_at)
    if wish.get("at"):
        moment = datetime.fromisoformat(wish["at"])
        opening = await _opening(turn, visit, moment)
        if opening:
            take(draft, slot, opening)
            return
        wish["refused"] = await _refuse(turn, visit, moment)
    elif not await _any_free(turn, visit, wish):
        _refuse_window(turn, visit, wish)
    draft[slot] = None
    draft["wished_time"] = wish
    draft.explained = True


def refuse_impossible(turn: Turn, draft: Draft) -> bool:
    """Say so when the message names a day or time that does not exist ("31.2. klo 10")."""
    impossible = [] if turn.is_button else find_impossible(turn.text, language=turn.language)
    if impossible:
        turn.say("utter_no_such_time", wish=impossible[0])
        draft.explained = True
    return bool(impossible)


def wish_around(start: str) -> dict[str, Any]:
    """A wish for another time near one that was chosen (ISO 8601) and is given up."""
    return {"windows": [], "clock": None, "at": start}


async def explain_wish(turn: Turn, visit: Visit, wish: dict[str, Any] | None) -> None:
    """Say why nothing can be had as wished, where that is so; nothing if something can."""
    if wish and wish.get("at"):
        moment = datetime.fromisoformat(wish["at"])
        if not await _opening(turn, visit, moment):
            await _refuse(turn, visit, moment)
    elif wish and wish["windows"] and not await _any_free(turn, visit, wish):
        _refuse_window(turn, visit, wish)


def take(draft: Draft, slot: str, opening: Opening) -> None:
    """Fill the slot with an opening that is free; the wish is fulfilled."""
    draft[slot] = opening.starts_at.isoformat()
    draft["wished_time"] = None


def wish_of(turn: Turn, draft: Draft, slot: str = "appointment_start") -> dict[str, Any] | None:
    """The wish in the message, completed by what was wished before; None without a time."""
    said = turn.times()
    return _combine(turn, said, draft, slot, None) if said else None


async def still_free(turn: Turn, draft: Draft, slot: str, visit: Visit) -> bool:
    """Whether the time chosen earlier can still be had (after the service or person changed)."""
    moment = datetime.fromisoformat(draft[slot])
    if await _opening(turn, visit, moment):
        return True
    refused = await _refuse(turn, visit, moment)
    draft[slot] = None
    draft["wished_time"] = {**wish_around(moment.isoformat()), "refused": refused}
    draft.explained = True
    return False


async def try_wish(turn: Turn, draft: Draft, slot: str, visit: Visit) -> None:
    """Fill the slot with the moment that was wished before the service was known, if it can be."""
    wish = draft["wished_time"] or {}
    if not wish.get("at"):
        return
    moment = datetime.fromisoformat(wish["at"])
    opening = await _opening(turn, visit, moment)
    if opening:
        take(draft, slot, opening)
    else:
        refused = await _refuse(turn, visit, moment, told=wish.get("refused"))
        draft["wished_time"] = {**wish, "refused": refused}


async def offer(turn: Turn, visit: Visit, wish: dict[str, Any] | None) -> list[Opening]:
    """Return the openings to show: around the wish, within its windows, or the first there are."""
    keys: dict[str, Any] = {"staff_id": visit.staff, "now": turn.now, "moving": visit.moving}
    if wish and wish.get("at"):
        at = datetime.fromisoformat(wish["at"])
        near = await run(nearest_openings, turn.business, visit.service, at, count=OFFERED, **keys)
        return near or await _first(turn, visit)
    for window in (wish or {}).get("windows", []):
        first, last = (datetime.fromisoformat(window[end]) for end in ("from", "to"))
        found = await run(free_openings, turn.business, visit.service, first, last, **keys)
        if found:
            return _spread(found)
    begin = turn.now
    if wish and wish.get("windows"):
        begin = max(begin, datetime.fromisoformat(wish["windows"][0]["from"]))
    found = await run(nearest_openings, turn.business, visit.service, begin, count=OFFERED, **keys)
    return found or await _first(turn, visit)


async def _first(turn: Turn, visit: Visit) -> list[Opening]:
    """The first openings there are, for a wish that lies too far ahead."""
    keys: dict[str, Any] = {"staff_id": visit.staff, "now": turn.now, "moving": visit.moving}
    return await run(
        nearest_openings, turn.business, visit.service, turn.now, count=OFFERED, **keys
    )


def opening_buttons(
    turn: Turn, openings: list[Opening], intent: str, *, dated: bool = False
) -> list[dict[str, str]]:
    """Buttons that choose an opening.

    The day is left out when all are on the same, unless they are `dated`: no sentence names it.
    """
    same_day = len({opening.starts_at.date() for opening in openings}) == 1
    buttons = []
    for opening in openings:
        if same_day and not dated:
            title = dates.say_clock(opening.starts_at, turn.language)
        else:
            title = dates.say_moment_short(opening.starts_at, turn.language)
        payload = f'/{intent}{{"time": "{opening.starts_at.isoformat()}"}}'
        buttons.append({"title": title, "payload": payload})
    return buttons


def common_day(turn: Turn, openings: list[Opening]) -> str | None:
    """The day that all openings are on, as it is said; None when there are several."""
    days = {opening.starts_at.date() for opening in openings}
    return turn.day(openings[0].starts_at) if len(days) == 1 else None


def day_of(opening: Opening) -> dict[str, Any]:
    """A wish for the day of an opening."""
    midnight = opening.starts_at.replace(hour=0, minute=0)
    window = {
        "from": midnight.isoformat(),
        "to": (midnight + timedelta(days=1)).isoformat(),
    }
    return {"windows": [window], "clock": None, "at": None}


async def _opening(turn: Turn, visit: Visit, moment: datetime) -> Opening | None:
    if moment == visit.now_at:
        return None
    found: Opening | None = await run(
        opening_at,
        turn.business,
        visit.service,
        moment,
        staff_id=visit.staff,
        now=turn.now,
        moving=visit.moving,
    )
    return found


async def _refuse(turn: Turn, visit: Visit, moment: datetime, told: str | None = None) -> str:
    """Say why a moment cannot be had, unless that is what was `told` before; return the reason."""
    if moment == visit.now_at:
        turn.say("utter_already_then", when=turn.moment(moment))
        return "own"
    reason = await run(
        why_not,
        turn.business,
        visit.service,
        moment,
        staff_id=visit.staff,
        now=turn.now,
        moving=visit.moving,
    )
    reason = reason or "taken"
    if reason != told:
        say_cannot_book(turn, visit, turn.moment(moment), reason)
    return str(reason)


def _refuse_window(turn: Turn, visit: Visit, wish: dict[str, Any]) -> None:
    """Say why there is nothing on a day or in a longer span: closed is not fully booked."""
    first, last = _span(wish["windows"][0], turn)
    last_day = turn.now.date() + timedelta(days=turn.business.booking.horizon_days)
    one_day = len(wish["windows"]) == 1 and last - first <= timedelta(days=1)
    at_work = turn.business.opening_spans(first.date())
    reason = None
    if first.date() > last_day:
        reason = "too_far"
    elif last <= turn.now:
        reason = "past"
    elif one_day and not _meets(at_work, first, last):
        reason = "closed"
    elif one_day and visit.staff:
        theirs = turn.business.staff_spans(visit.staff, first.date())
        reason = None if _meets(theirs, first, last) else "staff_away"
    if reason:
        say_cannot_book(turn, visit, turn.day(first), reason)
    else:
        turn.say("utter_nothing_free_then")


def _meets(spans: list[tuple[datetime, datetime]], first: datetime, last: datetime) -> bool:
    return any(begin < last and first < end for begin, end in spans)


def _span(window: dict[str, str], turn: Turn) -> tuple[datetime, datetime]:
    zone = turn.business.tz
    first, last = (datetime.fromisoformat(window[end]).astimezone(zone) for end in ("from", "to"))
    return first, last


def say_cannot_book(turn: Turn, visit: Visit, when: str, reason: str) -> None:
    """Say why a moment or day cannot be had; `reason` is a code of `openings.why_not`."""
    names = turn.business.staff
    person = names[visit.staff].name if visit.staff else turn.business.name.get(turn.language)
    turn.say(f"utter_cannot_book_{reason}", when=when, person=person)


async def _any_free(turn: Turn, visit: Visit, wish: dict[str, Any]) -> bool:
    for window in wish["windows"]:
        first, last = (datetime.fromisoformat(window[end]) for end in ("from", "to"))
        found = await run(
            free_openings,
            turn.business,
            visit.service,
            first,
            last,
            staff_id=visit.staff,
            now=turn.now,
            limit=1,
            moving=visit.moving,
        )
        if found:
            return True
    return False


def _spread(openings: list[Opening]) -> list[Opening]:
    """A few openings that stand for all of a day: not four in a row at nine."""
    if len(openings) <= OFFERED:
        return openings
    step = (len(openings) - 1) / (OFFERED - 1)
    return [openings[round(i * step)] for i in range(OFFERED)]


def _combine(
    turn: Turn, said: list[SaidTime], draft: Draft, slot: str, now_at: datetime | None
) -> dict[str, Any]:
    """Put together what is said now and what was wished before."""
    before: dict[str, Any] = draft["wished_time"] or {}
    day, clock = _known(turn, before, draft[slot], now_at)
    newest = _within_week(turn, _finest(said), before)
    if newest.has_time and not newest.has_date and day is not None:
        # "rather at five": on the day that was meant
        return _at_clock(turn, newest, day)
    if newest.is_moment:
        return _moment(newest.begin)
    if newest.has_date and not newest.has_time and clock is not None and newest.grain == "day":
        # "no, Thursday": at the time that was meant
        return _moment(datetime.combine(newest.begin.date(), clock, turn.business.tz))
    named = [newest, *said[1:]] if newest.grain == "day" or newest == said[0] else said
    return {"windows": [_window(one, turn) for one in named], "clock": None, "at": None}


def _finest(said: list[SaidTime]) -> SaidTime:
    """What "in June, on the 5th at ten" comes down to; the first when they are alternatives."""
    first = said[0]
    inside = (one for one in said[1:] if first.finish and first.begin <= one.begin < first.finish)
    return next((one for one in inside if one.is_moment), first)


def _within_week(turn: Turn, said: SaidTime, before: dict[str, Any]) -> SaidTime:
    """ "Tuesday" after "next week" is that week's Tuesday."""
    windows = before.get("windows") or []
    if not windows or said.finish is not None or not said.has_date:
        return said
    first, last = _span(windows[0], turn)
    weekday = dates.say_weekday(said.begin, turn.language)[:4].lower()
    later = said.begin + timedelta(days=7)
    if said.begin < first <= later < last and weekday in turn.text.lower():
        return replace(said, begin=later)
    return said


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


def _shifted(turn: Turn, draft: Draft, slot: str, now_at: datetime | None) -> dict[str, Any] | None:
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


def _window(said: SaidTime, turn: Turn) -> dict[str, str]:
    finish = said.finish
    if finish is None:
        days = {"week": 7, "month": 31}.get(said.grain, 1)
        start = said.begin.astimezone(turn.business.tz)
        finish = datetime.combine(start.date() + timedelta(days=days), time(), turn.business.tz)
    return {"from": said.begin.isoformat(), "to": finish.isoformat()}
