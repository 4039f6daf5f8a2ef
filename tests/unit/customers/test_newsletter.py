"""tiski/customers/newsletter.py: each yes and no is a row, and the last one holds."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from tiski.customers.newsletter import is_subscribed, subscribe, unsubscribe
from tiski.db.session import session
from tiski.db.tables import Consent

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc)
LIISA, VILLE = "liisa@posti.example", "ville@posti.example"
HOW: dict[str, Any] = {
    "words": "Saammeko?",
    "language": "fi",
    "channel": "web",
    "conversation_id": "c1",
    "now": NOW,
}


def rows() -> list[tuple[str, bool]]:
    with session() as db:
        found = db.scalars(select(Consent).order_by(Consent.id))
        return [(row.email, row.is_given) for row in found]


async def test_a_yes_is_stored_with_its_words(desk_db: Engine) -> None:
    assert not await is_subscribed(LIISA)
    assert await subscribe(LIISA, **HOW)
    assert await is_subscribed(LIISA)
    assert not await is_subscribed(VILLE)
    with session() as db:
        row = db.scalars(select(Consent)).one()
    assert (row.purpose, row.words, row.language, row.channel, row.created_at) == (
        "newsletter", "Saammeko?", "fi", "web", NOW,
    )  # fmt: skip


async def test_a_second_yes_adds_nothing(desk_db: Engine) -> None:
    assert await subscribe(LIISA, **HOW)
    assert not await subscribe(LIISA, **HOW)
    assert rows() == [(LIISA, True)]


async def test_off_and_on_again(desk_db: Engine) -> None:
    await subscribe(LIISA, **HOW)
    assert await unsubscribe(LIISA, **HOW)
    assert not await is_subscribed(LIISA)
    assert not await unsubscribe(LIISA, **HOW)
    assert await subscribe(LIISA, **HOW)
    assert rows() == [(LIISA, True), (LIISA, False), (LIISA, True)]


async def test_a_no_counts_for_an_address_that_never_said_yes(desk_db: Engine) -> None:
    await unsubscribe(VILLE, **HOW)
    assert rows() == [(VILLE, False)]


async def test_without_words_nothing_is_stored(desk_db: Engine) -> None:
    with pytest.raises(ValueError, match="words"):
        await subscribe(LIISA, **{**HOW, "words": " "})
    assert rows() == []
