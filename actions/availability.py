"""Which times are free: shown with buttons, nothing is booked yet."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.choose_opening import Visit, common_day, explain_wish, offer, opening_buttons
from actions.desk_action import DeskAction, Events
from actions.form import Draft
from actions.turn import Turn
from actions.wishes import day_of, wish_of
from tiski.booking.errors import NotOffered


class ShowOpenings(DeskAction):
    action = "action_show_openings"

    async def serve(self, turn: Turn) -> Events:
        service = turn.entity("service") or _service_in_hand(turn)
        staff = turn.entity("staff")
        if service is None:
            # Times depend on the length of the visit; which one is asked with buttons.
            buttons = [
                {
                    "title": turn.service_title(s.id),
                    "payload": f'/check_availability{{"service": "{s.id}"}}',
                }
                for s in turn.business.services.values()
            ]
            turn.say("utter_openings_for_which_service", buttons=buttons)
            return _remember_wish(turn)
        wish = wish_of(turn, Draft(turn)) or turn.slot("wished_time")
        visit = Visit(service, None if staff in (None, "any") else staff)
        name = turn.business.services[service].name.get(turn.language)
        try:
            await explain_wish(turn, visit, wish)
            openings = await offer(turn, visit, wish)
        except NotOffered:
            person = turn.business.staff[staff].name
            turn.say("utter_staff_does_not_do", person=person, service=name)
            await explain_wish(turn, Visit(service, None), wish)
            openings = await offer(turn, Visit(service, None), wish)
            staff = None
        buttons = opening_buttons(turn, openings, "book_appointment")
        if not openings:
            turn.say(
                "utter_nothing_free_at_all", buttons=[turn.button("button_human", "/request_human")]
            )
        elif common_day(turn, openings):
            turn.say(
                "utter_openings_on_day",
                service=name,
                day=common_day(turn, openings),
                buttons=buttons,
            )
        else:
            turn.say("utter_openings", service=name, buttons=buttons)
        # A tap on a time, or a yes, begins the booking with what is known; "at ten" is meant on the
        # day that was shown.
        if common_day(turn, openings) and not wish:
            wish = day_of(openings[0])
        return [
            SlotSet("service", service),
            SlotSet("staff", staff),
            SlotSet("appointment_start", None),
            SlotSet("booking_confirmed", None),
            SlotSet("wished_time", wish),
            SlotSet("offer", "appointment_form"),
        ]


def _service_in_hand(turn: Turn) -> str | None:
    """The service that was looked at before; not that of a booking which is done."""
    service: str | None = turn.slot("service")
    return None if turn.slot("booking_confirmed") else service


def _remember_wish(turn: Turn) -> Events:
    wish = wish_of(turn, Draft(turn))
    return [SlotSet("wished_time", wish)] if wish else []
