"""A message for the owner or the staff: lost property, a job, something to sell. No lead."""

from __future__ import annotations

from actions.consent import content_words
from actions.contact import take_contact, take_name
from actions.desk_action import DeskAction, Events
from actions.form import DeskForm, Draft, after_form, ended_early
from actions.turn import LONGEST_TEXT, Turn
from tiski.handoff.tickets import open_ticket

_CLEARS = ("owner_message",)
# What is no message, however it is worded
_NO_MESSAGE = frozenset(
    {"stop", "start_over", "change_language", "bot_challenge", "greet", "thank", "goodbye"}
)
# "A message for Aino" is not the message yet
_LEAST_WORDS = 2
# "I'm a hairdresser and looking for work", "no, it was a blue one"
_MORE = ("leave_message", "deny")
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
        draft["owner_message"] = turn.text[:LONGEST_TEXT]
        turn.say("utter_message_begins")

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        if asked == "owner_message" and not turn.is_button and turn.intent not in _NO_MESSAGE:
            asks = "?" in turn.text or turn.confidence >= _SURE_IT_ASKS
            if turn.intent != "faq" or not asks:
                return False
        return super().steps_aside(turn, asked)

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        is_yes_or_no = turn.intent in ("affirm", "deny") and len(turn.text.split()) <= 2
        if asked == "owner_message" and turn.text and not (turn.is_button or is_yes_or_no):
            draft["owner_message"] = turn.text[:LONGEST_TEXT]
        elif asked and turn.intent in _MORE and len(turn.text.split()) > _MOST_NAMES:
            # "are you hiring?", and then "I'm a hairdresser and looking for work"
            message = f"{draft['owner_message']}\n{turn.text}"
            draft["owner_message"] = message[:LONGEST_TEXT]
            asked = None  # and no name
        take_name(turn, draft, asked)
        take_contact(turn, draft)


class LeaveMessage(DeskAction):
    action = "action_leave_message"

    async def serve(self, turn: Turn) -> Events:
        if ended_early(turn):
            return after_form(turn, _CLEARS)
        receipt = await open_ticket(
            kind="leave_message",
            need=turn.slot("owner_message"),
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
        turn.say(
            "utter_message_taken",
            ticket=receipt.code,
            when=turn.on_moment(receipt.answer_by),
            contact=turn.slot("contact"),
        )
        return after_form(turn, _CLEARS, reference=receipt.code)
