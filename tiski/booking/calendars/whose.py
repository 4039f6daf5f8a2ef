"""Whose calendar is where, as CALENDARS says: "anna=<where> mikko=<where>"."""

from __future__ import annotations

import os
import re


def places() -> dict[str, str]:
    """Return where each person's calendar is, by staff id; empty when no calendars are used."""
    if not os.environ.get("CALENDAR_VENDOR", "").strip():
        return {}
    parts = re.split(r"[\s,]+", os.environ.get("CALENDARS", "").strip())
    pairs = (part.partition("=") for part in parts if part)
    return {staff_id: where for staff_id, _, where in pairs}


def has_calendar(staff_id: str) -> bool:
    """Whether what this person does is copied to a calendar."""
    return staff_id in places()
