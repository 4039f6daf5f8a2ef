"""What is done to a message before a model looks at it, the same in training and in use."""

from __future__ import annotations

import re
import unicodedata

# Longer texts say nothing more about an intent and make every component slow: one message of
# 100,000 characters held up a stock server for 37 s. The channels cut earlier and say so.
MAX_CHARACTERS = 1000

_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "å": "a"})
_SPACES = re.compile(r"\s+")
_REPEATED = re.compile(r"([^\W\d])\1{2,}")  # "moiiii", "heyyy": three or more of one letter
_MASKS = (
    (re.compile(r"[^\s@]+@[^\s@]+\.\w+"), " _email_ "),
    (re.compile(r"(?<![\d.])\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})?(?!\d)"), " _date_ "),
    (re.compile(r"\b(?:klo|kello|at)\s?\d{1,2}(?:[.:]\d{2})?\b|\b\d{1,2}[.:]\d{2}\b"), " _time_ "),
    (re.compile(r"\b\d{1,2}\s?(?:am|pm|a\.m\.|p\.m\.)(?!\w)"), " _time_ "),
    (re.compile(r"(?<!\w)\+?\d[\d\s-]{7,}\d(?!\w)"), " _phone_ "),
    (re.compile(r"#?(?<![\d.,:])\d{4,}(?![\d.,:]\d)"), " _number_ "),
    # an appointment code: six characters, with a letter and a digit
    (re.compile(r"\b(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{6}\b"), " _code_ "),
)


def normalise(text: str) -> str:
    """Return the text as models see it: NFKC, lower case, one space, no stretched letters."""
    # NFKC makes eighteen letters of some (U+FDFA), so cut once more
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])[:MAX_CHARACTERS].lower()
    return _SPACES.sub(" ", _REPEATED.sub(r"\1\1", text)).strip()


def mask(text: str) -> str:
    """Replace what is different in each message (numbers, addresses, codes) by its kind."""
    for pattern, name in _MASKS:
        text = pattern.sub(name, text)
    return _SPACES.sub(" ", text).strip()


def without_umlauts(text: str) -> str:
    """Return the text as it is typed on a keyboard that has no ä, ö and å."""
    return text.translate(_UMLAUTS)
