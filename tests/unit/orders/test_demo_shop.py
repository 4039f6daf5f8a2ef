from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from tiski import clock
from tiski.db import tables
from tiski.db.demo import load_demo
from tiski.db.session import session
from tiski.orders.order import OrderRefused, OrderStatus, ShopUnavailable
from tiski.orders.shops.demo import DemoShop

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc)


@pytest.fixture
def demo(desk_db: Engine, monkeypatch: pytest.MonkeyPatch) -> DemoShop:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    load_demo(NOW)
    return DemoShop()


def stock(product_id: str) -> int:
    with session() as db:
        return db.get(tables.Product, product_id).stock


async def test_find(demo: DemoShop) -> None:
    order = await demo.find("10234")
    assert order is not None
    assert order.status is OrderStatus.SHIPPED
    assert order.contact_email == "matti@posti.example"
    assert order.placed_at == NOW - timedelta(days=3)
    assert [(line.name["fi"], line.quantity) for line in order.lines] == [
        ("Sysi Muotoilusavi 75 ml", 1),
        ("Sysi Partashampoo 150 ml", 1),
    ]
    assert order.total_cents == 1890 + 1690 + 590


async def test_find_nothing(demo: DemoShop) -> None:
    assert await demo.find("99999") is None


async def test_an_order_in_a_log_names_nobody(demo: DemoShop) -> None:
    shown = repr(await demo.find("10234"))
    assert "10234" in shown
    for personal in ("Matti", "matti@", "+358", "65100"):
        assert personal not in shown


async def test_cancel_restores_the_stock(demo: DemoShop) -> None:
    before = stock("meriheina-kosteusnaamio"), stock("kaisla-pyyhe")
    order = await demo.cancel("10240")
    assert (order.status, order.closed_at) == (OrderStatus.CANCELLED, NOW)
    assert (stock("meriheina-kosteusnaamio"), stock("kaisla-pyyhe")) == (
        before[0] + 1,
        before[1] + 2,
    )
    assert await demo.find("10240") == order


async def test_cancelling_again_changes_nothing(demo: DemoShop) -> None:
    first = await demo.cancel("10240")
    after = stock("kaisla-pyyhe")
    assert await demo.cancel("10240") == first
    assert stock("kaisla-pyyhe") == after


async def test_two_cancellations_at_once_restore_once(demo: DemoShop) -> None:
    before = stock("kaisla-pyyhe")
    orders = await asyncio.gather(*(demo.cancel("10240") for _ in range(4)))
    assert {order.status for order in orders} == {OrderStatus.CANCELLED}
    assert stock("kaisla-pyyhe") == before + 2


async def test_a_failure_on_the_way_leaves_everything_as_it_was(
    demo: DemoShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stock("kaisla-pyyhe")

    def broken(_row: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr("tiski.orders.shops.demo._as_seen", broken)
        await demo.cancel("10240")
    order = await demo.find("10240")
    assert order is not None and order.status is OrderStatus.PAID
    assert stock("kaisla-pyyhe") == before


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("99999", "not_found"),
        ("10236", "being_packed"),
        ("10234", "already_sent"),
        ("10232", "already_sent"),
        ("10233", "already_sent"),
        ("10230", "already_sent"),
        ("10228", "already_closed"),
        ("10227", "already_closed"),
    ],
)
async def test_what_cannot_be_cancelled(demo: DemoShop, number: str, code: str) -> None:
    with pytest.raises(OrderRefused) as refused:
        await demo.cancel(number)
    assert refused.value.code == code


async def test_return_once_or_twice(demo: DemoShop) -> None:
    first = await demo.request_return("10233", "too heavy a scent")
    again = await demo.request_return("10233", "as I said")
    assert first.status is OrderStatus.RETURN_REQUESTED
    assert again == first


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("99999", "not_found"),
        ("10240", "not_delivered"),
        ("10234", "not_delivered"),
        ("10226", "return_period_over"),
        ("10229", "already_closed"),
        ("10228", "already_closed"),
    ],
)
async def test_what_cannot_be_returned(demo: DemoShop, number: str, code: str) -> None:
    with pytest.raises(OrderRefused) as refused:
        await demo.request_return(number, "does not fit")
    assert refused.value.code == code


@pytest.mark.parametrize("call", ["find", "cancel", "request_return"])
async def test_a_database_that_does_not_answer(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'missing' / 'desk.db'}")
    arguments = ("10234", "a reason") if call == "request_return" else ("10234",)
    with pytest.raises(ShopUnavailable):
        await getattr(DemoShop(), call)(*arguments)
    assert "OperationalError" in caplog.text
    assert "10234" not in caplog.text
