"""What one turn says of a use case: read from Rasa's own events, nothing is guessed from texts.

A form is one use case from its first question to its last action, which says how it ended
(`outcome`, see `actions/form.py`). A question of `faq/` and an action without a form begin and end
in one turn.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# The intents that a form carries out, the usual one first. A test holds this against data/rules.
FORM_USE_CASES: dict[str, tuple[str, ...]] = {
    "appointment_form": ("book_appointment",),
    "view_appointment_form": ("view_appointment",),
    "reschedule_form": ("reschedule_appointment",),
    "cancel_appointment_form": ("cancel_appointment",),
    "late_form": ("running_late",),
    "attendance_form": ("confirm_attendance",),
    "waiting_list_form": ("join_waiting_list",),
    "visit_note_form": ("add_visit_note",),
    "contact_details_form": ("update_contact_details",),
    "order_status_form": ("check_order_status",),
    "cancel_order_form": ("cancel_order",),
    "change_order_form": ("change_order",),
    "return_order_form": ("return_order",),
    "order_problem_form": ("report_order_problem",),
    "receipt_form": ("request_receipt",),
    "payment_problem_form": ("report_payment_problem",),
    "recommend_form": ("recommend_product",),
    "gift_card_form": ("check_gift_card",),
    "quote_form": ("request_quote",),
    "callback_form": ("request_callback",),
    "message_form": ("leave_message",),
    "newsletter_form": ("subscribe_newsletter",),
    "newsletter_off_form": ("unsubscribe_newsletter",),
    "feedback_form": ("give_feedback",),
    "complaint_form": ("complain",),
    "privacy_form": ("request_my_data", "delete_my_data"),
    "handoff_form": ("request_human",),
}
# Intents that an answer of one turn serves. Questions (faq/…) are all of this kind.
SINGLE_TURN = frozenset(
    {"check_availability", "ask_product", "ask_service_details", "ask_staff", "report_unhelpful"}
)
RESULTS = ("done", "stopped", "abandoned", "handed_over", "failed")
# What the desk says when something behind it does not work
_APOLOGIES = frozenset({"utter_system_unavailable", "utter_action_failed"})
# A button that carries one of these is an offer: an opening, a product
_OFFERS = ("time", "product")


@dataclass(frozen=True)
class TurnReading:
    """What a turn did to use cases."""

    begun: tuple[str, ...]  # use cases whose form was started or taken up again, in order
    ended: str | None  # the use case that ended
    result: str | None  # one of RESULTS, when one ended
    reference: str | None
    question: str | None  # the slot that is being asked for after the turn
    offers_shown: int
    offers_taken: int
    form: str | None  # active after the turn
    language: str | None  # None: not said in this turn
    channel: str | None
    all_stopped: bool = False  # the conversation begins again


def read_turn(events: Sequence[dict[str, Any]], form: str | None) -> TurnReading:
    """Read the events of one turn, as `as_dict` of Rasa gives them.

    Args:
        events: from the customer's message to the listening that ends the turn.
        form: the form that was active before.
    """
    user = next((e for e in events if e["event"] == "user"), {})
    loops = [e.get("name") for e in events if e["event"] == "active_loop"]
    slots = {e["name"]: e.get("value") for e in events if e["event"] == "slot"}
    said = slots.get("outcome") or {}
    intent = _intent(user)

    begun = [use_case_of(name, intent) for name in loops if name]
    after = form
    for name in loops:
        after = name
    ended, result = None, None
    concerned = next((name for name in reversed(loops) if name), form)
    if concerned and after is None:
        ended = use_case_of(concerned, intent if begun else None)
        result = said.get("result") or "failed"  # its last action never said: it did not get there
    elif concerned is None and (intent in SINGLE_TURN or intent.startswith("faq/")):
        begun, ended = [intent], intent
        result = said.get("result") or ("failed" if _apologised(events) else "done")
    elif concerned and intent.startswith("faq/") and not begun:
        begun, ended, result = [intent], intent, "done"  # a question in between
    return TurnReading(
        begun=tuple(begun),
        ended=ended,
        result=result,
        reference=said.get("reference"),
        question=slots.get("requested_slot"),
        offers_shown=sum(
            _is_offer(button.get("payload"))
            for e in events
            if e["event"] == "bot"
            for button in (e.get("data") or {}).get("buttons") or []
        ),
        offers_taken=int(_is_offer(user.get("text"))),
        form=after,
        language=slots.get("language"),
        channel=user.get("input_channel"),
        all_stopped=bool(said.get("all")),
    )


def use_case_of(form: str, intent: str | None) -> str:
    """The use case of a form: the intent that began it where it has several."""
    intents = FORM_USE_CASES.get(form, (form.removesuffix("_form"),))
    return intent if intent in intents else intents[0]


def _intent(user: dict[str, Any]) -> str:
    parsed = user.get("parse_data") or {}
    name = (parsed.get("intent") or {}).get("name") or ""
    selected = (parsed.get("response_selector") or {}).get(name) or {}
    return (selected.get("response") or {}).get("intent_response_key") or name


def _apologised(events: Sequence[dict[str, Any]]) -> bool:
    return any((e.get("metadata") or {}).get("utter_action") in _APOLOGIES for e in events)


def _is_offer(payload: Any) -> bool:
    text = str(payload or "")
    if not text.startswith("/") or "{" not in text:
        return False
    try:
        carried = json.loads(text[text.index("{") :])
    except ValueError:
        return False
    return isinstance(carried, dict) and any(key in carried for key in _OFFERS)
