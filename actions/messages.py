"""A message for the owner or the staff: lost property, a job, something to sell. No lead."""

from __future__ import annotations

from actions.consent import content_words
from actions.contact import take_contact, take_name
from actions.desk_action import DeskAction, Events
from actions.form import NO_DESCRIPTION, DeskForm, Draft, after_form, ended_early
from actions.tickets import say_noted, ticket_for
from actions.turn import Turn

_CLEARS = ("owner_message",)
# "A message for Aino" is not the message yet
_LEAST_WORDS = 2
# "I'm a hairdresser and looking for work", "no, it was a blue one"
_MORE = ("leave_message", "deny", "nlu_fallback")
# A longer text than a name, where one was asked for, may go on with the message
_MOST_NAMES = 3
# A message may sound like a question that the desk answers: that must be sure, or look like one
_SURE_IT_ASKS = 0.75


class MessageForm(DeskForm):
    form = "message_form"
    own_intents = frozenset({"leave_message"})
    free_text = frozenset({"owner_message", "contact_name"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["owner_message", "contact_name", "contact"]

    async def begin(self, turn: Turn, draft: Draft) -> None:
        if turn.intent not in self.own_intents:
            return  # it was left for something else and is taken up again
        draft["owner_message"] = None
        if turn.is_button or content_words(turn, "email", "phone_number") < _LEAST_WORDS:
            return
        draft["owner_message"] = turn.told
        turn.say("utter_message_begins")

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        if asked == "owner_message" and not turn.is_button and turn.intent not in NO_DESCRIPTION:
            asks = "?" in turn.text or turn.confidence >= _SURE_IT_ASKS
            if turn.intent != "faq" or not asks:
                return False
        return super().steps_aside(turn, asked)

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        if asked == "owner_message" and turn.describes:
            draft["owner_message"] = turn.told
        elif asked and turn.intent in _MORE and len(turn.text.split()) > _MOST_NAMES:
            # "are you hiring?", and then "I'm a hairdresser and looking for work"
            draft["owner_message"] = turn.told_more(draft["owner_message"])
            asked = None  # and no name
        take_name(turn, draft, asked)
        take_contact(turn, draft)


class LeaveMessage(DeskAction):
    action = "action_leave_message"

    async def serve(self, turn: Turn) -> Events:
        if ended_early(turn):
            return after_form(turn, _CLEARS)
        receipt = await ticket_for(turn, "leave_message", turn.slot("owner_message"))
        say_noted(turn, "utter_message_taken", receipt)
        return after_form(turn, _CLEARS, reference=receipt.code)
