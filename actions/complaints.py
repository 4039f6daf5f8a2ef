"""Complaints: regret first, what happened, and a person. Nothing is argued, nothing promised."""

from __future__ import annotations

from actions.contact import take_contact, take_name
from actions.desk_action import DeskAction, Events
from actions.feedback import content_of
from actions.form import NO_DESCRIPTION, DeskForm, Draft, after_form, ended_early
from actions.tickets import say_noted, ticket_for
from actions.turn import Turn

# What is not the answer to "what happened?": anything else may be, "my parcel is late" too.
_TELLS_NOTHING = NO_DESCRIPTION | {
    "ask_capabilities",
    "request_human",
    "request_my_data",
    "delete_my_data",
    "faq",
}
_SURE_ENOUGH = 0.5
_MOST_WORDS_OF_NAME = 3


class ComplaintForm(DeskForm):
    form = "complaint_form"
    own_intents = frozenset({"complain"})
    free_text = frozenset({"complaint", "contact_name"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["complaint", "contact_name", "contact"]

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        if asked == "complaint" and not turn.is_button and turn.intent not in _TELLS_NOTHING:
            return False
        return super().steps_aside(turn, asked)

    async def begin(self, turn: Turn, draft: Draft) -> None:
        # Offered after a bad rating: what was told with it is kept
        if not (turn.is_button or turn.intent == "affirm"):
            draft["complaint"] = content_of(turn, "complaint_frame")
        turn.say("utter_sorry_to_hear")

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        if asked == "complaint" and turn.describes:
            draft["complaint"] = turn.told
        elif asked and draft["complaint"] and _tells_more(turn):
            draft["complaint"] = turn.told_more(draft["complaint"])
            return
        take_name(turn, draft, asked)
        take_contact(turn, draft)


def _tells_more(turn: Turn) -> bool:
    """ "And nobody even apologised", when the name was asked for."""
    if turn.is_button or any(turn.entity(name) for name in ("name", "email", "phone_number")):
        return False
    long_enough = len(turn.text.split()) > _MOST_WORDS_OF_NAME
    return turn.intent == "complain" and turn.confidence >= _SURE_ENOUGH and long_enough


class NoteComplaint(DeskAction):
    action = "action_note_complaint"

    async def serve(self, turn: Turn) -> Events:
        if ended_early(turn):
            return after_form(turn, ("complaint",))
        told = turn.slot("complaint")
        receipt = await ticket_for(turn, "complain", told, reference=_reference(turn))
        say_noted(turn, "utter_complaint_noted", receipt)
        return after_form(turn, ("complaint",), reference=receipt.code)


def _reference(turn: Turn) -> str | None:
    """The order or the appointment that this conversation was about, where it was proved."""
    if turn.slot("order_proof"):
        return str(turn.slot("order_number"))
    code: str | None = (turn.slot("appointment_key") or {}).get("code")
    return code or turn.slot("appointment_code")
