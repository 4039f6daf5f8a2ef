"""The components that put contacts, services, staff, names and times into a message's entities.

None is trained: they read `business.yml` when the model is loaded, so a new service or a new
opening hour is understood after a restart, without training.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from tiski import clock
from tiski.business import Business, load_business
from tiski.nlu import business_names
from tiski.nlu.component import Component
from tiski.nlu.contacts import find_contacts
from tiski.nlu.lexicon import pattern
from tiski.nlu.names import Named
from tiski.nlu.person_names import BARE_NAME, find_names, is_first_name
from tiski.nlu.text import MAX_CHARACTERS
from tiski.nlu.time import find_times

_PERSONAL = ("email", "phone_number")
# entities whose parts mean nothing by themselves
_WHOLE = ("name", "email")
_TIME_SLOTS = ("appointment_start", "new_start")
# … and what has just been summed up may be corrected by one: "actually, make it 6"
_SUMMED_UP = ("booking_confirmed", "change_field", "reschedule_confirmed")
_MOST_WORDS_OF_A_CORRECTION = 5


class _Extractor(Component):
    """Adds what `find` returns to the entities of each message."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self.business: Business = load_business()

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Add entities to each message that a customer typed; buttons carry their own."""
        asked = tracker.get_slot("requested_slot") if tracker else None
        language = tracker.get_slot("language") if tracker else None
        for message in messages:
            text = (message.get(TEXT) or "")[:MAX_CHARACTERS]
            if text and not text.startswith("/"):
                known = message.get(ENTITIES, [])
                language = _latest_language(known) or language
                found = self.find(text, asked, language, known)
                for entity in found:
                    entity["extractor"] = type(self).__name__
                    entity.setdefault("confidence", 1.0)
                kept = self.keep(text, known, found)
                message.set(ENTITIES, [*kept, *found], add_to_output=True)
        return messages

    def keep(
        self, text: str, known: list[dict[str, Any]], found: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Those of the entities known before that stay beside what was found; here all of them."""
        return known

    def find(
        self, text: str, asked: str | None, language: str | None, known: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        raise NotImplementedError


def _latest_language(entities: list[dict[str, Any]]) -> str | None:
    return next((e["value"] for e in entities if e["entity"] == "language"), None)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ContactExtractor(_Extractor):
    """`email`, `phone_number`, `postcode`, `order_number`, `appointment_code` and `name`."""

    def find(
        self, text: str, asked: str | None, language: str | None, known: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        found = [
            _named(each.entity, each.value, each.start, each.end)
            for each in find_contacts(text, region=self.business.country, asked=asked)
        ]
        taken = [(each["start"], each["end"]) for each in found if each["entity"] in _PERSONAL]
        for name in find_names(text, asked=asked, taken=taken):
            if not self._is_time(name.value, language) and (name.sure or _may_be_name(name.value)):
                confidence = 1.0 if name.sure else BARE_NAME
                named = _named("name", name.value, name.start, name.end)
                found.append({**named, "confidence": confidence})
        return found

    def _is_time(self, name: str, language: str | None) -> bool:
        """Whether what was announced is a time: "it's Friday that suits me"."""
        now = clock.now().astimezone(self.business.tz)
        times = find_times(name, now=now, language=language)
        return any(time.start == 0 and time.end == len(name) for time in times)


def _may_be_name(answer: str) -> bool:
    """Whether an answer to "your name?" is one: "Mikolle" and "värjäys" correct something else."""
    people = load_business().staff.values()
    if " " not in answer and business_names.staff().find(answer):
        return any(person.name.casefold() == answer.casefold() for person in people)
    if is_first_name(answer.split()[0]):  # Bob is a name, and a cut of hair
        return True
    services = business_names.services().find(answer)
    return not any(named.start == 0 and named.end == len(answer) for named in services)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class BusinessExtractor(_Extractor):
    """`service` and `staff`, by the names and aliases of business.yml."""

    def find(
        self, text: str, asked: str | None, language: str | None, known: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        # sara@posti.example does not ask for Sara, and Bob Brown wants no bob
        taken = [(e["start"], e["end"]) for e in known if e["entity"] in _WHOLE]
        staff = _outside(taken, business_names.staff().find(text))
        found = [_named("staff", named.id, named.start, named.end) for named in staff]
        anyone = pattern("anyone").search(text)
        if anyone is None and asked == "staff":
            anyone = pattern("anyone_when_asked").search(text)
        if anyone:
            all_but = any(
                anyone.end() <= each.start
                and pattern("all_but").fullmatch(text[anyone.end() : each.start].strip(" ,"))
                for each in staff
            )
            if all_but:  # whom alone they do not want is told to nobody yet
                found = []
            if all_but or not staff:
                found.append(_named("staff", "any", anyone.start(), anyone.end()))
        services = _outside(taken, business_names.services().find(text))
        return found + [_named("service", named.id, named.start, named.end) for named in services]


def _outside(taken: list[tuple[int, int]], found: list[Named]) -> list[Named]:
    return [each for each in found if all(each.end <= a or each.start >= b for a, b in taken)]


def _named(entity: str, value: str, start: int, end: int) -> dict[str, Any]:
    return {"entity": entity, "value": value, "start": start, "end": end}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TimeExtractor(_Extractor):
    """`time`, in the shape that Duckling gives; the clock and the opening hours decide."""

    def find(
        self, text: str, asked: str | None, language: str | None, known: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        is_open: Callable[[datetime], bool] = self.business.is_open
        times = find_times(
            text,
            now=clock.now().astimezone(self.business.tz),
            language=language,
            is_open=is_open,
            expect_time=asked in _TIME_SLOTS
            or (asked in _SUMMED_UP and len(text.split()) <= _MOST_WORDS_OF_A_CORRECTION),
        )
        taken = [(e["start"], e["end"]) for e in known if "start" in e and e["entity"] != "staff"]
        return [
            time.as_entity()
            for time in times
            if all(time.end <= start or time.start >= end for start, end in taken)
        ]
