"""Rasa without TensorFlow, for a tool that only asks what a message means.

Rasa imports TensorFlow for DIET and TED, whether a pipeline names them or not: more than half of
the seconds until a tool answers. No component of ours computes with it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from ruamel.yaml import YAML

from tiski.paths import ROOT

_LEFT_OUT = "tensorflow"
_OURS = "tiski."


def needs_tensorflow(config: Path = ROOT / "config.yml") -> bool:
    """Whether a pipeline has any component that is not ours, of which nothing is known here."""
    pipeline = YAML(typ="safe").load(config.read_text(encoding="utf-8")).get("pipeline") or []
    return not all(str(component["name"]).startswith(_OURS) for component in pipeline)


@contextmanager
def without_tensorflow(*, wanted: bool = True) -> Iterator[None]:
    """Import Rasa's modules meanwhile, with nothing in the place of TensorFlow.

    For a process of its own: what Rasa has that computes with TensorFlow cannot be used in it.

    Args:
        wanted: False imports it as ever. So does a process that has it already.
    """
    if not wanted or _LEFT_OUT in sys.modules:
        yield
        return
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name, module in sys.modules.items() if isinstance(module, _Empty)]:
            del sys.modules[name]


class _Anything(type):
    """Has any attribute, so that Rasa's modules can name types and derive classes when read."""

    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing


class _Nothing(metaclass=_Anything):
    """Stands for any class of TensorFlow."""

    def __init__(self, *_: object, **__: object) -> None:
        raise ImportError(f"{_LEFT_OUT} was left out: {__name__}")


class _Empty(ModuleType):
    def __getattr__(self, name: str) -> type:
        found: type = getattr(_Nothing, name)
        return found


class _Finder(MetaPathFinder, Loader):
    """Finds an empty module for TensorFlow and each of its parts."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] != _LEFT_OUT:
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Empty(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is in it."""
