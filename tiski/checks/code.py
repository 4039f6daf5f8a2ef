"""What the code says: which responses and words it names, with which values, on which buttons.

Read from the syntax tree; nothing is run. A name that is put together (f"utter_cannot_{what}")
must stand in families.yml with its members, so that a missing text is found before a customer is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tiski.checks.project import Project

FOLDERS = ("actions", "tiski")
_KEY = re.compile(r"(?:utter|words|button|choice|form|line)_[a-z][a-z_]*")
_SAYS = {"say", "words", "button", "phrase", "phrases", "say_by_channel", "_say_by_channel"}
# These folders look at the desk; no customer reads what they say
_NOT_THE_DESK = {"checks", "bench", "tools"}
# Names of slots that look like a word's
_NO_KEY = {"form_failures", "form_result"}


@dataclass(frozen=True)
class Said:
    """One place in the code that says something."""

    file: str
    line: int
    keys: tuple[str, ...]  # names that stand there; families by their members
    values: frozenset[str]  # placeholders that get a value there
    is_open: bool  # values come from elsewhere as well (`**values`)


@dataclass(frozen=True)
class Payload:
    """A button's payload that stands in the code."""

    file: str
    line: int
    text: str


@dataclass(frozen=True)
class Code:
    """What was found in all modules."""

    said: list[Said]
    mentioned: frozenset[str]  # every name that stands anywhere, members of families included
    given: frozenset[str]  # every value that is given anywhere, for names that come in a variable
    payloads: list[Payload]
    unknown_families: list[tuple[str, int, str]]  # file, line, the f-string


@lru_cache(maxsize=1)
def families() -> dict[str, dict[str, Any]]:
    """families.yml: an f-string's source, its members, and the values it gives."""
    file = Path(__file__).with_name("families.yml")
    known: dict[str, dict[str, Any]] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return known


def members(family: str, project: Project) -> list[str]:
    """The names that an f-string of the code can become."""
    of = families()[family]["members"]
    beginning = family.partition("{")[0]
    end = family.rpartition("}")[2]
    if of == "slots of forms":
        of = dict.fromkeys(slot for slots in project.form_slots.values() for slot in slots)
    elif of == "forms":
        of = list(project.form_slots)
    elif of == "questions":
        of = sorted(
            {one.key.removeprefix(beginning) for one in project.responses if "/" in one.key}
        )
    elif of == "choices":  # which there are is decided by what is written
        of = [key.removeprefix(beginning) for key in project.keys if key.startswith("choice_")]
    return [f"{beginning}{member}{end}" for member in of]


def read_code(project: Project) -> Code:
    """Read every module of `actions` and `tiski`, but none that only looks at the desk."""
    code = Code([], frozenset(), frozenset(), [], [])
    mentioned: set[str] = set()
    given = {value for family in families().values() for value in family.get("values") or []}
    for folder in FOLDERS:
        for path in sorted((project.root / folder).rglob("*.py")):
            if path.relative_to(project.root).parts[1] in _NOT_THE_DESK:
                continue
            module = ast.parse(path.read_text(encoding="utf-8"))
            nodes = list(ast.walk(module))
            names = _read_module(nodes, project.name(path), project, code)
            endings = _endings(nodes)
            longer = {name + end for name in names for end in endings}
            mentioned |= names | (longer & project.keys)
            given |= _given(nodes)
    return Code(
        code.said, frozenset(mentioned), frozenset(given), code.payloads, code.unknown_families
    )


def _read_module(nodes: list[ast.AST], file: str, project: Project, code: Code) -> set[str]:
    mentioned: set[str] = set()
    parts = {id(part) for node in nodes for part in _parts(node)}
    functions: dict[str, ast.AST] = {
        node.name: node
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            family = _family(node)
            if family in families():
                mentioned.update(members(family, project))
            elif _KEY.match(family) or family.startswith(("utter_{", "words_{")):
                code.unknown_families.append((file, node.lineno, family))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _KEY.fullmatch(node.value) and node.value not in _NO_KEY:
                mentioned.add(node.value)
            is_payload = file.startswith("actions/") and re.fullmatch(r"/[a-z_]+", node.value)
            if is_payload and id(node) not in parts:
                code.payloads.append(Payload(file, node.lineno, node.value))
        elif isinstance(node, ast.Call):
            said = _said(node, file, project, functions)
            if said:
                code.said.append(said)
    for node in nodes:
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            beginning = str(node.values[0].value)
            if re.match(r"/[a-z_]+\{", beginning):  # f'/inform{{"staff": …'
                code.payloads.append(Payload(file, node.lineno, beginning))
    return mentioned


def _endings(nodes: list[ast.AST]) -> set[str]:
    """What is put at the end of a name: key += "_no_link", f"{key}_no_date"."""
    found = set()
    for node in nodes:
        last: ast.expr | None = None
        if isinstance(node, ast.AugAssign):
            last = node.value
        elif isinstance(node, ast.JoinedStr) and len(node.values) == 2:
            last = node.values[1]
        if isinstance(last, ast.Constant) and str(last.value).startswith("_"):
            found.add(str(last.value))
    return found


def _given(nodes: list[ast.AST]) -> set[str]:
    """Names of values that any call or dictionary of the module holds."""
    keywords = {
        keyword.arg
        for node in nodes
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg
    }
    return keywords | _dict_keys(nodes)


def _parts(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.JoinedStr):
        yield from node.values


def _family(node: ast.JoinedStr) -> str:
    """The f-string as it stands, e.g. utter_cannot_book_{reason}."""
    return "".join(
        str(part.value)
        if isinstance(part, ast.Constant)
        else "{" + ast.unparse(part.value if isinstance(part, ast.FormattedValue) else part) + "}"
        for part in node.values
    )


def _dict_keys(nodes: Iterable[ast.AST]) -> set[str]:
    """Keys of all dictionaries that are written or filled."""
    keys: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Dict):
            found: list[ast.expr | None] = list(node.keys)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            found = [node.slice]
        else:
            continue
        keys |= {k.value for k in found if isinstance(k, ast.Constant) and isinstance(k.value, str)}
    return keys


def _said(
    call: ast.Call, file: str, project: Project, functions: dict[str, ast.AST]
) -> Said | None:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name not in _SAYS or not call.args:
        return None
    keys: list[str] = []
    values: set[str] = set()
    for node in ast.walk(call.args[0]):
        if isinstance(node, ast.JoinedStr) and _family(node) in families():
            keys += members(_family(node), project)
            values |= set(families()[_family(node)].get("values") or [])
        elif isinstance(node, ast.Constant) and _KEY.fullmatch(str(node.value)):
            keys.append(str(node.value))
    is_open = False
    for keyword in call.keywords:
        if keyword.arg is not None:
            values.add(keyword.arg)
        elif isinstance(keyword.value, ast.Call) and isinstance(keyword.value.func, ast.Name):
            called = functions.get(keyword.value.func.id)
            is_open = is_open or called is None
            values |= _dict_keys(ast.walk(called)) if called else set()
        else:
            is_open = True
    keys = [key for key in keys if not key.endswith("_")]  # the beginning of an f-string
    return Said(file, call.lineno, tuple(keys), frozenset(values), is_open) if keys else None
