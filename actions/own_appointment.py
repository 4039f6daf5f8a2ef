"""Prove and choose an appointment: what every form about the customer's own appointments shares.

An appointment is shown to who gives its code, or the phone or e-mail on it (tiski/access.py). What
was proved once holds for the conversation (slot `appointment_key`).
"""

from __future__ import annotations

from typing import Any

from actions.form import DeskForm, Draft
from actions.turn import Turn
from tiski.access import LockedOut, NoMatch, appointments_for
from tiski.answers import dates
from tiski.booking.appointments import Appointment, by_id, find_appointments
from tiski.booking.links import appointment_of
from tiski.db.session import run
from tiski.nlu.lexicon import pattern

_KEYS = {"code": "appointment_code", "email": "email", "phone": "phone_number"}
# Why a form ended: there is nothing booked yet that it could be about.
NO_BOOKING = "no_booking"
_OWN_FORMS = ("view_appointment_form", "reschedule_form", "cancel_appointment_form")


class OwnAppointmentForm(DeskForm):
    """Finds whose appointment it is, and which one."""

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["appointment_key", "appointment_code"]

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        if asked == "appointment_key" and _has_no_booking(turn):
            return False
        return super().steps_aside(turn, asked)

    async def begin(self, turn: Turn, draft: Draft) -> None:
        if draft["paused_form"] in _OWN_FORMS:
            # Moved instead of cancelled: it is the same appointment, and nothing to return to.
            draft["paused_form"] = None
        elif not is_resumed(turn):
            draft["appointment_code"] = None
        if turn.slot("appointment_key") and not await own_appointments(turn, draft):
            draft["appointment_key"] = None  # gone since: ask anew
        if draft["appointment_key"] is None:
            await self._follow_link(turn, draft)

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        given = self.proofs(turn, draft, asked)
        if asked in (None, "appointment_key") and given:
            await self._prove(turn, draft, given)
        elif asked == "appointment_key" and _has_no_booking(turn):
            turn.say("utter_book_first", buttons=[turn.button("button_book", "/book_appointment")])
            draft.finish(NO_BOOKING)
            draft["offer"] = "appointment_form"
            return
        if draft["appointment_key"] and not draft["appointment_code"]:
            await self._which(turn, draft, asked)
        if draft["appointment_code"]:
            await self.take_rest(turn, draft, asked)

    async def _follow_link(self, turn: Turn, draft: Draft) -> None:
        """Who came by the signed link of a mail has proved that appointment, and means it."""
        visit = await linked_visit(turn)
        if visit is not None:
            draft["appointment_key"] = {"code": visit.code}
            draft["appointment_code"] = visit.code

    def proofs(self, turn: Turn, draft: Draft, asked: str | None) -> dict[str, str]:
        """What the message gives to prove an appointment: code, email, phone."""
        return {key: turn.entity(entity) for key, entity in _KEYS.items() if turn.entity(entity)}

    def likely(self, turn: Turn, mine: list[Appointment]) -> list[Appointment]:
        """Those of several appointments that are meant without being asked."""
        return []

    async def take_rest(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        """Take what follows once the appointment is known."""

    async def _prove(self, turn: Turn, draft: Draft, given: dict[str, str]) -> None:
        key = next(kind for kind in _KEYS if kind in given)
        draft.explained = True
        try:
            found = await appointments_for(
                **{key: given[key]}, conversation_id=turn.conversation_id, now=turn.now
            )
        except NoMatch:
            turn.say("utter_appointment_not_found")
            draft["appointment_key"] = None
        except LockedOut as lock:
            say_locked(turn, lock)
            draft.finish("locked")
        else:
            draft["appointment_key"] = {key: given[key]}
            draft["appointment_code"] = found[0].code if len(found) == 1 else None

    async def _which(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        """Choose among several by code or by what was said of the time."""
        mine = await own_appointments(turn, draft)
        if len(mine) == 1:
            draft["appointment_code"] = mine[0].code
            return
        code = turn.entity("appointment_code")
        found = [one for one in mine if one.code == code]
        if not found and asked == "appointment_code":
            found = [one for one in mine if is_meant(turn, one)]
        elif not found:
            found = self.likely(turn, mine)
        if len(found) == 1:
            draft["appointment_code"] = found[0].code
            draft.explained = True


async def linked_visit(turn: Turn) -> Appointment | None:
    """The coming appointment whose link the customer followed (metadata `visit`), if any."""
    token = (turn.tracker.latest_message.get("metadata") or {}).get("visit")
    number = appointment_of(token, turn.now)
    if number is None:
        return None
    visit = await run(by_id, number)
    is_coming = visit is not None and visit.status == "booked" and visit.ends_at > turn.now
    return visit if is_coming else None


def is_resumed(turn: Turn) -> bool:
    """True when a yes to an offer begins the form: what it knew still holds."""
    return turn.intent == "affirm"


def _has_no_booking(turn: Turn) -> bool:
    return not turn.is_button and bool(pattern("no_booking").search(turn.text))


def is_meant(turn: Turn, appointment: Appointment) -> bool:
    """True when the message names the appointment's service, day or time."""
    start = appointment.starts_at.astimezone(turn.business.tz)
    return appointment.service_id in turn.entities("service") or any(
        start == said.begin if said.is_moment else start.date() == said.begin.date()
        for said in turn.times()
    )


async def own_appointments(turn: Turn, draft: Draft | None = None) -> list[Appointment]:
    """The coming appointments that the customer has proved to be theirs."""
    key: dict[str, str] | None = (draft or Draft(turn))["appointment_key"]
    if not key:
        return []
    return await run(find_appointments, **key, now=turn.now)


async def chosen(turn: Turn, draft: Draft | None = None) -> Appointment | None:
    """The appointment that the form is about, if it is still to come."""
    code = (draft or Draft(turn))["appointment_code"]
    return next((one for one in await own_appointments(turn, draft) if one.code == code), None)


def say_locked(turn: Turn, lock: LockedOut) -> None:
    """Five wrong tries: until when, and a person."""
    until = dates.say_clock(lock.until.astimezone(turn.business.tz), turn.language)
    turn.say(
        "utter_lookups_locked",
        until=until,
        buttons=[turn.button("button_human", "/request_human")],
    )


def details(turn: Turn, appointment: Appointment) -> dict[str, Any]:
    """What the responses about an appointment name: service, person, when, code."""
    return {
        "service": turn.business.services[appointment.service_id].name.get(turn.language),
        "person": turn.business.staff[appointment.staff_id].name,
        "when": turn.moment(appointment.starts_at),
        "code": appointment.code,
    }
