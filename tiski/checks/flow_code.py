"""The classes, functions and constants of `actions/`, looked up by name as Python would."""

from __future__ import annotations

import ast
from functools import cached_property
from pathlib import Path
from typing import Any

from tiski.checks.code import families, members
from tiski.checks.project import Project

#: what an expression is when its code alone does not tell
UNKNOWN = object()

Function = ast.FunctionDef | ast.AsyncFunctionDef


class ActionCode:
    """The modules of `actions/` (and `tiski/answers/`, which chooses some answers) of a project."""

    def __init__(self, project: Project) -> None:
        self._root: Path = project.root
        self._project = project
        self.known_keys = project.keys

    @cached_property
    def _modules(self) -> list[ast.Module]:
        folders = (self._root / "actions", self._root / "tiski" / "answers")
        files = [file for folder in folders for file in sorted(folder.glob("*.py"))]
        return [ast.parse(file.read_text(encoding="utf-8")) for file in files]

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        return {n.name: n for m in self._modules for n in m.body if isinstance(n, ast.ClassDef)}

    @cached_property
    def _places(self) -> dict[str, int]:
        """In which module a class is written."""
        return {
            n.name: place
            for place, module in enumerate(self._modules)
            for n in module.body
            if isinstance(n, ast.ClassDef)
        }

    @cached_property
    def _functions(self) -> list[dict[str, Function]]:
        return [{n.name: n for n in m.body if isinstance(n, Function)} for m in self._modules]

    @cached_property
    def _named(self) -> list[dict[str, Any]]:
        return [_constants(module.body) for module in self._modules]

    def function(self, name: str, place: int) -> tuple[int, Function] | None:
        """A function by its name: of the same module, else imported from another."""
        for at in (place, *range(len(self._modules))):
            if name in self._functions[at]:
                return at, self._functions[at][name]
        return None

    def constant(self, name: str, place: int) -> Any:
        """A module's text, set of texts or the like; imported ones too. Else UNKNOWN."""
        if name in self._named[place]:
            return self._named[place][name]
        return next((m[name] for m in self._named if name in m and name.isupper()), UNKNOWN)

    def family(self, node: ast.JoinedStr) -> list[str]:
        """The responses that a name which is put together can be (tiski/checks/families.yml)."""
        written = ast.unparse(node)[2:-1]
        if not written.startswith("utter_") or written not in families():
            return []
        return [key for key in members(written, self._project) if key in self.known_keys]

    def place(self, class_name: str) -> int:
        """The module of a class, as a number."""
        return self._places[class_name]

    def class_of(self, name: str) -> str | None:
        """The class of an action, or of a form's validation; None where none is written."""
        if not name:
            return None
        form = name.removeprefix("validate_")
        for class_name in self.classes:
            if name in (self.attribute(class_name, "action"),) or (
                form != name and self.attribute(class_name, "form") == form
            ):
                return class_name
        return None

    def lineage(self, name: str) -> list[str]:
        """A class and those it is made from, as far as they are in `actions/`."""
        found = [name]
        for base in self.classes[name].bases:
            if isinstance(base, ast.Name) and base.id in self.classes:
                found += self.lineage(base.id)
        return found

    def method(
        self, owner: str, name: str, after: str | None = None
    ) -> tuple[str, Function] | None:
        """A method and the class that has it; `after`: what `super()` in that class means."""
        line = self.lineage(owner)
        for class_name in line[line.index(after) + 1 if after in line else 0 :]:
            for node in self.classes[class_name].body:
                if isinstance(node, Function) and node.name == name:
                    return class_name, node
        return None

    def attribute(self, owner: str, name: str) -> Any:
        """A class's constant, or None."""
        for class_name in self.lineage(owner):
            values = _constants(self.classes[class_name].body)
            if name in values:
                value = values[name]
                if isinstance(value, ast.Name):
                    value = self.constant(value.id, self.place(class_name))
                return None if value is UNKNOWN else value
        return None


def _constants(body: list[ast.stmt]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in body:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            target = node.target
        if not isinstance(target, ast.Name):
            continue
        value: Any = node.value  # type: ignore[attr-defined]
        if isinstance(value, ast.Call) and value.args:  # frozenset({...})
            value = value.args[0]
        try:
            found[target.id] = ast.literal_eval(value)
        except (ValueError, TypeError):
            if isinstance(value, ast.Name):
                found[target.id] = value
    return found
