"""How other systems are dealt with, from environment variables (.env.example)."""

from __future__ import annotations

import os

from tiski.outside.errors import SettingsError

USUAL_REST_SECONDS, LEAST_REST_SECONDS, MOST_REST_SECONDS = 10, 1, 600


def rest_seconds() -> int:
    """Return for how many seconds a system that keeps failing is left alone.

    Raises:
        SettingsError: OUTSIDE_REST_SECONDS is wrong.
    """
    return whole_number(
        "OUTSIDE_REST_SECONDS", USUAL_REST_SECONDS, LEAST_REST_SECONDS, MOST_REST_SECONDS
    )


def whole_number(variable: str, usual: int, least: int, most: int) -> int:
    """Return what a variable says, or what is usual where it says nothing.

    Raises:
        SettingsError: it is no whole number from least to most.
    """
    text = (os.environ.get(variable) or "").strip() or str(usual)
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else least - 1
    if not least <= number <= most:
        raise SettingsError(f"{variable}: expected a whole number from {least} to {most}")
    return number
