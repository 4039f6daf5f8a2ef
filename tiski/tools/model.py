"""The trained model's understanding alone: no policies, no domain, no conversation.

`rasa.core.agent` loads everything that a conversation needs, half of which goes into reading the
domain anew. A tool that asks what a message means needs the components from the message to its
last entity, and starts in half the time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message
from tarsafe import TarSafe

from tiski.channels.guard import clean_text
from tiski.tools.reading import Reading, reading_of

_BUTTONS = "rasa.nlu.classifiers.regex_message_handler.RegexMessageHandler"


class Understanding:
    """Reads messages as the desk does outside a conversation.

    Args:
        archive: a model of ours or of `rasa train`; see `tiski.desk.training`.
    """

    def __init__(self, archive: Path) -> None:
        self._folder = TemporaryDirectory(prefix="tiski-model-")
        with TarSafe.open(archive, mode="r:gz") as packed:
            packed.extractall(self._folder.name)
        saved = json.loads((Path(self._folder.name) / "metadata.json").read_text(encoding="utf-8"))
        nodes, self._target = _understanding_part(saved)
        schema = GraphSchema.from_dict({"nodes": nodes})
        self._runner = DaskGraphRunner.create(
            schema,
            LocalModelStorage(Path(self._folder.name) / "components"),
            ExecutionContext(graph_schema=schema, model_id=saved["model_id"]),
        )

    def parsed(self, text: str) -> dict[str, Any]:
        """The pipeline's own result for a text that has something to read in it."""
        found = self._runner.run(
            inputs={
                PLACEHOLDER_MESSAGE: [UserMessage(text)],
                # what Rasa takes for a single message, too: a conversation without any slot
                PLACEHOLDER_TRACKER: DialogueStateTracker.from_dict("tools", []),
            },
            targets=[self._target],
        )
        message: Message = found[self._target][0]
        result: dict[str, Any] = message.as_dict(only_output_properties=True)
        return result

    def read(self, text: str) -> Reading:
        """Understand one message, cleaned as every channel cleans it."""
        cleaned = clean_text(text)
        return reading_of(text, self.parsed(cleaned) if cleaned else {})

    def read_all(self, texts: Iterable[str]) -> list[Reading]:
        """Understand several."""
        return [self.read(text) for text in texts]


def _understanding_part(saved: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The graph's nodes up to the last that reads a message, and the name of that one."""
    nodes = saved["predict_schema"]["nodes"]
    target = saved["nlu_target"]
    while nodes[target]["uses"] == _BUTTONS:  # payloads are not typed, and it needs the domain
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
