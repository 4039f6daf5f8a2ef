"""The shops that the desk can ask. TISKI_SHOP names the one in use; the default is the demo."""

from __future__ import annotations

import os
from collections.abc import Callable

from tiski.orders.catalogue import Product
from tiski.orders.order import Shop
from tiski.orders.shops.demo import DemoShop, goods_at_start

_SHOPS: dict[str, Callable[[], Shop]] = {"demo": DemoShop}
# What each shop sells, as far as it is known without asking it: the model is loaded without waiting
_KNOWN_GOODS: dict[str, Callable[[], list[Product]]] = {"demo": goods_at_start}


class UnknownShop(ValueError):
    """TISKI_SHOP names a shop that there is no adapter for."""


def shop() -> Shop:
    """Return the shop that TISKI_SHOP names.

    Raises:
        UnknownShop: there is no adapter of that name; the message lists those there are.
    """
    name = _name()
    try:
        return _SHOPS[name]()
    except KeyError:
        known = ", ".join(sorted(_SHOPS))
        raise UnknownShop(
            f"environment: TISKI_SHOP is '{name}'; expected one of: {known}"
        ) from None


def known_goods() -> list[Product]:
    """Return the goods whose names customers may write; empty where none are known at the start."""
    return _KNOWN_GOODS.get(_name(), list)()


def _name() -> str:
    return os.environ.get("TISKI_SHOP") or "demo"
