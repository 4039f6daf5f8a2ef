"""tiski/customers/leads.py: what is stored of a lead, and which rules qualify it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from business_page import BASE, load
from sqlalchemy import select
from sqlalchemy.engine import Engine

from tiski.business import Business
from tiski.customers.leads import CALLBACK, QUOTE, LeadReceipt, Wish, is_qualified, store_lead
from tiski.db.session import session
from tiski.db.tables import Lead

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Helsinki"))


def business(folder: Path, leads: str = "") -> Business:
    return load(folder, BASE + leads)


async def stored(
    business: Business, wish: Wish, *, now: datetime = NOW, consent: str = "Saammeko?"
) -> LeadReceipt:
    return await store_lead(
        wish,
        name="Maija Meikäläinen",
        email="maija@posti.example",
        phone=None,
        consent_words=consent,
        language="fi",
        channel="web",
        conversation_id="c1",
        business=business,
        now=now,
    )


def leads() -> list[Lead]:
    with session() as db:
        return list(db.scalars(select(Lead).order_by(Lead.id)))


async def test_everything_is_stored(desk_db: Engine, tmp_path: Path) -> None:
    wish = Wish(QUOTE, "häät", "kesäkuussa", 50000)
    receipt = await stored(business(tmp_path), wish)
    (lead,) = leads()
    assert receipt.reference == lead.code == f"L{lead.id}"
    assert receipt.answer_by == lead.answer_by == NOW + timedelta(minutes=15)
    assert (lead.kind, lead.need, lead.when_wanted, lead.budget_cents) == (
        "quote", "häät", "kesäkuussa", 50000,
    )  # fmt: skip
    assert (lead.consent_words, lead.consent_at) == ("Saammeko?", NOW)
    assert (lead.contact_name, lead.contact_email) == ("Maija Meikäläinen", "maija@posti.example")
    assert (lead.status, lead.mailed_at, lead.is_qualified) == ("open", None, True)


async def test_the_same_within_ten_minutes_is_one(desk_db: Engine, tmp_path: Path) -> None:
    salon, wish = business(tmp_path), Wish(QUOTE, "häät")
    first = await stored(salon, wish)
    again = await stored(salon, wish, now=NOW + timedelta(minutes=9))
    later = await stored(salon, wish, now=NOW + timedelta(minutes=11))
    other = await stored(salon, Wish(CALLBACK, "häät"))
    assert first == again
    assert len({first.reference, later.reference, other.reference}) == len(leads()) == 3


@pytest.mark.parametrize("words", ["", "  "])
async def test_without_the_words_of_a_consent_nothing_is_stored(
    desk_db: Engine, tmp_path: Path, words: str
) -> None:
    with pytest.raises(ValueError, match="consent"):
        await stored(business(tmp_path), Wish(QUOTE, "häät"), consent=words)
    assert leads() == []


RULES = """\
leads:
  least_budget: 150
  within_days: 180
"""
KEYWORDS = """\
leads:
  keywords:
    fi: [hää*, yritys*]
    en: [wedding*]
"""


@pytest.mark.parametrize(
    ("rules", "wish", "expected"),
    [
        ("", Wish(QUOTE, "x", "ensi vuonna", 1), True),
        (RULES, Wish(QUOTE, "x"), True),  # nothing is known, nothing speaks against it
        (RULES, Wish(QUOTE, "x", None, 15000), True),
        (RULES, Wish(QUOTE, "x", None, 14999), False),
        (RULES, Wish(QUOTE, "x", "ei vielä tiedossa", 20000), True),
        (RULES, Wish(QUOTE, "x", "joulukuussa"), True),
        (RULES, Wish(QUOTE, "x", "22.5.2027"), True),
        (RULES, Wish(QUOTE, "x", "24.5.2027"), False),
        (RULES, Wish(QUOTE, "x", "14.8.2027, tai jo 1.2.2027"), True),
        (RULES, Wish(CALLBACK, "x", "24.8.2027", 1), True),
        (KEYWORDS, Wish(QUOTE, "Hääkampaukset kuudelle"), True),
        (KEYWORDS, Wish(QUOTE, "haakampaukset"), True),
        (KEYWORDS, Wish(QUOTE, "our WEDDINGS"), True),
        (KEYWORDS, Wish(QUOTE, "tanssiryhmän letit"), False),
        (KEYWORDS, Wish(CALLBACK, "tanssiryhmän letit"), False),
        (KEYWORDS, Wish(QUOTE, "pyhää rauhaa"), False),  # inside another word
    ],
)
def test_rules(tmp_path: Path, rules: str, wish: Wish, expected: bool) -> None:
    salon = business(tmp_path, rules)
    assert is_qualified(salon, wish, language="fi", now=NOW) is expected


TEXT = "expected text (in quotes if it is only a number)"
LINE = BASE.count("\n")


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (
            "leads:\n  least_budget: paljon\n",
            f"{LINE + 2}: leads.least_budget: 'paljon' – expected a price in euros such as 49 or"
            " 5.90 (with a point, no currency sign)",
        ),
        (
            "leads:\n  within_days: 0\n",
            f"{LINE + 2}: leads.within_days: 0 – expected a whole number of days from 1 to 730",
        ),
        (
            "leads:\n  within: 9\n",
            f"{LINE + 2}: leads.within: unknown key – did you mean 'within_days'?",
        ),
        (
            "leads:\n  keywords: [häät]\n",
            f"{LINE + 2}: leads.keywords: a list – expected lists of words by language, such as"
            " fi: [leikkaus, tukka]",
        ),
        (
            "leads:\n  keywords:\n    fi: häät\n",
            f"{LINE + 3}: leads.keywords.fi: 'häät' – expected a list of words such as"
            " [leikkaus, tukka]",
        ),
        (
            "leads: yes\n",
            f"{LINE + 1}: leads: 'yes' – expected a group with the keys least_budget, within_days,"
            " keywords",
        ),
        (
            "notify:\n  tickets: owner@salon.example\n",
            f"{LINE + 2}: notify.tickets: 'owner@salon.example' – expected a list",
        ),
        (
            "notify:\n  leads: [owner]\n",
            f"{LINE + 2}: notify.leads[1]: 'owner' – expected an e-mail address such as"
            " hello@example.com",
        ),
        (
            "notify:\n  mails: []\n",
            f"{LINE + 2}: notify.mails: unknown key – expected one of tickets, leads",
        ),
    ],
)
def test_mistakes_on_the_owners_page(tmp_path: Path, block: str, expected: str) -> None:
    from business_page import problems

    assert problems(tmp_path, BASE + block) == [f"business.yml:{expected}"]


def test_the_blocks_may_be_empty_or_left_out(tmp_path: Path) -> None:
    for number, page in enumerate(
        [BASE, BASE + "leads:\nnotify:\n", BASE + "notify:\n  tickets:\n  leads: []\n"]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        read: Any = load(folder, page)
        assert read.mail_of_tickets == ["hei@testi.example"]
        assert read.mail_of_leads == ([] if number == 2 else ["hei@testi.example"])
        assert read.leads.keywords_listed == []
