"""Cuts a text into words, numbers, dates and times; hides what can never be a time.

The same for every language. All patterns are bounded, so the work grows with the length of the
text and not faster.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

# longer messages are read this far: nobody makes an appointment in more words
MAX_CHARACTERS = 2000
MAX_TOKENS = 400


@dataclass(frozen=True)
class Token:
    """A piece of text.

    kind: 'word', 'number', 'mixed', 'clock', 'dotted', 'date', 'moment', 'sign' or 'hidden'.
    text: lower case, composed (NFC). start, end: offsets in the original text.
    numbers: the numbers in it, in reading order (day, month, year; hour, minute).
    """

    kind: str
    text: str
    start: int
    end: int
    numbers: tuple[int, ...] = ()


# e-mail and web addresses, order numbers, postcodes, phone numbers, prices, decimals, codes
_HIDDEN = re.compile(
    r"""
      (?:https?://|www\.)\S{1,500}
    | (?<!\S)[^\s@]{1,64}@\S{1,200}
    | \#\s?[0-9]+
    | (?<![\w.:/])(?:\+[0-9]{1,3}|0[0-9]{1,3})(?:[ -]?[0-9]{2,4}){2,4}(?![0-9:.])
    | [€$£]\s?[0-9]{1,6}(?:[.,][0-9]{1,2})?
    | (?<![0-9])[0-9]{1,6}(?:[.,][0-9]{1,2})?\s?
      (?:[€$£%]|(?:e|eur|euro|euroa|euron|euros|eurolla|snt|senttiä|usd|gbp|bucks|dollars)\b)
    | (?<![0-9])[0-9]{1,6},[0-9]{1,6}(?![0-9])
    | (?<![0-9])[0-9]{5,}
    """,
    re.VERBOSE | re.IGNORECASE,
)

_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f])"
_TOKEN = re.compile(
    rf"""
      (?P<moment>(?<![0-9])[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}
         (?:[T ][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}})?(?:[+-][0-9]{{2}}:?[0-9]{{2}}|Z)?)?(?![0-9]))
    | (?P<date>(?<![0-9.])[0-9]{{1,2}}\.\s?[0-9]{{1,2}}\.
         (?:\s?20[0-9]{{2}}|[0-9]{{4}}|[0-9]{{2}}(?![0-9:.]))?(?![0-9])
       | (?<![0-9./])[0-9]{{1,2}}/[0-9]{{1,2}}(?:/(?:[0-9]{{4}}|[0-9]{{2}}))?(?![0-9/]))
    | (?P<clock>(?<![0-9:])[0-9]{{1,2}}:[0-9]{{2}}(?![0-9:]))
    | (?P<dotted>(?<![0-9.])[0-9]{{1,2}}\.[0-9]{{1,2}}(?!\.?[0-9]))
    | (?P<number>(?<![0-9])[0-9]{{1,4}}(?![0-9]|{_LETTER}|_))
    | (?P<mixed>[0-9]+{_LETTER}+(?!\w)|{_LETTER}+[0-9]{{1,4}}(?!\w|[.:][0-9]))
    | (?P<word>{_LETTER}+(?:['’`]{_LETTER}+)*)
    | (?P<other>\w+)
    | (?P<sign>[^\w\s])
    """,
    re.VERBOSE,
)
_DIGITS = re.compile(r"[0-9]+")
_NUMERIC = frozenset({"date", "clock", "dotted", "number", "mixed"})


def hide(text: str) -> str:
    """The text with everything that can never be a time blanked out, same length."""
    return _HIDDEN.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return "_" * len(match.group())


def tokenize(text: str) -> list[Token]:
    """Cut the beginning of `text` into at most MAX_TOKENS tokens; spaces are left out."""
    found: list[Token] = []
    for match in islice(_TOKEN.finditer(hide(text[:MAX_CHARACTERS])), MAX_TOKENS):
        kind = match.lastgroup or "other"
        word = match.group().lower()
        if not word.isascii():
            word = unicodedata.normalize("NFC", word).replace("’", "'")
        numbers: tuple[int, ...] = ()
        if kind in _NUMERIC:
            numbers = tuple(int(digits) for digits in _DIGITS.findall(word))
        found.append(
            Token("hidden" if kind == "other" else kind, word, match.start(), match.end(), numbers)
        )
    return found


def words_of(phrase: str) -> list[str]:
    """The words of a phrase as `tokenize` would cut them."""
    return [token.text for token in tokenize(phrase)]
