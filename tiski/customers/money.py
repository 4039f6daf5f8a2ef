"""Sums of money as customers write them: "noin 500 e", "200-300 €", "a couple of hundred"."""

from __future__ import annotations

import re

from tiski.nlu.lexicon import lexicon
from tiski.nlu.text import normalise, without_umlauts

_CURRENCY = r"(?:€|e\b|eur\w*|euro\w*)"
# 1 500, 1.500, 1,500, 1500, 1500,50 and 2k: three digits after a separator are thousands
_DIGITS = r"\d{1,3}(?:[ .,]\d{3})+|\d{1,7}(?:[.,]\d{1,2})?"
_SUM = re.compile(
    rf"(?<![\w.,])(?P<before>[€]\s?)?(?P<number>{_DIGITS})(?:,-)?\s?(?P<thousand>k\b|t\b|tonni\w*)?"
    rf"\s?(?P<after>{_CURRENCY})?(?!\w)"
)
_MOST = 1_000_000_00


def find_sum(text: str, *, asked: bool) -> int | None:
    """Return the largest sum that a text names, in cents, or None.

    Args:
        asked: a sum was just asked for, so a bare number is one; otherwise a number counts only
            with its currency.
    """
    said = normalise(text)
    sums = []
    for match in _SUM.finditer(said):
        if asked or match["before"] or match["after"]:
            sums.append(_cents(match["number"]) * (1000 if match["thousand"] else 1))
    sums += _spelled(said) if asked else []
    return max((cents for cents in sums if 0 < cents <= _MOST), default=None)


def _cents(number: str) -> int:
    thousands = re.fullmatch(r"(\d{1,3})((?:[ .,]\d{3})+)", number)
    if thousands:
        return int(re.sub(r"[ .,]", "", number)) * 100
    whole, _, part = number.replace(",", ".").partition(".")
    return int(whole) * 100 + int((part or "0").ljust(2, "0"))


def _spelled(said: str) -> list[int]:
    """Sums in words, by the word lists of both languages: {"500": [viissataa, ...]}."""
    plain = without_umlauts(said)
    return [
        int(euros) * 100
        for language in lexicon().values()
        for euros, spellings in language["sums"].items()
        if any(re.search(rf"(?<!\w){without_umlauts(s)}(?!\w)", plain) for s in spellings)
    ]
