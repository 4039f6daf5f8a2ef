"""E-mail addresses in a message, also where the signs are spelled out ("matti at posti piste fi").

"At" is an ordinary word of English. It stands for the sign only where an address is spoken of or
asked for, or where what surrounds it can be nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from tiski.nlu.lexicon import pattern, words

# bounded, and no second @: a message of a thousand @ must not take a second to read
_EMAIL = re.compile(r"[^\s<>,;:()\[\]\"'@]{1,64}@[^\s<>,;:()\[\]\"'@]{1,255}")
_SENTENCE_END = ".!?"
_LOCAL = r"[a-z0-9_%+-]{1,64}(?:\.[a-z0-9_%+-]{1,64}){0,4}"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_TOP = r"[a-z]{2,24}"
#: questions of the desk that an e-mail address answers
ASKED = frozenset({"contact", "order_proof", "appointment_key", "newsletter_email", "new_contact"})
# how far before an address it may be called one
_NEAR = 40


def email(text: str) -> str | None:
    """Return a valid e-mail address in lower case, or None. Looks at the syntax only."""
    try:
        checked = validate_email(
            text.strip().rstrip(_SENTENCE_END), check_deliverability=False, test_environment=True
        )
    except EmailNotValidError:
        return None
    return checked.normalized.lower()


def find_emails(text: str, asked: str | None = None) -> Iterator[tuple[str, int, int]]:
    """Yield each address in lower case, with where it begins and ends in the text.

    Args:
        asked: the slot that the desk has just asked for, if any.
    """
    plain = []
    for match in _EMAIL.finditer(text):
        address = email(match.group())
        if address:
            end = match.start() + len(match.group().rstrip(_SENTENCE_END))
            plain.append((match.start(), end))
            yield address, match.start(), end
    for match in _spelled_out().finditer(text):
        if any(match.start() < end and start < match.end() for start, end in plain):
            continue
        if match["word"] and not _is_meant(text, match, asked):
            continue
        parts = [_dot().sub(".", match[part]) for part in ("local", "domain")]
        address = email("@".join(parts))
        if address and not pattern("email_named").fullmatch(parts[0]):
            yield address, match.start(), match.end()


def tries_an_address(text: str) -> bool:
    """Whether a whole message reads like an address that is not finished ("liisa at posti")."""
    return bool(_unfinished().fullmatch(text.strip()))


def _is_meant(text: str, match: re.Match[str], asked: str | None) -> bool:
    """Whether an "at" that is an ordinary word, too, stands for the sign here."""
    if asked in ASKED or _dot().search(match["domain"]) or re.search(r"[._\d]", match["local"]):
        return True
    if not (text[: match.start()] + text[match.end() :]).strip(" .,!?"):
        return True
    before = text[max(0, match.start() - _NEAR) : match.start()]
    return bool(pattern("email_named").search(before))


def _any(key: str) -> str:
    return "|".join(re.escape(word) for word in sorted(words(key), key=len, reverse=True))


@lru_cache(maxsize=1)
def _dot() -> re.Pattern[str]:
    return re.compile(rf"\s+(?:{_any('dot_sign')})\s+", re.IGNORECASE)


@lru_cache(maxsize=1)
def _unfinished() -> re.Pattern[str]:
    sign = rf"\s*@\s*|\s+(?:{_any('at_sign')}|{_any('at_word')})\s+"
    return re.compile(rf"{_LOCAL}(?:{sign})[\w.-]{{0,64}}", re.IGNORECASE)


@lru_cache(maxsize=1)
def _spelled_out() -> re.Pattern[str]:
    dot = rf"\s+(?:{_any('dot_sign')})\s+"
    sign = (
        rf"\s*[(\[{{]\s*(?:{_any('at_sign')}|{_any('at_word')}|@)\s*[)\]}}]\s*"
        rf"|\s+@\s*|@\s+|\s+(?:{_any('at_sign')})\s+|\s+(?P<word>{_any('at_word')})\s+"
    )
    return re.compile(
        rf"(?<![\w.+@-])(?P<local>{_LOCAL}(?:{dot}{_LOCAL}){{0,2}})(?:{sign})"
        rf"(?P<domain>(?:{_LABEL}(?:\.|{dot})){{1,3}}{_TOP})(?![\w@-])",
        re.IGNORECASE,
    )
