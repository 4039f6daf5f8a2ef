"""Who waits for a time that another customer frees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from tiski.db import tables
from tiski.db.session import session


def join(
    *,
    service_id: str,
    staff_id: str | None,
    wish: str,
    windows: Sequence[dict[str, str]],
    name: str,
    email: str | None,
    phone: str | None,
    language: str,
    conversation_id: str | None,
    now: datetime,
) -> int:
    """Put a customer on the waiting list and return the entry's id.

    The same wish of the same conversation is not written twice; a changed contact is.

    Args:
        service_id: of business.yml. staff_id: of business.yml; None: anybody.
        wish: which days and times, in the customer's words.
        windows: [{"from": ISO, "to": ISO}], what can be read from the wish; empty: any time.
        name: of the customer. email: in lower case. phone: E.164.
        language: "fi", "en", ...: what the customer will be written to in.
        now: aware.
    """
    table = tables.WaitingListEntry
    with session() as opened:
        entry = None
        if conversation_id is not None:
            entry = opened.scalars(
                select(table).where(
                    table.conversation_id == conversation_id,
                    table.service_id == service_id,
                    table.staff_id == staff_id,
                    table.wish == wish,
                    table.status == "waiting",
                )
            ).first()
        if entry is None:
            entry = table(
                service_id=service_id,
                staff_id=staff_id,
                wish=wish,
                windows=list(windows),
                status="waiting",
                language=language,
                conversation_id=conversation_id,
                created_at=now,
            )
            opened.add(entry)
        entry.contact_name = name.strip()
        entry.contact_email = email
        entry.contact_phone = phone
        opened.flush()
        return int(entry.id)
