"""A person: take what is needed and how to reach the customer, open a ticket, say when."""

from __future__ import annotations

from actions.contact import take_contact, take_name
from actions.desk_action import DeskAction, Events
from actions.form import DeskForm, Draft, after_form, ended_early
from actions.staff_question import kept_question
from actions.turn import LONGEST_TEXT, Turn
from tiski.handoff.tickets import open_ticket

# What is not the answer to "what is it about?"
_NO_NEED = frozenset(
    {"stop", "start_over", "change_language", "bot_challenge", "greet", "thank", "goodbye"}
)
_CLEARS = ("need", "handoff_topic")


class HandoffForm(DeskForm):
    form = "handoff_form"
    own_intents = frozenset({"request_human"})
    free_text = frozenset({"need", "contact_name"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["need", "contact_name", "contact"]

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        # "About a gift card": what it is about looks like the question that it is not
        if asked == "need" and not turn.is_button and turn.intent not in _NO_NEED:
            return False
        return super().steps_aside(turn, asked)

    async def begin(self, turn: Turn, draft: Draft) -> None:
        draft["need"] = None
        kept = kept_question(turn) if turn.is_button or turn.intent == "affirm" else None
        draft["handoff_topic"] = "request_human"
        if kept:
            draft["need"], draft["handoff_topic"] = kept
        if turn.business.handoff_is_open(turn.now):
            turn.say("utter_handoff_open")
        else:
            opens = turn.business.next_handoff_opening(turn.now)
            turn.say("utter_handoff_closed", opens=turn.on_moment(opens))

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        if asked == "need" and turn.text and not (turn.is_button or _is_bare_yes_or_no(turn)):
            draft["need"] = turn.text[:LONGEST_TEXT]
        take_name(turn, draft, asked)
        take_contact(turn, draft)


def _is_bare_yes_or_no(turn: Turn) -> bool:
    """ "Yes" tells nobody what it is about."""
    return turn.intent in ("affirm", "deny") and len(turn.text.split()) <= 2


class HandOver(DeskAction):
    action = "action_hand_over"

    async def serve(self, turn: Turn) -> Events:
        if ended_early(turn):
            return after_form(turn, _CLEARS)
        receipt = await open_ticket(
            kind=turn.slot("handoff_topic") or "request_human",
            need=turn.slot("need"),
            language=turn.language,
            conversation_id=turn.conversation_id,
            channel=turn.channel or "",
            transcript=turn.transcript(),
            name=turn.slot("contact_name"),
            email=turn.slot("contact_email"),
            phone=turn.slot("contact_phone"),
            business=turn.business,
            now=turn.now,
        )
        if receipt.within_hours and receipt.answer_by:
            response, when = "utter_handed_over", turn.moment(receipt.answer_by)
        else:
            response, when = "utter_handed_over_later", turn.on_moment(receipt.answer_by)
        turn.say(response, ticket=receipt.code, when=when, contact=turn.slot("contact"))
        return after_form(turn, _CLEARS, reference=receipt.code)
