"""A person: take what is needed and how to reach the customer, open a ticket, say when."""

from __future__ import annotations

from actions.contact import take_contact, take_name
from actions.desk_action import DeskAction, Events
from actions.form import NO_DESCRIPTION, DeskForm, Draft, after_form, ended_early
from actions.staff_question import kept_question
from actions.tickets import say_noted, ticket_for
from actions.turn import Turn

_CLEARS = ("need", "handoff_topic")


class HandoffForm(DeskForm):
    form = "handoff_form"
    own_intents = frozenset({"request_human"})
    free_text = frozenset({"need", "contact_name"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["need", "contact_name", "contact"]

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        # "About a gift card": what it is about looks like the question that it is not
        if asked == "need" and not turn.is_button and turn.intent not in NO_DESCRIPTION:
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
        if asked == "need" and turn.describes:
            draft["need"] = turn.told
        take_name(turn, draft, asked)
        take_contact(turn, draft)


class HandOver(DeskAction):
    action = "action_hand_over"

    async def serve(self, turn: Turn) -> Events:
        if ended_early(turn):
            return after_form(turn, _CLEARS)
        kind = turn.slot("handoff_topic") or "request_human"
        receipt = await ticket_for(turn, kind, turn.slot("need"))
        if receipt.within_hours and receipt.answer_by:
            say_noted(turn, "utter_handed_over", receipt, when=turn.moment(receipt.answer_by))
        else:
            say_noted(turn, "utter_handed_over_later", receipt)
        return after_form(turn, _CLEARS, reference=receipt.code)
