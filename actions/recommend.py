"""Recommend a product: what kind, what for, and for how much, unless it was said already.

The need and the budget are remembered: the next recommendation does not ask for them again.
"Anything cheaper?" goes on from what was shown last.
"""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.desk_action import DeskAction, Events
from actions.form import DeskForm, Draft, after_form, ended_early
from actions.goods import (
    ANY,
    budget_in,
    category_buttons,
    payload,
    product_buttons,
    refinement,
    says_any,
    suggestion_line,
)
from actions.staff_question import is_about_health, pass_to_staff
from actions.turn import Turn
from tiski.answers import dates
from tiski.orders import spoken
from tiski.orders.catalogue import (
    MOST_SUGGESTIONS,
    Product,
    Suggestions,
    Wish,
    cheaper,
    dearer,
    matching,
    needs_of,
    suggest,
)
from tiski.orders.shops import shop

_SLOTS = ("product_category", "product_need", "budget")
# The entities that answer each question
_ANSWERS = {
    "product_category": ("product_category", "product"),
    "product_need": ("product_need",),
    "budget": ("amount_of_money",),
}
# What an answer with goods in it may be taken for
_ABOUT_GOODS = frozenset(
    {"recommend_product", "ask_product", "faq", "out_of_scope", "deny", "stop"}
)
_MOST_NEEDS = 6
_WORDS_OF_NO_PREFERENCE = 6
_MOST_SHOWN = 30  # ids that are remembered as shown


class RecommendForm(DeskForm):
    form = "recommend_form"
    own_intents = frozenset({"recommend_product"})

    def questions(self, turn: Turn, draft: Draft) -> list[str]:
        return list(_SLOTS)

    def steps_aside(self, turn: Turn, asked: str | None) -> bool:
        """A category in a question ("onko shampoota?") is an answer to "what kind?"."""
        if not turn.is_button and asked in _ANSWERS:
            if len(turn.text.split()) <= _WORDS_OF_NO_PREFERENCE and says_any(turn):
                return False
            answers = any(turn.entities(entity) for entity in _ANSWERS[asked])
            if answers and turn.intent in _ABOUT_GOODS and "?" not in turn.text:
                return False
        return super().steps_aside(turn, asked)

    async def begin(self, turn: Turn, draft: Draft) -> None:
        if is_about_health(turn):
            draft.finish("health")
            return
        if refinement(turn) and turn.slot("shown_products"):
            for slot in _SLOTS:  # what was open then, is open now
                draft[slot] = turn.slot(slot) or ANY
            return
        names_category = turn.entities("product_category") or turn.entities("product")
        if names_category or not (_need(turn) and turn.slot("shown_products")):
            draft["product_category"] = None  # "and for curly hair?" keeps it

    async def fill(self, turn: Turn, draft: Draft, asked: str | None) -> None:
        if draft["form_result"]:
            return
        goods = await shop().goods()
        category = _category(turn, goods)
        need, budget = _need(turn), budget_in(turn)
        if category:
            draft["product_category"] = category
        if need:
            draft["product_need"] = need
        if budget:
            draft["budget"] = budget
        open_answer = asked in _SLOTS and (
            says_any(turn) or (turn.intent == "deny" and asked != "product_category")
        )
        if open_answer and asked and not (category or need or budget):
            draft[asked] = ANY
        _skip_what_decides_nothing(draft, goods)


def _category(turn: Turn, goods: list[Product]) -> str | None:
    """The category that a message names, by itself or by one of its products."""
    category: str | None = turn.entity("product_category")
    if category == ANY or turn.business.shop.category(category):
        return category
    product = next((each for each in goods if each.id == turn.entity("product")), None)
    return product.category if product else None


def _need(turn: Turn) -> str | None:
    """The need that a message names. "Kiharat" is a service as well, so the text is read again."""
    need: str | None = turn.entity("product_need")
    if need is None and not turn.is_button:
        need = next((named.id for named in spoken.needs().find(turn.text)), None)
    return need if need == ANY or turn.business.shop.need(need) else None


def _skip_what_decides_nothing(draft: Draft, goods: list[Product]) -> None:
    """No question whose answer would change nothing."""
    category = draft["product_category"]
    if category is None:
        return
    needs = needs_of(goods, None if category == ANY else category)
    if draft["product_need"] not in (None, ANY, *needs):
        draft["product_need"] = None  # remembered from goods of another kind
    if draft["product_need"] is None and len(needs) < 2:
        draft["product_need"] = ANY
    if draft["product_need"] is not None and draft["budget"] is None:
        fitting = suggest(goods, _wish(draft), count=MOST_SUGGESTIONS + 1)
        if len(fitting.items) <= MOST_SUGGESTIONS:
            draft["budget"] = ANY


def _wish(held: Draft | Turn) -> Wish:
    def of(slot: str) -> object:
        value = held[slot] if isinstance(held, Draft) else held.slot(slot)
        return None if value == ANY else value

    budget = of("budget")
    bounds = budget if isinstance(budget, dict) else {}
    category, need = of("product_category"), of("product_need")
    return Wish(
        category=str(category) if category else None,
        need=str(need) if need else None,
        least=bounds.get("least"),
        most=bounds.get("most"),
    )


class AskProductCategory(DeskAction):
    action = "action_ask_product_category"

    async def serve(self, turn: Turn) -> Events:
        buttons = category_buttons(turn, await shop().goods(), "inform")
        anything = turn.button("button_any_category", payload("inform", product_category=ANY))
        turn.say("utter_ask_which_category", buttons=[*buttons, anything])
        return []


class AskProductNeed(DeskAction):
    action = "action_ask_product_need"

    async def serve(self, turn: Turn) -> Events:
        needs = needs_of(await shop().goods(), _wish(turn).category)
        known = [need for need in (turn.business.shop.need(each) for each in needs) if need]
        buttons = [
            {
                "title": need.name.get(turn.language)[:1].upper()
                + need.name.get(turn.language)[1:],
                "payload": payload("inform", product_need=need.id),
            }
            for need in known[:_MOST_NEEDS]
        ]
        nothing = turn.button("button_any_need", payload("inform", product_need=ANY))
        turn.say("utter_ask_which_need", buttons=[*buttons, nothing])
        return []


class AskBudget(DeskAction):
    action = "action_ask_budget"

    async def serve(self, turn: Turn) -> Events:
        wish = _wish(turn)
        goods = [each for each in matching(await shop().goods(), wish) if each.in_stock]
        prices = sorted(each.price_cents for each in goods)
        buttons = [
            turn.button(
                "button_at_most",
                payload("inform", amount_of_money=limit // 100),
                price=dates.say_price(limit, turn.language),
            )
            for limit in _limits(prices)
        ]
        any_price = turn.button("button_any_price", payload("inform", amount_of_money=ANY))
        turn.say(
            "utter_ask_how_much",
            price_range=_range(prices, turn),
            buttons=[*buttons, any_price],
        )
        return []


def _range(prices: list[int], turn: Turn) -> str:
    return dates.say_price_range(prices[0], prices[-1], turn.language) if prices else ""


def _limits(prices: list[int]) -> list[int]:
    """Up to two sums that part the prices: whole fives of euros, in cents."""
    if not prices:
        return []
    third = max(1, len(prices) // 3)
    sums = {-(-price // 500) * 500 for price in (prices[third - 1], prices[2 * third - 1])}
    return sorted(limit for limit in sums if limit < prices[-1])


class RecommendProducts(DeskAction):
    action = "action_recommend_products"

    async def serve(self, turn: Turn) -> Events:
        if turn.slot("form_result") == "health":
            events = pass_to_staff(turn)
            return [*after_form(turn, (), result="handed_over"), *events]
        if ended_early(turn):
            return after_form(turn, ())
        goods = await shop().goods()
        wish, shown = _wish(turn), turn.slot("shown_products") or {}
        last, earlier = shown.get("last") or [], shown.get("earlier") or []
        way = refinement(turn) if last else None
        found = _found(goods, wish, way, last, earlier)
        if not found.items:
            self._say_nothing(turn, goods, way)
            return after_form(turn, (), result="done" if way else "failed")
        self._say_found(turn, found, wish, way)
        before = [*last, *earlier] if way else []
        kept = [each for each in before if each not in found.ids][:_MOST_SHOWN]
        forgotten = tuple(s for s in ("product_need",) if turn.slot(s) == ANY and not way)
        return [
            *after_form(turn, ()),
            SlotSet("shown_products", {"last": found.ids, "earlier": kept}),
            *(SlotSet(slot, None) for slot in forgotten),
        ]

    def _say_found(self, turn: Turn, found: Suggestions, wish: Wish, way: str | None) -> None:
        lines = "\n".join(suggestion_line(turn, item, wish.need) for item in found.items)
        products = [item.product for item in found.items]
        buttons = [
            *product_buttons(turn, products),
            turn.button("button_cheaper", payload("recommend_product", change="cheaper")),
            turn.button("button_something_else", payload("recommend_product", change="other")),
        ]
        count = len(products)
        if not found.is_exact:
            turn.say("utter_recommended_nearest", lines=lines, count=count, buttons=buttons)
        elif way == "cheaper":
            turn.say("utter_recommended_cheaper", lines=lines, count=count, buttons=buttons)
        elif way == "dearer":
            turn.say("utter_recommended_dearer", lines=lines, count=count, buttons=buttons)
        elif way == "other":
            turn.say("utter_recommended_others", lines=lines, count=count, buttons=buttons)
        else:
            turn.say("utter_recommended", lines=lines, count=count, buttons=buttons)

    def _say_nothing(self, turn: Turn, goods: list[Product], way: str | None) -> None:
        person = turn.button("button_human", "/request_human")
        if way == "cheaper":
            turn.say("utter_nothing_cheaper", buttons=[person])
        elif way == "dearer":
            turn.say("utter_nothing_dearer", buttons=[person])
        elif way == "other":
            turn.say("utter_nothing_else", buttons=[person])
        else:
            buttons = category_buttons(turn, goods, "recommend_product")
            turn.say("utter_nothing_to_recommend", buttons=[*buttons, person])


def _found(
    goods: list[Product], wish: Wish, way: str | None, last: list[str], earlier: list[str]
) -> Suggestions:
    if way == "cheaper":
        return cheaper(goods, wish, last)
    if way == "dearer":
        return dearer(goods, wish, last)
    if way == "other":
        return suggest(goods, wish, without={*last, *earlier})
    return suggest(goods, wish)
