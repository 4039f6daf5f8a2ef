"""What a fresh desk has to show: the goods of its catalogue, and for the demo orders and visits.

The demo's files are `demo_catalogue.yml`, `demo_orders.yml` and `demo_gift_cards.yml` of
`tiski/orders/shops/`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tiski.booking.appointments import book
from tiski.booking.openings import nearest_openings
from tiski.business import load_business
from tiski.db import tables
from tiski.db.session import session
from tiski.orders.order import OrderStatus
from tiski.outbox import store
from tiski.paths import DEMO_CATALOGUE

CATALOGUE = DEMO_CATALOGUE
ORDERS = CATALOGUE.with_name("demo_orders.yml")
GIFT_CARDS = CATALOGUE.with_name("demo_gift_cards.yml")

# Letters and digits that `tiski.booking.codes` uses: no O, no 0.
MATTIS_CODE = "DEMA42"


class _Visit(NamedTuple):
    days: int  # after today
    hour: int  # the wish, local time; the nearest free time is taken
    service_id: str
    name: str
    email: str
    phone: str
    language: str


_VISITS = (
    _Visit(
        3, 14, "short_haircut", "Matti Meikäläinen", "matti@posti.example", "+358455550101", "fi"
    ),
    _Visit(4, 10, "colour", "Maija Meikäläinen", "maija@posti.example", "+358455550133", "fi"),
    _Visit(6, 16, "beard_trim", "Robin Smith", "robin.smith@letter.example", "+358455550135", "en"),
)


class DemoError(ValueError):
    """One of the demo's files is wrong; the message names file, key, value and what was expected."""


def load_demo(now: datetime, *, replace: bool = False) -> None:
    """Fill the tables that are empty; those that hold something are left alone.

    Goods are those of the catalogue that business.yml names. Orders and visits are the demo's, and
    loaded for the demo only.

    Args:
        now: an aware time; all of the demo's times are counted from it.
        replace: delete everything from every table of the desk first, real customers included.

    Raises:
        DemoError: a file of the demo is wrong.
        BusinessError: business.yml is wrong.
        sqlalchemy.exc.SQLAlchemyError: the tables are missing or cannot be reached.
    """
    business = load_business()
    with session() as db:
        if replace:
            for table in reversed(tables.Base.metadata.sorted_tables):
                db.execute(delete(table))
        if business.catalogue and _is_empty(db, tables.Product):
            db.add_all(tables.Product(**article) for article in _read(business.catalogue))
        if business.is_demo and _is_empty(db, tables.Order):
            goods = {article["id"]: article for article in _read(CATALOGUE)}
            db.add_all(_order(entry, goods, now) for entry in _read(ORDERS))
        if business.is_demo and _is_empty(db, tables.GiftCard):
            db.add_all(_gift_card(entry, now) for entry in _read(GIFT_CARDS))
        without_visits = _is_empty(db, tables.Appointment)
    if business.is_demo and without_visits:
        _book_visits(now)


def _is_empty(db: Session, table: Any) -> bool:
    return db.scalar(select(func.count()).select_from(table)) == 0


def _read(file: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return entries


def _order(entry: dict[str, Any], goods: dict[str, Any], now: datetime) -> tables.Order:
    contact = entry["contact"]
    lines = [_line(entry["number"], line, goods) for line in entry["lines"]]
    return tables.Order(
        number=entry["number"],
        status=_status(entry).value,
        **{f"{event}_at": _moment(now, days) for event, days in entry["days"].items()},
        contact_name=contact["name"],
        contact_email=contact["email"],
        contact_phone=contact["phone"],
        postcode=contact["postcode"],
        delivery_method=entry["delivery_method"],
        tracking_code=entry.get("tracking_code"),
        tracking_url=entry.get("tracking_url"),
        total_cents=entry["delivery_cents"] + sum(li.quantity * li.price_cents for li in lines),
        currency="EUR",
        lines=lines,
    )


def _gift_card(entry: dict[str, Any], now: datetime) -> tables.GiftCard:
    return tables.GiftCard(
        code=entry["code"],
        balance_cents=entry["balance_cents"],
        expires_at=_moment(now, entry["days"]),
    )


def _moment(now: datetime, days: float) -> datetime:
    return (now + timedelta(days=days)).replace(second=0, microsecond=0)


def _status(entry: dict[str, Any]) -> OrderStatus:
    try:
        return OrderStatus(entry["status"])
    except ValueError:
        known = ", ".join(status.value for status in OrderStatus)
        raise _wrong(entry["number"], "status", entry["status"], f"one of: {known}") from None


def _line(number: str, line: dict[str, Any], goods: dict[str, Any]) -> tables.OrderLine:
    article = goods.get(line["product"])
    if article is None:
        raise _wrong(number, "lines.product", line["product"], f"an id of {CATALOGUE.name}")
    return tables.OrderLine(
        product_id=article["id"],
        name=article["name"],
        quantity=line["quantity"],
        price_cents=article["price_cents"],
    )


def _wrong(number: str, key: str, value: object, expected: str) -> DemoError:
    return DemoError(f"{ORDERS.name}: order {number}: {key} is '{value}'; expected {expected}")


def _book_visits(now: datetime) -> None:
    """Book the visits as customers would; those that another business does not offer are left out."""
    business = load_business()
    parcels: list[int] = []  # nobody is written to about a visit that nobody has booked
    for visit in _VISITS:
        if visit.service_id not in business.services:
            continue
        day = now.astimezone(business.tz) + timedelta(days=visit.days)
        wish = day.replace(hour=visit.hour, minute=0, second=0, microsecond=0)
        for opening in nearest_openings(business, visit.service_id, wish, now=now, count=1):
            booked = book(
                business,
                opening,
                name=visit.name,
                email=visit.email,
                phone=visit.phone,
                language=visit.language,
                conversation_id=None,
                now=now,
                parcels=parcels,
            )
            if visit is _VISITS[0]:
                _give_code(booked.code, MATTIS_CODE)
    with session() as db:
        store.drop(db, parcels, now)


def _give_code(old: str, new: str) -> None:
    with session() as db:
        table = tables.Appointment
        db.execute(update(table).where(table.code == old).values(code=new))
