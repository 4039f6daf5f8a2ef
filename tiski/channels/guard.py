"""What every channel does to a message before understanding, and to a turn after it.

One place, so that a new channel cannot forget the cap on length, the rule on slashes or the
apology. Nothing here knows a transport.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
import unicodedata
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, Event
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from tiski import words
from tiski.answers.offers import is_offered, offer_facts
from tiski.business import load_business

logger = logging.getLogger(__name__)

# One message of 100,000 characters can keep understanding busy for half a minute.
MAX_CHARS = 1_000
# Buttons of the last so many things that the desk said still count as offered.
OFFER_MEMORY = 30
# Below the life of Rasa's conversation lock (60 s): a turn that outlives it loses events.
TURN_SECONDS = 50.0

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


@dataclass(frozen=True)
class Heard:
    """A customer's message, ready for understanding. `text` is "" when nothing was left."""

    text: str
    was_cut: bool


def clean_text(text: str) -> str:
    """Return what a customer wrote, safe to understand and to store.

    NFC, control characters and half characters gone, line breaks as spaces, no leading
    slashes (a typed `/restart` would be an order to Rasa), at most MAX_CHARS long. Returns ""
    when no letter, digit, sign or emoji is left.
    """
    return _readable(text).lstrip("/ ")[:MAX_CHARS].rstrip()


def _readable(text: str) -> str:
    visible = "".join(_visible(character) for character in text)
    result = unicodedata.normalize("NFC", " ".join(visible.split()))
    return result if any(_is_mark_on_paper(character) for character in result) else ""


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    # Cf holds marks that turn the direction of text and hide words, but emoji need the joiner.
    if category in ("Cc", "Cs", "Co") or (category == "Cf" and character != "\u200d"):
        return ""
    return character


def _is_mark_on_paper(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LNPS" or category == "Cn"  # Cn: an emoji newer than our Unicode tables


def offered_payloads(events: Iterable[Event]) -> set[str]:
    """Payloads of the buttons in the last OFFER_MEMORY things that the desk said."""
    said = [event for event in events if isinstance(event, BotUttered)][-OFFER_MEMORY:]
    return {
        str(button["payload"])
        for event in said
        for kind in ("buttons", "quick_replies")
        for button in event.data.get(kind) or []
        if button.get("payload")
    }


async def was_offered(app: Sanic, sender_id: str, payload: str) -> bool:
    """Whether the desk has lately shown this customer a button with this payload."""
    tracker = await tracker_of(app, sender_id)
    return tracker is not None and payload in offered_payloads(tracker.events)


async def hear(app: Sanic, sender_id: str, text: str) -> Heard:
    """Clean a message. A leading slash survives only if it is a button we offered here."""
    payload = text.strip()
    # what the business no longer has is refused in words, though its button is still on the page
    if (
        payload.startswith("/")
        and is_offered(payload, load_business())
        and await was_offered(app, sender_id, payload)
    ):
        return Heard(payload, was_cut=False)
    cleaned = clean_text(text)
    return Heard(cleaned, was_cut=len(cleaned) < len(_readable(text).lstrip("/ ")))


async def tracker_of(
    app: Sanic, sender_id: str, whole: bool = False
) -> DialogueStateTracker | None:
    """The conversation as Rasa has stored it; None if there is none or the store fails.

    Rasa splits a conversation into sessions by time: `whole` gives all, otherwise the last.
    """
    agent = getattr(app.ctx, "agent", None)
    if agent is None or agent.tracker_store is None:
        return None
    try:
        if whole:
            return await agent.tracker_store.retrieve_full_tracker(sender_id)
        return await agent.tracker_store.retrieve(sender_id)
    except Exception as error:
        log_failure("The tracker store failed", error)
        return None


async def language_of(app: Sanic, sender_id: str, default: str | None = None) -> str | None:
    """The conversation's language, or `default` (e.g. the page's) when it has none yet."""
    tracker = await tracker_of(app, sender_id)
    slot = tracker.slots.get("language") if tracker is not None else None
    return (slot.value if slot is not None else None) or default


async def run_turn(
    app: Sanic,
    on_new_message: OnNewMessage,
    message: UserMessage,
    count_said: Callable[[], int],
) -> str | None:
    """Give a message to Rasa; return an apology to be sent if the customer got no answer.

    Args:
        on_new_message: Rasa's handler, as the channel's blueprint got it.
        message: a cleaned message; `metadata["language"]` is the page's language, if known.
        count_said: how many messages the output channel has brought to the customer so far.

    Returns:
        The apology, in the conversation's language or in all when it is unknown; None after
        an answered turn and while a person has the conversation. Errors do not come through.
    """
    before = count_said()
    try:
        await asyncio.wait_for(on_new_message(message), TURN_SECONDS)
        failed = False
    except Exception as error:
        log_failure("A turn failed", error)
        failed = True
    if not failed and count_said() > before:
        return None
    tracker = await tracker_of(app, message.sender_id)
    if not failed and tracker is not None and tracker.is_paused():
        return None  # a person answers
    language = await language_of(app, message.sender_id, (message.metadata or {}).get("language"))
    return say("utter_technical_problem", language)


def say(key: str, language: str | None) -> str:
    """A response of data/responses with the business's facts; in every language if unknown.

    Raises:
        words.WordsError: the response is missing or has a placeholder that no fact fills.
    """
    known = words.languages(key)
    chosen = [language] if language in known else known
    # only the greeting says what the desk does: an apology must not depend on more than it says
    known_facts = greeting_facts if key == "utter_greet" else facts
    return "\n\n".join(words.phrase(key, each, **known_facts(each)) for each in chosen)


def greeting_facts(language: str) -> dict[str, Any]:
    """`facts`, and what the desk does."""
    return {**facts(language), **offer_facts(load_business(), language)}


def facts(language: str) -> dict[str, Any]:
    """The facts of business.yml that the channel's own sentences may name.

    Few, and taken straight from the page: an apology must not depend on more than it says.
    """
    business = load_business()
    return {
        "business_name": business.name.get(language),
        "bot_name": business.bot_name,
        "phone": business.contact.phone,
        "email": business.contact.email,
    }


def log_failure(what: str, error: BaseException) -> None:
    """Log where something failed, without the error's text: it can quote the customer."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown place"
    logger.error("%s: %s at %s", what, type(error).__name__, place)
