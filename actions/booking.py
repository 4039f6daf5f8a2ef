"""Book an appointment: what, with whom, when, for whom, and only then a yes."""

from __future__ import annotations

from datetime import datetime, timedelta

from rasa_sdk.events import FollowupAction, SlotSet

from actions.choose_opening import (
    Visit,
    choose,
    common_day,
    offer,
    opening_buttons,
    refuse_impossible,
    say_cannot_book,
    still_free,
    try_wish,
)
from actions.contact import contact_of, take_contact, take_name
from actions.desk_action import DeskAction, Events
from actions.form import DeskForm, Draft, after_form, ended_early, said_yes
from actions.turn import Turn
from actions.visits import pass_on_with_booking
from actions.wishes import shift_of, wish_around, wish_of
from tiski.answers.facts import service_price
from tiski.booking import service as bookings
from tiski.booking.appointments import Appointment
from tiski.booking.errors import NotBookable
from tiski.booking.openings import opening_at
from tiski.booking.visits import overlapping
from tiski.db.session import run
from tiski.nlu.lexicon import pattern
from tiski.notify.reach import MAIL, TEXT, way_to_reach

# What a customer may change when they do not confirm, and the slots that are asked again.
CHANGES = {
    "time": ("appointment_start", "wished_time"),
    "service": ("service", "staff", "appointment_start"),
    "staff": ("staff",),
    "name": ("contact_name",),
    "contact": ("contact", "contact_email", "contact_phone"),
}
# The entities that hold a new value for each of them.
_VALUES = {
    "time": ("time",),
    "service": ("service",),
    "staff": ("staff",),
    "name": ("name",),
    "contact": ("email", "phone_number"),
}
# At the last look, "change the name" sounds like these.
_CHANGE_INTENTS = {
    "inform",
    "book_appointment",
    "reschedule_appointment",
    "confirm_attendance",
    "running_late",
    "check_availability",
    "change_order",
    "update_contact_details",
    "out_of_scope",
    "nlu_fallback",
    "deny",
}
# What a name sounds like only if it is none
_CORRECTING = ("book_appointment", "deny")
# Questions at which a time has been named that can be moved
_SHIFTED = ("appointment_start", "booking_confirmed", "change_field")
BOOKING_SLOTS = (
    "service",
    "staff",
    "appointment_start",
    "wished_time",
    "booking_confirmed",
    "change_field",
)


class AppointmentForm(DeskForm):
    form = "appointment_form"
    own_intents = frozenset({"book_appointment", "check_availability"})
    free_text = frozenset({"contact_name"})

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        """ "The name" and "an hour later" are about this booking, whatever they sound like."""
        corrects = any(turn.entities(entity) for entity in ("service", "staff", "time"))
        if asked not in (None, "service") and corrects and turn.intent in _CHANGE_INTENTS:
            return False
        about_this = _field_named(turn, asked) or (asked in _SHIFTED and shift_of(turn))
        return not about_this and super().steps_aside(turn, asked)

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        known = ["service", "staff", "appointment_start", "contact_name", "contact"]
        if draft["booking_confirmed"] is False:
            return [*known, "change_field"]
        return [*known, "booking_confirmed"]

    async def begin(self, turn: Turn, draft: Draft) -> None:
        if turn.slot("booking_confirmed") is True:  # left over from one that is booked
            for slot in BOOKING_SLOTS:
                draft[slot] = None
        draft["booking_confirmed"] = None
        draft["change_field"] = None
        if not turn.is_button and not turn.entities("service"):
            _take_service_asked_about(turn, draft)
        if draft["appointment_start"] and not turn.times():
            visit = _visit(draft)
            await still_free(turn, draft, "appointment_start", visit)  # of an earlier session

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        if asked == "booking_confirmed" and self._confirmed(turn, draft):
            return
        if asked in ("booking_confirmed", "change_field"):
            self._change(turn, draft, asked)
        before = draft["service"], draft["staff"]
        if asked != "contact_name" or turn.intent in _CORRECTING:  # customers are called Sara, too
            self._take_service(turn, draft)
            self._take_staff(turn, draft, asked)
        if draft["service"]:
            chosen = draft["appointment_start"]
            await choose(turn, draft, "appointment_start", _visit(draft))
            if before != (draft["service"], draft["staff"]) and not turn.times():
                if chosen:
                    await still_free(turn, draft, "appointment_start", _visit(draft))
                else:
                    await try_wish(turn, draft, "appointment_start", _visit(draft))
        elif (
            not refuse_impossible(turn, draft) and turn.times()
        ):  # looked at once the service is known
            draft["wished_time"] = wish_of(turn, draft)
        take_name(turn, draft, asked)
        take_contact(turn, draft)
        self._note_time(turn, draft)
        if asked in ("booking_confirmed", "change_field") and draft.changes:
            draft["booking_confirmed"] = None
            draft["change_field"] = None

    def _note_time(self, turn: Turn, draft: Draft) -> None:
        """Say which day a typed time was taken for, while more is asked before the summary."""
        start = draft.changes.get("appointment_start")
        more = not (draft["staff"] and draft["contact_name"] and draft["contact"])
        if start and more and not turn.is_button:
            turn.say("utter_time_noted", when=turn.moment(datetime.fromisoformat(start)))

    def _confirmed(self, turn: Turn, draft: Draft) -> bool:
        """Take a yes or a no; False when the message corrects something instead."""
        corrects = any(turn.entities(e) for e in ("time", "service", "staff", "email"))
        answer = said_yes(turn, self.own_intents)
        corrects = corrects or bool(answer is False and _field_named(turn, "booking_confirmed"))
        if answer is None or corrects:
            return False
        draft["booking_confirmed"] = answer
        return True

    def _change(self, turn: Turn, draft: Draft, asked: str) -> None:
        """Ask again what the customer wants to change, unless the message says the new value."""
        field = turn.entity("change") or _field_named(turn, asked)
        if field not in CHANGES or any(turn.entities(entity) for entity in _VALUES[field]):
            return
        if field == "time" and shift_of(turn):
            return
        start = draft["appointment_start"]
        for slot in CHANGES[field]:
            draft[slot] = None
        if field == "time" and start:
            draft["wished_time"] = wish_around(start)

    def _take_service(self, turn: Turn, draft: Draft) -> None:
        service = turn.entity("service")
        if service and service in turn.business.services:
            draft["service"] = service
            staff = draft["staff"]
            if staff not in (None, "any", *turn.business.services[service].staff):
                self._say_does_not_do(turn, staff, service)
                draft["staff"] = None

    def _take_staff(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        staff = turn.entity("staff")
        service = draft["service"]
        who = turn.business.services[service].staff if service else list(turn.business.staff)
        if staff is None and asked == "staff" and turn.intent == "deny":
            staff = "any"  # "no wish"
        if staff == "any" and asked not in (None, "staff") and draft["staff"]:
            return  # "it doesn't matter" was about something else
        if staff is not None and staff != "any" and staff not in who:
            self._say_does_not_do(turn, staff, service)
            draft.explained = True
        elif staff is not None:
            draft["staff"] = staff
        if service and draft["staff"] is None and len(who) == 1:
            draft["staff"] = who[0]  # no question that has one answer

    def _say_does_not_do(self, turn: Turn, staff: str, service: str) -> None:
        turn.say(
            "utter_staff_does_not_do",
            person=turn.business.staff[staff].name,
            service=turn.business.services[service].name.get(turn.language),
        )


def _take_service_asked_about(turn: Turn, draft: Draft) -> None:
    """ "Ok, book it" after "how much is a colour?": a colour."""
    before = [event for event in turn.turn_before() if event.get("event") == "user"]
    parsed = (before[0].get("parse_data") or {}) if before else {}
    named = {e["value"] for e in parsed.get("entities", []) if e.get("entity") == "service"}
    if draft["service"] is None and len(named) == 1:
        draft["service"] = next((one for one in named if one in turn.business.services), None)


def _field_named(turn: Turn, asked: str | None) -> str | None:
    """The part of the booking that the customer names, when the last look is on the table."""
    if turn.is_button or asked not in ("booking_confirmed", "change_field"):
        return None
    one_word = asked == "change_field" and len(turn.text.split()) == 1
    if not one_word and turn.intent not in _CHANGE_INTENTS:
        return None
    return next((field for field in CHANGES if pattern("change", field).search(turn.text)), None)


def _visit(draft: Draft) -> Visit:
    staff = draft["staff"]
    return Visit(draft["service"], None if staff == "any" else staff)


class AskService(DeskAction):
    action = "action_ask_service"

    async def serve(self, turn: Turn) -> Events:
        turn.say("utter_ask_which_service", buttons=turn.service_buttons())
        return []


class AskStaff(DeskAction):
    action = "action_ask_staff"

    async def serve(self, turn: Turn) -> Events:
        service = turn.business.services[turn.slot("service")]
        people = [turn.business.staff[person] for person in service.staff]
        buttons = [turn.button("button_anyone", '/inform{"staff": "any"}')]
        buttons += [
            {"title": person.name, "payload": f'/inform{{"staff": "{person.id}"}}'}
            for person in people
        ]
        turn.say("utter_ask_which_staff", service=service.name.get(turn.language), buttons=buttons)
        return []


class AskAppointmentStart(DeskAction):
    action = "action_ask_appointment_start"

    async def serve(self, turn: Turn) -> Events:
        await ask_when(turn, _visit(Draft(turn)))
        return []


async def ask_when(turn: Turn, visit: Visit) -> None:
    """Ask for a time and show openings: around the wish if there is one, else the first."""
    wish = turn.slot("wished_time")
    openings = await offer(turn, visit, wish)
    buttons = opening_buttons(turn, openings, "inform", dated=not wish)
    waiting_list = turn.button("button_waiting_list", "/join_waiting_list")
    if wish and wish.get("refused") == "taken":
        buttons.append(waiting_list)
    if not openings:
        turn.say(
            "utter_nothing_free_at_all",
            buttons=[waiting_list, turn.button("button_human", "/request_human")],
        )
    elif wish and common_day(turn, openings):
        turn.say("utter_ask_when_on_day", day=common_day(turn, openings), buttons=buttons)
    elif wish:
        turn.say("utter_ask_when_nearest", buttons=buttons)
    else:
        turn.say("utter_ask_when", buttons=buttons)


class AskBookingConfirmed(DeskAction):
    action = "action_ask_booking_confirmed"

    async def serve(self, turn: Turn) -> Events:
        service = turn.business.services[turn.slot("service")]
        staff = turn.slot("staff")
        start = datetime.fromisoformat(turn.slot("appointment_start"))
        clash = await _clash(turn, service.minutes, start)
        if clash:
            turn.say("utter_you_have_one_then", when=turn.moment(clash.starts_at))
        turn.say(
            "utter_ask_booking_confirmed"
            if staff != "any"
            else "utter_ask_booking_confirmed_anyone",
            service=turn.service_title(service.id),
            person="" if staff == "any" else turn.business.staff[staff].name,
            when=turn.moment(start),
            minutes=service.minutes,
            price=service_price(service, turn.language),
            name=turn.slot("contact_name"),
            contact=turn.slot("contact"),
            buttons=[
                turn.button("button_book_anyway" if clash else "button_yes_book", "/affirm"),
                *([turn.button("button_other_time", '/inform{"change": "time"}')] if clash else []),
                turn.button("button_change", "/deny"),
            ],
        )
        return []


async def _clash(turn: Turn, minutes: int, start: datetime) -> Appointment | None:
    """A visit that is booked with the same e-mail or phone and overlaps this one."""
    same_time = await run(
        overlapping,
        email=turn.slot("contact_email"),
        phone=turn.slot("contact_phone"),
        starts_at=start,
        ends_at=start + timedelta(minutes=minutes),
    )
    return same_time[0] if same_time else None


class AskChangeField(DeskAction):
    action = "action_ask_change_field"

    async def serve(self, turn: Turn) -> Events:
        buttons = [
            turn.button(f"button_change_{field}", f'/inform{{"change": "{field}"}}')
            for field in CHANGES
        ]
        turn.say(
            "utter_ask_what_to_change", buttons=[*buttons, turn.button("button_stop", "/stop")]
        )
        return []


def say_confirmation(turn: Turn, appointment: Appointment) -> None:
    """Say where the confirmation goes, where one is sent."""
    way = way_to_reach(appointment.contact_email, appointment.contact_phone, "booked")
    if way == MAIL:
        turn.say("utter_confirmation_by_mail", contact=appointment.contact_email)
    elif way == TEXT:
        turn.say("utter_confirmation_by_text", contact=appointment.contact_phone)


class BookAppointment(DeskAction):
    action = "action_book_appointment"

    def after_failure(self, turn: Turn) -> Events:
        """Keep all that was said; a yes, or the wish once more, leads back to the summary."""
        return [SlotSet("booking_confirmed", None), SlotSet("offer", AppointmentForm.form)]

    async def serve(self, turn: Turn) -> Events:
        if ended_early(turn) or turn.slot("booking_confirmed") is not True:
            return after_form(turn, (), result=None if ended_early(turn) else "stopped")
        visit = _visit(Draft(turn))
        start = datetime.fromisoformat(turn.slot("appointment_start"))
        opening = await run(
            opening_at, turn.business, visit.service, start, staff_id=visit.staff, now=turn.now
        )
        try:
            if opening is None:
                raise NotBookable("taken")
            appointment = await bookings.book(
                turn.business,
                opening,
                **contact_of(turn),
                language=turn.language,
                conversation_id=turn.conversation_id,
                now=turn.now,
            )
        except NotBookable as refusal:
            # Somebody was faster while the customer read the summary: everything else is kept.
            say_cannot_book(turn, visit, turn.moment(start), refusal.reason)
            wish = {**wish_around(start.isoformat()), "refused": refusal.reason}
            return [
                SlotSet("appointment_start", None),
                SlotSet("booking_confirmed", None),
                SlotSet("wished_time", wish),
                FollowupAction("appointment_form"),
            ]
        turn.say(
            "utter_booked",
            service=turn.business.services[appointment.service_id].name.get(turn.language),
            person=turn.business.staff[appointment.staff_id].name,
            when=turn.moment(appointment.starts_at),
            code=appointment.code,
        )
        say_confirmation(turn, appointment)
        noted = await pass_on_with_booking(turn, appointment)
        # The slots keep what was booked until another booking begins, and the appointment counts
        # as proved: "actually, make it an hour later" needs no code.
        return [
            *noted,
            *after_form(
                turn,
                ("wished_time", "change_field", "appointment_code"),
                reference=appointment.code,
                served="visit_note_form" if noted else None,
            ),
            SlotSet("appointment_key", {"code": appointment.code}),
        ]
