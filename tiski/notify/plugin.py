"""Starts mailing with the action server, and ends it with it (a plugin of Rasa's SDK)."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pluggy

from tiski.booking.calendars.open import close_calendars
from tiski.notify import owner
from tiski.notify.settings import MailSettingsError

logger = logging.getLogger(__name__)
hookimpl = pluggy.HookimplMarker("rasa_sdk")


class OwnerMailPlugin:
    """What the SDK calls when its server is made."""

    @hookimpl
    def attach_sanic_app_extensions(self, app: Any) -> None:
        """Mail begins when the server serves, not when its modules are read."""
        app.register_listener(_start, "after_server_start")
        app.register_listener(_stop, "before_server_stop")


async def _start(_app: Any, _loop: Any) -> None:
    try:
        owner.start()
    except MailSettingsError as error:  # a desk without mail is better than none
        logger.error("No mail is sent. %s", error)


async def _stop(_app: Any, _loop: Any) -> None:
    await asyncio.to_thread(owner.stop)
    await close_calendars()
