"""Price and stock of goods, looked up in the shop at that moment."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet

from actions.desk_action import DeskAction, Events
from actions.goods import (
    asks_about_goods_in_general,
    budget_in,
    category_buttons,
    payload,
    product_buttons,
    product_line,
    refinement,
    stock_words,
)
from actions.staff_question import is_about_health, keep_question, pass_to_staff
from actions.turn import Turn
from tiski.answers import dates
from tiski.nlu.lexicon import pattern
from tiski.orders.catalogue import Product, Wish, alternatives, matching, search
from tiski.orders.shops import shop
from tiski.orders.spoken import product_finder

_MOST_LINES = 5
# Without a product's name or a category, fewer common words than this are chance
_LEAST_WORDS = 2


class ShowProduct(DeskAction):
    """What was asked about: one product, several, none that we have, or what there is at all."""

    action = "action_show_product"

    async def serve(self, turn: Turn) -> Events:
        shown = (turn.slot("shown_products") or {}).get("last") or []
        if is_about_health(turn):
            return pass_to_staff(turn)
        if shown and refinement(turn):  # "onko halvempaa?"
            return [FollowupAction("recommend_form")]
        goods = await shop().goods()
        found = _asked_for(turn, goods) or _pointed_at(turn, goods, shown)
        if len(found) == 1:
            return self._show_one(turn, goods, found[0])
        if found:
            return self._show_several(turn, found)
        buttons = category_buttons(turn, goods, "ask_product")
        if asks_about_goods_in_general(turn) or turn.is_button:
            turn.say("utter_product_categories", buttons=buttons)
            return []
        person = turn.button("button_ask_staff", "/request_human")
        turn.say("utter_product_unknown", buttons=[*buttons, person])
        return keep_question(turn)

    def _show_one(self, turn: Turn, goods: list[Product], product: Product) -> Events:
        name = product.named(turn.language)
        shown = [product]
        wanted = turn.entity("quantity") or 1
        if not product.in_stock:
            others = alternatives(goods, product)
            shown = others or shown
            lines = "\n".join(product_line(turn, each) for each in others)
            if others:
                buttons = product_buttons(turn, others)
                count = len(others)
                turn.say(
                    "utter_product_sold_out", name=name, lines=lines, count=count, buttons=buttons
                )
            else:
                person = turn.button("button_human", "/request_human")
                turn.say("utter_product_sold_out_alone", name=name, buttons=[person])
        else:
            few = isinstance(wanted, int) and wanted > product.stock
            key = "utter_product_too_few" if few else "utter_product"
            turn.say(
                key,
                name=name,
                price=dates.say_price(product.price_cents, turn.language),
                stock=stock_words(turn, product),
                count=product.stock,
                description=product.described(turn.language),
                buttons=[turn.button("button_ask_staff", "/request_human")],
            )
        return [*_remember(shown), *keep_question(turn)]

    def _show_several(self, turn: Turn, found: list[Product]) -> Events:
        listed = found[:_MOST_LINES]
        lines = "\n".join(product_line(turn, each) for each in listed)
        buttons = product_buttons(turn, listed)
        if len(found) > len(listed):
            categories = {each.category for each in found}
            known = {"product_category": categories.pop()} if len(categories) == 1 else {}
            buttons.append(turn.button("button_help_choose", payload("recommend_product", **known)))
            turn.say(
                "utter_products_some", lines=lines, more=len(found) - len(listed), buttons=buttons
            )
        else:
            turn.say("utter_products", lines=lines, buttons=buttons)
        return _remember(listed)


def _remember(shown: list[Product]) -> Events:
    """So that "cheaper" and "that one" are understood."""
    return [SlotSet("shown_products", {"last": [each.id for each in shown], "earlier": []})]


def _asked_for(turn: Turn, goods: list[Product]) -> list[Product]:
    """The goods that a message is about."""
    ids = set(turn.entities("product"))
    if not ids and not turn.is_button:  # new goods, and names that are a service's as well
        ids = {named.id for named in product_finder(goods).find(turn.text)}
    if ids:
        return [each for each in goods if each.id in ids]
    category, need = turn.entity("product_category"), turn.entity("product_need")
    budget = budget_in(turn)
    bounds = budget if isinstance(budget, dict) else {}
    if category or need or bounds:
        wish = Wish(category, need, bounds.get("least"), bounds.get("most"))
        pool = matching(goods, wish) or matching(goods, Wish(category))
        return search(pool, turn.text) or pool
    return search(goods, turn.text, at_least=_LEAST_WORDS)


def _pointed_at(turn: Turn, goods: list[Product], shown: list[str]) -> list[Product]:
    """ "Is it in stock?": what was shown last."""
    if turn.is_button or not pattern("pronoun").search(turn.text):
        return []
    return [each for each in goods if each.id in shown]
