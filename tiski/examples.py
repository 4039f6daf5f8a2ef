"""Training examples, read and handed to Rasa at little cost.

A designer waits for `rasa train`, and at twenty thousand examples Rasa's own part of the time is
longer than the classifier's: reading, copying and comparing, all of it many times.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.formats import RasaYAMLReader
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml
from rasa.shared.utils.validation import validate_training_data_format_version


class Example(Message):
    """A message that costs little to copy and to compare.

    Rasa copies all examples and computes the fingerprint of each anew wherever it puts two sets of
    them together, some twenty times in a training: most of its own part of the time. What an
    example holds is set anew and never changed in place, so copies may share it.
    """

    _cached_fingerprint: str | None

    @classmethod
    def of(cls, message: Message) -> Example:
        """The same message."""
        same = cls.__new__(cls)
        same.__dict__.update(
            message.__dict__,
            data=message.data.copy(),
            features=list(message.features),
            output_properties=set(message.output_properties),
        )
        return same

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """Set a property; what it is already changes nothing, and so keeps the fingerprint."""
        if add_to_output or self.data.get(prop) != info:
            super().set(prop, info, add_to_output)

    def fingerprint(self) -> str:
        """What tells this message from another one: a hash of all that it holds.

        Rasa takes a hash of each word in it, and then of these: ten times as long. What is no
        plain data, such as features and tokens, is left to it.
        """
        if self._cached_fingerprint is None and not self.features:
            try:
                held = json.dumps(self.data, sort_keys=True).encode()
            except TypeError:
                return super().fingerprint()
            self._cached_fingerprint = hashlib.md5(held, usedforsecurity=False).hexdigest()
        return super().fingerprint()

    def __hash__(self) -> int:
        return hash(self.fingerprint())

    def __deepcopy__(self, memo: dict[int, Any]) -> Example:
        copied = Example.of(self)
        entities = self.data.get(ENTITIES)
        if entities:  # extractors complete what they are given
            copied.data[ENTITIES] = copy.deepcopy(entities, memo)
        return copied


@lru_cache(maxsize=1)
def read_examples(files: tuple[tuple[str, int], ...]) -> tuple[list[Example], TrainingData]:
    """Read NLU files: the examples, and what else stands in them.

    Args:
        files: paths, each with the moment of its last change; read once in a process.

    Raises:
        YamlException: a file is not as Rasa wants it.
    """
    sets = [_read(path) for path, _ in files]
    examples = [Example.of(message) for found in sets for message in found.training_examples]
    for found in sets:
        found.training_examples = []  # merging would copy each
    return examples, TrainingData().merge(*sets)


def _read(path: str) -> TrainingData:
    if Path(path).suffix in (".yml", ".yaml"):
        return _Reader().read(path)
    return load_data(path)


class _Reader(RasaYAMLReader):
    """Rasa's reader, which looks for errors only where there may be one.

    Its validation reads a file once more, with the place of each word: nine tenths of the time.
    """

    def reads(self, string: str, **kwargs: Any) -> TrainingData:
        """Read what Rasa reads; raise what it raises."""
        try:
            content = read_yaml(string)
        except Exception:  # whatever it is, Rasa tells which file and which line
            content = None
        if not _is_plain(content) or not validate_training_data_format_version(
            content, self.filename
        ):
            return super().reads(string, **kwargs)
        self._parse_nlu(content.get("nlu"))
        read = TrainingData(responses=content.get("responses"))
        read.training_examples = self.training_examples  # looked through when all are together
        read.entity_synonyms = self.entity_synonyms
        return read


def _is_plain(content: Any) -> bool:
    """Whether a file holds intents with their examples, and texts with their condition: no more."""
    if not isinstance(content, dict) or not content.keys() <= {"version", "nlu", "responses"}:
        return False
    if not isinstance(content.get("version", ""), str):
        return False
    blocks, responses = content.get("nlu", []), content.get("responses", {})
    return (
        isinstance(blocks, list)
        and isinstance(responses, dict)
        and all(map(_is_plain_intent, blocks))
        and all(isinstance(texts, list) and texts for texts in responses.values())
        and all(_is_plain_text(text) for texts in responses.values() for text in texts)
    )


def _is_plain_intent(block: Any) -> bool:
    return (
        isinstance(block, dict)
        and block.keys() <= {"intent", "metadata", "examples"}
        and isinstance(block.get("intent"), str)
        and bool(block["intent"])
        and isinstance(block.get("examples"), str)
    )


def _is_plain_text(response: Any) -> bool:
    return (
        isinstance(response, dict)
        and response.keys() <= {"condition", "text", "buttons"}
        and isinstance(response.get("text"), str)
        and _are_plain(response.get("condition", []), {"type", "name"}, {"value"})
        and _are_plain(response.get("buttons", []), {"title", "payload"})
    )


def _are_plain(parts: Any, texts: Collection[str], others: Collection[str] = ()) -> bool:
    """Whether it is a list of mappings that have just these keys, some of them with texts."""
    return isinstance(parts, list) and all(
        isinstance(part, dict)
        and part.keys() == {*texts, *others}
        and all(isinstance(part[key], str) for key in texts)
        for part in parts
    )
