"""One turn of a conversation, as an action needs it: what was said, what is known, how to answer.

Rasa's tracker arrives as plain JSON; here it gets names. Nothing is stored between turns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.second_wish import read_message
from tiski import clock, words
from tiski.answers import dates
from tiski.answers.facts import business_facts
from tiski.answers.offers import kept
from tiski.business import Business, load_business
from tiski.nlu.lexicon import pattern
from tiski.nlu.person_names import BARE_NAME

# A longer answer to "what is it about?" helps nobody; the transcript has the rest.
LONGEST_TEXT = 600

# "Yes, please", "what?": up to so many words, these say nothing else
_SAYS_LITTLE = ("affirm", "deny", "ask_clarification")
_BARE = 2
# Entities whose parts mean nothing by themselves
_WHOLE = ("name", "email")


@dataclass(frozen=True)
class SaidTime:
    """A time that the customer named, read back from the entity `time`."""

    begin: datetime
    finish: datetime | None  # exclusive; None for a point in time
    grain: str
    has_date: bool
    has_time: bool
    others: tuple[datetime, ...] = ()  # other readings of the same words
    text: str = ""  # the words

    @property
    def is_moment(self) -> bool:
        """True for a clock time, false for a day, a part of a day or a longer span."""
        return self.finish is None and self.has_time


class Turn:
    """What an action knows of the message it answers."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.dispatcher = dispatcher
        self.tracker = tracker
        self.business: Business = load_business()
        self.now: datetime = clock.now().astimezone(self.business.tz)
        message, self.second_wish, self.is_second_wish = read_message(tracker)
        self.text: str = str(message.get("text") or "").strip()
        self.intent: str = (message.get("intent") or {}).get("name") or ""
        self.confidence: float = (message.get("intent") or {}).get("confidence") or 0.0
        self.ranking: list[dict[str, Any]] = message.get("intent_ranking") or []
        # sure, clarify or fallback (tiski/nlu/decision.py)
        self.decision: str = message.get("decision") or ""
        self._entities: list[dict[str, Any]] = message.get("entities") or []
        self.is_button: bool = self.text.startswith("/")

    # --- what is known

    @cached_property
    def language(self) -> str:
        """The conversation's language, or the business's default before it is known."""
        language: str | None = self.tracker.get_slot("language")
        return language if language in self.business.languages else self.business.default_language

    @property
    def conversation_id(self) -> str:
        return str(self.tracker.sender_id)

    @property
    def channel(self) -> str | None:
        return self.tracker.get_latest_input_channel()

    def slot(self, name: str) -> Any:
        return self.tracker.get_slot(name)

    @property
    def latest_entities(self) -> list[dict[str, Any]]:
        """All entities of the message as Rasa gives them, in its order."""
        return self._entities

    def entities(self, name: str) -> list[Any]:
        """The values of an entity in the message, in its order.

        A name that is one only because it was asked for is none here (actions/contact.py takes it):
        it announces nothing. What is a part of a name or an address is not counted: sara@posti.example does not ask for
        Sara, and Bob Brown wants no bob.
        """
        names = [e for e in self._entities if e.get("entity") in _WHOLE and "start" in e]
        return [
            e["value"]
            for e in self._entities
            if e.get("entity") == name
            and e.get("value")
            and not _is_bare_name(e)
            and not any(n is not e and n["start"] <= e.get("start", -1) < n["end"] for n in names)
        ]

    def entity(self, name: str) -> Any:
        """The last value of an entity: who corrects himself says the right one last."""
        values = self.entities(name)
        return values[-1] if values else None

    def besides(self, *names: str) -> str:
        """What is left of the text without the words that these entities stand for."""
        letters = list(self.text)
        for entity in self._entities:
            if entity.get("entity") in names and "start" in entity:
                for at in range(entity["start"], min(entity["end"], len(letters))):
                    letters[at] = " "
        return "".join(letters).strip()

    @property
    def told(self) -> str:
        """The message as a description that is kept: not longer than helps."""
        return self.text[:LONGEST_TEXT]

    def told_more(self, before: str | None) -> str:
        """The message, added to what was told before it."""
        return f"{before}\n{self.text}"[:LONGEST_TEXT] if before else self.told

    @property
    def describes(self) -> bool:
        """False for what tells nobody what it is about: a button, a bare "yes", "what?"."""
        bare = self.intent in _SAYS_LITTLE and len(self.text.split()) <= _BARE
        return bool(self.text) and not (self.is_button or bare)

    def times(self) -> list[SaidTime]:
        """The times in the message; a button's time is a moment."""
        return [
            replace(_said_time(entity, self.business), text=self._words_of(entity))
            for entity in self._entities
            if entity.get("entity") == "time" and entity.get("value")
        ]

    def _words_of(self, entity: dict[str, Any]) -> str:
        return self.text[entity["start"] : entity["end"]] if "start" in entity else ""

    def turn_before(self) -> list[dict[str, Any]]:
        """Events of the turn before this message; those before any message in the first turn."""
        turns: list[list[dict[str, Any]]] = [[]]
        for event in self.tracker.events:
            if event.get("event") == "user":
                turns.append([])
            turns[-1].append(event)
        return turns[-2] if len(turns) > 1 else []

    def since_began(self, form: str) -> list[dict[str, Any]]:
        """Events from the message that began a form, or the latest where none has begun it."""
        events = self.tracker.events
        began = next(
            (
                place
                for place in range(len(events) - 1, -1, -1)
                if events[place].get("event") == "active_loop" and events[place].get("name") == form
            ),
            len(events),
        )
        first = max((i for i in range(began) if events[i].get("event") == "user"), default=began)
        return list(events[first:])

    def transcript(self) -> list[dict[str, str]]:
        """What was said so far, for the person who takes over."""
        lines: list[dict[str, str]] = []
        for event in self.tracker.events:
            text = event.get("text")
            if not text:
                continue
            if event.get("event") == "user":
                title = (event.get("metadata") or {}).get("title")
                lines.append({"from": "customer", "text": str(title or text)})
            elif event.get("event") == "bot":
                lines.append({"from": "desk", "text": str(text)})
        return lines

    @cached_property
    def negated(self) -> bool:
        """True when the message says no to what it names ("älä peru", "don't cancel")."""
        return bool(pattern("negation").search(self.text))

    # --- how to answer

    def say(
        self, response: str, *, buttons: list[dict[str, str]] | None = None, **values: Any
    ) -> None:
        """Answer with a response of data/responses/, in the conversation's language."""
        # the buttons of the response itself are looked at where answers are made
        offered = kept(buttons or [], self.business)
        self.dispatcher.utter_message(response=response, buttons=offered, **values)

    def words(self, key: str, **values: Any) -> str:
        """A piece of text, such as a button's title, in the conversation's language."""
        facts = business_facts(self.business, self.language)
        return words.phrase(key, self.language, **{**facts, **values})

    def button(self, title_key: str, payload: str, **values: Any) -> dict[str, str]:
        """A button whose title is one of data/words/."""
        return {"title": self.words(title_key, **values), "payload": payload}

    def service_title(self, service_id: str) -> str:
        """A service's name as it begins a line or a button, e.g. "Hiustenleikkaus"."""
        name = self.business.services[service_id].name.get(self.language)
        return str(name[:1].upper() + name[1:])

    def service_buttons(self) -> list[dict[str, str]]:
        """A button for each service, which answers what the appointment is for."""
        return [
            {"title": self.service_title(name), "payload": f'/inform{{"service": "{name}"}}'}
            for name in self.business.services
        ]

    def day(self, moment: datetime) -> str:
        """A weekday and date as it is said, e.g. "tiistaina 24.11."."""
        return dates.say_day(moment.astimezone(self.business.tz), self.language)

    def moment(self, moment: datetime) -> str:
        """Weekday, date and time as they are said, e.g. "tiistaina 24.11. klo 15.00"."""
        return dates.say_moment(moment.astimezone(self.business.tz), self.language)

    def on_moment(self, moment: datetime | None) -> str:
        """When something will happen, e.g. "on Tuesday 24 November at 15:00"; None: soon."""
        if moment is None:
            return self.words("words_soon")
        return self.words("words_on_moment", when=self.moment(moment))


def _is_bare_name(entity: dict[str, Any]) -> bool:
    confidence = entity.get("confidence")
    return entity.get("entity") == "name" and confidence is not None and confidence <= BARE_NAME


def _said_time(entity: dict[str, Any], business: Business) -> SaidTime:
    info = entity.get("additional_info") or {}
    value = entity["value"]
    if isinstance(value, dict):
        begin = _aware(value.get("from") or value["to"], business)
        finish = _aware(value["to"], business) if value.get("to") else None
        if not value.get("from"):
            begin = begin.replace(hour=0, minute=0)
        if finish is None:  # "after three": to the end of the day
            finish = begin.replace(hour=23, minute=59)
    else:
        begin, finish = _aware(str(value), business), None
    others = tuple(
        _aware(other["value"], business)
        for other in info.get("values") or []
        if isinstance(other.get("value"), str)
    )
    return SaidTime(
        begin=begin,
        finish=finish,
        grain=info.get("grain", "minute"),
        has_date=bool(info.get("has_date", True)),
        has_time=bool(info.get("has_time", True)),
        others=tuple(other for other in others if other != begin),
    )


def _aware(text: str, business: Business) -> datetime:
    moment = datetime.fromisoformat(text)
    return (
        moment.replace(tzinfo=business.tz)
        if moment.tzinfo is None
        else moment.astimezone(business.tz)
    )
