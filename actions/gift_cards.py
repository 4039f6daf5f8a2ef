"""What is left on a gift card, until when, and where it can be used."""

from __future__ import annotations

from actions.desk_action import DeskAction, Events
from actions.form import DeskForm, Draft, after_form, ended_early
from actions.own_appointment import say_locked
from actions.turn import Turn
from tiski.access import LockedOut, NoMatch, gift_card_for
from tiski.answers import dates
from tiski.nlu.lexicon import pattern
from tiski.orders.gift_cards import read_codes

_CLEARS = ("gift_card_code",)
_SURE_TO_STOP = 0.35


class GiftCardForm(DeskForm):
    form = "gift_card_form"
    own_intents = frozenset({"check_gift_card"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["gift_card_code"]

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        """A code alone sounds like anything."""
        if not turn.is_button and read_codes(turn.text):
            return turn.intent == "stop" and turn.confidence >= _SURE_TO_STOP
        return super().steps_aside(turn, asked)

    def has_detail(self, turn: Turn) -> bool:
        return bool(read_codes(turn.text))

    async def begin(self, turn: Turn, draft: Draft) -> None:
        draft["gift_card_code"] = None
        about_use = not turn.is_button and pattern("gift_card_use").search(turn.text)
        if about_use and not read_codes(turn.text):
            turn.say(
                "utter_gift_card_use",
                buttons=[turn.button("button_gift_card_balance", "/check_gift_card")],
            )
            draft.finish("answered")

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        codes = [] if turn.is_button else read_codes(turn.text)
        if draft["form_result"] or not codes:
            return
        draft.explained = True
        try:
            card = await gift_card_for(codes, conversation_id=turn.conversation_id, now=turn.now)
        except NoMatch:
            # The same words for "no such card" and "it has run out"
            turn.say(
                "utter_gift_card_not_found",
                buttons=[turn.button("button_human", "/request_human")],
            )
        except LockedOut as lock:
            say_locked(turn, lock)
            draft.finish("locked")
        else:
            draft["gift_card_code"] = card.code


class ShowGiftCard(DeskAction):
    action = "action_show_gift_card"

    async def serve(self, turn: Turn) -> Events:
        if turn.slot("form_result") == "answered":
            return after_form(turn, _CLEARS, result="done")
        if ended_early(turn) or not turn.slot("gift_card_code"):
            return after_form(turn, _CLEARS)
        try:
            card = await gift_card_for(
                [turn.slot("gift_card_code")], conversation_id=turn.conversation_id, now=turn.now
            )
        except (NoMatch, LockedOut):
            turn.say("utter_gift_card_not_found", buttons=[])
            return after_form(turn, _CLEARS, result="failed")
        until = dates.say_date(card.expires_at.astimezone(turn.business.tz), turn.language)
        if card.balance_cents:
            balance = dates.say_price(card.balance_cents, turn.language)
            turn.say("utter_gift_card_balance", balance=balance, until=until)
        else:
            turn.say("utter_gift_card_empty", until=until)
        return after_form(turn, _CLEARS)
