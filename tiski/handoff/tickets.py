"""Tickets: what a person must take up, and when the customer will hear from them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tiski.business import Business
from tiski.db import tables
from tiski.db.session import run, session
from tiski.notify import owner

SAME_WITHIN = timedelta(minutes=10)

# No vowels, so that no word appears, and nothing that looks or sounds like its neighbour.
_CODE_LETTERS = "34679CDFGHJKMNPQRTVWXY"
_OPENINGS_AHEAD = 30  # how many spans are tried for one that is long enough


@dataclass(frozen=True)
class TicketReceipt:
    """What the customer is told: the code to quote, and by when somebody answers.

    `answer_by` is in UTC, or None when the handoff hours of business.yml name no time at all.
    `within_hours` tells whether somebody was there when the ticket was opened.
    """

    code: str
    answer_by: datetime | None
    within_hours: bool


async def open_ticket(
    *,
    kind: str,
    need: str,
    language: str,
    conversation_id: str,
    channel: str,
    transcript: Sequence[dict[str, str]],
    reference: str | None = None,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    business: Business,
    now: datetime,
) -> TicketReceipt:
    """Open a ticket, have the owner told of it, and say by when it will be answered.

    Asked again within ten minutes for the same conversation, kind and need, it is the same
    ticket and the same promise; details that were missing the first time are added to it.

    Args:
        kind: the intent behind it, e.g. "request_human" or "return_order".
        need: what is wanted, in the customer's words or the desk's.
        transcript: [{"from": "customer" | "desk", "text": ...}], oldest first.
        reference: an order number or an appointment code.
        email: in lower case. phone: E.164.
        now: an aware time.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    ticket = await run(
        _store,
        kind=kind,
        need=need,
        language=language,
        conversation_id=conversation_id,
        channel=channel,
        transcript=transcript,
        reference=reference,
        name=name,
        email=email,
        phone=phone,
        business=business,
        now=now,
    )
    owner.wake()
    return TicketReceipt(
        code=ticket.code,
        answer_by=ticket.answer_by,
        within_hours=business.handoff_is_open(ticket.created_at),
    )


def _store(**values: Any) -> tables.Ticket:
    with session() as opened:
        return store_ticket(opened, **values)


def store_ticket(
    opened: Session,
    *,
    kind: str,
    need: str,
    language: str,
    conversation_id: str,
    channel: str,
    transcript: Sequence[dict[str, str]],
    reference: str | None = None,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    business: Business,
    now: datetime,
) -> tables.Ticket:
    """Store a ticket with the transaction of `opened`, as `open_ticket` does in one of its own.

    Nobody is told yet: whoever ends the transaction calls `tiski.notify.owner.wake` after it.
    """
    details = {
        "reference": reference,
        "contact_name": name,
        "contact_email": email,
        "contact_phone": phone,
    }
    ticket = opened.scalars(
        select(tables.Ticket)
        .where(
            tables.Ticket.conversation_id == conversation_id,
            tables.Ticket.kind == kind,
            tables.Ticket.need == need,
            tables.Ticket.status != "closed",
            tables.Ticket.created_at > now - SAME_WITHIN,
        )
        .order_by(tables.Ticket.created_at.desc())
    ).first()
    if ticket is None:
        ticket = tables.Ticket(
            code=_new_code(opened),
            kind=kind,
            need=need,
            language=language,
            conversation_id=conversation_id,
            channel=channel,
            transcript=list(transcript),
            answer_by=answer_by(business, now),
            created_at=now,
            **details,
        )
        opened.add(ticket)
    else:
        for column, value in details.items():
            if value and not getattr(ticket, column):
                setattr(ticket, column, value)
    opened.flush()
    return ticket


def answer_by(business: Business, now: datetime) -> datetime | None:
    """Return by when, in UTC, somebody will have answered what comes in at `now`.

    That is `answer_within_minutes` later if somebody is there until then; else that long after
    the next opening that lasts long enough. When none does, the end of the next opening. None
    when there are no openings.
    """
    within = timedelta(minutes=business.handoff.answer_within_minutes)
    fallback = None
    opening = business.next_handoff_opening(now)
    for _ in range(_OPENINGS_AHEAD):
        if opening is None:
            break
        start, end = opening.astimezone(timezone.utc), _closing(business, opening)
        if start + within <= end:
            return start + within
        fallback = fallback or end
        opening = business.next_handoff_opening(end)
    return fallback


def _closing(business: Business, at: datetime) -> datetime:
    """The end, in UTC, of the handoff hours that `at` lies in."""
    moment = at.astimezone(timezone.utc)  # times of one zone would compare by the clock face
    spans = business.handoff_spans(at.astimezone(business.tz).date())
    ending = next(end for start, end in spans if start <= moment < end)
    return ending.astimezone(timezone.utc)


def _new_code(db: Session) -> str:
    while True:
        code = "T" + "".join(secrets.choice(_CODE_LETTERS) for _ in range(5))
        if db.scalar(select(tables.Ticket.id).where(tables.Ticket.code == code)) is None:
            return code
