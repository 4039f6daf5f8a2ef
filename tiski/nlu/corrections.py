"""The component that leaves out what a message names only to deny it or to take it back.

"Ei leikkausta vaan värjäys", "order 10321, no wait, 10322": of two of a kind, the one that was
denied or corrected is no entity any more, whichever stands last. A service, a person or goods that
are denied are left out also where nothing is named instead ("en halua Mikkoa"); a number is not:
"en oo saanu tilausta 10316" is about that order.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.component import Component
from tiski.nlu.lexicon import pattern
from tiski.nlu.text import MAX_CHARACTERS

Entity = dict[str, Any]
# Kinds that stand for the same thing in a conversation
_SAME = {"product": "goods", "product_category": "goods", "product_need": "goods"}
_BOUNDARY = re.compile(r"[,.;:!?\n]")
_COMMAS = re.compile(r"^\W*[,.;–-]\W*|\W*[,.;–-]\W*$")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CorrectionFilter(Component):
    """Removes entities that are denied or taken back; stands behind all extractors.

    Parameters in config.yml:
        alone: kinds that are left out also where nothing is named instead.
        ignored: kinds that are never left out; times have rules of their own.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See the class."""
        return {
            "alone": ["service", "staff", "product", "product_category", "product_need"],
            "ignored": ["language", "time"],
        }

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Leave entities out of each message that a customer typed; buttons carry their own."""
        for message in messages:
            text = (message.get(TEXT) or "")[:MAX_CHARACTERS]
            entities: list[Entity] = message.get(ENTITIES, [])
            if not text or text.startswith("/") or not entities:
                continue
            left_out = self.left_out(text, entities)
            if left_out:
                kept = [each for each in entities if not any(each is other for other in left_out)]
                message.set(ENTITIES, kept, add_to_output=True)
        return messages

    def left_out(self, text: str, entities: list[Entity]) -> list[Entity]:
        """The entities that the message denies or takes back."""
        ignored = self.config["ignored"]
        placed = sorted(
            (e for e in entities if "start" in e and e["entity"] not in ignored),
            key=lambda entity: (entity["start"], entity["end"]),
        )
        denied = [each for each in placed if _is_denied(text, each, placed, strict=False)]
        found = []
        for each in denied:
            instead = [o for o in placed if _is_instead(each, o) and not _holds(denied, o)]
            alone = each["entity"] in self.config["alone"]
            if instead or (alone and _is_denied(text, each, placed, strict=True)):
                found.append(each)
        rest = [each for each in placed if not _holds(found, each)]
        for number, each in enumerate(rest):
            later = next((o for o in rest[number + 1 :] if _is_instead(each, o)), None)
            if later and later["start"] >= each["end"] and _covers(each, later):
                between = text[each["end"] : later["start"]]
                if _corrects(between):
                    found.append(each)
        return found


def _is_denied(text: str, entity: Entity, placed: list[Entity], *, strict: bool) -> bool:
    """Whether a denial stands right before an entity.

    Args:
        strict: only such words lie between as leave no doubt when nothing is named instead.
    """
    begin = max((o["end"] for o in placed if o["end"] <= entity["start"]), default=0)
    # "ei kun" corrects, and denies nothing
    left = pattern("correction").sub(_without_denial, text[begin : entity["start"]])
    denials = list(pattern("denial").finditer(left))
    if not denials:
        return False
    between = left[denials[0].end() :]
    if _BOUNDARY.search(between):
        return False
    between = pattern("denial").sub(" ", between)
    between = pattern("denial_filling").sub(" ", between)
    if not strict:
        between = pattern("denial_filling_of_two").sub(" ", between)
    return not re.search(r"\w", between)


def _without_denial(correction: re.Match[str]) -> str:
    said = correction.group()
    return "," if pattern("denial").match(said) else said


def _is_instead(one: Entity, other: Entity) -> bool:
    """Whether another entity is of the same kind, and neither the same words nor the same thing."""
    if one is other or _kind(one) != _kind(other):
        return False
    return bool(one["end"] <= other["start"] or other["end"] <= one["start"])


def _kind(entity: Entity) -> str:
    return _SAME.get(entity["entity"], str(entity["entity"]))


def _covers(earlier: Entity, later: Entity) -> bool:
    """Whether the later one says all that the earlier did: "at four" leaves "Tuesday" standing."""
    before, after = earlier.get("additional_info") or {}, later.get("additional_info") or {}
    return all(after.get(part) or not before.get(part) for part in ("has_date", "has_time"))


def _holds(entities: list[Entity], entity: Entity) -> bool:
    return any(each is entity for each in entities)


def _corrects(between: str) -> bool:
    """Whether nothing but a correction stands between two of a kind."""
    rest, count = pattern("correction").subn(" ", between)
    rest = pattern("correction_filling").sub(" ", pattern("count_follows").sub(" ", rest))
    if not count:
        commas = pattern("correction_between_commas")
        inner = _COMMAS.sub("", rest).strip()
        return bool(commas.fullmatch(inner) and _COMMAS.match(rest))
    rest = pattern("denial").sub(" ", rest)
    return not re.search(r"\w", rest)
