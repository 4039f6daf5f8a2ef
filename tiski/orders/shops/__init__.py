"""The shops that the desk can ask. TISKI_SHOP names the one in use; the default is the demo."""

from __future__ import annotations

import os
from collections.abc import Callable

from tiski.orders.order import Shop
from tiski.orders.shops.demo import DemoShop

_SHOPS: dict[str, Callable[[], Shop]] = {"demo": DemoShop}


class UnknownShop(ValueError):
    """TISKI_SHOP names a shop that there is no adapter for."""


def shop() -> Shop:
    """Return the shop that TISKI_SHOP names.

    Raises:
        UnknownShop: there is no adapter of that name; the message lists those there are.
    """
    name = os.environ.get("TISKI_SHOP") or "demo"
    try:
        return _SHOPS[name]()
    except KeyError:
        known = ", ".join(sorted(_SHOPS))
        raise UnknownShop(
            f"environment: TISKI_SHOP is '{name}'; expected one of: {known}"
        ) from None
