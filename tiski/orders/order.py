"""What a customer sees of an order, whichever shop holds it, and what a shop must be able to do.

What can go wrong, in one tree:

    ShopError
    ├── ShopUnavailable   the shop did not answer; nothing is known and nothing was changed
    └── OrderRefused      the shop answered and said no; `code` tells why:
        ├── not_found            there is no order of that number
        ├── being_packed         too late to cancel here, but a person may still catch it
        ├── already_sent         too late to cancel: it is on its way or with the customer
        ├── already_closed       it was cancelled, returned or refunded before
        ├── not_delivered        it cannot be sent back before it came
        └── return_period_over   it came too long ago

Neither message names the customer. The words for the codes are responses, not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol

from tiski.orders.catalogue import Product

RETURN_DAYS = 14


class OrderStatus(str, Enum):
    """How far an order has come. The value is what the database holds."""

    RECEIVED = "received"  # placed, not paid yet
    ON_HOLD = "on_hold"  # the payment is pending or being looked into
    PAID = "paid"
    PACKING = "packing"
    SHIPPED = "shipped"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURN_REQUESTED = "return_requested"
    RETURNED = "returned"  # it came back, the money is on its way
    REFUNDED = "refunded"

    @property
    def can_cancel(self) -> bool:
        """Nobody has begun to pack it, so the customer may stop it without asking."""
        return self in _CANCELLABLE

    @property
    def can_change(self) -> bool:
        """It has not left the house, so a person can still catch it on the packing table."""
        return self in _CANCELLABLE or self is OrderStatus.PACKING

    @property
    def is_closed(self) -> bool:
        """Nothing more will happen to it."""
        return self in _CLOSED

    def can_return(
        self, *, delivered_at: datetime | None, now: datetime, days: int = RETURN_DAYS
    ) -> bool:
        """Tell whether goods in this state may still be sent back.

        Whole days are counted, in the time zone of `now`: what came on the 1st can be returned
        to the end of the 15th. Without a date of delivery the answer is no (a person decides).
        """
        if self is not OrderStatus.DELIVERED or delivered_at is None:
            return False
        return (now.date() - delivered_at.astimezone(now.tzinfo).date()).days <= days


_CANCELLABLE = frozenset({OrderStatus.RECEIVED, OrderStatus.ON_HOLD, OrderStatus.PAID})
_CLOSED = frozenset({OrderStatus.CANCELLED, OrderStatus.RETURNED, OrderStatus.REFUNDED})


@dataclass(frozen=True)
class OrderLine:
    """One article of an order. `name` is keyed by language; the price is that of one piece."""

    product_id: str
    name: Mapping[str, str]
    quantity: int
    price_cents: int


@dataclass(frozen=True)
class Order:
    """An order. Times are aware and in UTC; None means "not yet" or "not known".

    The contact's details are for comparing and for staff: they are kept out of `repr`, and so
    out of logs, and are not read out to whoever asks about the order.
    """

    number: str
    status: OrderStatus
    placed_at: datetime
    expected_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    closed_at: datetime | None  # cancelled, returned or refunded
    contact_name: str = field(repr=False)
    contact_email: str = field(repr=False)  # lower case, or "" when the shop has none
    contact_phone: str = field(repr=False)  # E.164, or ""
    postcode: str = field(repr=False)
    lines: tuple[OrderLine, ...]
    delivery_method: str  # an id of business.yml
    tracking_code: str | None
    tracking_url: str | None
    total_cents: int  # delivery included
    currency: str

    def can_return(self, now: datetime, days: int = RETURN_DAYS) -> bool:
        """Tell whether it may still be sent back; give `now` in the business's time zone."""
        return self.status.can_return(delivered_at=self.delivered_at, now=now, days=days)


class Shop(Protocol):
    """What the desk asks of a web shop. Numbers are given as plain digits.

    Nothing in here asks who the customer is: go through `tiski.access.order_for` first.
    """

    async def find(self, number: str) -> Order | None:
        """Return the order, or None when there is none. Raises ShopUnavailable."""
        ...

    async def goods(self) -> list[Product]:
        """Return everything that is sold, sold out or not. Raises ShopUnavailable."""
        ...

    async def cancel(self, number: str) -> Order:
        """Cancel it and return it as it is now; one that is cancelled already stays so.

        Raises ShopUnavailable, OrderRefused (not_found, being_packed, already_sent,
        already_closed).
        """
        ...

    async def request_return(self, number: str, reason: str) -> Order:
        """Tell the shop that it comes back; asking twice is the same as asking once.

        Raises ShopUnavailable, OrderRefused (not_found, not_delivered, return_period_over,
        already_closed).
        """
        ...


class ShopError(Exception):
    """Anything that keeps a shop from doing what was asked."""


class ShopUnavailable(ShopError):
    """The shop could not be reached or did not make sense; trying later may help."""


class OrderRefused(ShopError):
    """The shop says no. `code` is one of those listed at the top of this file."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
