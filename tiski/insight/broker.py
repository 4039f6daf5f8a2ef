"""Where Rasa hands over each event it has stored: the door through which outcomes are recorded.

Named in endpoints.yml as `event_broker`. It runs inside the Rasa server, so that questions, which
need no action server, are counted too; writing happens on a thread of its own, and a failure there
never reaches a customer.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy.exc import SQLAlchemyError

from tiski import clock
from tiski.insight import outcomes
from tiski.insight.turns import read_turn

logger = logging.getLogger(__name__)

_MOST_CONVERSATIONS = 5_000


class _Conversation:
    """What has to be known of a conversation from turn to turn."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.form: str | None = None
        self.language: str | None = None
        self.channel: str | None = None


class OutcomeRecorder(EventBroker):
    """Collects the events of each turn and records what became of its use case."""

    def __init__(self) -> None:
        self._conversations: OrderedDict[str, _Conversation] = OrderedDict()
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="outcomes")

    @classmethod
    async def from_endpoint_config(
        cls, broker_config: EndpointConfig, event_loop: Any = None
    ) -> OutcomeRecorder:
        """Make one, as endpoints.yml asks for it; it takes no parameters."""
        return cls()

    def publish(self, event: dict[str, Any]) -> None:
        """Take an event of Rasa, with its `sender_id`; returns at once."""
        sender = str(event.get("sender_id"))
        conversation = self._conversations.setdefault(sender, _Conversation())
        self._conversations.move_to_end(sender)
        if len(self._conversations) > _MOST_CONVERSATIONS:
            self._conversations.popitem(last=False)
        if event.get("event") == "user":
            conversation.events = []
        conversation.events.append(event)
        if event.get("event") == "action" and event.get("name") == ACTION_LISTEN_NAME:
            events, conversation.events = conversation.events, []
            self._writer.submit(_record, sender, conversation, events)

    async def close(self) -> None:
        """Write what is still waiting."""
        self._writer.shutdown(wait=True)


def _record(sender: str, conversation: _Conversation, events: list[dict[str, Any]]) -> None:
    try:
        reading = read_turn(events, conversation.form)
        conversation.form = reading.form
        conversation.language = reading.language or conversation.language
        conversation.channel = reading.channel or conversation.channel
        if not any(event.get("event") == "user" for event in events):
            return
        outcomes.record(
            sender,
            reading,
            language=conversation.language,
            channel=conversation.channel,
            now=clock.now(),
        )
    except SQLAlchemyError as error:
        # its text may repeat what was to be written
        logger.error("An outcome could not be recorded: %s", type(error).__name__)
    except Exception as error:  # the thread must go on
        logger.error("A turn could not be read: %s", type(error).__name__)
