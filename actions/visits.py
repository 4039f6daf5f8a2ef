"""What the staff should know before a visit: late, coming, a note. Stored on the appointment."""

from __future__ import annotations

from rasa_sdk.events import SlotSet
from sqlalchemy.exc import SQLAlchemyError

from actions.desk_action import DeskAction, Events, log_failure
from actions.form import Draft, after_form, ended_early
from actions.own_appointment import (
    NO_BOOKING,
    OwnAppointmentForm,
    chosen,
    details,
    is_meant,
    is_resumed,
)
from actions.tickets import ticket_for
from actions.turn import Turn
from tiski.answers import dates
from tiski.booking.appointments import Appointment
from tiski.booking.errors import NoSuchAppointment
from tiski.booking.visits import add_note, announce_lateness, confirm
from tiski.db.session import run
from tiski.handoff.tickets import TicketReceipt
from tiski.nlu.lateness import minutes_late
from tiski.nlu.lexicon import pattern

# The note is about the visit that is just being booked: it goes along with the booking.
_WITH_BOOKING = "with_booking"
# "I'm coming with a pram" sounds like these, and is a note when one was asked for
_LIKE_A_NOTE = {"confirm_attendance", "running_late", "leave_message", "ask_product"}
# "I'm a bit late" says nothing that the intent does not say; a longer message gives a reason.
_FEW_WORDS = 4


class LateForm(OwnAppointmentForm):
    form = "late_form"
    own_intents = frozenset({"running_late"})
    free_text = frozenset({"late_text"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["late_text", *super().questions(turn, draft)]

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        if asked == "late_text" and _minutes(turn, turn.text) is not None:
            return False  # "quarter past" sounds like a booking
        return super().steps_aside(turn, asked)

    async def begin(self, turn: Turn, draft: Draft) -> None:
        if not is_resumed(turn):
            draft["late_text"] = None
        await super().begin(turn, draft)

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        if not turn.is_button and _tells_lateness(turn, asked):
            draft["late_text"] = turn.told
        await super().fill(turn, draft, asked)

    def likely(self, turn: Turn, mine: list[Appointment]) -> list[Appointment]:
        """Who is late is late today."""
        today = turn.now.date()
        return [one for one in mine if one.starts_at.astimezone(turn.business.tz).date() == today]


def _tells_lateness(turn: Turn, asked: str | None) -> bool:
    if asked == "late_text":
        return turn.intent not in ("affirm", "deny") or _minutes(turn, turn.text) is not None
    if turn.intent not in LateForm.own_intents:
        return False
    return _minutes(turn, turn.text) is not None or len(turn.text.split()) > _FEW_WORDS


def _minutes(turn: Turn, text: str, appointment: Appointment | None = None) -> int | None:
    """How late the words say that the customer will be; without a visit, for one that begins now."""
    return minutes_late(
        text,
        appointment.starts_at if appointment else turn.now,
        now=turn.now,
        language=turn.language,
        is_open=turn.business.is_open,
    )


class NoteLateness(DeskAction):
    action = "action_note_lateness"
    clears = ("late_text", "appointment_code")

    async def serve(self, turn: Turn) -> Events:
        appointment = await chosen(turn)
        if ended_early(turn) or appointment is None:
            return _without_visit(turn, self.clears)
        text = turn.slot("late_text")
        minutes = _minutes(turn, text, appointment)
        try:
            await run(announce_lateness, appointment.code, text, minutes, now=turn.now)
        except NoSuchAppointment:
            return _without_visit(turn, self.clears)
        tolerance = turn.business.booking.lateness_minutes
        told = details(turn, appointment)
        if minutes is not None and minutes < 0:
            turn.say("utter_early_noted", **told, clock=_clock(turn, appointment))
        elif minutes is None or tolerance is None:
            turn.say("utter_lateness_noted", **told)
        elif minutes <= tolerance:
            turn.say("utter_lateness_is_fine", **told, minutes=minutes)
        else:
            receipt = await _to_staff(turn, appointment, "running_late", text)
            turn.say(
                "utter_lateness_too_long",
                **told,
                minutes=minutes,
                ticket=receipt.code,
                answer=turn.on_moment(receipt.answer_by),
                buttons=[turn.button("button_reschedule", "/reschedule_appointment")],
            )
        return after_form(turn, self.clears, reference=appointment.code)


class AttendanceForm(OwnAppointmentForm):
    form = "attendance_form"
    own_intents = frozenset({"confirm_attendance"})

    def likely(self, turn: Turn, mine: list[Appointment]) -> list[Appointment]:
        """ "See you tomorrow" says which one."""
        return [one for one in mine if is_meant(turn, one)]


class ConfirmAttendance(DeskAction):
    action = "action_confirm_attendance"
    clears = ("appointment_code",)

    async def serve(self, turn: Turn) -> Events:
        appointment = await chosen(turn)
        if ended_early(turn) or appointment is None:
            return _without_visit(turn, self.clears)
        try:
            await run(confirm, appointment.code, now=turn.now)
        except NoSuchAppointment:
            return _without_visit(turn, self.clears)
        turn.say("utter_attendance_confirmed", **details(turn, appointment))
        return after_form(turn, self.clears, reference=appointment.code)


class VisitNoteForm(OwnAppointmentForm):
    form = "visit_note_form"
    own_intents = frozenset({"add_visit_note"})
    free_text = frozenset({"visit_note"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["visit_note", *super().questions(turn, draft)]

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        if asked == "visit_note" and turn.intent in _LIKE_A_NOTE and not turn.is_button:
            return False
        return super().steps_aside(turn, asked)

    async def begin(self, turn: Turn, draft: Draft) -> None:
        if not is_resumed(turn):
            draft["visit_note"] = None
        await super().begin(turn, draft)

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        self._take_note(turn, draft, asked)
        if draft["visit_note"] and draft["paused_form"] == "appointment_form":
            draft.finish(_WITH_BOOKING)
            return
        await super().fill(turn, draft, asked)

    def _take_note(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        if turn.is_button:
            return
        if asked == "visit_note":
            if turn.intent not in ("affirm", "deny"):
                draft["visit_note"] = turn.told
        elif turn.intent in self.own_intents and says_something(turn.text):
            draft["visit_note"] = turn.told_more(draft["visit_note"])

    def likely(self, turn: Turn, mine: list[Appointment]) -> list[Appointment]:
        """ "For my colour on Friday" says which one."""
        return [one for one in mine if is_meant(turn, one)]


def says_something(text: str, frame: str = "note_frame") -> bool:
    """False when a message only says that there is something to say ("a note, please")."""
    rest = pattern(frame).sub(" ", text)
    return any(len(word.strip(".,!?:;")) > 2 for word in rest.split())


class AskKeyForNote(DeskAction):
    """Which visit a note is for: who has none can book one, and the note goes along."""

    action = "action_ask_visit_note_form_appointment_key"

    async def serve(self, turn: Turn) -> Events:
        turn.say(
            "utter_ask_key_for_note", buttons=[turn.button("button_book", "/book_appointment")]
        )
        return []


class AddVisitNote(DeskAction):
    action = "action_add_visit_note"
    clears = ("visit_note", "appointment_code")

    async def serve(self, turn: Turn) -> Events:
        if turn.slot("form_result") in (_WITH_BOOKING, NO_BOOKING):
            # The note stays in its slot until the booking is made (pass_on_with_booking).
            turn.say("utter_note_goes_along")
            return after_form(turn, ("appointment_code",), result="stopped")
        appointment = await chosen(turn)
        if ended_early(turn) or appointment is None:
            return _without_visit(turn, self.clears)
        try:
            await _pass_on_note(turn, appointment, turn.slot("visit_note"))
        except NoSuchAppointment:
            return _without_visit(turn, self.clears)
        return after_form(turn, self.clears, reference=appointment.code)


async def pass_on_with_booking(turn: Turn, appointment: Appointment) -> Events:
    """Add a note that was said before the visit was booked; empty when there is none.

    The visit is booked whatever happens here: a failure is logged, and the note is kept.
    """
    note = turn.slot("visit_note")
    if not note:
        return []
    try:
        await _pass_on_note(turn, appointment, note)
    except (SQLAlchemyError, NoSuchAppointment) as error:
        log_failure("pass_on_with_booking", error)
        return []
    return [SlotSet("visit_note", None)]


async def _pass_on_note(turn: Turn, appointment: Appointment, note: str) -> None:
    """Store a note; of one about health a person is told before the visit."""
    await run(add_note, appointment.code, note, now=turn.now)
    if pattern("health").search(note):
        receipt = await _to_staff(turn, appointment, "add_visit_note", note)
        in_time = receipt.answer_by is not None and receipt.answer_by < appointment.starts_at
        turn.say(
            "utter_health_note_added" if in_time else "utter_health_note_soon",
            **details(turn, appointment),
            ticket=receipt.code,
        )
    else:
        turn.say("utter_visit_note_added", **details(turn, appointment))


async def _to_staff(turn: Turn, appointment: Appointment, kind: str, need: str) -> TicketReceipt:
    """Open a ticket about a visit, with the contact that is on it."""
    contact = {
        "name": appointment.contact_name,
        "email": appointment.contact_email,
        "phone": appointment.contact_phone,
    }
    return await ticket_for(turn, kind, need, reference=appointment.code, contact=contact)


def _without_visit(turn: Turn, clears: tuple[str, ...]) -> Events:
    """End a form that has no visit to be about; say so unless that was said."""
    if ended_early(turn):
        return after_form(turn, clears)
    turn.say("utter_no_appointments", buttons=[turn.button("button_book", "/book_appointment")])
    return after_form(turn, (*clears, "appointment_key"), result="failed")


def _clock(turn: Turn, appointment: Appointment) -> str:
    return dates.say_clock(appointment.starts_at.astimezone(turn.business.tz), turn.language)
