"""Goods in a message: products, their categories, what they are for, how many, and for how much.

Nothing is trained: categories and needs are read from `business.yml` and products from the shop's
catalogue when the model is loaded, so new ones are understood after a restart.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from tiski.business import Aliases, Localized, load_business
from tiski.nlu.entities import _Extractor, _named
from tiski.nlu.lexicon import any_of, lexicon, pattern, words
from tiski.nlu.money import find_money
from tiski.nlu.names import Named, NameFinder
from tiski.orders.shops import known_goods
from tiski.orders.spoken import needs, product_finder

# Questions to which a bare number is a sum
_BUDGETS = ("budget", "lead_budget")
# "3 kpl", "2x", "two bottles"; a number before a product counts it, too
_COUNT = re.compile(r"(?<![\w.,:€-])(\d{1,3})(?![\d.,:%€-])\s?(x(?!\w))?", re.IGNORECASE)


@lru_cache(maxsize=1)
def products() -> NameFinder:
    """Find products of the shop as it was when the model was loaded.

    What is of no category of business.yml is not this business's.
    """
    own = {category.id for category in _listed("product_categories")}
    return product_finder(product for product in known_goods() if product.category in own)


@lru_cache(maxsize=1)
def categories() -> NameFinder:
    """Find product categories of business.yml, by id."""
    names = {each.id: _words(each.name, each.aliases) for each in _listed("product_categories")}
    return NameFinder(names, pattern("not_goods"))


def _listed(what: str) -> list[Any]:
    """Entries of a list of `shop` in business.yml; a business may have no shop."""
    shop = getattr(load_business(), "shop", None)
    return list(getattr(shop, what, None) or [])


def _words(name: Localized, aliases: Aliases) -> list[str]:
    return [*name.values(), *(word for words in aliases.values() for word in words)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class GoodsExtractor(_Extractor):
    """`product`, `product_category`, `product_need`, `quantity` and `amount_of_money`."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        products()  # read the catalogue now, not while the first customer waits

    def keep(
        self, text: str, known: list[dict[str, Any]], found: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Services that goods are made of are none: "beard" in "beard oil", "for my ends"."""
        goods = [e for e in found if e["entity"] in ("product", "product_category")]
        return [e for e in known if e["entity"] != "service" or not _is_of_goods(text, e, goods)]

    def find(
        self, text: str, asked: str | None, language: str | None, known: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        taken = [(e["start"], e["end"]) for e in known if "start" in e]
        # "Tehohoito" is a service and a product: who asks for goods is understood by the action.
        # "Partaöljy" is more than the service "parta".
        named = [
            each
            for each in products().find(text)
            if not any(start <= each.start and each.end <= end for start, end in taken)
        ]
        goods = [_named("product", each.id, each.start, each.end) for each in named]
        spans = [(each.start, each.end) for each in named]
        for each in categories().find(text):  # a product tells its category
            if _is_free(each, spans):
                goods.append(_named("product_category", each.id, each.start, each.end))
        # "dry" in "blow-dry" and "gift" in "gift card" are no needs
        longer = [(e["start"], e["end"]) for e in [*goods, *known] if "start" in e]
        for each in needs().find(text):
            if not any(
                start <= each.start and each.end <= end and end - start > each.end - each.start
                for start, end in longer
            ):
                goods.append(_named("product_need", each.id, each.start, each.end))
        sums = [
            money.as_entity()
            for money in find_money(text, expected=asked in _BUDGETS)
            if all(money.end <= start or money.start >= end for start, end in [*taken, *spans])
        ]
        return goods + _quantities(text, goods, sums, taken) + sums


@lru_cache(maxsize=1)
def _in_words() -> dict[int, re.Pattern[str]]:
    """Counts in words ("kaks", "a couple"), by what they count to."""
    found: dict[int, list[str]] = {}
    for language in lexicon().values():
        for count, spoken in language["counts"].items():
            found.setdefault(int(count), []).extend(spoken)
    return {count: any_of(spoken) for count, spoken in found.items()}


@lru_cache(maxsize=1)
def _joins() -> frozenset[str]:
    return frozenset(words("count_joins"))


def _is_apart(entity: dict[str, Any], spans: list[tuple[int, int]]) -> bool:
    return all(entity["end"] <= first or entity["start"] >= last for first, last in spans)


def _is_free(named: Named, taken: list[tuple[int, int]]) -> bool:
    return all(named.end <= start or named.start >= end for start, end in taken)


def _is_of_goods(text: str, service: dict[str, Any], goods: list[dict[str, Any]]) -> bool:
    start, end = service["start"], service["end"]
    if any(
        e["start"] <= start and end <= e["end"] and e["end"] - e["start"] > end - start
        for e in goods
    ):
        return True
    # "hiusöljyä latvoihin", "a conditioner for curls": what the goods are for
    purpose = pattern("for_goods")
    return bool(goods) and any(
        m.start() <= start and end <= m.end() for m in purpose.finditer(text)
    )


def _quantities(
    text: str,
    goods: list[dict[str, Any]],
    sums: list[dict[str, Any]],
    taken: list[tuple[int, int]],
) -> list[dict[str, Any]]:
    """A number that is followed by a unit of count, or by something that is sold."""
    spans = [*taken, *((e["start"], e["end"]) for e in sums)]
    begins = [e["start"] for e in goods if e["entity"] in ("product", "product_category")]
    found = []
    for count, spoken in _in_words().items():
        for match in spoken.finditer(text):
            rest = text[match.end() :]
            after = pattern("count_joins").match(rest.lstrip())
            start_of_rest = len(text) - len(rest.lstrip()) + (after.end() if after else 0)
            rest = text[start_of_rest:].lstrip()
            begin = len(text) - len(rest)
            unit = pattern("count_follows").match(rest)
            if begin in begins or (unit and unit.group().lower() not in _joins()):
                named = _named("quantity", "", match.start(), match.end())
                if _is_apart(named, spans):
                    found.append({**named, "value": count})
    for match in _COUNT.finditer(text):
        start, end = match.start(), match.end(1)
        inside = any(start < e["end"] and e["start"] < end for e in goods)
        unit = pattern("count_follows").match(text[match.end() :].lstrip())
        counted = any(0 <= begin - match.end() <= 1 for begin in begins)
        if inside or any(start < last and first < end for first, last in spans):
            continue
        if int(match[1]) and (match[2] or unit or counted):
            found.append({**_named("quantity", "", start, end), "value": int(match[1])})
    return found
