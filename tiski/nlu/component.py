"""What our trained components share: a linear model, kept in Rasa's model storage."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.linear import LinearTextModel


class TrainedComponent(GraphComponent):
    """Keeps `self.model` between training and use; None when there was nothing to train on."""

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self.config = {**self.get_default_config(), **config}
        self.model: LinearTextModel | None = None
        self._model_storage = model_storage
        self._resource = resource

    def new_model(self) -> LinearTextModel:
        """An unfitted model with the parameters of config.yml."""
        return LinearTextModel(
            self.config["char_ngrams"],
            self.config.get("word_ngrams"),
            self.config["C"],
            self.config["random_seed"],
            probable=True,
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TrainedComponent:
        """Make an untrained component."""
        return cls(config, model_storage, resource)

    def persist(self) -> None:
        """Write the model, if there is one, into Rasa's model storage."""
        if self.model is not None:
            with self._model_storage.write_to(self._resource) as folder:
                self.model.save(folder)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> TrainedComponent:
        """Read the model back; without one the component stays silent."""
        component = cls(config, model_storage, resource)
        with ExitStack() as stack:
            try:
                folder = stack.enter_context(model_storage.read_from(resource))
            except ValueError:  # Rasa's storage: this resource was never written
                return component
            component.model = component.new_model().read(folder)
        return component


def language_of(example: Message) -> str:
    """The language that an example's block names under `metadata`; "" when it names none."""
    return str((example.get("metadata") or {}).get(INTENT, {}).get("language") or "")
