from __future__ import annotations

import pytest

from tiski.orders.shops import UnknownShop, shop
from tiski.orders.shops.demo import DemoShop


@pytest.mark.parametrize("value", [None, "", "demo"])
def test_the_demo_shop_is_the_default(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TISKI_SHOP", raising=False)
    if value is not None:
        monkeypatch.setenv("TISKI_SHOP", value)
    assert isinstance(shop(), DemoShop)


def test_an_unknown_shop_is_named_with_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TISKI_SHOP", "wocommerce")
    with pytest.raises(UnknownShop, match=r"TISKI_SHOP is 'wocommerce'; expected one of: .*demo"):
        shop()
