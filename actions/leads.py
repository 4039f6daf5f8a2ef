"""A quote or a call back: what for, when, how much, who, and an explicit yes to being contacted.

Without that yes nothing is stored. Whether a lead is what the business looks for is decided by
`leads` of business.yml and never told to the customer.
"""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import Any

from actions.consent import consent_in, content_words, words_of_consent
from actions.contact import contact_of, take_contact, take_name
from actions.desk_action import DeskAction, Events
from actions.form import NO_DESCRIPTION, DeskForm, Draft, after_form, ended_early
from actions.turn import SaidTime, Turn
from tiski.answers import dates
from tiski.customers.leads import CALLBACK, QUOTE, Wish, store_lead
from tiski.customers.money import find_sum
from tiski.nlu.lexicon import pattern

LEAD_SLOTS = ("lead_need", "lead_when", "lead_budget", "consent")
UNKNOWN = "unknown"
# What is not the answer to "what is it about?", however it is worded
_NO_NEED = NO_DESCRIPTION | {"faq"}
# Details that may be corrected until the end
_LATER = ("contact_name", "contact", "consent")
_NOT_THE_NEED = ("time", "email", "phone_number", "name", "staff")


class LeadForm(DeskForm):
    """What both kinds share."""

    free_text = frozenset({"lead_need", "lead_when", "contact_name"})
    #: whether only a day is a "when" in a message that begins or corrects something
    wants_day = True

    #: what is said when it begins
    beginning = ""

    async def begin(self, turn: Turn, draft: Draft) -> None:
        draft["consent"] = None
        if turn.intent not in self.own_intents:
            return  # it was left for something else and is taken up again
        turn.say(self.beginning)
        for slot in LEAD_SLOTS:
            draft[slot] = None
        if not turn.is_button and content_words(turn, *_NOT_THE_NEED):
            draft["lead_need"] = turn.told
        # A time in the first message is when it is wanted; its words are kept, not its reading
        draft["lead_when"] = _time_words(turn, self.wants_day)

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        if turn.is_button:
            return super().steps_aside(turn, asked)
        is_question = "?" in turn.text
        # "Hair for a wedding" sounds like a booking, "800" like an order
        if asked == "lead_need" and not is_question and turn.intent not in _NO_NEED:
            return False
        if asked == "lead_when" and not is_question and _is_a_time(turn):
            return False
        if asked == "lead_budget" and _budget(turn, asked) is not None:
            return False
        if asked == "consent" and not is_question and (self._corrects(turn) or _answers(turn)):
            return False
        return super().steps_aside(turn, asked)

    def surely_answers(self, turn: Turn, asked: str | None) -> bool:
        return asked in ("lead_when", "lead_budget") and bool(
            pattern("do_not_know").search(turn.text)
        )

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        if asked == "lead_need" and turn.describes:
            draft["lead_need"] = turn.told
        if asked == "lead_when":
            self._take_when(turn, draft)
        elif asked in ("lead_budget", *_LATER) and _time_words(turn, self.wants_day):
            draft["lead_when"] = _time_words(turn, self.wants_day)  # "no, in August"
        budget = _budget(turn, asked)
        if budget is not None and asked != "lead_need":
            draft["lead_budget"] = budget
        # "The budget is 800 after all" is nobody's name
        is_other = asked == "contact_name" and self._corrects(turn)
        take_name(turn, draft, None if is_other else asked)
        take_contact(turn, draft)
        if asked == "consent" and not self._corrects(turn):
            answer = consent_in(turn)
            if answer is not None:
                draft["consent"] = answer

    def _corrects(self, turn: Turn) -> bool:
        """Whether a message at the last question holds another detail."""
        if any(turn.entities(entity) for entity in ("email", "phone_number", "name")):
            return True
        return bool(_time_words(turn, self.wants_day)) or _budget(turn, "consent") is not None

    def _take_when(self, turn: Turn, draft: Draft) -> None:
        if turn.is_button:
            draft["lead_when"] = turn.words("words_not_known_yet")
        elif not (turn.intent == "affirm" and not turn.times()):
            draft["lead_when"] = turn.told


class QuoteForm(LeadForm):
    form = "quote_form"
    own_intents = frozenset({"request_quote", "request_callback"})
    beginning = "utter_quote_begins"

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["lead_need", "lead_when", "lead_budget", "contact_name", "contact", "consent"]


class CallbackForm(LeadForm):
    form = "callback_form"
    wants_day = False
    own_intents = frozenset({"request_callback", "request_quote"})
    beginning = "utter_callback_begins"

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["lead_need", "lead_when", "contact_name", "contact", "consent"]

    def _explain(self, turn: Turn, asked: str) -> None:
        if asked in _OF_A_CALL:
            turn.say(_OF_A_CALL[asked])
        else:
            super()._explain(turn, asked)


_OF_A_CALL = {
    "lead_need": "utter_explain_callback_need",
    "lead_when": "utter_explain_callback_when",
}


def _time_words(turn: Turn, wants_day: bool) -> str | None:
    """The words of the last time that the message names and that is not over."""
    if turn.is_button:
        return None
    entities = [e for e in turn.latest_entities if e.get("entity") == "time" and e.get("value")]
    today = turn.now.replace(hour=0, minute=0, second=0, microsecond=0)
    named = [
        turn.text[entity["start"] : entity["end"]]
        for entity, said in zip(entities, turn.times(), strict=True)
        if "start" in entity
        and (said.has_date or not wants_day)
        and _last_moment(said) >= today  # "I tried to call you yesterday"
    ]
    return named[-1] if named else None


def _last_moment(said: SaidTime) -> datetime:
    return said.finish or said.begin


def _is_a_time(turn: Turn) -> bool:
    """ "Any time" sounds like a look at free times."""
    return (
        bool(turn.times() or pattern("do_not_know").search(turn.text))
        or turn.intent in _SOUNDS_LIKE_A_TIME
    )


_SOUNDS_LIKE_A_TIME = {
    "check_availability",
    "book_appointment",
    "reschedule_appointment",
    "view_appointment",
    "confirm_attendance",
    "join_waiting_list",
    "running_late",
}


def _budget(turn: Turn, asked: str | None) -> Any:
    """{"cents": …}, UNKNOWN, or None when the message names none."""
    if asked == "lead_budget" and turn.intent == "deny" and turn.is_button:
        return UNKNOWN
    if turn.is_button:
        return None
    without_contacts = turn.besides("phone_number", "email", "time", "postcode")
    is_asked = asked == "lead_budget" or bool(pattern("budget_named").search(turn.text))
    cents = find_sum(without_contacts, asked=is_asked)
    if cents is not None:
        return {"cents": cents}
    if asked == "lead_budget" and (
        turn.intent == "deny" or pattern("do_not_know").search(turn.text)
    ):
        return UNKNOWN
    return None


def _answers(turn: Turn) -> bool:
    """ "Yes, do call me" sounds like a wish of its own."""
    return turn.intent in _SOUNDS_LIKE_A_YES_OR_NO and consent_in(turn) is not None


_SOUNDS_LIKE_A_YES_OR_NO = {
    "request_quote",
    "request_callback",
    "subscribe_newsletter",
    "unsubscribe_newsletter",
    "leave_message",
    "confirm_attendance",
    "add_visit_note",
    "request_human",
}


class AskLeadNeed(DeskAction):
    action = "action_ask_lead_need"

    async def serve(self, turn: Turn) -> Events:
        turn.say("utter_ask_callback_need" if _is_call(turn) else "utter_ask_lead_need")
        return []


class AskLeadWhen(DeskAction):
    action = "action_ask_lead_when"

    async def serve(self, turn: Turn) -> Events:
        turn.say(
            "utter_ask_callback_when" if _is_call(turn) else "utter_ask_lead_when",
            buttons=[] if _is_call(turn) else [turn.button("button_not_known_yet", "/deny")],
        )
        return []


class AskConsent(DeskAction):
    action = "action_ask_consent"

    async def serve(self, turn: Turn) -> Events:
        told = {
            "need": turn.slot("lead_need"),
            "wanted": turn.slot("lead_when"),
            "name": turn.slot("contact_name"),
            "contact": turn.slot("contact"),
        }
        if _is_call(turn):
            turn.say("utter_callback_summary", **told)
        else:
            turn.say("utter_quote_summary", budget=_said_budget(turn), **told)
        turn.say(
            "utter_ask_consent",
            buttons=[
                turn.button("button_yes_contact", "/affirm"),
                turn.button("button_no", "/deny"),
            ],
        )
        return []


def _is_call(turn: Turn) -> bool:
    return bool(turn.tracker.active_loop_name == CallbackForm.form)


def _said_budget(turn: Turn) -> str:
    budget = turn.slot("lead_budget")
    if isinstance(budget, dict):
        return dates.say_price(budget["cents"], turn.language)
    return turn.words("words_not_known_yet")


class StoreLead(DeskAction):
    """The last step of both forms."""

    kind = ""

    async def serve(self, turn: Turn) -> Events:
        if ended_early(turn):
            return after_form(turn, LEAD_SLOTS)
        if turn.slot("consent") is not True:
            turn.say("utter_lead_not_stored")
            return after_form(turn, LEAD_SLOTS, result="stopped")
        budget = turn.slot("lead_budget")
        receipt = await store_lead(
            Wish(
                kind=self.kind,
                need=turn.slot("lead_need"),
                when=turn.slot("lead_when"),
                budget_cents=budget["cents"] if isinstance(budget, dict) else None,
            ),
            **contact_of(turn),
            consent_words=words_of_consent(turn, "utter_ask_consent"),
            language=turn.language,
            channel=turn.channel or "",
            conversation_id=turn.conversation_id,
            business=turn.business,
            now=turn.now,
        )
        self.say_taken(turn, turn.on_moment(receipt.answer_by))
        return after_form(turn, LEAD_SLOTS, reference=receipt.reference)

    @abstractmethod
    def say_taken(self, turn: Turn, when: str) -> None:
        """Tell that it is stored, and when somebody answers."""
        raise NotImplementedError


class StoreQuote(StoreLead):
    action = "action_request_quote"
    kind = QUOTE

    def say_taken(self, turn: Turn, when: str) -> None:
        turn.say("utter_quote_taken", when=when, contact=turn.slot("contact"))


class StoreCallback(StoreLead):
    action = "action_request_callback"
    kind = CALLBACK

    def say_taken(self, turn: Turn, when: str) -> None:
        turn.say(
            "utter_callback_taken",
            when=when,
            contact=turn.slot("contact"),
            wanted=turn.slot("lead_when"),
        )
