"""Leads: who wants an offer or a call, what for, and whether it is what the business looks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from tiski.business import Business
from tiski.db import tables
from tiski.db.session import run, session
from tiski.handoff.tickets import SAME_WITHIN, answer_by
from tiski.nlu.lexicon import any_of
from tiski.nlu.text import normalise, without_umlauts
from tiski.nlu.time import find_times
from tiski.notify import owner

QUOTE, CALLBACK = "quote", "callback"


@dataclass(frozen=True)
class LeadReceipt:
    """What was stored. `answer_by` is in UTC; None when business.yml names no hours for it."""

    reference: str
    answer_by: datetime | None


@dataclass(frozen=True)
class Wish:
    """What somebody wants, as they said it.

    Args:
        kind: QUOTE or CALLBACK.
        when: when it is wanted; for a call, when it suits. None: not known yet.
        budget_cents: None when it is not known, or was not asked.
    """

    kind: str
    need: str
    when: str | None = None
    budget_cents: int | None = None


async def store_lead(
    wish: Wish,
    *,
    name: str,
    email: str | None,
    phone: str | None,
    consent_words: str,
    language: str,
    channel: str,
    conversation_id: str,
    business: Business,
    now: datetime,
) -> LeadReceipt:
    """Store a lead of somebody who agreed to be contacted about it, and have the owner told.

    Asked again within ten minutes for the same conversation, kind and need, it is the same lead.

    Args:
        email: in lower case. phone: E.164.
        consent_words: what the customer said yes to, exactly as it was asked.
        now: an aware time.

    Raises:
        ValueError: there are no words of a consent.
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    if not consent_words.strip():
        raise ValueError("a lead without the words of its consent may not be stored")
    lead = await run(
        _store,
        kind=wish.kind,
        need=wish.need,
        conversation_id=conversation_id,
        now=now,
        details={
            "when_wanted": wish.when,
            "budget_cents": wish.budget_cents,
            "is_qualified": is_qualified(business, wish, language=language, now=now),
            "contact_name": name,
            "contact_email": email,
            "contact_phone": phone,
            "consent_words": consent_words,
            "consent_at": now,
            "language": language,
            "channel": channel,
            "answer_by": answer_by(business, now),
        },
    )
    owner.wake()
    return LeadReceipt(lead.code, lead.answer_by)


def is_qualified(business: Business, wish: Wish, *, language: str | None, now: datetime) -> bool:
    """Whether no rule under `leads` of business.yml speaks against a lead.

    What the customer does not know yet speaks against nothing: it is asked again by a person.
    When a call suits is not when the job is wanted, so a call-back is held against `keywords` only.
    """
    rules = business.leads
    if rules.keywords_listed and not _mentions(rules.keywords_listed, wish.need):
        return False
    if wish.kind != QUOTE:
        return True
    if (
        rules.least_budget_cents is not None
        and wish.budget_cents is not None
        and wish.budget_cents < rules.least_budget_cents
    ):
        return False
    if rules.within_days is None or not wish.when:
        return True
    return _begins_before(
        wish.when, now + timedelta(days=rules.within_days), business, language, now
    )


def _mentions(keywords: list[str], need: str) -> bool:
    return bool(any_of(_plain(word) for word in keywords).search(_plain(need)))


def _plain(text: str) -> str:
    return without_umlauts(normalise(text))


def _begins_before(
    when: str, limit: datetime, business: Business, language: str | None, now: datetime
) -> bool:
    """Whether the earliest day that is named lies before the limit, or none is named."""
    local = now.astimezone(business.tz)
    days = []
    for time in find_times(when, now=local, language=language):
        value = time.as_entity()["value"]
        begin = (value.get("from") or value.get("to")) if isinstance(value, dict) else value
        if begin:
            days.append(datetime.fromisoformat(begin))
    return not days or min(days) <= limit


def _store(
    *, kind: str, need: str, conversation_id: str, now: datetime, details: dict[str, Any]
) -> tables.Lead:
    with session() as db:
        lead = db.scalars(
            select(tables.Lead)
            .where(
                tables.Lead.conversation_id == conversation_id,
                tables.Lead.kind == kind,
                tables.Lead.need == need,
                tables.Lead.created_at > now - SAME_WITHIN,
            )
            .order_by(tables.Lead.id.desc())
        ).first()
        if lead is None:
            lead = tables.Lead(
                kind=kind, need=need, conversation_id=conversation_id, created_at=now, **details
            )
            db.add(lead)
            db.flush()  # for its id
        return lead
