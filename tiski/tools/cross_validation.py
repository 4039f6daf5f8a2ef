"""Each example of the training data, read by a model that was trained without it.

The components of config.yml up to the decision about the intent are trained on the other folds,
through the same doors as Rasa's: whatever they are made of, this need not know.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import class_from_module_path
from sklearn.model_selection import StratifiedKFold

from tiski.channels.guard import clean_text
from tiski.checks.project import Example, Project
from tiski.tools.confusions import Outcome, outcome
from tiski.tools.model import decides_intents
from tiski.tools.reading import reading_of

FOLDS = 3
_SEED = 42


def cross_validated(project: Project, folds: int = FOLDS) -> list[Outcome]:
    """What became of every example, in the order of the files."""
    examples = [example for file in project.training for example in file.examples]
    pipeline = project.load(project.root / "config.yml")["pipeline"]
    strata = [f"{example.language} {example.intent}" for example in examples]
    splitter = StratifiedKFold(n_splits=folds, shuffle=True, random_state=_SEED)
    found: dict[int, Outcome] = {}
    for number, (seen, unseen) in enumerate(splitter.split(strata, strata), 1):
        print(f"Training {number} of {folds} …", file=sys.stderr, flush=True)
        with TemporaryDirectory(prefix="tiski-fold-") as folder:
            model = _trained(pipeline, [examples[i] for i in seen], Path(folder))
            messages = [Message.build(text=clean_text(examples[i].text)) for i in unseen]
            for component in model:
                messages = component.process(messages)
        for index, message in zip(unseen, messages, strict=True):
            parsed = message.as_dict(only_output_properties=True)
            found[index] = outcome(examples[index], reading_of(examples[index].text, parsed))
    return [found[index] for index in range(len(examples))]


def _trained(
    pipeline: list[dict[str, Any]], examples: Sequence[Example], folder: Path
) -> list[Any]:
    """The components that decide about intents, those before them included."""
    storage = LocalModelStorage.create(folder)
    context = ExecutionContext(graph_schema=GraphSchema({}))
    data = TrainingData(
        [
            Message.build(
                text=example.text,
                intent=example.intent,
                intent_metadata={"language": example.language},
            )
            for example in examples
        ]
    )
    components = []
    for number, (kind, settings) in enumerate(_up_to_intents(pipeline)):
        place = (settings, storage, Resource(f"part{number}"), context)
        if hasattr(kind, "train"):
            kind.create(*place).train(data)
            components.append(kind.load(*place))
        else:
            components.append(kind.create(*place))
    return components


def _up_to_intents(
    pipeline: list[dict[str, Any]],
) -> list[tuple[type[GraphComponent], dict[str, Any]]]:
    parts = []
    for entry in pipeline:
        settings = {key: value for key, value in entry.items() if key != "name"}
        kind = class_from_module_path(_STOCK.get(entry["name"], entry["name"]))
        parts.append((kind, {**kind.get_default_config(), **settings}))
    last = max(number for number, (kind, _) in enumerate(parts) if decides_intents(kind))
    return parts[: last + 1]


# Rasa's own components are named without their module
_STOCK = {
    "FallbackClassifier": "rasa.nlu.classifiers.fallback_classifier.FallbackClassifier",
}
