"""After a purchase: the receipt again, and when paying went wrong."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.contact import take_contact, take_name
from actions.desk_action import DeskAction, Events
from actions.form import DeskForm, Draft, after_form, ended_early
from actions.orders import OrderAction, OrderForm
from actions.own_appointment import is_resumed
from actions.tickets import say_noted, ticket_for
from actions.turn import Turn
from actions.visits import says_something
from tiski.answers.masked import mask_email
from tiski.nlu.lexicon import pattern
from tiski.orders.order import Order


class ReceiptForm(OrderForm):
    form = "receipt_form"
    own_intents = frozenset({"request_receipt"})

    async def begin(self, turn: Turn, draft: Draft) -> None:
        if _is_of_a_visit(turn):
            self._refuse(turn, draft)
        else:
            await super().begin(turn, draft)

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        return not _is_of_a_visit(turn) and super().steps_aside(turn, asked)

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        if draft["form_result"]:
            return
        if asked and _is_of_a_visit(turn):
            self._refuse(turn, draft)
        else:
            await super().fill(turn, draft, asked)

    def _refuse(self, turn: Turn, draft: Draft) -> None:
        """A visit is paid at the counter: its receipt is with the staff, and a yes leads there."""
        turn.say("utter_receipt_of_visit", buttons=[turn.button("button_human", "/request_human")])
        draft["offer"] = "handoff_form"
        draft.finish("refused")


def _is_of_a_visit(turn: Turn) -> bool:
    said = not turn.is_button and pattern("of_a_visit").search(turn.text)
    return bool(said) and not turn.entity("order_number")


class SendReceipt(OrderAction):
    action = "action_send_receipt"

    async def serve_order(self, turn: Turn, order: Order) -> str | None:
        need = turn.words("words_receipt_of_order", number=order.number)
        where = (
            turn.words("words_to_email", email=mask_email(order.contact_email))
            if order.contact_email
            else turn.words("words_to_contact_of_order")
        )
        await self.to_staff(turn, order, "request_receipt", need, where=where)
        return None


class PaymentProblemForm(DeskForm):
    form = "payment_problem_form"
    own_intents = frozenset({"report_payment_problem"})
    free_text = frozenset({"payment_problem", "contact_name"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return ["payment_problem", "contact_name", "contact"]

    async def begin(self, turn: Turn, draft: Draft) -> None:
        if not is_resumed(turn):
            draft["payment_problem"] = None
            turn.say("utter_payment_problem_regret")

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        self._take_problem(turn, draft, asked)
        take_name(turn, draft, asked)
        take_contact(turn, draft)

    def _take_problem(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        if turn.is_button:
            return
        before = draft["payment_problem"]
        if asked == "payment_problem":
            if turn.intent not in ("affirm", "deny"):
                draft["payment_problem"] = turn.told
        elif (
            turn.intent in self.own_intents
            and (before or says_something(turn.text, "payment_frame"))
        ) or (before and turn.entity("order_number")):
            draft["payment_problem"] = turn.told_more(before)


class ReportPaymentProblem(DeskAction):
    action = "action_report_payment_problem"
    clears = ("payment_problem",)

    def after_failure(self, turn: Turn) -> Events:
        """Keep what was said; a yes leads back, and the ticket is opened then."""
        return [SlotSet("offer", PaymentProblemForm.form)]

    async def serve(self, turn: Turn) -> Events:
        if ended_early(turn):
            return after_form(turn, self.clears)
        told, number = turn.slot("payment_problem"), _order_number(turn)
        receipt = await ticket_for(turn, "report_payment_problem", told, reference=number)
        say_noted(turn, "utter_payment_problem_noted", receipt)
        return after_form(turn, self.clears, reference=receipt.code)


def _order_number(turn: Turn) -> str | None:
    """The order that was named since the form began, or the one that was looked at before."""
    number = turn.slot("order_number") if turn.slot("order_proof") else None
    for event in turn.since_began(PaymentProblemForm.form):
        if event.get("event") == "user":
            found = (event.get("parse_data") or {}).get("entities") or []
            numbers = [e["value"] for e in found if e.get("entity") == "order_number"]
            number = numbers[-1] if numbers else number
    return number
