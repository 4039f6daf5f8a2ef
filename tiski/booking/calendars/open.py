"""The calendars of this process: opened when they are first needed, once per event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from weakref import WeakKeyDictionary

from tiski.booking.calendars.protocol import Calendar
from tiski.booking.calendars.settings import calendar_settings, open_calendars
from tiski.business import Business

# Connections belong to the loop that they were made in
_open: WeakKeyDictionary[asyncio.AbstractEventLoop, Mapping[str, Calendar]] = WeakKeyDictionary()


def calendars(business: Business) -> Mapping[str, Calendar]:
    """Return each person's calendar, by staff id; empty when no calendars are used.

    Raises:
        SettingsError: a variable is wrong. The start of the desk has looked at them already.
    """
    loop = asyncio.get_running_loop()
    if loop not in _open:
        settings = calendar_settings(business)
        _open[loop] = open_calendars(settings, business) if settings else {}
    return _open[loop]


async def close_calendars() -> None:
    """Close the connections of this event loop."""
    for calendar in _open.pop(asyncio.get_running_loop(), {}).values():
        await calendar.close()
