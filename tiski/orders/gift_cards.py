"""Gift cards: reading a code as people write it, and what is left on the card.

The code is all the proof there is, so nothing here is for callers that have not counted the try:
go through `tiski.access.gift_card_for`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tiski.db import tables
from tiski.db.session import reading

# Guesses at one code as it may be written; more would be more tries than the customer made
_MOST_READINGS = 2
_LONGEST = 20  # the width of the column
_SHORTEST = 4
_TOKEN = re.compile(r"[^\W_]+(?:[-/][^\W_]+)*")


@dataclass(frozen=True)
class GiftCard:
    """What is left on a card, in cents, and until when it can be used (an aware time)."""

    code: str
    balance_cents: int
    expires_at: datetime


def read_codes(text: str) -> list[str]:
    """Return the readings of a gift card's code in a text, the likeliest first; [] when none.

    A code has a digit in it, may be written in small letters, and with or without its hyphens or
    spaces: "lahja 7k2m" is LAHJA7K2M.
    """
    text = re.sub("[–—]", "-", unicodedata.normalize("NFKC", text))
    written = [match.group() for match in _TOKEN.finditer(text)]
    plain = [re.sub(r"[^0-9A-Z]", "", token.upper()) for token in written]
    is_whole_answer = len(written) <= 3
    found: list[str] = []
    for place, token in enumerate(plain):
        if len(token) < _SHORTEST or not written[place].isascii() or token.isalpha():
            continue
        before = written[place - 1] if place else ""
        if before.isascii() and before.isalpha() and (is_whole_answer or before.isupper()):
            found.append(plain[place - 1] + token)
        found.append(token)
    return list(dict.fromkeys(code for code in found if len(code) <= _LONGEST))[:_MOST_READINGS]


def find_gift_card(codes: Sequence[str], now: datetime) -> GiftCard | None:
    """Return the card of the first code that is one and has not run out; None when there is none.

    A card that has run out is not told from one that never was.
    """
    with reading() as db:
        for code in codes:
            row = db.get(tables.GiftCard, code)
            if row is not None and row.expires_at > now:
                return GiftCard(row.code, row.balance_cents, row.expires_at)
    return None
