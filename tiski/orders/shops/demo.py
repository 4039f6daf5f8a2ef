"""The demo shop: products and orders in the desk's own database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from ruamel.yaml import YAML
from sqlalchemy import select, update
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError, TimeoutError
from sqlalchemy.orm import Session

from tiski import clock
from tiski.business import load_business
from tiski.db import tables
from tiski.db.session import database_url, reading, run, session
from tiski.orders.catalogue import Product
from tiski.orders.order import Order, OrderLine, OrderRefused, OrderStatus, ShopUnavailable

log = logging.getLogger(__name__)
CATALOGUE = Path(__file__).with_name("demo_catalogue.yml")

T = TypeVar("T")


class DemoShop:
    """See `tiski.orders.order.Shop`. Each call is one transaction."""

    async def find(self, number: str) -> Order | None:
        return await run(_in, reading, lambda db: _find(db, number))

    async def goods(self) -> list[Product]:
        return await run(_in, reading, _goods)

    async def cancel(self, number: str) -> Order:
        now = clock.now()
        return await run(_in, session, lambda db: _cancel(db, number, now))

    async def request_return(self, number: str, reason: str) -> Order:
        """As the protocol says. The reason is kept by the ticket that goes with it, not here."""
        now = clock.now().astimezone(load_business().tz)
        return await run(_in, session, lambda db: _request_return(db, number, now))


def goods_at_start() -> list[Product]:
    """Return the goods as far as they are known while a model is loaded: of the database, if there
    is one with goods in it, else of the catalogue of business.yml. Never raises.
    """
    if not _is_missing(database_url()):
        try:
            with reading() as db:
                found = _goods(db)
        except SQLAlchemyError as error:
            log.info("The goods are read from a file: %s", type(error).__name__)
        else:
            if found:
                return found
    catalogue = load_business().catalogue
    entries = YAML(typ="safe").load(catalogue.read_text(encoding="utf-8")) if catalogue else []
    return [
        Product(
            id=entry["id"],
            category=entry["category"],
            name=entry["name"],
            price_cents=entry["price_cents"],
            stock=entry["stock"],
            suits=tuple(entry.get("suits") or ()),
            description=entry.get("description") or {},
        )
        for entry in entries
    ]


def _is_missing(url: str) -> bool:
    """True for an SQLite file that is not there yet; to look into it would make an empty one."""
    return url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists()


def _goods(db: Session) -> list[Product]:
    rows = db.scalars(select(tables.Product).order_by(tables.Product.id))
    return [
        Product(
            id=row.id,
            category=row.category,
            name=row.name,
            price_cents=row.price_cents,
            stock=row.stock,
            suits=tuple(row.suits or ()),
            description=row.description or {},
        )
        for row in rows
    ]


def _in(opened: Callable[[], AbstractContextManager[Session]], work: Callable[[Session], T]) -> T:
    try:
        with opened() as db:
            return work(db)
    except (OperationalError, InterfaceError, TimeoutError) as error:
        # The message of a database error repeats the values of the statement: only its kind is
        # logged, and it is not chained.
        log.warning("The demo shop's database did not answer: %s", type(error).__name__)
        raise ShopUnavailable("the demo shop's database did not answer") from None


def _find(db: Session, number: str) -> Order | None:
    row = db.get(tables.Order, number)
    return None if row is None else _as_seen(row)


def _cancel(db: Session, number: str, now: datetime) -> Order:
    row = _locked(db, number)
    status = OrderStatus(row.status)
    if status is OrderStatus.CANCELLED:
        return _as_seen(row)
    if not status.can_cancel:
        raise OrderRefused(_why_not_cancelled(status))
    row.status = OrderStatus.CANCELLED.value
    row.closed_at = now
    # In order of the article, so that two cancellations never wait for each other.
    for line in sorted(row.lines, key=lambda each: each.product_id):
        db.execute(
            update(tables.Product)
            .where(tables.Product.id == line.product_id)
            .values(stock=tables.Product.stock + line.quantity)
            .execution_options(synchronize_session=False)
        )
    return _as_seen(row)


def _why_not_cancelled(status: OrderStatus) -> str:
    if status.is_closed:
        return "already_closed"
    return "being_packed" if status is OrderStatus.PACKING else "already_sent"


def _request_return(db: Session, number: str, now: datetime) -> Order:
    row = _locked(db, number)
    status = OrderStatus(row.status)
    if status is OrderStatus.RETURN_REQUESTED:
        return _as_seen(row)
    if status.is_closed:
        raise OrderRefused("already_closed")
    if status is not OrderStatus.DELIVERED:
        raise OrderRefused("not_delivered")
    if not status.can_return(delivered_at=row.delivered_at, now=now):
        raise OrderRefused("return_period_over")
    row.status = OrderStatus.RETURN_REQUESTED.value
    return _as_seen(row)


def _locked(db: Session, number: str) -> tables.Order:
    """The row, held until the transaction ends, so that of two writers one comes second."""
    row = db.get(tables.Order, number, with_for_update=True)
    if row is None:
        raise OrderRefused("not_found")
    return row


def _as_seen(row: tables.Order) -> Order:
    lines = tuple(
        OrderLine(line.product_id, line.name, line.quantity, line.price_cents) for line in row.lines
    )
    return Order(
        number=row.number,
        status=OrderStatus(row.status),
        placed_at=row.placed_at,
        expected_at=row.expected_at,
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
        closed_at=row.closed_at,
        contact_name=row.contact_name,
        contact_email=row.contact_email,
        contact_phone=row.contact_phone,
        postcode=row.postcode,
        lines=lines,
        delivery_method=row.delivery_method,
        tracking_code=row.tracking_code,
        tracking_url=row.tracking_url,
        total_cents=row.total_cents,
        currency=row.currency,
    )
