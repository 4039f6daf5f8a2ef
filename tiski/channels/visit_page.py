"""The page behind the link of a mail or text message: /desk/visit/<token>.

The token is all the proof that is asked for, so there is no cookie and nothing to forge a request
with. Looking changes nothing (mail programs look at links by themselves): what is done comes by
POST, and may come twice. Without a script; made for phones.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from tiski import clock
from tiski.answers.visits import language_of
from tiski.booking import held, service
from tiski.booking.appointments import Appointment, by_id
from tiski.booking.errors import (
    AlreadyBegun,
    AlreadyTaken,
    NoLongerHeld,
    NoSuchAppointment,
    NotBookable,
    NotOffered,
)
from tiski.booking.grid import midnight
from tiski.booking.links import appointment_of, visit_link
from tiski.booking.openings import Opening, free_openings, opening_at, why_not
from tiski.business import Business, load_business
from tiski.channels.visit_view import Days, View, state_of
from tiski.db.session import run
from tiski.notify.invitations import PUBLISH, invitation
from tiski.outside.errors import OutsideError

logger = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
#: days with free times on one page, and the days that are looked through for them
DAYS_SHOWN = 5
DAYS_SEARCHED = 35
_DAY = timedelta(days=1)
# Which states a word about what was done fits to: it comes in the address, so anybody can write it
_FITS = {"moved": "booked", "cancelled": "cancelled", "taken": "booked", "declined": "passed"}

Handler = Callable[[Request, str], Coroutine[Any, Any, HTTPResponse]]


def visit_blueprint() -> Blueprint:
    """The routes /desk/visit/<token> and the file of the event below it."""
    blueprint = Blueprint("tiski_visit", url_prefix="/desk/visit")
    blueprint.add_route(_in_words(_show), "/<token:str>", methods=["GET"], name="show")
    blueprint.add_route(_in_words(_do), "/<token:str>", methods=["POST"], name="do")
    blueprint.add_route(_in_words(_event), "/<token:str>/visit.ics", methods=["GET"], name="event")
    return blueprint


def _in_words(handler: Callable[[_Asked], Awaitable[HTTPResponse]]) -> Handler:
    """Let a handler see who asks, and answer in words whatever goes wrong."""

    @wraps(handler)
    async def _handle(request: Request, token: str) -> HTTPResponse:
        business = load_business()
        now = clock.now()
        wanted = request.args.get("lang")
        language = language_of(business, wanted)
        number = appointment_of(token, now)
        if number is None:
            return _html(View(business, language, "").of_bad_link(), 404)
        try:
            appointment = await run(by_id, number)
            if appointment is None:
                return _html(View(business, language, "").of_bad_link(), 404)
            language = language_of(
                business, wanted if wanted in business.languages else appointment.language
            )
            return await handler(_Asked(request, token, appointment, business, language, now))
        except (SQLAlchemyError, OutsideError) as error:  # its text may repeat what is stored
            logger.error("The page of an appointment failed: %s", type(error).__name__)
        except Exception as error:
            logger.error("The page of an appointment broke: %s", type(error).__name__)
        return _html(View(business, language, token).of_trouble(), 503)

    return _handle


class _Asked:
    """One request for one appointment."""

    def __init__(
        self,
        request: Request,
        token: str,
        appointment: Appointment,
        business: Business,
        language: str,
        now: datetime,
    ) -> None:
        self.request = request
        self.token = token
        self.appointment = appointment
        self.business = business
        self.language = language
        self.now = now
        self.view = View(business, language, token)

    @property
    def state(self) -> str:
        return state_of(self.appointment, self.now)

    def back(self, done: str | None = None) -> HTTPResponse:
        """Send the browser to the page anew, so that loading it again does nothing twice."""
        query = {"lang": self.language, **({"done": done} if done else {})}
        return response.redirect(f"{self.token}?{urlencode(query)}", HEADERS, status=303)


async def _show(asked: _Asked) -> HTTPResponse:
    args = asked.request.args
    ask = args.get("ask")
    if ask == "move" and asked.state == "booked":
        return await _moving(asked, _date(args.get("from")))
    if ask == "cancel" and asked.state == "booked":
        return _html(asked.view.of_cancelling(asked.appointment, asked.now))
    done = args.get("done")
    fits = _FITS.get(done) == asked.state
    return _html(asked.view.of_state(asked.appointment, asked.now, done if fits else None))


async def _do(asked: _Asked) -> HTTPResponse:
    form = asked.request.form or {}
    what = form.get("do")
    code, number = asked.appointment.code, asked.appointment.id
    try:
        if what == "move" and asked.state == "booked":
            return await _move(asked, str(form.get("to") or ""))
        if what == "cancel" and asked.state in ("booked", "cancelled"):
            await service.cancel(asked.business, code, now=asked.now)
            return asked.back("cancelled")
        if what == "take" and asked.appointment.held_until:
            await run(held.take, number, now=asked.now)
            return asked.back("taken")
        if what == "decline" and asked.appointment.held_until:
            await run(held.decline, number, now=asked.now)
            return asked.back("declined")
    except (NoSuchAppointment, AlreadyBegun, NoLongerHeld):
        pass  # something else was faster: the page tells what stands now
    return asked.back()


async def _move(asked: _Asked, to: str) -> HTTPResponse:
    start, _, staff_id = to.partition("/")
    appointment = asked.appointment
    about = {"staff_id": staff_id, "now": asked.now, "moving": appointment.code}
    try:
        moment = datetime.fromisoformat(start)
        if moment.tzinfo is None:
            raise ValueError
        opening = await run(opening_at, asked.business, appointment.service_id, moment, **about)
        if opening is None:
            reason = await run(why_not, asked.business, appointment.service_id, moment, **about)
            raise NotBookable(reason or "taken")
        await service.move(asked.business, appointment.code, opening, now=asked.now)
    except (ValueError, OverflowError, NotOffered):
        return await _moving(asked, None, gone="other")
    except NotBookable as refusal:
        is_taken = isinstance(refusal, AlreadyTaken) or refusal.reason == "taken"
        gone = "taken" if is_taken else "other"
        return await _moving(asked, moment.astimezone(asked.business.tz).date(), gone=gone)
    return asked.back("moved")


async def _moving(asked: _Asked, first: date | None, gone: str | None = None) -> HTTPResponse:
    days = await run(_days, asked.business, asked.appointment, first, asked.now)
    shown = asked.view.of_moving(asked.appointment, days, first=first, gone=gone)
    return _html(shown, 409 if gone else 200)


async def _event(asked: _Asked) -> HTTPResponse:
    appointment = asked.appointment
    if asked.state not in ("booked", "begun"):
        return response.redirect(f"../{asked.token}", HEADERS, status=303)
    event = invitation(
        asked.business,
        asked.language,
        method=PUBLISH,
        uid=appointment.uid or f"{appointment.id}@tiski",
        sequence=appointment.sequence,
        service_id=appointment.service_id,
        staff_id=appointment.staff_id,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        link=visit_link(appointment.id, ends_at=appointment.ends_at),
        now=asked.now,
    )
    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="visit.ics"'}
    return response.raw(
        event.encode(), content_type="text/calendar; charset=utf-8", headers=headers
    )


def _days(business: Business, appointment: Appointment, wanted: date | None, now: datetime) -> Days:
    """Look for free times from a day on: of the same person, or of anybody when there are none.

    Without a day wanted they begin with the visit's own.
    """
    today = now.astimezone(business.tz).date()
    last = today + business.booking.horizon_days * _DAY
    usual = appointment.starts_at.astimezone(business.tz).date()
    first = min(max(wanted or usual, today), last)
    openings = _free(business, appointment, first, now)
    if not openings and first > today:  # nothing from there on; there may be before
        first = today
        openings = _free(business, appointment, first, now)
    shown_days = sorted({each.starts_at.date() for each in openings})[:DAYS_SHOWN]
    later = shown_days[-1] + _DAY if len(shown_days) == DAYS_SHOWN else None
    return Days(
        openings=[each for each in openings if each.starts_at.date() in shown_days],
        earlier=max(today, first - 7 * _DAY) if first > today else None,
        later=later if later and later <= last else None,
    )


def _free(
    business: Business, appointment: Appointment, first: date, now: datetime
) -> list[Opening]:
    begin = midnight(first, business.tz)
    end = midnight(first + DAYS_SEARCHED * _DAY, business.tz)
    for staff_id in (appointment.staff_id, None):
        try:
            found = free_openings(
                business, appointment.service_id, begin, end,
                staff_id=staff_id, now=now, moving=appointment.code,
            )  # fmt: skip
        except NotOffered:  # business.yml has changed since it was booked
            continue
        own = (appointment.staff_id, appointment.starts_at)
        found = [each for each in found if (each.staff_id, each.starts_at) != own]
        if found:
            return found
    return []


def _date(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _html(text: str, status: int = 200) -> HTTPResponse:
    return response.html(text, status=status, headers=HEADERS)
