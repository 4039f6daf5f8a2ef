"""An order in words."""

from __future__ import annotations

from datetime import datetime

from tiski import words
from tiski.answers import dates
from tiski.business import Business
from tiski.orders.order import Order, OrderStatus

# The dates that the answer about a state names.
_NAMED_DATES = {
    OrderStatus.SHIPPED: ("shipped_at",),
    OrderStatus.DELIVERED: ("delivered_at",),
    OrderStatus.CANCELLED: ("closed_at",),
    OrderStatus.RETURNED: ("closed_at",),
    OrderStatus.REFUNDED: ("closed_at",),
}


def order_state(order: Order) -> str:
    """The name of the order's state in the responses and words about it."""
    if order.status is OrderStatus.CANCELLED:
        return "order_is_cancelled"  # the other name is what a cancelling customer hears
    return f"order_{order.status.value}"


def order_status(
    order: Order, business: Business, language: str, now: datetime
) -> tuple[str, dict[str, str]]:
    """Return the response that tells an order's state at `now` (aware), and the values it needs.

    The response is `utter_order_<state>` of data/responses/orders.yml. Where the shop does not
    know what it names, another one is said: `..._no_link` for a shipped order without a link or
    an expected day, `..._no_date` where the day of what happened is missing, and `..._late` for a
    shipped order whose expected day is over.
    """
    values = {
        "placed": dates.say_day(order.placed_at.astimezone(business.tz), language),
        "total": dates.say_price(order.total_cents, language),
    }
    for name in ("expected_at", "shipped_at", "delivered_at", "closed_at"):
        moment = getattr(order, name)
        if moment:
            values[name.removesuffix("_at")] = dates.say_day(
                moment.astimezone(business.tz), language
            )
    key, today = f"utter_{order_state(order)}", now.astimezone(business.tz).date()
    if any(getattr(order, name) is None for name in _NAMED_DATES.get(order.status, ())):
        return f"{key}_no_date", values
    if order.status is OrderStatus.SHIPPED:
        if order.expected_at and order.expected_at.astimezone(business.tz).date() < today:
            key += "_late"
            link = order.tracking_url
            values["tracking"] = words.phrase("words_tracking", language, link=link) if link else ""
        elif order.tracking_url and "expected" in values:
            values["link"] = order.tracking_url
        else:
            key += "_no_link"
    return key, values


def order_lines(order: Order, language: str) -> str:
    """The articles in one line: "2 × Hiusöljy, 1 × Hiusharja"."""
    return ", ".join(
        f"{line.quantity} × {line.name.get(language) or next(iter(line.name.values()))}"
        for line in order.lines
    )
