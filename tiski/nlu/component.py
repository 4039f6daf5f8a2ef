"""What our graph components share: how Rasa makes them, and where a trained one keeps its model."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.encoder import which_encoder

_Self = TypeVar("_Self")


@lru_cache(maxsize=1)
def _state_of_code() -> str:
    """Stands for all code and tables of tiski/nlu/."""
    folder = Path(__file__).parent
    state = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".yml")):
        state.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return state.hexdigest()


class Component(GraphComponent):
    """Needs nothing but its parameters.

    Args:
        config: parameters of config.yml; those left out are `get_default_config`'s.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = {**self.get_default_config(), **config}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Component:
        """Make one, as Rasa asks for it."""
        return cls(config)


class SavedModel(Protocol):
    """What a trained component keeps."""

    def save(self, folder: Path) -> None:
        """Write the fitted model into a folder."""
        ...

    def read(self: _Self, folder: Path) -> _Self:
        """Read a model that was saved with the same parameters."""
        ...


_Model = TypeVar("_Model", bound=SavedModel)


class TrainedComponent(Component, Generic[_Model]):
    """Keeps `self.model` between training and use; None when there was nothing to train on.

    Args:
        config: as for `Component`.
        model_storage: Rasa's.
        resource: the component's own place in it.
    """

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        super().__init__(config)
        self.model: _Model | None = None
        self._model_storage = model_storage
        self._resource = resource

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What else a trained model depends on: Rasa looks at a component's own class only.

        Without it, `rasa train` after a change in one of the modules behind a component would take
        the old model from its cache.
        """
        return _state_of_code() + which_encoder()

    @abstractmethod
    def new_model(self) -> _Model:
        """An unfitted model with the parameters of config.yml."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TrainedComponent[_Model]:
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
    ) -> TrainedComponent[_Model]:
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
