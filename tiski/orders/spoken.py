"""What customers call the shop's goods and what they are for, as an action looks for it.

No part of Rasa is imported here, unlike in tiski/nlu/goods.py: so the action server does without
it, starts in a few seconds and takes a fraction of the memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from tiski.business import load_business
from tiski.nlu.lexicon import pattern
from tiski.nlu.names import NameFinder
from tiski.orders.catalogue import Product, spoken_names


def product_finder(goods: Iterable[Product]) -> NameFinder:
    """Find these products by what customers call them, by id."""
    return NameFinder(spoken_names(goods), pattern("not_goods"))


@lru_cache(maxsize=1)
def needs() -> NameFinder:
    """Find needs of business.yml (what is good for dry hair), by id."""
    names = {
        str(need.id): [*need.name.values(), *(word for of in need.aliases.values() for word in of)]
        for need in load_business().shop.needs
    }
    return NameFinder(names, pattern("not_goods"))
