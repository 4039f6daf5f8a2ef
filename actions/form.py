"""What every form shares: answers, digressions, corrections, failures, and the next question.

Rasa calls a form's `validate_<form>` once for each message while the form is active. Here that
call decides one of three things:

- it is no answer (a question, another wish, "stop"): return nothing, and Rasa rejects the form
  for this turn and lets a rule answer. Most rules end and Rasa takes the form up again;
- it is an answer, or corrects an earlier one: fill the slots;
- it is neither: explain, better each time, and at the third time offer a person.

Why the slots have custom mappings only: whether "65100" is an order or a postcode, and whether
"Friday" is an answer or part of a question, depends on what was asked. One place decides it.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from rasa_sdk.events import SlotSet

from actions.ask_rating import ask_for_rating
from actions.desk_action import DeskAction, Events
from actions.turn import Turn
from tiski.nlu.emails import ASKED, tries_an_address
from tiski.nlu.lexicon import pattern

REQUESTED_SLOT = "requested_slot"

# Entities that answer a question whatever the intent seems to be: nobody asks with an address.
_HARD_ENTITIES = {
    "contact": ("email", "phone_number"),
    "order_number": ("order_number",),
    "order_proof": ("email", "phone_number", "postcode"),
    "appointment_key": ("appointment_code", "email", "phone_number"),
    "rating": ("rating",),
    "newsletter_email": ("email",),
    "new_contact": ("email", "phone_number"),
    "contact_change_confirmed": ("email", "phone_number"),
    "budget": ("amount_of_money",),
}
# Entities that answer when there is nothing else in the message: "tomorrow at three" is a time
# whatever the intent seems to be, "are you open tomorrow?" is a question.
_BARE_ENTITIES = {
    "service": ("service",),
    "staff": ("staff",),
    "appointment_start": ("time",),
    "booking_confirmed": ("service", "staff", "time"),
    "appointment_code": ("service", "time"),
    "new_start": ("time",),
    "reschedule_confirmed": ("time",),
    "waiting_wish": ("time",),
    "product_category": ("product_category", "product"),
    "product_need": ("product_need",),
}
# Intents that say something about the question at hand, in any form. Gibberish is out_of_scope,
# and as an answer it has failed: it counts, and is explained, like any other.
# What customers have been given and may not find
_KEYS = ("appointment_key", "order_number", "order_proof", "gift_card_code")
_ABOUT_THE_QUESTION = {
    "inform",
    "affirm",
    "deny",
    "nlu_fallback",
    "ask_clarification",
    "out_of_scope",
    "",
}
#: What is no answer to "what is it about?", however it is worded
NO_DESCRIPTION = frozenset(
    {"stop", "start_over", "change_language", "bot_challenge", "greet", "thank", "goodbye"}
)
# Nobody is asked to go on with giving feedback: what was said of it is stored already.
_NOT_RESUMED = {"feedback_form"}
# How likely the wish must be for a short answer to the last question to mean it once more.
_REPEATED = 0.1
# What such an answer may be taken for; any other intent is what it says.
_LIKE_A_CANCELLATION = {"stop", "cancel_order", "cancel_appointment", "nlu_fallback"}
# To leave a form by another wish, the intent must be this sure. Where any text is an answer (a
# name, a description), it must be surer.
_SURE_ENOUGH = 0.6
_SURE_AMONG_FREE_TEXT = 0.85


class Draft:
    """The slots as they will be after this turn."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self.changes: dict[str, Any] = {}
        #: true once the turn was answered in words (a wish that cannot be had): no "try again"
        self.explained = False

    def __getitem__(self, slot: str) -> Any:
        return self.changes[slot] if slot in self.changes else self._turn.slot(slot)

    def __setitem__(self, slot: str, value: Any) -> None:
        self.changes[slot] = value

    def finish(self, result: str) -> None:
        """End the form before its last question; its last action sees why."""
        self["form_result"] = result


class DeskForm(DeskAction):
    """A form's validation. Subclasses say what their slots take."""

    #: the form's name in domain.yml
    form: str = ""
    #: slots that any text can fill
    free_text: frozenset[str] = frozenset()

    @property
    @abstractmethod
    def own_intents(self) -> frozenset[str]:
        """Intents that are answers here, not digressions."""

    def name(self) -> str:
        return f"validate_{self.form}"

    # --- what subclasses do

    @abstractmethod
    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        """The slots to ask for, in order, given what is known."""
        raise NotImplementedError

    async def begin(self, turn: Turn, draft: Draft) -> None:
        """Prepare the slots when the form begins."""

    @abstractmethod
    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        """Take what the message holds into the draft. `asked` is None when the form begins."""
        raise NotImplementedError

    def surely_answers(self, turn: Turn, asked: str | None) -> bool:
        """True for an answer that sounds like "what do you mean?" ("I couldn't say")."""
        return False

    def has_detail(self, turn: Turn) -> bool:
        """True for "sorry, I meant order 10241": it reads as a question, but corrects something."""
        return any(turn.entities(name) for names in _HARD_ENTITIES.values() for name in names)

    # --- one turn

    async def serve(self, turn: Turn) -> Events:
        """See the module's docstring."""
        asked: str | None = turn.slot(REQUESTED_SLOT)
        starting = self._is_starting(turn)
        if not starting and self._was_rejected(turn):
            return [SlotSet(REQUESTED_SLOT, asked)]
        if not starting and self.steps_aside(turn, asked):
            return []

        draft = Draft(turn)
        if starting:
            asked = None
            draft["form_failures"] = 0
            draft["form_result"] = None
            draft["offer"] = None
            paused = _form_before(turn)
            if paused and paused != self.form and paused not in _NOT_RESUMED:
                draft["paused_form"] = paused
            await self.begin(turn, draft)
        bookkeeping = set(draft.changes)
        asks_back = turn.intent == "ask_clarification" and not self.surely_answers(turn, asked)
        if asks_back and asked and not self.has_detail(turn) and not _has_forgotten(turn, asked):
            self._explain(turn, asked)
            draft.explained = True
        # "I'd rather not say", "I've lost the code": why it is asked and what else will do, then a person
        elif _refuses(turn, asked) or _has_forgotten(turn, asked):
            draft["form_failures"] = max(2, (turn.slot("form_failures") or 0) + 1)
            bookkeeping.add("form_failures")
            self._try_again(turn, str(asked), draft["form_failures"])
            draft.explained = True
        else:
            await self.fill(turn, draft, asked)
        if asked and not draft.explained and not set(draft.changes) - bookkeeping:
            draft["form_failures"] = (turn.slot("form_failures") or 0) + 1
            self._try_again(turn, asked, draft["form_failures"])
        elif asked and set(draft.changes) - bookkeeping:
            draft["form_failures"] = 0
        return self._events(turn, draft)

    def _events(self, turn: Turn, draft: Draft) -> Events:
        following = None
        if not draft["form_result"]:
            following = next(
                (slot for slot in self.questions(turn, draft) if draft[slot] is None), None
            )
        if draft.explained:
            # Without a slot event besides the question, Rasa takes the turn for a digression
            draft.changes.setdefault("form_failures", turn.slot("form_failures") or 0)
        events = [SlotSet(slot, value) for slot, value in draft.changes.items()]
        return [*events, SlotSet(REQUESTED_SLOT, following)]

    def after_failure(self, turn: Turn) -> Events:
        """Keep the question; without a slot event Rasa would take it for a digression."""
        asked = turn.slot(REQUESTED_SLOT)
        if self._is_starting(turn) or not asked:
            return [SlotSet("form_result", "failed"), SlotSet(REQUESTED_SLOT, None)]
        return [SlotSet("form_failures", 0), SlotSet(REQUESTED_SLOT, asked)]

    # --- digressions

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        """True when the message is no answer and a rule should have it."""
        if turn.is_button:
            return turn.intent not in self.own_intents | _ABOUT_THE_QUESTION
        if _refuses(turn, asked) or _has_forgotten(turn, asked):
            return False
        if asked in ASKED and tries_an_address(turn.text):
            return False
        if any(turn.entities(entity) for entity in _HARD_ENTITIES.get(asked or "", ())):
            return turn.intent == "stop" and turn.confidence >= _SURE_ENOUGH
        if turn.intent in self.own_intents | _ABOUT_THE_QUESTION or _is_bare_answer(turn, asked):
            return False
        needed = _SURE_AMONG_FREE_TEXT if asked in self.free_text else _SURE_ENOUGH
        return turn.confidence >= needed

    def _was_rejected(self, turn: Turn) -> bool:
        """True when this message was already left to a rule, and Rasa is coming back."""
        return any(
            event.get("event") == "action_execution_rejected" and event.get("name") == self.form
            for event in _events_of_this_turn(turn)
        )

    def _is_starting(self, turn: Turn) -> bool:
        if turn.tracker.active_loop_name != self.form:
            return True
        return any(
            event.get("event") == "active_loop" and event.get("name") == self.form
            for event in _events_of_this_turn(turn)
        ) and not self._was_rejected(turn)

    # --- when an answer does not fit

    def _try_again(self, turn: Turn, asked: str, failures: int) -> None:
        if failures == 1:
            turn.say("utter_not_caught")
        elif failures == 2:
            self._explain(turn, asked)
        else:
            turn.say(
                "utter_form_stuck",
                buttons=[
                    turn.button("button_human", "/request_human"),
                    turn.button("button_stop", "/stop"),
                ],
            )

    def _explain(self, turn: Turn, asked: str) -> None:
        turn.say(f"utter_explain_{asked}")


def _refuses(turn: Turn, asked: str | None) -> bool:
    """True when the customer does not want to give a name or a contact."""
    if turn.is_button or asked not in ("contact_name", "contact"):
        return False
    return bool(pattern("refusal").search(turn.text)) and not any(
        turn.entities(entity) for entity in ("name", "email", "phone_number")
    )


def _has_forgotten(turn: Turn, asked: str | None) -> bool:
    """True when the customer does not have the code or number that is asked for, nor gives another."""
    if turn.is_button or asked not in _KEYS or turn.intent in ("stop", "request_human"):
        return False
    given = any(turn.entities(entity) for entity in _HARD_ENTITIES.get(asked or "", ()))
    return not given and bool(pattern("forgotten").search(turn.text))


def _is_bare_answer(turn: Turn, asked: str | None) -> bool:
    """True when the message is what was asked for, and at most one more word."""
    entities = _BARE_ENTITIES.get(asked or "", ())
    if "?" in turn.text or not any(turn.entities(entity) for entity in entities):
        return False
    return len(turn.besides(*entities).split()) <= 1


def said_yes(turn: Turn, own_intents: frozenset[str] = frozenset()) -> bool | None:
    """Whether a confirmation was given: True, False, or None when it was neither.

    Saying the wish once more ("yes, cancel it") is a yes too, unless it is negated.
    """
    if turn.intent == "affirm":
        return True
    if turn.intent == "deny":
        return False
    if turn.intent in own_intents:
        return not turn.negated
    return None


def repeats_wish(turn: Turn, wishes: frozenset[str]) -> bool:
    """Whether a message that answers the last question means the form's own wish.

    "Cancel it" reads as an appointment, an order or "stop"; the form that asks knows which. So does
    an answer that begins with yes or no: "ok, cancel it", "no, keep it".
    """
    if turn.is_button or turn.intent not in wishes | _LIKE_A_CANCELLATION:
        return False
    if pattern("yes_or_no").match(turn.text) and "?" not in turn.text:
        return True
    return any(
        guess.get("name") in wishes and guess.get("confidence", 0.0) >= _REPEATED
        for guess in turn.ranking
    )


def ended_early(turn: Turn) -> bool:
    """True when a form stopped before its last question: its last action has nothing to do."""
    return bool(turn.slot("form_result"))


def after_form(
    turn: Turn,
    clear: tuple[str, ...],
    result: str | None = None,
    reference: str | None = None,
    served: str | None = None,
) -> Events:
    """Events that end a form: its slots are cleared, and a form left for it is offered again.

    Args:
        result: how the use case ended (tiski/insight/turns.py): "done" unless the form ended
            early, "stopped" where the customer decided against it.
        reference: what it was about or led to: an order number, an appointment's or ticket's code.
        served: a form that this one has carried out, too; it is not offered again.
    """
    result = result or ("failed" if ended_early(turn) else "done")
    events: Events = [SlotSet(slot, None) for slot in (*clear, "form_result", "form_failures")]
    events.append(SlotSet("outcome", {"result": result, "reference": reference}))
    paused = turn.slot("paused_form")
    if paused and paused == served:
        events.append(SlotSet("paused_form", None))
    elif paused and not turn.slot("second_wish"):
        turn.say(
            "utter_offer_resume",
            what=turn.words(f"form_{paused}"),
            back_to=turn.words(f"words_back_to_{paused}"),
            buttons=[turn.button("button_resume", "/affirm"), turn.button("button_no", "/deny")],
        )
        return [*events, SlotSet("paused_form", None), SlotSet("offer", paused)]
    return [*events, *ask_for_rating(turn, result)]


def _events_of_this_turn(turn: Turn) -> list[dict[str, Any]]:
    events = turn.tracker.events
    last = max((i for i, event in enumerate(events) if event.get("event") == "user"), default=0)
    return events[last:]


def _form_before(turn: Turn) -> str | None:
    """The form that was active when the message came, if it was left for this one."""
    events = turn.tracker.events
    last = max((i for i, event in enumerate(events) if event.get("event") == "user"), default=0)
    loops = [event for event in events[:last] if event.get("event") == "active_loop"]
    return loops[-1].get("name") if loops else None
