"""The code that a confirmation carries, such as K7M4QX: easy to read out, hard to guess."""

from __future__ import annotations

import re
import secrets

LENGTH = 6
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"  # no I, L, O: they look like digits
DIGITS = "23456789"  # no 0, 1: they look like letters

# At least one letter and one digit, so that neither a word nor an order number is a code.
_CODE = re.compile(rf"(?=.*[{LETTERS}])(?=.*[{DIGITS}])[{LETTERS}{DIGITS}]{{{LENGTH}}}")
_BETWEEN = re.compile(r"[\s#-]+")


def new_code() -> str:
    """Return a fresh random code; whether it is in use is for the caller to see."""
    while True:
        code = "".join(secrets.choice(LETTERS + DIGITS) for _ in range(LENGTH))
        if _CODE.fullmatch(code):
            return code


def read_code(text: str) -> str | None:
    """Return the code as it is stored, or None if the text cannot be one.

    Small letters, spaces, hyphens and a '#' are forgiven: " #k7m-4qx" is K7M4QX.
    """
    code = _BETWEEN.sub("", text).upper()
    return code if _CODE.fullmatch(code) else None
