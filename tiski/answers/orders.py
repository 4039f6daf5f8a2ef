"""An order in words."""

from __future__ import annotations

from tiski.answers import dates
from tiski.business import Business
from tiski.orders.order import Order, OrderStatus


def order_status(order: Order, business: Business, language: str) -> tuple[str, dict[str, str]]:
    """Return the response that tells an order's state, and the values it needs.

    The response is `utter_order_<state>` of data/responses/orders.yml; a shipped order without a
    link, and one without an expected day, have responses of their own.
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
    key = f"utter_order_{order.status.value}"
    if order.status is OrderStatus.CANCELLED:
        key = "utter_order_is_cancelled"  # the other name is what a cancelling customer hears
    if order.status is OrderStatus.SHIPPED:
        if order.tracking_url and "expected" in values:
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
