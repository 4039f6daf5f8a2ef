"""A bound to a whole piece of work with another system.

Apart from the door, whose libraries take a desk half a second to load that it may never need.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from tiski.outside.errors import OutsideError, Trouble

T = TypeVar("T")


async def within(seconds: float, work: Coroutine[Any, Any, T], *, system: str) -> T:
    """Do a piece of work, tries included, and give it up after so many seconds.

    A turn of a conversation must end far within Rasa's lock of 60 s.

    Raises:
        OutsideError: CANNOT_CONNECT when the time is up; whatever was sent may have been done.
    """
    try:
        return await asyncio.wait_for(work, seconds)
    except asyncio.TimeoutError:
        pass
    raise OutsideError(system, Trouble.CANNOT_CONNECT)
