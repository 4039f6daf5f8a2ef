"""Orders of the shop: where is it, cancel, change, send back, something is wrong with it.

Each form asks for the number and one proof (e-mail, phone or postcode on the order). What was
proved once holds for the conversation: "and can you cancel it?" is not asked for a number again.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Any

from actions.desk_action import DeskAction, Events
from actions.form import DeskForm, Draft, after_form, ended_early, repeats_wish, said_yes
from actions.own_appointment import say_locked
from actions.tickets import say_noted, ticket_for
from actions.turn import Turn
from tiski.access import LockedOut, NoMatch, Proof, order_for
from tiski.answers import dates
from tiski.answers.orders import order_lines, order_state, order_status
from tiski.nlu.lexicon import pattern
from tiski.orders.order import Order, OrderRefused, OrderStatus
from tiski.orders.shops import shop

_PROOFS = {"email": "email", "phone": "phone_number", "postcode": "postcode"}
# The order stays proved (number and proof) until another one is asked about.
_KEPT = ("order_number", "order_proof")


class OrderForm(DeskForm):
    """Finds the order and makes sure that it is the customer's."""

    #: the question that follows the proof, if any
    last_question: str | None = None

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return [*_KEPT, *([self.last_question] if self.last_question else [])]

    async def begin(self, turn: Turn, draft: Draft) -> None:
        if self.last_question:
            draft[self.last_question] = None
        if turn.slot("order_proof") is None:
            draft["order_number"] = None  # a number that was never proved: ask for both
        elif not turn.entity("order_number"):
            try:
                self.check(turn, draft, await _order(turn))
            except (NoMatch, LockedOut):
                draft["order_number"] = draft["order_proof"] = None

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        number = _number(turn, asked in self.free_text)
        given = _proofs(turn.latest_entities)
        if given and not number and asked == "order_number":
            # The proof before the number, or another proof of the number that was just tried
            draft.explained = True
            number = said_before(turn, self.form).number
        elif number and not given and draft["order_number"] is None:
            given = said_before(turn, self.form).proofs
        if number and number != draft["order_number"]:
            draft["order_number"] = number
            draft["order_proof"] = None
        if draft["order_number"] and given and draft["order_proof"] is None:
            await self._prove(turn, draft, given)
        if draft["order_proof"] is not None and not draft["form_result"]:
            await self.take_rest(turn, draft, asked)

    async def _prove(self, turn: Turn, draft: Draft, given: dict[str, str]) -> None:
        draft.explained = True
        try:
            order = await order_for(
                draft["order_number"],
                Proof(**given),
                conversation_id=turn.conversation_id,
                now=turn.now,
                shop=shop(),
            )
        except NoMatch:
            # The same words for "no such order" and "not yours"
            turn.say("utter_order_not_found")
            draft["order_number"] = draft["order_proof"] = None
        except LockedOut as lock:
            say_locked(turn, lock)
            draft["order_number"] = draft["order_proof"] = None
            draft.finish("locked")
        else:
            draft["order_proof"] = given
            self.check(turn, draft, order)

    def check(self, turn: Turn, draft: Draft, order: Order) -> None:
        """Finish early where the order's state makes the last question pointless."""

    async def take_rest(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        """Take the answer to the last question: any text."""
        if self.last_question and asked == self.last_question and not turn.is_button:
            draft[self.last_question] = turn.told


def _number(turn: Turn, in_free_text: bool) -> str | None:
    """The order's number in the message.

    In a description ("send it to Koivutie 3, 90100 Oulu") a number counts only when it is called
    an order's.
    """
    if not in_free_text:
        number: str | None = turn.entity("order_number")
        return number
    named = [
        entity["value"]
        for entity in turn.latest_entities
        if entity.get("entity") == "order_number"
        and (
            turn.text[entity["start"]] == "#"
            or pattern("order_number_follows").search(turn.text, 0, entity["start"])
        )
    ]
    return named[-1] if named else None


def _proofs(entities: list[dict[str, Any]]) -> dict[str, str]:
    values = {entity["entity"]: str(entity["value"]) for entity in entities if entity.get("value")}
    return {key: values[name] for key, name in _PROOFS.items() if name in values}


@dataclass(frozen=True)
class SaidBefore:
    """What the customer said of the order since the form began, before the present message."""

    number: str | None = None  # the last one that was tried
    proofs: dict[str, str] = field(default_factory=dict)  # given before any number


def said_before(turn: Turn, form: str) -> SaidBefore:
    """Look back to the message that began the form; nothing is stored for it."""
    number: str | None = None
    proofs: dict[str, str] = {}
    for event in turn.since_began(form):
        if event.get("event") == "slot" and event.get("name") == "order_number":
            number = event.get("value") or number
        elif event.get("event") == "user" and number is None:
            proofs |= _proofs((event.get("parse_data") or {}).get("entities") or [])
    return SaidBefore(number, {} if number else proofs)


async def _order(turn: Turn) -> Order:
    """The proved order as it is now."""
    return await order_for(
        turn.slot("order_number"),
        Proof(**turn.slot("order_proof")),
        conversation_id=turn.conversation_id,
        now=turn.now,
        shop=shop(),
    )


class OrderAction(DeskAction):
    """The last step of an order form."""

    clears: tuple[str, ...] = ()

    async def serve(self, turn: Turn) -> Events:
        if ended_early(turn) or not turn.slot("order_proof"):
            return after_form(turn, self.clears)
        try:
            result = await self.serve_order(turn, await _order(turn))
        except (NoMatch, LockedOut):
            turn.say("utter_order_not_found")
            return after_form(turn, (*self.clears, *_KEPT), result="failed")
        return after_form(turn, self.clears, result=result, reference=turn.slot("order_number"))

    @abstractmethod
    async def serve_order(self, turn: Turn, order: Order) -> str | None:
        """Do what was asked, to an order that is the customer's.

        Returns the outcome where it is not "done".
        """

    async def to_staff(self, turn: Turn, order: Order, kind: str, need: str, **values: Any) -> None:
        """Open a ticket about the order and say when somebody answers.

        `values` are what the response names besides number, ticket and time.
        """
        contact = {
            "name": order.contact_name,
            "email": order.contact_email or None,
            "phone": order.contact_phone or None,
        }
        receipt = await ticket_for(turn, kind, need, reference=order.number, contact=contact)
        say_noted(turn, f"utter_{kind}_noted", receipt, number=order.number, **values)


class OrderStatusForm(OrderForm):
    form = "order_status_form"
    own_intents = frozenset({"check_order_status"})


class ShowOrder(OrderAction):
    action = "action_show_order"

    async def serve_order(self, turn: Turn, order: Order) -> str | None:
        buttons = []
        if order.status.can_cancel:
            buttons.append(turn.button("button_cancel_order", "/cancel_order"))
        if order.can_return(turn.now):
            buttons.append(turn.button("button_return_order", "/return_order"))
        key, values = order_status(order, turn.business, turn.language, turn.now)
        if key.endswith("_late"):
            buttons.append(turn.button("button_order_problem", "/report_order_problem"))
        turn.say(
            key, number=order.number, lines=order_lines(order, turn.language), **values,
            buttons=buttons,
        )  # fmt: skip
        return None


class CancelOrderForm(OrderForm):
    form = "cancel_order_form"
    last_question = "order_cancellation_confirmed"
    own_intents = frozenset({"cancel_order"})

    def check(self, turn: Turn, draft: Draft, order: Order) -> None:
        if not order.status.can_cancel:
            say_refused(turn, order, "cancel")
            draft.finish("refused")

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        if asked == self.last_question and repeats_wish(turn, self.own_intents):
            return False
        return super().steps_aside(turn, asked)

    async def take_rest(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        if asked == self.last_question:
            answer = said_yes(turn, self.own_intents)
            if answer is None and repeats_wish(turn, self.own_intents):
                answer = not turn.negated
            if answer is not None:
                draft["order_cancellation_confirmed"] = answer


def say_refused(turn: Turn, order: Order, what: str) -> None:
    """Say why an order cannot be cancelled, changed or sent back, and what to do instead."""
    response, values = f"utter_cannot_{what}_order", {}
    if order.status.is_closed or order.status is OrderStatus.RETURN_REQUESTED:
        response = "utter_order_already_closed"
    elif what == "return" and order.delivered_at is not None:
        response = "utter_return_period_over"
        values["delivered"] = turn.day(order.delivered_at)
    turn.say(
        response,
        number=order.number,
        status=turn.words(f"words_{order_state(order)}"),
        buttons=[turn.button("button_human", "/request_human")],
        **values,
    )


class AskOrderCancellationConfirmed(DeskAction):
    action = "action_ask_order_cancellation_confirmed"

    async def serve(self, turn: Turn) -> Events:
        order = await _order(turn)
        turn.say(
            "utter_ask_order_cancellation_confirmed",
            number=order.number,
            lines=order_lines(order, turn.language),
            total=dates.say_price(order.total_cents, turn.language),
            buttons=[
                turn.button("button_yes_cancel_order", "/affirm"),
                turn.button("button_keep_order", "/deny"),
            ],
        )
        return []


class CancelOrder(OrderAction):
    action = "action_cancel_order"
    clears = ("order_cancellation_confirmed",)

    async def serve_order(self, turn: Turn, order: Order) -> str | None:
        if turn.slot("order_cancellation_confirmed") is not True:
            turn.say("utter_order_kept", number=order.number)
            return "stopped"
        try:
            cancelled = await shop().cancel(order.number)
        except OrderRefused:
            say_refused(turn, await _order(turn), "cancel")
            return "failed"
        turn.say(
            "utter_order_cancelled",
            number=cancelled.number,
            total=dates.say_price(cancelled.total_cents, turn.language),
        )
        return None


class ChangeOrderForm(OrderForm):
    form = "change_order_form"
    last_question = "order_change"
    own_intents = frozenset({"change_order"})
    free_text = frozenset({"order_change"})

    def check(self, turn: Turn, draft: Draft, order: Order) -> None:
        if not order.status.can_change:
            say_refused(turn, order, "change")
            draft.finish("refused")


class ChangeOrder(OrderAction):
    action = "action_change_order"
    clears = ("order_change",)

    async def serve_order(self, turn: Turn, order: Order) -> str | None:
        await self.to_staff(turn, order, "change_order", turn.slot("order_change"))
        return None


class ReturnOrderForm(OrderForm):
    form = "return_order_form"
    last_question = "return_reason"
    own_intents = frozenset({"return_order"})
    free_text = frozenset({"return_reason"})

    def check(self, turn: Turn, draft: Draft, order: Order) -> None:
        if not order.can_return(turn.now):
            say_refused(turn, order, "return")
            draft.finish("refused")


class ReturnOrder(OrderAction):
    action = "action_return_order"
    clears = ("return_reason",)

    async def serve_order(self, turn: Turn, order: Order) -> str | None:
        reason = turn.slot("return_reason")
        try:
            await shop().request_return(order.number, reason)
        except OrderRefused:
            say_refused(turn, await _order(turn), "return")
            return "failed"
        await self.to_staff(turn, order, "return_order", reason)
        return None


class OrderProblemForm(OrderForm):
    form = "order_problem_form"
    last_question = "order_problem"
    own_intents = frozenset({"report_order_problem"})
    free_text = frozenset({"order_problem"})


class ReportOrderProblem(OrderAction):
    action = "action_report_order_problem"
    clears = ("order_problem",)

    async def serve_order(self, turn: Turn, order: Order) -> str | None:
        await self.to_staff(turn, order, "report_order_problem", turn.slot("order_problem"))
        return None
