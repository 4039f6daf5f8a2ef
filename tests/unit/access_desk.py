"""Orders, a shop and a clock for the tests of `tiski/access.py`."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tiski import access
from tiski.access import LockedOut, NoMatch, Pace, Proof, order_for
from tiski.db import tables
from tiski.db.session import session
from tiski.orders.order import Order, OrderLine, OrderRefused, OrderStatus, ShopUnavailable

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)
EMAIL, PHONE, POSTCODE = "matti@posti.example", "+358455550101", "65100"
RIGHT, WRONG = Proof(email=EMAIL), Proof(email="someone@else.example")


def make_order(number: str = "10234", **details: str) -> Order:
    contact = {"contact_email": EMAIL, "contact_phone": PHONE, "postcode": POSTCODE, **details}
    return Order(
        number=number,
        status=OrderStatus.SHIPPED,
        placed_at=NOW,
        expected_at=None,
        shipped_at=NOW,
        delivered_at=None,
        closed_at=None,
        contact_name="Matti Meikäläinen",
        lines=(OrderLine("wax", {"fi": "vaha"}, 1, 1790),),
        delivery_method="posti",
        tracking_code=None,
        tracking_url=None,
        total_cents=1790,
        currency="EUR",
        **contact,
    )


class FakeTime:
    """A clock that only moves when somebody sleeps or works."""

    def __init__(self) -> None:
        self.passed = 0.0

    def clock(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.passed += seconds


class StubShop:
    """A shop with some orders; looking takes `seconds`, and longer when it finds something."""

    def __init__(self, time: FakeTime, *orders: Order) -> None:
        self.time = time
        self.orders = {order.number: order for order in orders}
        self.asked: list[str] = []
        self.seconds = 0.01
        self.fails = False

    async def find(self, number: str) -> Order | None:
        self.asked.append(number)
        if self.fails:
            raise ShopUnavailable("no answer")
        found = self.orders.get(number)
        self.time.passed += self.seconds * (3 if found else 1)
        return found

    async def cancel(self, number: str) -> Order:
        raise OrderRefused("not_found")

    async def request_return(self, number: str, reason: str) -> Order:
        raise OrderRefused("not_found")


class Desk:
    """The desk as one customer after the other tries it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time = FakeTime()
        self.shop = StubShop(self.time, make_order())
        monkeypatch.setattr(access, "pace", Pace(0.25, self.time.clock, self.time.sleep))

    async def ask(
        self,
        number: str = "10234",
        proof: Proof = RIGHT,
        *,
        conversation: str = "one",
        now: datetime = NOW,
    ) -> Order:
        return await order_for(number, proof, conversation_id=conversation, now=now, shop=self.shop)

    async def fail(self, times: int, number: str = "10234", *, conversation: str = "one") -> None:
        for _ in range(times):
            with pytest.raises((NoMatch, LockedOut)):
                await self.ask(number, WRONG, conversation=conversation)

    async def fail_from_many(self, times: int, number: str = "10234") -> None:
        for each in range(times):
            await self.fail(1, number, conversation=f"stranger {each}")


def book_visit() -> str:
    """Store an appointment of Matti's tomorrow and return its code."""
    begins = NOW + timedelta(days=1)
    with session() as db:
        db.add(
            tables.Appointment(
                code="K7M4QX",
                service_id="haircut",
                staff_id="aino",
                starts_at=begins,
                ends_at=begins + 45 * MINUTE,
                status="booked",
                contact_name="Matti Meikäläinen",
                contact_email=EMAIL,
                contact_phone=PHONE,
                language="fi",
                created_at=NOW,
                changed_at=NOW,
            )
        )
    return "K7M4QX"
