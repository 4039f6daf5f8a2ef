"""What our trained components share: a scikit-learn model, kept in Rasa's model storage."""

from __future__ import annotations

from typing import Any

import skops.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

_FILE = "model.skops"
# What skops does not know to be harmless by itself, and what our models are made of.
_TRUSTED = {"numpy.dtype", "scipy.sparse._csr.csr_matrix"}


class TrainedComponent(GraphComponent):
    """Keeps `self.model`, a fitted scikit-learn estimator, between training and use."""

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self.config = {**self.get_default_config(), **config}
        self.model: Any = None
        self._model_storage = model_storage
        self._resource = resource

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
        """Write the model into Rasa's model storage, as data and not as code."""
        with self._model_storage.write_to(self._resource) as directory:
            skops.io.dump(self.model, directory / _FILE)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> TrainedComponent:
        """Read the model back; without one (nothing to train on) the component stays silent."""
        component = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as directory:
                file = directory / _FILE
                unknown = set(skops.io.get_untrusted_types(file=file)) - _TRUSTED
                if unknown:
                    raise ValueError(f"{file.name}: holds {sorted(unknown)}, expected only models")
                component.model = skops.io.load(file, trusted=sorted(_TRUSTED))
        except (FileNotFoundError, ValueError) as error:
            if isinstance(error, ValueError) and "holds" in str(error):
                raise
        return component
