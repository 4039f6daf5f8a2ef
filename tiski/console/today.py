"""What the staff page shows: one look at the databases, as plain data for the browser."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, selectinload

from tiski.business import Business
from tiski.console.cards import Card, Cards
from tiski.console.troubles import troubles
from tiski.console.unknown import UnknownMessages
from tiski.console.words import word
from tiski.db.session import reading
from tiski.db.tables import Appointment, Feedback, Lead, Outcome, Ticket, WaitingListEntry
from tiski.insight.outcomes import close_abandoned

DAYS_AHEAD = 14
_DAYS_BACK = 7  # of orders asked about
_MOST = {
    "troubles": 30,
    "appointments": 60,
    "tickets": 50,
    "leads": 50,
    "waiting": 50,
    "orders": 20,
    "feedback": 20,
}
# A part stands for these use cases; one that is not named here is every business's
_USE_CASES = {
    "appointments": ("book_appointment",),
    "waiting": ("join_waiting_list",),
    "orders": ("check_order_status",),
    "leads": ("request_quote", "request_callback"),
}
_FIGURES = ("begun", "done", "handed_over", "abandoned")
_CLOSE_EVERY_SECONDS = 60

Snapshot = dict[str, Any]


class Today:
    """Looks at the databases and remembers what need not be done at each look."""

    def __init__(self) -> None:
        self._unknown = UnknownMessages()
        self._closed_at: float | None = None

    def look(self, business: Business, language: str, now: datetime) -> Snapshot:
        """Return what there is to see.

        Returns:
            {"figures": {name: count}, "parts": {name: {"count", "more", "cards"}}}; `more` tells
            how many cards were left out, as "and 3 more" or "". `count` is None where a number
            would say nothing. A part that cannot be read says so in `error`. What the business
            does not offer is no part, unless something of it is left from before; nor are
            troubles while there are none.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the desk's database cannot be read.
        """
        self._close_abandoned(now)
        cards = Cards(business, language, now)
        midnight = now.astimezone(business.tz).replace(hour=0, minute=0, second=0, microsecond=0)
        with reading() as db:
            visits = _appointments(db, midnight)
            parts = {
                "troubles": _part("troubles", troubles(db, now), cards.trouble, language),
                "appointments": self._visits(visits, cards, midnight, language),
                "tickets": _part("tickets", _open(db, Ticket), cards.ticket, language),
                "leads": _part("leads", _open(db, Lead), cards.lead, language),
                "waiting": _part("waiting", _waiting(db), cards.waiting, language),
                "orders": _part("orders", _orders(db, now), cards.order, language),
                "feedback": _part("feedback", _feedback(db), cards.feedback, language),
            }
            figures = _figures(db, midnight)
        parts["unknown"] = self._not_understood(cards, language)
        has = {name: part for name, part in parts.items() if part["cards"] or _has(business, name)}
        return {"figures": figures, "parts": has}

    def _close_abandoned(self, now: datetime) -> None:
        """End what customers left; it writes, so not at each look, and a busy database may wait."""
        moment = time.monotonic()
        if self._closed_at is not None and moment - self._closed_at < _CLOSE_EVERY_SECONDS:
            return
        try:
            close_abandoned(now)
            self._closed_at = moment
        except SQLAlchemyError:
            pass  # the next look tries again

    def _visits(
        self, visits: Sequence[Appointment], cards: Cards, midnight: datetime, language: str
    ) -> Snapshot:
        tomorrow = midnight + timedelta(days=1)
        of_today = [visit for visit in visits if visit.starts_at < tomorrow]
        part = _part("appointments", visits, cards.appointment, language)
        if visits and not of_today:
            part["cards"].insert(0, cards.no_more_today())
        part["count"] = sum(visit.status == "booked" for visit in of_today)
        return part

    def _not_understood(self, cards: Cards, language: str) -> Snapshot:
        try:
            return _part("unknown", self._unknown.newest(), cards.unknown, language)
        except SQLAlchemyError:
            return {"count": None, "more": "", "cards": [], "error": word("no_database", language)}


def _has(business: Business, part: str) -> bool:
    """Whether a part is shown although nothing is in it."""
    if part == "troubles":
        return False
    return part not in _USE_CASES or any(business.offers(each) for each in _USE_CASES[part])


def transcript(code: str) -> list[dict[str, str]] | None:
    """The conversation behind a ticket, [{"from": "customer" | "desk", "text"}]; None: no ticket.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the desk's database cannot be read.
    """
    with reading() as db:
        ticket = db.scalars(select(Ticket).where(Ticket.code == code)).first()
        return None if ticket is None else list(ticket.transcript or [])


def _part(name: str, rows: Sequence[Any], card: Callable[[Any], Card], language: str) -> Snapshot:
    most = _MOST.get(name, len(rows))
    left_out = len(rows) - most
    return {
        "count": len(rows),
        "more": word("more", language, count=left_out) if left_out > 0 else "",
        "cards": [card(row) for row in rows[:most]],
    }


def _appointments(db: Session, midnight: datetime) -> list[Appointment]:
    """Today's, cancelled ones too, and what is booked for the days to come."""
    tomorrow = midnight + timedelta(days=1)
    rows: Iterable[Appointment] = db.scalars(
        select(Appointment)
        .options(selectinload(Appointment.notes))
        .where(
            Appointment.status.in_(("booked", "cancelled")),
            # what was only kept for somebody of the waiting list was never an appointment
            Appointment.held_until.is_(None),
            Appointment.starts_at >= midnight,
            Appointment.starts_at < midnight + timedelta(days=DAYS_AHEAD),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return [row for row in rows if row.status == "booked" or row.starts_at < tomorrow]


def _open(db: Session, table: Any) -> list[Any]:
    """What waits for an answer: first what was promised first, then what came first."""
    return list(
        db.scalars(
            select(table)
            .where(table.status == "open")
            .order_by(table.answer_by.is_(None), table.answer_by, table.created_at)
        )
    )


def _waiting(db: Session) -> list[WaitingListEntry]:
    return list(
        db.scalars(
            select(WaitingListEntry)
            .where(WaitingListEntry.status.in_(("waiting", "offered")))
            .order_by(WaitingListEntry.created_at)
        )
    )


def _orders(db: Session, now: datetime) -> list[Outcome]:
    return list(
        db.scalars(
            select(Outcome)
            .where(
                Outcome.use_case == "check_order_status",
                Outcome.reference.is_not(None),
                Outcome.touched_at >= now - timedelta(days=_DAYS_BACK),
            )
            .order_by(Outcome.touched_at.desc(), Outcome.id.desc())
        )
    )


def _feedback(db: Session) -> list[Feedback]:
    most = _MOST["feedback"]
    return list(db.scalars(select(Feedback).order_by(Feedback.created_at.desc()).limit(most)))


def _figures(db: Session, midnight: datetime) -> dict[str, int]:
    """How many use cases began today, and what became of those."""
    counted: dict[str | None, int] = dict(
        db.execute(
            select(Outcome.result, func.count())
            .where(Outcome.began_at >= midnight, Outcome.began_at < midnight + timedelta(days=1))
            .group_by(Outcome.result)
        ).all()
    )
    return {
        name: sum(counted.values()) if name == "begun" else counted.get(name, 0)
        for name in _FIGURES
    }
