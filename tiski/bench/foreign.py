"""Which intents of MASSIVE have clearly nothing to do with a shop's counter.

MASSIVE is a voice assistant at home. The messages of `FOREIGN` must be refused by the desk. Those
of `NOT_CLEARLY_FOREIGN` prove nothing either way, because among them are messages that a customer
of a shop could write word for word; each says why. Together they are all 60 intents of MASSIVE 1.1.

What decides is what the intent's messages ask for, not how often the desk gets them right. A few
messages of a foreign intent are cut short or mislabelled ("please start", "selitä"); they stay in.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

FOREIGN = MappingProxyType(
    {
        "music": (
            "play_music",
            "music_likeness",
            "music_dislikeness",
            "music_query",
            "music_settings",
        ),
        "radio, podcasts, books, games": (
            "play_radio",
            "play_podcasts",
            "play_audiobook",
            "play_game",
        ),
        # Muting is not among them: "be quiet" is `stop`
        "volume": ("audio_volume_up", "audio_volume_down", "audio_volume_other"),
        "lights": (
            "iot_hue_lightchange",
            "iot_hue_lightdim",
            "iot_hue_lightoff",
            "iot_hue_lighton",
            "iot_hue_lightup",
        ),
        "sockets, hoover, coffee machine": (
            "iot_wemo_off",
            "iot_wemo_on",
            "iot_cleaning",
            "iot_coffee",
        ),
        # An alarm clock; reminders of a visit are calendar_*
        "alarm clock": ("alarm_set", "alarm_query", "alarm_remove"),
        "news": ("news_query",),
        "weather": ("weather_query",),
        "recipes": ("cooking_recipe", "cooking_query"),
        "jokes": ("general_joke",),
        "general knowledge": ("qa_factoid", "qa_definition", "qa_maths", "qa_stock", "qa_currency"),
        # Conversions between time zones; today's date is datetime_query
        "time zones": ("datetime_convert",),
        # Getting around by train, bus, taxi and plane, tickets, jams; the way to the shop is not asked
        "transport": ("transport_query", "transport_taxi", "transport_ticket", "transport_traffic"),
        "cinema and events": ("recommendation_movies", "recommendation_events"),
        # What others wrote; what the customer wants to post is social_post
        "social media": ("social_query",),
    }
)

NOT_CLEARLY_FOREIGN = MappingProxyType(
    {
        "general_greet": "a greeting is a greeting",
        "general_quirky": 'small talk, and what the desk is: "what\'s up", "where are you from"',
        "audio_volume_mute": "to be quiet and not to answer any more is `stop`",
        "calendar_set": 'wants a meeting at a time: "aseta ajanvaraus antille huomenna"',
        "calendar_query": 'asks when one\'s appointment is: "what is my first appointment today"',
        "calendar_remove": 'cancels one: "poista tapaaminen keskiviikko aamulta"',
        "datetime_query": 'a counter tells the day and the hour; "kerro minulle aika" is a booking, too',
        "email_sendemail": "asks to write to somebody, as request_callback and leave_message do",
        "email_query": 'asks whether a message has come: "sainko sähköpostia", as of a confirmation',
        "email_addcontact": 'saves an address: "save this email in contact" is update_contact_details',
        "email_querycontact": 'asks for an address or a number: "give me contact mail id" is faq/contact',
        "lists_createoradd": "puts something on a list, as an order, a waiting list or a newsletter",
        "lists_query": "asks what is on a list, as of an order",
        "lists_remove": "takes something off a list, as change_order and unsubscribe_newsletter do",
        "takeaway_order": 'an order, of food, but not always said: "confirm the order"',
        "takeaway_query": '"is my order ready for pick up now" is check_order_status, word for word',
        "recommendation_locations": 'asks for shops and where they are: "kaupan sijainti" is faq/location',
        "social_post": 'complaints about shops and their service: "their queues were too long"',
    }
)

FOREIGN_INTENTS = frozenset(name for names in FOREIGN.values() for name in names)


def foreign_messages(file: Path) -> Iterator[tuple[str, str]]:
    """Yield intent and text of the clearly foreign messages of a `.tsv` file of MASSIVE.

    The file has a line `intent<TAB>text` for each message, in UTF-8, and no header. Raises
    ValueError for an intent that is not of MASSIVE.
    """
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        intent, _, text = line.partition("\t")
        if intent in FOREIGN_INTENTS:
            yield intent, text
        elif intent not in NOT_CLEARLY_FOREIGN:
            raise ValueError(f"{file}:{number}: {intent}: not an intent of MASSIVE")
