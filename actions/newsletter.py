"""The newsletter: on with an explicit yes whose words are kept, off without a question."""

from __future__ import annotations

from actions.consent import consent_in, words_of_consent
from actions.desk_action import DeskAction, Events
from actions.form import DeskForm, Draft, after_form, ended_early
from actions.turn import Turn
from tiski.customers.newsletter import is_subscribed, subscribe, unsubscribe

NEWSLETTER_SLOTS = ("newsletter_email", "newsletter_consent")
# How a form may end before its last question
_ALREADY, _NO_ADDRESS = "already", "no_address"
_INTENTS = frozenset({"subscribe_newsletter", "unsubscribe_newsletter"})
# "No, I don't want it" sounds like one of these
_SOUNDS_LIKE_A_YES_OR_NO = _INTENTS | {"request_callback", "add_visit_note", "confirm_attendance"}


class _AddressForm(DeskForm):
    """Both forms begin with an address: from the message, or one that was given before."""

    async def begin(self, turn: Turn, draft: Draft) -> None:
        draft["newsletter_consent"] = None
        if turn.intent in self.own_intents:  # else it was left and is taken up again
            draft["newsletter_email"] = turn.slot("contact_email")

    def take_address(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        address = turn.entity("email")
        if address:
            draft["newsletter_email"] = address
        elif asked == "newsletter_email" and turn.intent == "deny":
            draft.finish(_NO_ADDRESS)


class NewsletterForm(_AddressForm):
    form = "newsletter_form"
    own_intents = frozenset({"subscribe_newsletter"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return list(NEWSLETTER_SLOTS)

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        if asked == "newsletter_consent" and not turn.is_button:
            if turn.entities("email"):
                return False
            if turn.intent in _SOUNDS_LIKE_A_YES_OR_NO and consent_in(turn) is not None:
                return False
        return super().steps_aside(turn, asked)

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        self.take_address(turn, draft, asked)
        if draft["newsletter_email"] and await is_subscribed(draft["newsletter_email"]):
            draft.finish(_ALREADY)
        elif asked == "newsletter_consent" and not turn.entities("email"):
            answer = consent_in(turn)
            if answer is not None:
                draft["newsletter_consent"] = answer


class AskNewsletterConsent(DeskAction):
    action = "action_ask_newsletter_consent"

    async def serve(self, turn: Turn) -> Events:
        turn.say(
            "utter_ask_newsletter_consent",
            email=turn.slot("newsletter_email"),
            buttons=[
                turn.button("button_yes_newsletter", "/affirm"),
                turn.button("button_no", "/deny"),
            ],
        )
        return []


class Subscribe(DeskAction):
    action = "action_subscribe_newsletter"

    async def serve(self, turn: Turn) -> Events:
        early, address = turn.slot("form_result"), turn.slot("newsletter_email")
        if early and early not in (_ALREADY, _NO_ADDRESS):
            return after_form(turn, NEWSLETTER_SLOTS)
        if early == _NO_ADDRESS or (not early and turn.slot("newsletter_consent") is not True):
            turn.say("utter_newsletter_declined")
            return after_form(turn, NEWSLETTER_SLOTS, result="stopped")
        is_new = early != _ALREADY and await subscribe(
            address,
            words=words_of_consent(turn, "utter_ask_newsletter_consent"),
            language=turn.language,
            channel=turn.channel or "",
            conversation_id=turn.conversation_id,
            now=turn.now,
        )
        response = "utter_newsletter_on" if is_new else "utter_newsletter_on_already"
        turn.say(response, email=address)
        return after_form(turn, NEWSLETTER_SLOTS, result="done")


class NewsletterOffForm(_AddressForm):
    form = "newsletter_off_form"
    own_intents = frozenset({"unsubscribe_newsletter"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["newsletter_email"]

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        self.take_address(turn, draft, asked)


class Unsubscribe(DeskAction):
    action = "action_unsubscribe_newsletter"

    async def serve(self, turn: Turn) -> Events:
        address = turn.slot("newsletter_email")
        if turn.slot("form_result") == _NO_ADDRESS:
            turn.say("utter_newsletter_off_needs_address")
            return after_form(turn, NEWSLETTER_SLOTS, result="stopped")
        if ended_early(turn) or not address:
            return after_form(turn, NEWSLETTER_SLOTS)
        await unsubscribe(
            address,
            words=turn.words("words_newsletter_off"),
            language=turn.language,
            channel=turn.channel or "",
            conversation_id=turn.conversation_id,
            now=turn.now,
        )
        # the same words whether the address was on the list or not: it tells nobody who is
        turn.say("utter_newsletter_off", email=address)
        return after_form(turn, NEWSLETTER_SLOTS)
