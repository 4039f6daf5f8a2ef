"""A customer's own data: a copy of it, or its deletion. A person carries it out.

Nothing is looked up here and nothing is shown: whoever writes hears the same, known or not. The
name and the contact are what the staff confirm the person by.
"""

from __future__ import annotations

from actions.contact import take_contact, take_name
from actions.desk_action import DeskAction, Events
from actions.form import DeskForm, Draft, after_form, ended_early, said_yes
from actions.tickets import say_noted, ticket_for
from actions.turn import Turn

_REQUESTS = frozenset({"request_my_data", "delete_my_data"})
_DELETION = "delete_my_data"
_CLEARS = ("privacy_request", "privacy_confirmed")


class PrivacyForm(DeskForm):
    form = "privacy_form"
    own_intents = _REQUESTS
    free_text = frozenset({"contact_name"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        if draft["privacy_confirmed"] is False:
            return []
        return ["privacy_confirmed", "contact_name", "contact"]

    async def begin(self, turn: Turn, draft: Draft) -> None:
        draft["privacy_confirmed"] = None
        if turn.intent in _REQUESTS or turn.slot("privacy_request") is None:
            draft["privacy_request"] = (
                turn.intent if turn.intent in _REQUESTS else "request_my_data"
            )
        _explain_request(turn, draft["privacy_request"])

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        request = draft["privacy_request"]
        if asked and turn.intent in _REQUESTS - {request} and not turn.negated:
            # "Delete it instead": another thing to agree to
            draft["privacy_request"] = turn.intent
            draft["privacy_confirmed"] = None
            _explain_request(turn, turn.intent)
            return
        if asked == "privacy_confirmed":
            answer = said_yes(turn, frozenset({request}))
            if answer is not None:
                draft["privacy_confirmed"] = answer
        take_name(turn, draft, asked)
        take_contact(turn, draft)


def _explain_request(turn: Turn, request: str) -> None:
    if request == _DELETION:
        turn.say("utter_about_data_deletion")
    else:
        turn.say("utter_about_data_copy")


class AskPrivacyConfirmed(DeskAction):
    action = "action_ask_privacy_confirmed"

    async def serve(self, turn: Turn) -> Events:
        if turn.slot("privacy_request") == _DELETION:
            response, yes = "utter_ask_data_deletion_confirmed", "button_yes_delete_data"
        else:
            response, yes = "utter_ask_data_copy_confirmed", "button_yes_send_request"
        turn.say(response, buttons=[turn.button(yes, "/affirm"), turn.button("button_no", "/deny")])
        return []


class NoteDataRequest(DeskAction):
    action = "action_note_data_request"

    async def serve(self, turn: Turn) -> Events:
        if ended_early(turn):
            return after_form(turn, _CLEARS)
        request = turn.slot("privacy_request")
        if turn.slot("privacy_confirmed") is not True:
            turn.say("utter_data_request_dropped")
            return after_form(turn, _CLEARS, result="stopped")
        if request == _DELETION:
            need, noted = "words_need_data_deletion", "utter_data_deletion_noted"
        else:
            need, noted = "words_need_data_copy", "utter_data_copy_noted"
        receipt = await ticket_for(turn, request, turn.words(need))
        say_noted(turn, noted, receipt)
        return after_form(turn, _CLEARS, reference=receipt.code)
