"""What is done to a message before a model looks at it, the same in training and in use."""

from __future__ import annotations

import re
import unicodedata

# Longer texts say nothing more about an intent and make every component slow: one message of
# 100,000 characters held up a stock server for 37 s. The channels cut earlier and say so.
MAX_CHARACTERS = 1000

# What has no shape of its own: control characters that are no white space, format characters
# (zero-width, soft hyphen, direction), variation selectors, fillers, and halves of characters that
# came alone and that no library can write down.
_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "]+"
)
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "å": "a"})
_SPACES = re.compile(r"\s+")
_REPEATED = re.compile(r"([^\W\d])\1{2,}")  # "moiiii", "heyyy": three or more of one letter
_MASKS = (
    # 64: as long as the first half of an address may be, and a bound for hostile texts
    (re.compile(r"[^\s@]{1,64}@[^\s@]+\.\w+"), " _email_ "),
    (re.compile(r"(?<![\d.])\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})?(?!\d)"), " _date_ "),
    (re.compile(r"\b(?:klo|kello|at)\s?\d{1,2}(?:[.:]\d{2})?\b|\b\d{1,2}[.:]\d{2}\b"), " _time_ "),
    (re.compile(r"\b\d{1,2}\s?(?:am|pm|a\.m\.|p\.m\.)(?!\w)"), " _time_ "),
    (re.compile(r"(?<!\w)\+?\d[\d\s-]{7,}\d(?!\w)"), " _phone_ "),
    (re.compile(r"#?(?<![\d.,:])\d{4,}(?![\d.,:]\d)"), " _number_ "),
    # an appointment code: six characters, with a letter and a digit
    (re.compile(r"\b(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{6}\b"), " _code_ "),
)


def normalise(text: str) -> str:
    """Return the text as models see it: NFKC, lower case, one space, no stretched letters.

    What nobody sees is left out: a zero-width space in "mo\\u200bi" hides no greeting.
    """
    text = text[:MAX_CHARACTERS]
    if not text.isascii():
        # first, so that a letter and its umlaut come together again
        text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    # NFKC makes eighteen letters of some (U+FDFA), and lower case two of others: cut once more
    text = _UNSEEN.sub("", text.lower()[:MAX_CHARACTERS])
    return _SPACES.sub(" ", _REPEATED.sub(r"\1\1", text)).strip()


def mask(text: str) -> str:
    """Replace what is different in each message (numbers, addresses, codes) by its kind."""
    for pattern, name in _MASKS:
        text = pattern.sub(name, text)
    return _SPACES.sub(" ", text).strip()


def without_umlauts(text: str) -> str:
    """Return the text as it is typed on a keyboard that has no ä, ö and å."""
    return text.translate(_UMLAUTS)
