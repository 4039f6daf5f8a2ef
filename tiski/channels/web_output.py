"""What Rasa says to a web customer."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Protocol

from rasa.core.channels.channel import OutputChannel

from tiski.channels.conversation import clean_buttons


class Show(Protocol):
    """Brings one message to the customer (`WebChannel.show`)."""

    def __call__(self, sender_id: str, text: str, **extras: Any) -> Awaitable[None]: ...


class WebOutput(OutputChannel):
    """Text, buttons, images and links. `said` counts what the customer got to see."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self.said = 0

    @classmethod
    def name(cls) -> str:
        """The channel's name, as Rasa's conditional responses know it."""
        return "web"

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """A text; line breaks stay."""
        await self._say(recipient_id, text)

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """A text with buttons below it."""
        await self._say(recipient_id, text, buttons=clean_buttons(buttons))

    async def send_image_url(self, recipient_id: str, image: str, **kwargs: Any) -> None:
        """An image, by its address."""
        await self._say(recipient_id, "", image=image)

    async def send_attachment(self, recipient_id: str, attachment: Any, **kwargs: Any) -> None:
        """A link to a file; attachments of other shapes are another channel's."""
        if isinstance(attachment, str):
            await self._say(recipient_id, attachment)

    async def send_custom_json(
        self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any
    ) -> None:
        """Meant for other channels: not shown."""

    async def _say(self, recipient_id: str, text: str, **extras: Any) -> None:
        if text.strip() or any(extras.values()):
            self.said += 1
            await self._show(recipient_id, text.strip(), **extras)
