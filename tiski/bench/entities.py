"""How well entities are found in held-out messages: precision, recall and F1 by entity.

The messages are `tests/nlu/entities/<language>.yml`, where each entity is marked with its value; how
they are marked stands at the top of `fi.yml`. They go through the extractors of `config.yml` in
their order, without the trained components, so this takes a second. An entity counts as found
when its kind, its place and its value are all as marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.common import class_from_module_path
from ruamel.yaml import YAML

from tiski.paths import ROOT

MESSAGES = ROOT / "tests" / "nlu" / "entities"
#: what is marked; times have their own tests
MARKED = (
    "email", "phone_number", "postcode", "order_number", "appointment_code", "amount_of_money",
    "rating", "quantity", "name", "service", "staff", "product_category", "product",
)  # fmt: skip
_MARK = re.compile(r"\[([^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)?)\]\((\w+)(?::\s*([^)]*))?\)")


@dataclass(frozen=True)
class Marked:
    """One entity: its kind, its place in the text, and its value as the files write it."""

    entity: str
    start: int
    end: int
    value: str


@dataclass(frozen=True)
class HeldOut:
    """One message as a customer would write it, and what is marked in it."""

    text: str
    asked: str | None
    entities: frozenset[Marked]


@dataclass
class Score:
    """How often an entity was found, missed, and found where there was none."""

    found: int = 0
    missed: int = 0
    wrong: int = 0
    slips: list[str] = field(default_factory=list)

    @property
    def marked(self) -> int:
        return self.found + self.missed

    @property
    def precision(self) -> float:
        return self.found / max(1, self.found + self.wrong)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.marked)

    @property
    def f1(self) -> float:
        return 2 * self.found / max(1, 2 * self.found + self.missed + self.wrong)


def read_messages(language: str, folder: Path = MESSAGES) -> list[HeldOut]:
    """Read the held-out messages of a language.

    Raises:
        ValueError: an entity is marked that does not exist; names it.
    """
    groups = YAML(typ="safe").load((folder / f"{language}.yml").read_text(encoding="utf-8"))
    return [
        read_message(line, group.get("asked"))
        for group in groups["groups"]
        for line in group["messages"].splitlines()
    ]


def read_message(line: str, asked: str | None = None) -> HeldOut:
    """Take the marks out of a line; raises ValueError as `read_messages` does."""
    text, end, marked = "", 0, []
    for mark in _MARK.finditer(line):
        text += line[end : mark.start()]
        written, entity, value = mark.groups()
        if entity not in MARKED:
            raise ValueError(f"{line!r}: unknown entity {entity}")
        marked.append(Marked(entity, len(text), len(text) + len(written), value or written))
        text += written
        end = mark.end()
    return HeldOut(text + line[end:], asked, frozenset(marked))


class Extractors:
    """The untrained extractors of a pipeline, made once."""

    def __init__(self, config: Path = ROOT / "config.yml") -> None:
        pipeline = YAML(typ="safe").load(config.read_text(encoding="utf-8"))["pipeline"]
        self._components = []
        for settings in pipeline:
            name = settings["name"]
            if not name.startswith("tiski."):
                continue
            made_of = class_from_module_path(name)
            known = DefaultV1Recipe._from_registry(made_of.__name__)
            kinds = known.types
            if DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR in kinds and not known.is_trainable:
                given = {key: value for key, value in settings.items() if key != "name"}
                self._components.append(made_of.create(given, None, None, None))

    def find(self, text: str, *, asked: str | None, language: str) -> list[dict[str, Any]]:
        """The entities of a message, as the desk's actions get them."""
        mapping = [{"type": "custom"}]
        slots = [
            TextSlot("requested_slot", mapping, asked),
            TextSlot("language", mapping, language),
        ]
        tracker = DialogueStateTracker("held-out", slots)
        messages = [Message(data={TEXT: text})]
        for component in self._components:
            messages = component.process(messages, tracker)
        entities: list[dict[str, Any]] = messages[0].get(ENTITIES, [])
        return entities


def scores(language: str, extractors: Extractors, folder: Path = MESSAGES) -> dict[str, Score]:
    """Measure one language; `slips` tell what went wrong, by message."""
    found = {entity: Score() for entity in MARKED}
    for message in read_messages(language, folder):
        got = extractors.find(message.text, asked=message.asked, language=language)
        _compare(message, frozenset(_as_marked(got)), found)
    return found


def _compare(message: HeldOut, got: frozenset[Marked], into: dict[str, Score]) -> None:
    for each in message.entities & got:
        into[each.entity].found += 1
    for each in sorted(message.entities - got, key=lambda marked: marked.start):
        into[each.entity].missed += 1
        into[each.entity].slips.append(f"missed {each.value!r}: {message.text}")
    for each in sorted(got - message.entities, key=lambda marked: marked.start):
        into[each.entity].wrong += 1
        place = message.text[each.start : each.end]
        into[each.entity].slips.append(f"wrong {each.value!r} at {place!r}: {message.text}")


def _as_marked(entities: Iterable[dict[str, Any]]) -> Iterator[Marked]:
    for entity in entities:
        if entity["entity"] in MARKED:
            value = entity["value"]
            if entity["entity"] == "amount_of_money":
                value = _sum(value)
            yield Marked(entity["entity"], entity["start"], entity["end"], str(value))


def _sum(value: Any) -> str:
    if isinstance(value, dict):
        least, most = (f"{value[end]:g}" if end in value else "" for end in ("from", "to"))
        return f"{least}..{most}"
    return f"{value:g}"
