"""Complaints: regret first, what happened, and a person. Nothing is argued, nothing promised."""

from __future__ import annotations

from actions.contact import take_contact, take_name
from actions.desk_action import DeskAction, Events
from actions.feedback import content_of
from actions.form import DeskForm, Draft, after_form, ended_early
from actions.turn import LONGEST_TEXT, Turn
from tiski.handoff.tickets import open_ticket

# What is not the answer to "what happened?": anything else may be, "my parcel is late" too.
_TELLS_NOTHING = frozenset(
    {
        "stop",
        "start_over",
        "change_language",
        "bot_challenge",
        "ask_capabilities",
        "request_human",
        "request_my_data",
        "delete_my_data",
        "greet",
        "thank",
        "goodbye",
        "faq",
    }
)
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
        if asked == "complaint" and turn.text and not (turn.is_button or _is_bare(turn)):
            draft["complaint"] = turn.text[:LONGEST_TEXT]
        elif asked and draft["complaint"] and _tells_more(turn):
            draft["complaint"] = f"{draft['complaint']}\n{turn.text}"[:LONGEST_TEXT]
            return
        take_name(turn, draft, asked)
        take_contact(turn, draft)


def _is_bare(turn: Turn) -> bool:
    """ "Yes" tells nobody what happened."""
    return turn.intent in ("affirm", "deny", "ask_clarification") and len(turn.text.split()) <= 2


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
        receipt = await open_ticket(
            kind="complain",
            need=turn.slot("complaint"),
            language=turn.language,
            conversation_id=turn.conversation_id,
            channel=turn.channel or "",
            transcript=turn.transcript(),
            reference=_reference(turn),
            name=turn.slot("contact_name"),
            email=turn.slot("contact_email"),
            phone=turn.slot("contact_phone"),
            business=turn.business,
            now=turn.now,
        )
        turn.say(
            "utter_complaint_noted",
            ticket=receipt.code,
            when=turn.on_moment(receipt.answer_by),
            contact=turn.slot("contact"),
        )
        return after_form(turn, ("complaint",), reference=receipt.code)


def _reference(turn: Turn) -> str | None:
    """The order or the appointment that this conversation was about, where it was proved."""
    if turn.slot("order_proof"):
        return str(turn.slot("order_number"))
    code: str | None = (turn.slot("appointment_key") or {}).get("code")
    return code or turn.slot("appointment_code")
