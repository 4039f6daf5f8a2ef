"""The waiting list: for which service, on which days, and how to reach the customer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from rasa_sdk.events import SlotSet

from actions.contact import contact_of, take_contact, take_name
from actions.desk_action import DeskAction, Events
from actions.form import DeskForm, Draft, after_form, ended_early
from actions.own_appointment import is_resumed
from actions.tickets import ticket_for
from actions.turn import SaidTime, Turn
from actions.wishes import windows_of
from tiski.answers import dates
from tiski.booking.waiting_list import join
from tiski.db.session import run
from tiski.notify.reach import way_to_reach

# What a day or a time sounds like when it was asked for
_DAYS = {"book_appointment", "check_availability", "reschedule_appointment", "faq"}
# "Friday at three": an opening that begins up to so much later will do
_ABOUT = timedelta(hours=1)
_BOOKING = "appointment_form"


class WaitingListForm(DeskForm):
    form = "waiting_list_form"
    own_intents = frozenset({"join_waiting_list"})
    free_text = frozenset({"waiting_wish", "contact_name"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["service", "waiting_wish", "contact_name", "contact"]

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        """ "Friday after two" is an answer, whatever it sounds like; a question is none."""
        answers = asked == "waiting_wish" and turn.times() and "?" not in turn.text
        if answers and turn.intent in _DAYS and not turn.is_button:
            return False
        return super().steps_aside(turn, asked)

    async def begin(self, turn: Turn, draft: Draft) -> None:
        if is_resumed(turn):
            return
        draft["waiting_wish"] = None
        from_booking = draft["paused_form"] == _BOOKING
        if turn.slot("booking_confirmed") is True:  # left over from one that is booked
            draft["service"] = draft["staff"] = None
        elif from_booking and turn.slot("wished_time") and not turn.times():
            draft["waiting_wish"] = _wish_of_booking(turn, turn.slot("wished_time"))

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        if asked != "contact_name":
            self._take_service(turn, draft)
        self._take_wish(turn, draft, asked)
        take_name(turn, draft, asked)
        take_contact(turn, draft)

    def _take_service(self, turn: Turn, draft: Draft) -> None:
        service, staff = turn.entity("service"), turn.entity("staff")
        if service in turn.business.services:
            draft["service"] = service
        if staff:
            draft["staff"] = staff
        does = turn.business.services[draft["service"]].staff if draft["service"] else None
        if does and draft["staff"] not in (None, "any", *does):
            turn.say(
                "utter_staff_does_not_do",
                person=turn.business.staff[draft["staff"]].name,
                service=turn.business.services[draft["service"]].name.get(turn.language),
            )
            draft["staff"] = None

    def _take_wish(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        answered = asked == "waiting_wish" and not turn.is_button
        if answered and turn.intent == "affirm" and not turn.times():
            return
        corrected = asked != "contact_name" and bool(turn.times()) and not turn.is_button
        if answered or corrected:
            windows = [window for said in turn.times() for window in _windows(said, turn)]
            draft["waiting_wish"] = {"text": turn.told, "windows": windows}
        elif turn.is_button and asked == "waiting_wish" and turn.entity("change") == "any_time":
            draft["waiting_wish"] = {"text": turn.words("words_any_time"), "windows": []}


def _windows(said: SaidTime, turn: Turn) -> list[dict[str, str]]:
    if said.is_moment:
        end = said.begin + _ABOUT
        return [{"from": said.begin.isoformat(), "to": end.isoformat()}]
    return windows_of(said, turn)


def _wish_of_booking(turn: Turn, wished: dict[str, Any]) -> dict[str, Any] | None:
    """What could not be booked, as a wish for the list: {text, windows}."""
    if wished.get("at"):
        at = datetime.fromisoformat(wished["at"]).astimezone(turn.business.tz)
        window = {"from": at.isoformat(), "to": (at + _ABOUT).isoformat()}
        return {"text": turn.moment(at), "windows": [window]}
    windows: list[dict[str, str]] = wished.get("windows") or []
    if not windows:
        return None
    said = [_say_window(turn, window) for window in windows]
    return {"text": dates.say_list(list(dict.fromkeys(said)), turn.language), "windows": windows}


def _say_window(turn: Turn, window: dict[str, str]) -> str:
    begin, end = (
        datetime.fromisoformat(window[side]).astimezone(turn.business.tz) for side in ("from", "to")
    )
    day = turn.day(begin)
    if end.date() == begin.date():
        return turn.words(
            "words_day_hours", day=day, hours=dates.say_hours(begin, end, turn.language)
        )
    last = end - timedelta(minutes=1)
    return day if last.date() == begin.date() else f"{day} – {turn.day(last)}"


class AskWaitingService(DeskAction):
    action = "action_ask_waiting_list_form_service"

    async def serve(self, turn: Turn) -> Events:
        turn.say("utter_waiting_for_which_service", buttons=turn.service_buttons())
        return []


class AskWaitingWish(DeskAction):
    action = "action_ask_waiting_wish"

    async def serve(self, turn: Turn) -> Events:
        turn.say(
            "utter_waiting_for_which_days",
            service=turn.business.services[turn.slot("service")].name.get(turn.language),
            buttons=[turn.button("button_any_time", '/inform{"change": "any_time"}')],
        )
        return []


class JoinWaitingList(DeskAction):
    action = "action_join_waiting_list"

    def after_failure(self, turn: Turn) -> Events:
        """Keep what was said; a yes leads back, and the entry is written then."""
        return [SlotSet("offer", WaitingListForm.form)]

    async def serve(self, turn: Turn) -> Events:
        # A booking that was left for the list is offered again, with its service and person
        keeps = turn.slot("paused_form") == _BOOKING
        clears = ("waiting_wish", *(() if keeps else ("service", "staff", "wished_time")))
        if ended_early(turn):
            return after_form(turn, clears)
        service = turn.business.services[turn.slot("service")]
        staff = turn.slot("staff")
        staff = None if staff == "any" else staff
        wish: dict[str, Any] = turn.slot("waiting_wish")
        await run(
            join,
            service_id=service.id,
            staff_id=staff,
            wish=wish["text"],
            windows=wish["windows"],
            language=turn.language,
            conversation_id=turn.conversation_id,
            now=turn.now,
            **contact_of(turn),
        )
        name = service.name.get(turn.language)
        who = turn.business.staff[staff].name if staff else turn.words("words_anyone")
        told = {"service": name, "person": who, "wish": wish["text"]}
        if way_to_reach(turn.slot("contact_email"), turn.slot("contact_phone"), "opening"):
            turn.say(
                "utter_on_waiting_list_offered",
                **told,
                contact=turn.slot("contact"),
                minutes=turn.business.booking.waiting_offer_minutes,
            )
            return after_form(turn, clears)
        # Nothing can be sent to this customer: a person watches the list for them
        receipt = await ticket_for(turn, "join_waiting_list", f"{name}, {who}: {wish['text']}")
        turn.say("utter_on_waiting_list", **told, contact=turn.slot("contact"))
        return after_form(turn, clears, reference=receipt.code)
