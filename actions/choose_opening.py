"""From a wish (actions/wishes.py) to an opening: shared by booking, moving and free times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from actions.form import Draft
from actions.turn import Turn
from actions.wishes import combine, shifted, span_of, wish_around
from tiski.answers import dates
from tiski.booking.openings import (
    Opening,
    free_openings,
    nearest_openings,
    opening_at,
    why_not,
)
from tiski.db.session import run
from tiski.nlu.time import find_impossible

# How many openings are offered as buttons: what fits a phone without scrolling.
OFFERED = 4
# How far apart the first ones are that nobody has asked for.
_APART = timedelta(hours=3)


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
    wish = shifted(turn, draft, slot, visit.now_at)
    if wish is None:
        said = turn.times()
        if not said:
            return
        wish = combine(turn, said, draft, slot, visit.now_at)
    if wish.get("at"):
        moment = datetime.fromisoformat(wish["at"])
        opening = await _opening(turn, visit, moment)
        if opening:
            take(draft, slot, opening)
            return
        wish["refused"] = await _refuse(turn, visit, moment)
    elif not await _any_free(turn, visit, wish):
        wish["refused"] = _refuse_window(turn, visit, wish)
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
    keys = _keys(turn, visit)
    if wish and wish.get("at"):
        at = datetime.fromisoformat(wish["at"])
        near = await run(nearest_openings, turn.business, visit.service, at, count=OFFERED, **keys)
        return near or await _first(turn, visit)
    windows = (wish or {}).get("windows") or []
    found: list[Opening] = []
    for window in windows:
        first, last = span_of(window, turn)
        found += await run(free_openings, turn.business, visit.service, first, last, **keys)
    if found:
        return _spread(found)
    if windows:
        begin = max(turn.now, span_of(windows[0], turn)[0])
        near = await run(
            nearest_openings, turn.business, visit.service, begin, count=OFFERED, **keys
        )
        if near:
            return near
    return await _first(turn, visit)


async def _first(turn: Turn, visit: Visit) -> list[Opening]:
    """The first openings there are, some hours apart: four in a row would be no choice."""
    until = turn.now + timedelta(days=turn.business.booking.horizon_days + 1)
    chosen: list[Opening] = []
    begin = turn.now
    while len(chosen) < OFFERED:
        found = await run(
            free_openings,
            turn.business,
            visit.service,
            begin,
            until,
            limit=1,
            **_keys(turn, visit),
        )
        if not found:
            break
        chosen += found
        begin = found[0].starts_at + _APART
    return chosen


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


def _keys(turn: Turn, visit: Visit) -> dict[str, Any]:
    """What every look for openings is told besides the service and the time."""
    return {"staff_id": visit.staff, "now": turn.now, "moving": visit.moving}


async def _opening(turn: Turn, visit: Visit, moment: datetime) -> Opening | None:
    if moment == visit.now_at:
        return None
    found: Opening | None = await run(
        opening_at,
        turn.business,
        visit.service,
        moment,
        **_keys(turn, visit),
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
        **_keys(turn, visit),
    )
    reason = reason or "taken"
    if reason != told:
        say_cannot_book(turn, visit, turn.moment(moment), reason)
    return str(reason)


def _refuse_window(turn: Turn, visit: Visit, wish: dict[str, Any]) -> str:
    """Say why there is nothing on a day or in a longer span: closed is not fully booked.

    Returns the reason, "taken" when others have booked all of it.
    """
    first, last = span_of(wish["windows"][0], turn)
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
    return reason or "taken"


def _meets(spans: list[tuple[datetime, datetime]], first: datetime, last: datetime) -> bool:
    return any(begin < last and first < end for begin, end in spans)


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
            limit=1,
            **_keys(turn, visit),
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
