"""The customer's own appointments: see, move, cancel. First the proof, then the rest.

How an appointment is proved and chosen is in actions/own_appointment.py.
"""

from __future__ import annotations

from datetime import datetime

from rasa_sdk.events import FollowupAction, SlotSet

from actions.booking import ask_when, say_confirmation
from actions.choose_opening import Visit, choose, say_cannot_book
from actions.desk_action import DeskAction, Events
from actions.form import Draft, after_form, ended_early, repeats_wish, said_yes
from actions.own_appointment import (
    OwnAppointmentForm,
    chosen,
    details,
    is_resumed,
    own_appointments,
)
from actions.turn import Turn
from actions.wishes import shift_of, wish_around
from tiski.answers import dates
from tiski.booking import service as bookings
from tiski.booking.appointments import Appointment, may_cancel_free
from tiski.booking.errors import AlreadyBegun, NoSuchAppointment, NotBookable
from tiski.booking.openings import opening_at
from tiski.db.session import run


class ViewAppointmentForm(OwnAppointmentForm):
    form = "view_appointment_form"
    own_intents = frozenset({"view_appointment"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["appointment_key"]


class ShowAppointments(DeskAction):
    action = "action_show_appointments"

    async def serve(self, turn: Turn) -> Events:
        if ended_early(turn):
            return after_form(turn, ())
        mine = await own_appointments(turn)
        if not mine:
            turn.say(
                "utter_no_appointments", buttons=[turn.button("button_book", "/book_appointment")]
            )
            return after_form(turn, ("appointment_key",))
        if len(mine) == 1:
            turn.say("utter_your_appointment", **details(turn, mine[0]), buttons=_next_steps(turn))
        else:
            lines = [turn.words("line_appointment", **details(turn, one)) for one in mine]
            turn.say("utter_your_appointments", list="\n".join(lines), buttons=_next_steps(turn))
        return after_form(turn, ("appointment_code",))


def _next_steps(turn: Turn) -> list[dict[str, str]]:
    return [
        turn.button("button_reschedule", "/reschedule_appointment"),
        turn.button("button_cancel_appointment", "/cancel_appointment"),
    ]


class AskAppointmentCode(DeskAction):
    action = "action_ask_appointment_code"

    async def serve(self, turn: Turn) -> Events:
        buttons = [
            {
                "title": dates.say_moment_short(
                    one.starts_at.astimezone(turn.business.tz), turn.language
                ),
                "payload": f'/inform{{"appointment_code": "{one.code}"}}',
            }
            for one in await own_appointments(turn)
        ]
        turn.say("utter_ask_which_appointment", buttons=buttons)
        return []


class RescheduleForm(OwnAppointmentForm):
    form = "reschedule_form"
    own_intents = frozenset(
        {"reschedule_appointment", "book_appointment", "check_availability", "view_appointment"}
    )

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        """ "An hour later" is a time here, not somebody who is late."""
        moves = asked in ("new_start", "reschedule_confirmed") and shift_of(turn)
        return not moves and super().steps_aside(turn, asked)

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["appointment_key", "appointment_code", "new_start", "reschedule_confirmed"]

    async def begin(self, turn: Turn, draft: Draft) -> None:
        draft["reschedule_confirmed"] = None
        if not is_resumed(turn):
            draft["new_start"] = draft["wished_time"] = None
        await super().begin(turn, draft)

    async def take_rest(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        if asked == "appointment_code" and draft["new_start"] is None and turn.times():
            return  # that time told which appointment, not where it goes
        if asked == "reschedule_confirmed" and not turn.times() and not shift_of(turn):
            answer = said_yes(turn, frozenset({"reschedule_appointment"}))
            if answer is False:
                draft["wished_time"] = wish_around(draft["new_start"])
                draft["new_start"] = None
            elif answer:
                draft["reschedule_confirmed"] = True
            return
        appointment = await chosen(turn, draft)
        if appointment:
            await choose(turn, draft, "new_start", _visit_of(appointment))


def _visit_of(appointment: Appointment) -> Visit:
    return Visit(
        appointment.service_id,
        appointment.staff_id,
        moving=appointment.code,
        now_at=appointment.starts_at,
    )


class AskNewStart(DeskAction):
    action = "action_ask_new_start"

    async def serve(self, turn: Turn) -> Events:
        appointment = await chosen(turn)
        if appointment is None:
            turn.say("utter_no_appointments")
            return [SlotSet("appointment_key", None)]
        if not turn.slot("wished_time"):
            turn.say("utter_moving_which", **details(turn, appointment))
        await ask_when(turn, _visit_of(appointment))
        return []


class AskRescheduleConfirmed(DeskAction):
    action = "action_ask_reschedule_confirmed"

    async def serve(self, turn: Turn) -> Events:
        appointment = await chosen(turn)
        if appointment is None:
            turn.say("utter_no_appointments")
            return []
        turn.say(
            "utter_ask_reschedule_confirmed",
            **details(turn, appointment),
            new_when=turn.moment(datetime.fromisoformat(turn.slot("new_start"))),
            buttons=[
                turn.button("button_yes_move", "/affirm"),
                turn.button("button_other_time", "/deny"),
                turn.button("button_keep", "/stop"),
            ],
        )
        return []


class RescheduleAppointment(DeskAction):
    action = "action_reschedule_appointment"
    clears = ("appointment_code", "new_start", "reschedule_confirmed", "wished_time")

    def after_failure(self, turn: Turn) -> Events:
        """Keep what was chosen; a yes leads back to the last question."""
        return [SlotSet("reschedule_confirmed", None), SlotSet("offer", RescheduleForm.form)]

    async def serve(self, turn: Turn) -> Events:
        if ended_early(turn) or turn.slot("reschedule_confirmed") is not True:
            return after_form(turn, self.clears, result=None if ended_early(turn) else "stopped")
        old = await chosen(turn)
        start = datetime.fromisoformat(turn.slot("new_start"))
        if old is None:
            turn.say("utter_too_late_to_change")
            return after_form(turn, self.clears, result="failed")
        visit = _visit_of(old)
        try:
            opening = await run(
                opening_at,
                turn.business,
                visit.service,
                start,
                staff_id=visit.staff,
                now=turn.now,
                moving=visit.moving,
            )
            if opening is None:
                raise NotBookable("taken")
            moved = await bookings.move(turn.business, old.code, opening, now=turn.now)
        except NotBookable as refusal:
            say_cannot_book(turn, visit, turn.moment(start), refusal.reason)
            return [
                SlotSet("new_start", None),
                SlotSet("reschedule_confirmed", None),
                SlotSet("wished_time", wish_around(start.isoformat())),
                FollowupAction("reschedule_form"),
            ]
        except (NoSuchAppointment, AlreadyBegun):
            turn.say("utter_too_late_to_change")
            return after_form(turn, self.clears, result="failed")
        turn.say("utter_rescheduled", **details(turn, moved))
        say_confirmation(turn, moved)
        return after_form(turn, self.clears, reference=moved.code)


_CANCEL = frozenset({"cancel_appointment"})


class CancelAppointmentForm(OwnAppointmentForm):
    form = "cancel_appointment_form"
    own_intents = frozenset({"cancel_appointment", "view_appointment"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["appointment_key", "appointment_code", "cancellation_confirmed"]

    async def begin(self, turn: Turn, draft: Draft) -> None:
        draft["cancellation_confirmed"] = None
        await super().begin(turn, draft)

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        if asked == "cancellation_confirmed" and repeats_wish(turn, _CANCEL):
            return False
        return super().steps_aside(turn, asked)

    async def take_rest(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        if asked == "cancellation_confirmed":
            answer = said_yes(turn, _CANCEL)
            if answer is None and repeats_wish(turn, _CANCEL):
                answer = not turn.negated
            if answer is not None:
                draft["cancellation_confirmed"] = answer


class AskCancellationConfirmed(DeskAction):
    action = "action_ask_cancellation_confirmed"

    async def serve(self, turn: Turn) -> Events:
        appointment = await chosen(turn)
        if appointment is None:
            turn.say("utter_no_appointments")
            return []
        free = may_cancel_free(turn.business, appointment, turn.now)
        turn.say(
            "utter_ask_cancellation_confirmed" if free else "utter_ask_late_cancellation_confirmed",
            **details(turn, appointment),
            hours=turn.business.booking.free_cancellation_hours,
            buttons=[
                turn.button("button_yes_cancel", "/affirm"),
                turn.button("button_reschedule", "/reschedule_appointment"),
                turn.button("button_keep", "/deny"),
            ],
        )
        return []


class CancelAppointment(DeskAction):
    action = "action_cancel_appointment"
    clears = ("appointment_code", "cancellation_confirmed")

    def after_failure(self, turn: Turn) -> Events:
        """Keep what was chosen; a yes leads back to the question, and cancels nothing yet."""
        return [
            SlotSet("cancellation_confirmed", None),
            SlotSet("offer", CancelAppointmentForm.form),
        ]

    async def serve(self, turn: Turn) -> Events:
        if ended_early(turn):
            return after_form(turn, self.clears)
        appointment = await chosen(turn)
        if turn.slot("cancellation_confirmed") is not True:
            turn.say("utter_appointment_kept")
            return after_form(turn, self.clears, result="stopped")
        try:
            if appointment is None:
                raise NoSuchAppointment
            await bookings.cancel(turn.business, appointment.code, now=turn.now)
        except (NoSuchAppointment, AlreadyBegun):
            turn.say("utter_too_late_to_change")
            return after_form(turn, self.clears, result="failed")
        turn.say(
            "utter_appointment_cancelled",
            **details(turn, appointment),
            buttons=[turn.button("button_book_new", "/book_appointment")],
        )
        return after_form(turn, (*self.clears, "appointment_key"), reference=appointment.code)
