"""What the actions about goods share: reading a wish from a message, and goods as lines and buttons."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from actions.turn import Turn
from tiski.answers import dates
from tiski.nlu.lexicon import pattern
from tiski.nlu.money import bounds_in_cents
from tiski.orders.catalogue import FEW_LEFT, Product, Suggestion, short_name

ANY = "any"
LONGEST_TITLE = 24
_REFINEMENTS = ("cheaper", "dearer", "other")


def refinement(turn: Turn) -> str | None:
    """What is wanted of what was shown: "cheaper", "dearer", "other", or None."""
    if turn.is_button:
        change = turn.entity("change")
        return change if change in _REFINEMENTS else None
    return next((way for way in _REFINEMENTS if pattern("refine", way).search(turn.text)), None)


def says_any(turn: Turn) -> bool:
    """True when the customer has no preference: "ihan sama", "no limit"."""
    return not turn.is_button and bool(pattern("no_preference").search(turn.text))


def budget_in(turn: Turn) -> dict[str, int | None] | str | None:
    """The budget that a message names, in cents: {least, most}, or "any" of a button.

    A sum as it is, is the most that somebody would pay.
    """
    value = turn.entity("amount_of_money")
    if value is None or value == ANY:
        return value
    try:
        least, most = bounds_in_cents(value)
    except ValueError:
        return None
    if least == most:
        least = None
    return {"least": least, "most": most}


def category_name(turn: Turn, category: str) -> str:
    """A category's name as it begins a button, e.g. "Shampoot"."""
    found = turn.business.shop.category(category)
    return _capital(found.name.get(turn.language)) if found else category


def category_buttons(turn: Turn, goods: Iterable[Product], intent: str) -> list[dict[str, str]]:
    """A button for each category of business.yml that has goods."""
    sold = {each.category for each in goods}
    return [
        {
            "title": _capital(each.name.get(turn.language)),
            "payload": payload(intent, product_category=each.id),
        }
        for each in turn.business.shop.product_categories
        if each.id in sold
    ]


def product_buttons(turn: Turn, goods: Iterable[Product]) -> list[dict[str, str]]:
    """A button for each product; a tap tells more about it."""
    return [
        {
            "title": short_name(each, turn.language, LONGEST_TITLE),
            "payload": payload("ask_product", product=each.id),
        }
        for each in goods
    ]


def payload(intent: str, **entities: Any) -> str:
    """A button's payload."""
    return f"/{intent}{json.dumps(entities)}"


def product_line(turn: Turn, product: Product) -> str:
    """One product in a list: name, price and stock."""
    return turn.words(
        "line_product",
        name=product.named(turn.language),
        price=dates.say_price(product.price_cents, turn.language),
        stock=_stock_in_list(turn, product),
    )


def _stock_in_list(turn: Turn, product: Product) -> str:
    if not product.in_stock:
        return turn.words("words_list_sold_out")
    if product.stock <= FEW_LEFT:
        return turn.words("words_list_few_left", count=product.stock)
    return turn.words("words_list_in_stock")


def stock_words(turn: Turn, product: Product) -> str:
    """How many there are, as a clause: "on varastossa", "is in stock"."""
    if not product.in_stock:
        return turn.words("words_sold_out")
    if product.stock <= FEW_LEFT:
        return turn.words("words_few_left", count=product.stock)
    return turn.words("words_in_stock")


def suggestion_line(turn: Turn, suggestion: Suggestion, need: str | None) -> str:
    """One suggestion in a list, with the reasons for it."""
    product = suggestion.product
    reasons = []
    found = turn.business.shop.need(need)
    if suggestion.suits_need and found:
        reasons.append(turn.words("words_reason_need", need=found.name.get(turn.language)))
    if suggestion.within_budget:
        reasons.append(turn.words("words_reason_budget"))
    reasons.append(stock_words(turn, product))
    return turn.words(
        "line_suggestion",
        name=product.named(turn.language),
        price=dates.say_price(product.price_cents, turn.language),
        description=product.described(turn.language),
        reasons=dates.say_list(reasons, turn.language),
    ).replace("  ", " ")


def asks_about_goods_in_general(turn: Turn) -> bool:
    """True for "what do you sell?"; false for a thing that is not among the goods."""
    return bool(pattern("goods_in_general").search(turn.text))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
