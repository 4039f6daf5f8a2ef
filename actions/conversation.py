"""What keeps a conversation going outside forms: yes, no, details, stopping, beginning again."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.ask_rating import ASKS_RATING, FEEDBACK, response_of
from actions.booking import BOOKING_SLOTS
from actions.desk_action import DeskAction, Events
from actions.form import REQUESTED_SLOT, after_form
from actions.leads import LEAD_SLOTS
from actions.newsletter import NEWSLETTER_SLOTS
from actions.turn import Turn
from tiski import words
from tiski.answers.facts import business_facts

# Everything but who the customer is and the language: a new beginning.
_ALL_TASK_SLOTS = (
    *BOOKING_SLOTS,
    "appointment_key",
    "appointment_code",
    "new_start",
    "reschedule_confirmed",
    "cancellation_confirmed",
    "order_number",
    "order_proof",
    "order_cancellation_confirmed",
    "order_change",
    "return_reason",
    "order_problem",
    "need",
    "rating",
    "feedback_comment",
    "feedback_about",
    "complaint",
    "privacy_request",
    "privacy_confirmed",
    *LEAD_SLOTS,
    "owner_message",
    *NEWSLETTER_SLOTS,
    "late_text",
    "visit_note",
    "new_contact",
    "contact_change_confirmed",
    "waiting_wish",
    "payment_problem",
    "handoff_topic",
    "product_category",
    "product_need",
    "budget",
    "shown_products",
    "gift_card_code",
    "form_failures",
    "form_result",
    "offer",
    "second_wish",
)
# What a form's slots are when it is given up. Proofs stay: the customer need not repeat them.
_DRAFTS = {
    "appointment_form": BOOKING_SLOTS,
    "reschedule_form": ("appointment_code", "new_start", "reschedule_confirmed", "wished_time"),
    "cancel_appointment_form": ("appointment_code", "cancellation_confirmed"),
    "cancel_order_form": ("order_cancellation_confirmed",),
    "change_order_form": ("order_change",),
    "return_order_form": ("return_reason",),
    "order_problem_form": ("order_problem",),
    "feedback_form": ("rating", "feedback_comment"),
    "complaint_form": ("complaint",),
    "privacy_form": ("privacy_request", "privacy_confirmed"),
    "quote_form": LEAD_SLOTS,
    "callback_form": LEAD_SLOTS,
    "message_form": ("owner_message",),
    "newsletter_form": NEWSLETTER_SLOTS,
    "newsletter_off_form": NEWSLETTER_SLOTS,
    "late_form": ("late_text", "appointment_code"),
    "attendance_form": ("appointment_code",),
    "visit_note_form": ("visit_note", "appointment_code"),
    "contact_details_form": ("new_contact", "contact_change_confirmed"),
    "waiting_list_form": ("waiting_wish",),
    "payment_problem_form": ("payment_problem",),
    "handoff_form": ("need", "handoff_topic"),
    "recommend_form": ("product_category", "product_need", "budget"),
    "gift_card_form": ("gift_card_code",),
}


# A yes to a message with one of these as its only button is a tap on it
_FORMS_OF_BUTTONS = {"/book_appointment": "appointment_form", "/request_human": "handoff_form"}
# What is offered by the way: a yes or a no to it must follow at once
_PASSING = ("handoff_form", "feedback_form", "complaint_form")


class Stop(DeskAction):
    action = "action_stop"

    async def serve(self, turn: Turn) -> Events:
        form = turn.tracker.active_loop_name
        if not form:
            turn.say("utter_nothing_to_stop")
            return [SlotSet("offer", None), SlotSet("paused_form", None)]
        turn.say("utter_stopped", what=turn.words(f"form_{form}"))
        return [
            ActiveLoop(None),
            SlotSet(REQUESTED_SLOT, None),
            *after_form(turn, _DRAFTS.get(form, ()), result="stopped"),
        ]


class LeaveForm(DeskAction):
    """Who says goodbye is asked nothing more; a yes takes up again what was going on."""

    action = "action_leave_form"

    async def serve(self, turn: Turn) -> Events:
        form = turn.tracker.active_loop_name
        if not form:
            return []
        return [
            ActiveLoop(None),
            SlotSet(REQUESTED_SLOT, None),
            SlotSet("paused_form", None),
            SlotSet("offer", form),
            SlotSet("outcome", {"result": "stopped"}),
        ]


class StartOver(DeskAction):
    action = "action_start_over"

    async def serve(self, turn: Turn) -> Events:
        turn.say("utter_started_over")
        cleared = [SlotSet(slot, None) for slot in (*_ALL_TASK_SLOTS, "paused_form")]
        stopped = SlotSet("outcome", {"result": "stopped", "all": True})
        return [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None), *cleared, stopped]


class Accept(DeskAction):
    """A yes outside a form: to what was offered last, if anything was."""

    action = "action_accept"

    async def serve(self, turn: Turn) -> Events:
        offer = turn.slot("offer")
        if offer and (offer not in _PASSING or _offered_just_now(turn)):
            return [SlotSet("offer", None), FollowupAction(offer)]
        offer = _FORMS_OF_BUTTONS.get(_only_button(turn) or "")
        if not offer:
            turn.say("utter_yes_to_what")
            return [SlotSet("offer", None)]
        return [SlotSet("offer", None), FollowupAction(offer)]


def _only_button(turn: Turn) -> str | None:
    """The payload of the one button that the last message had; None where there was a choice."""
    said = [event for event in turn.turn_before() if event.get("event") == "bot"]
    buttons = ((said[-1].get("data") or {}).get("buttons") or []) if said else []
    return buttons[0].get("payload") if len(buttons) == 1 else None


def _offered_just_now(turn: Turn) -> bool:
    """True when the turn before this message made the offer.

    A form that was left may be taken up again later; but a yes to something else must not call
    a person who was offered three questions ago.
    """
    return any(e.get("event") == "slot" and e.get("name") == "offer" for e in turn.turn_before())


class Decline(DeskAction):
    action = "action_decline"

    async def serve(self, turn: Turn) -> Events:
        offer = turn.slot("offer")
        if offer == FEEDBACK and not _offered_just_now(turn):
            offer = None
        turn.say("utter_declined" if offer else "utter_no_to_what")
        cleared = [SlotSet(slot, None) for slot in _DRAFTS.get(offer or "", ())]
        return [SlotSet("offer", None), *cleared]


class TakeDetail(DeskAction):
    """A detail that nobody asked for begins what it belongs to."""

    action = "action_take_detail"

    async def serve(self, turn: Turn) -> Events:
        form = _form_for(turn)
        if form:
            return [FollowupAction(form)]
        turn.say("utter_detail_for_what")
        return []


def _form_for(turn: Turn) -> str | None:
    offers = turn.business.offers
    if turn.entity("appointment_code") and offers("view_appointment"):
        return "view_appointment_form"
    if turn.entity("order_number") and offers("check_order_status"):
        return "order_status_form"
    if turn.entity("rating"):
        return FEEDBACK
    wishes = turn.entity("service") or turn.times() or turn.entity("staff")
    if wishes and offers("book_appointment"):
        return "appointment_form"
    return None


class SayAgain(DeskAction):
    """ "?": the same once more, in other words where there are some."""

    action = "action_say_again"

    async def serve(self, turn: Turn) -> Events:
        said = [
            event
            for event in turn.tracker.events
            if event.get("event") == "bot" and response_of(event) != ASKS_RATING
        ]
        if not said or not said[-1].get("text"):
            turn.say("utter_capabilities")
            return []
        last = said[-1]
        other = _other_words(turn, last)
        buttons = (last.get("data") or {}).get("buttons") or []
        turn.say("utter_say_again", said=other or last["text"], buttons=buttons)
        return []


def _other_words(turn: Turn, last: dict[str, Any]) -> str | None:
    key = response_of(last)
    if not key:
        return None
    facts = business_facts(turn.business, turn.language)
    try:
        count = len(words.phrases(key, turn.language))
        variations = [words.phrase(key, turn.language, i, **facts) for i in range(count)]
    except words.WordsError:
        return None  # it needs values of that moment: the text itself is repeated
    return next((text for text in variations if text != last["text"]), None)
