from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

import phonenumbers
import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from tiski.booking.appointments import find_appointments
from tiski.business import load_business
from tiski.db import demo, tables
from tiski.db.session import session
from tiski.orders.order import OrderStatus

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc)


def rows(table: type) -> list:
    with session() as db:
        return list(db.scalars(select(table)))


def count(table: type) -> int:
    with session() as db:
        return int(db.scalar(select(func.count()).select_from(table)))


@pytest.fixture
def loaded(desk_db: Engine) -> None:
    demo.load_demo(NOW)


@pytest.mark.usefixtures("loaded")
class TestGoods:
    def test_there_are_enough_in_every_category_of_the_business(self) -> None:
        categories = Counter(product.category for product in rows(tables.Product))
        assert set(categories) == {each.id for each in load_business().shop.product_categories}
        assert sum(categories.values()) >= 40
        assert min(categories.values()) >= 2

    def test_every_one_has_both_names_and_a_price(self) -> None:
        for product in rows(tables.Product):
            assert set(product.name) == {"fi", "en"}, product.id
            assert all(product.name.values()), product.id
            assert product.price_cents > 0, product.id

    def test_something_is_sold_out(self) -> None:
        assert any(product.stock == 0 for product in rows(tables.Product))

    def test_each_suits_needs_of_the_business_and_is_described_in_both_languages(self) -> None:
        needs = {need.id for need in load_business().shop.needs}
        for product in rows(tables.Product):
            assert product.suits and set(product.suits) <= needs, product.id
            assert set(product.description) == {"fi", "en"}, product.id
        assert needs == {need for product in rows(tables.Product) for need in product.suits}

    def test_a_gift_card_is_good_one_is_empty_and_one_has_run_out(self) -> None:
        cards = rows(tables.GiftCard)
        good = [card for card in cards if card.expires_at > NOW]
        assert len(good) < len(cards)
        assert {card.balance_cents > 0 for card in good} == {True, False}


@pytest.mark.usefixtures("loaded")
class TestOrders:
    def test_every_state_is_there(self) -> None:
        assert {order.status for order in rows(tables.Order)} == {
            each.value for each in OrderStatus
        }

    def test_newer_orders_have_higher_numbers(self) -> None:
        by_number = sorted(rows(tables.Order), key=lambda order: int(order.number))
        placed = [order.placed_at for order in by_number]
        assert placed == sorted(placed)
        assert placed[-1] < NOW

    def test_what_happened_fits_the_state(self) -> None:
        came = {"delivered", "return_requested", "returned", "refunded"}
        closed = {"cancelled", "returned", "refunded"}
        sent = came | {"shipped", "ready_for_pickup"}
        for order in rows(tables.Order):
            assert (order.shipped_at is not None) == (order.status in sent), order.number
            assert (order.delivered_at is not None) == (order.status in came), order.number
            assert (order.closed_at is not None) == (order.status in closed), order.number
            past = [order.placed_at, order.shipped_at, order.delivered_at, order.closed_at]
            known = [moment for moment in past if moment]
            assert known == sorted(known), order.number
            assert known[-1] < NOW, order.number

    def test_parcels_on_their_way_can_be_tracked(self) -> None:
        shipped = [order for order in rows(tables.Order) if order.status == "shipped"]
        assert shipped
        for order in shipped:
            assert order.tracking_code in order.tracking_url
            host = order.tracking_url.removeprefix("https://").split("/")[0]
            assert host.endswith(".example")
            assert order.expected_at > NOW

    def test_the_people_are_invented_and_the_numbers_valid(self) -> None:
        for order in rows(tables.Order):
            assert order.contact_email.endswith(".example")
            assert order.contact_email == order.contact_email.lower()
            assert order.contact_phone.startswith("+35845555")
            assert phonenumbers.is_valid_number(phonenumbers.parse(order.contact_phone))
            assert len(order.postcode) == 5 and order.postcode.isdigit()

    def test_the_ways_of_delivery_are_those_of_the_business(self) -> None:
        options = {option.id for option in load_business().shop.delivery_options}
        assert {order.delivery_method for order in rows(tables.Order)} <= options

    def test_one_may_go_back_and_one_came_too_long_ago(self) -> None:
        ages = [
            NOW - order.delivered_at for order in rows(tables.Order) if order.status == "delivered"
        ]
        assert min(ages) < timedelta(days=14) < max(ages)


@pytest.mark.usefixtures("loaded")
class TestVisits:
    def test_mattis_visit_is_found_by_its_code(self) -> None:
        [visit] = find_appointments(code=demo.MATTIS_CODE, now=NOW)
        assert visit.contact_email == "matti@posti.example"
        assert NOW < visit.starts_at < NOW + timedelta(days=7)

    def test_the_visits_hold_their_time(self) -> None:
        assert count(tables.Appointment) == 3
        held = {claim.appointment_id for claim in rows(tables.Claim)}
        assert held == {visit.id for visit in rows(tables.Appointment)}


def test_what_is_there_is_left_alone(loaded: None) -> None:
    with session() as db:
        db.get(tables.Order, "10234").status = "delivered"
    before = [count(table) for table in (tables.Product, tables.Order, tables.Appointment)]
    demo.load_demo(NOW + timedelta(days=1))
    assert [count(table) for table in (tables.Product, tables.Order, tables.Appointment)] == before
    with session() as db:
        assert db.get(tables.Order, "10234").status == "delivered"


def test_replace_empties_every_table_first(loaded: None) -> None:
    with session() as db:
        db.add(tables.LookupAttempts(conversation_id="someone", failures=5))
        db.get(tables.Order, "10234").status = "delivered"
    demo.load_demo(NOW, replace=True)
    assert count(tables.LookupAttempts) == 0
    with session() as db:
        assert db.get(tables.Order, "10234").status == "shipped"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("status: shipped", "status: sent", r"demo_orders\.yml: order 10234: status is 'sent'"),
        ("product: sysi-savi", "product: sysi-save", r"order 10234: lines\.product is 'sysi-save'"),
    ],
)
def test_a_slip_in_the_file_is_named_and_nothing_is_loaded(
    right: str,
    wrong: str,
    message: str,
    desk_db: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = demo.ORDERS.read_text(encoding="utf-8")
    broken = tmp_path / "demo_orders.yml"
    broken.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    monkeypatch.setattr(demo, "ORDERS", broken)
    with pytest.raises(demo.DemoError, match=message):
        demo.load_demo(NOW)
    assert count(tables.Product) == 0
