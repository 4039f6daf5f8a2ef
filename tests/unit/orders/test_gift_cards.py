"""tiski/orders/gift_cards.py and the door to it in tiski/access.py."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.engine import Engine

from tiski import access
from tiski.access import LockedOut, NoMatch, Pace, gift_card_for
from tiski.db import tables
from tiski.db.session import session
from tiski.orders.gift_cards import find_gift_card, read_codes

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("LAHJA-7K2M", "LAHJA7K2M"),
        ("lahja-7k2m", "LAHJA7K2M"),
        ("lahja 7k2m", "LAHJA7K2M"),
        ("koodi on LAHJA-7K2M, kiitos", "LAHJA7K2M"),
        ("paljonko kortilla LAHJA 7K2M on jäljellä?", "LAHJA7K2M"),
        ("LAHJA–7K2M", "LAHJA7K2M"),
        ("7K2M", "7K2M"),
        ("numero 77120", "77120"),
    ],
)
def test_a_code_is_read_as_people_write_it(text: str, code: str) -> None:
    assert code in read_codes(text)


@pytest.mark.parametrize(
    "text", ["", "en tiedä", "sain 2 korttia", "käykö se verkkokaupassa", "ÄÖ1234"]
)
def test_what_is_no_code(text: str) -> None:
    assert read_codes(text) == []


def test_one_message_is_never_many_guesses() -> None:
    assert len(read_codes("A1111 B2222 C3333 D4444 E5555")) <= 2


@pytest.fixture
def cards(desk_db: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "pace", Pace(step=0))
    with session() as db:
        for code, days in (("LAHJA7K2M", 30), ("LAHJA2C6X", -1)):
            expires = NOW + timedelta(days=days)
            db.add(tables.GiftCard(code=code, balance_cents=5000, expires_at=expires))


@pytest.mark.usefixtures("cards")
class TestCards:
    def test_a_good_one_is_found_by_any_reading(self) -> None:
        card = find_gift_card(["KOODILAHJA7K2M", "LAHJA7K2M"], NOW)
        assert card is not None
        assert (card.code, card.balance_cents) == ("LAHJA7K2M", 5000)

    def test_one_that_has_run_out_is_as_if_it_never_was(self) -> None:
        assert find_gift_card(["LAHJA2C6X"], NOW) is None
        for code in ("LAHJA2C6X", "LAHJA0000"):
            with pytest.raises(NoMatch):
                asyncio.run(gift_card_for([code], conversation_id="someone", now=NOW))

    def test_five_wrong_codes_lock_the_conversation_even_for_a_right_one(self) -> None:
        for number in range(5):  # the fifth is told of the lock
            with pytest.raises(NoMatch if number < 4 else LockedOut):
                asyncio.run(gift_card_for([f"X{number}234"], conversation_id="c", now=NOW))
        with pytest.raises(LockedOut):
            asyncio.run(gift_card_for(["LAHJA7K2M"], conversation_id="c", now=NOW))
        later = NOW + timedelta(minutes=16)
        card = asyncio.run(gift_card_for(["LAHJA7K2M"], conversation_id="c", now=later))
        assert card.balance_cents == 5000
