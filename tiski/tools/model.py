"""The trained model's understanding alone: no policies, no domain, no conversation.

`rasa.core.agent` loads everything that a conversation needs, half of which goes into reading the
domain anew. A tool that asks what a message means needs the components from the message to its
last entity, and starts in half the time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.common import class_from_module_path
from tarsafe import TarSafe

from tiski.channels.guard import clean_text
from tiski.tools.reading import Reading, reading_of

_BUTTONS = "rasa.nlu.classifiers.regex_message_handler.RegexMessageHandler"


class Understanding:
    """Reads messages as the desk does outside a conversation.

    Args:
        archive: a model of ours or of `rasa train`; see `tiski.desk.training`.
        only_intents: leave out what comes after the intent is decided (entities, times): a
            quarter of the time for each message.
    """

    def __init__(self, archive: Path, *, only_intents: bool = False) -> None:
        self._folder = TemporaryDirectory(prefix="tiski-model-")
        with TarSafe.open(archive, mode="r:gz") as packed:
            packed.extractall(self._folder.name)
        saved = json.loads((Path(self._folder.name) / "metadata.json").read_text(encoding="utf-8"))
        nodes, self._target = _understanding_part(saved, only_intents)
        schema = GraphSchema.from_dict({"nodes": nodes})
        self._runner = DaskGraphRunner.create(
            schema,
            LocalModelStorage(Path(self._folder.name) / "components"),
            ExecutionContext(graph_schema=schema, model_id=saved["model_id"]),
        )

    def parsed(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """The pipeline's own results for texts that have something to read in them."""
        found = self._runner.run(
            inputs={
                PLACEHOLDER_MESSAGE: [UserMessage(text) for text in texts],
                # what Rasa takes for a single message, too: a conversation without any slot
                PLACEHOLDER_TRACKER: DialogueStateTracker.from_dict("tools", []),
            },
            targets=[self._target],
        )
        messages: list[Message] = found[self._target]
        return [message.as_dict(only_output_properties=True) for message in messages]

    def read(self, text: str) -> Reading:
        """Understand one message, cleaned as every channel cleans it."""
        return self.read_all([text])[0]

    def read_all(self, texts: Sequence[str]) -> list[Reading]:
        """Understand several, each by itself."""
        cleaned = [clean_text(text) for text in texts]
        readable = [text for text in cleaned if text]
        parsed = iter(self.parsed(readable) if readable else [])
        return [
            reading_of(text, next(parsed) if clean else {})
            for text, clean in zip(texts, cleaned, strict=True)
        ]


def decides_intents(component: type) -> bool:
    """Whether a component of the pipeline says something about the intent."""
    registered = DefaultV1Recipe._registered_components.get(component.__name__)
    kind = DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER
    return registered is not None and kind in registered.types


def _understanding_part(saved: dict[str, Any], only_intents: bool) -> tuple[dict[str, Any], str]:
    """The graph's nodes up to the last that reads a message, and the name of that one."""
    nodes = saved["predict_schema"]["nodes"]
    target = saved["nlu_target"]
    while nodes[target]["uses"] == _BUTTONS:  # payloads are not typed, and it needs the domain
        target = nodes[target]["needs"]["messages"]
    while only_intents and not decides_intents(class_from_module_path(nodes[target]["uses"])):
        target = nodes[target]["needs"]["messages"]
    needed: dict[str, Any] = {}
    waiting: Sequence[str] = [target]
    while waiting:
        name, *rest = waiting
        if name in nodes and name not in needed:
            needed[name] = nodes[name]
            rest += nodes[name]["needs"].values()
        waiting = rest
    return needed, target
