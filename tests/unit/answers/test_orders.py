"""tiski/answers/orders.py: every order can be told in every language."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tiski import words
from tiski.answers.facts import business_facts
from tiski.answers.orders import order_lines, order_status
from tiski.business import load_business
from tiski.orders.order import Order, OrderLine, OrderStatus

PLACED = datetime(2026, 11, 20, 22, 30, tzinfo=timezone.utc)  # already the 21st in Helsinki


def order(status: OrderStatus, **changes: Any) -> Order:
    whole: dict[str, Any] = {
        "number": "10234",
        "status": status,
        "placed_at": PLACED,
        "total_cents": 5890,
        "lines": (
            OrderLine("hair-oil", {"fi": "Hiusöljy", "en": "Hair oil"}, 2, 1990),
            OrderLine("brush", {"fi": "Hiusharja"}, 1, 1910),
        ),
        "contact_name": "Matti Meikäläinen",
        "contact_email": "matti@posti.example",
        "contact_phone": "+358455550101",
        "postcode": "65100",
        "delivery_method": "posti",
        "tracking_code": "JJFI1",
        "currency": "EUR",
        "expected_at": PLACED + timedelta(days=5),
        "shipped_at": PLACED + timedelta(days=1),
        "delivered_at": PLACED + timedelta(days=3),
        "closed_at": PLACED + timedelta(days=4),
        "tracking_url": "https://posti.example/JJFI1",
    }
    return Order(**{**whole, **changes})


@pytest.mark.parametrize("language", ["fi", "en"])
@pytest.mark.parametrize("status", list(OrderStatus))
@pytest.mark.parametrize("missing", [(), ("expected_at",), ("tracking_url",), ("shipped_at",),
                                     ("delivered_at",), ("closed_at",)])  # fmt: skip
@pytest.mark.parametrize("days", [1, 30])
def test_every_order_has_an_answer_with_all_its_values(
    status: OrderStatus, missing: tuple[str, ...], language: str, days: int
) -> None:
    business = load_business()
    told = order(status, **dict.fromkeys(missing))
    now = PLACED + timedelta(days=days)
    response, values = order_status(told, business, language, now)
    known = {**business_facts(business, language), **values}
    known |= {"number": told.number, "lines": order_lines(told, language)}
    for index in range(len(words.phrases(response, language))):
        assert words.phrase(response, language, index, **known)


def test_days_are_those_of_the_businesss_zone() -> None:
    _, values = order_status(order(OrderStatus.PAID), load_business(), "fi", PLACED)
    assert values["placed"] == "lauantaina 21.11."
    assert values["total"] == "58,90 €"


def test_a_parcel_on_its_way_has_a_link() -> None:
    _, values = order_status(order(OrderStatus.SHIPPED), load_business(), "en", PLACED)
    assert values["link"] == "https://posti.example/JJFI1"


def test_lines_and_a_name_that_is_not_translated() -> None:
    assert order_lines(order(OrderStatus.PAID), "fi") == "2 × Hiusöljy, 1 × Hiusharja"
    assert order_lines(order(OrderStatus.PAID), "en") == "2 × Hair oil, 1 × Hiusharja"


def test_a_parcel_is_late_from_the_day_after_the_expected_one() -> None:
    expected = order(OrderStatus.SHIPPED).expected_at
    assert expected is not None
    tz = load_business().tz
    last = expected.astimezone(tz).replace(hour=23, minute=59)
    for moment, late in ((last, False), (last + timedelta(minutes=1), True)):
        key, _ = order_status(order(OrderStatus.SHIPPED), load_business(), "fi", moment)
        assert key.endswith("_late") is late
