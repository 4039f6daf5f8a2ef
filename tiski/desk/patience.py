"""Lets the action server wait for an assistant that is busy (a plugin of Rasa's SDK).

Rasa opens a connection for each action. With many customers at once the assistant may need seconds
from opening one to writing on it, and Sanic closes what has said nothing for 5 s: the action fails,
and the customer gets an apology instead of an answer.
"""

from __future__ import annotations

from typing import Any

import pluggy

hookimpl = pluggy.HookimplMarker("rasa_sdk")

# Longer than a turn may take (tiski/channels/guard.py)
SILENCE_SECONDS = 60


class PatiencePlugin:
    """What the SDK calls when its server is made."""

    @hookimpl
    def attach_sanic_app_extensions(self, app: Any) -> None:
        """Keep connections open that have said nothing yet."""
        app.config.KEEP_ALIVE_TIMEOUT = SILENCE_SECONDS
