"""Reads a YAML page so that every value knows its line.

Scalars keep the shape in which they were written as far as that helps: keys and dates stay
text. Keys that stand twice are reported, where a plain loader would stop or drop one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from tiski.paths import ROOT

KeyPath = tuple[str | int, ...]

# what turns into something other than text; dates are read where they are needed
_CONSTRUCTED = {f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "bool", "null")}
_TEXT = "tag:yaml.org,2002:str"


class BusinessError(Exception):
    """The page cannot be used. `problems` holds one sentence each; str() gives all, by line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Page:
    """What a file says (`data`), where (`lines`, from 1) and how it was written (`written`)."""

    file: str
    data: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    written: dict[KeyPath, str] = field(default_factory=dict)
    found: list[tuple[int, str]] = field(default_factory=list)

    def report(self, path: KeyPath, sentence: str) -> None:
        """Note a problem at `path`; a path that is not in the file gets its parent's line."""
        line = self.lines[self.known(path)]
        self.found.append((line, f"{self.file}:{line}: {dotted(path)}: {sentence}"))

    def report_value(self, path: KeyPath, expected: str) -> None:
        """Note that the value at `path` is not what was expected, and show it."""
        path = self.known(path)
        self.report(path, f"{self.written[path]} – expected {expected}")

    def known(self, path: KeyPath) -> KeyPath:
        """The longest beginning of `path` that stands in the file."""
        while path not in self.lines:
            path = path[:-1]
        return path

    def problems(self) -> list[str]:
        """All that was reported, once each, from the top of the file to its end."""
        return list(dict.fromkeys(text for _, text in sorted(self.found, key=lambda each: each[0])))


def dotted(path: KeyPath) -> str:
    """`services.haircut.staff[1]`; the first entry of a list is [1]."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def read_page(path: Path) -> Page:
    """Read `path` as YAML.

    Raises:
        BusinessError: missing, unreadable, not UTF-8, empty, not YAML or not keys with values.
    """
    page = Page(file=_short(path))
    text = _read_text(path, page.file)
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        raise BusinessError([_not_yaml(f"{page.file}{line}", error.problem)]) from None
    except YAMLError as error:
        raise BusinessError([_not_yaml(page.file, str(error).splitlines()[0])]) from None
    if root is None:
        raise BusinessError(
            [f"{page.file}: the file is empty – expected the page of a business, name: and so on"]
        )
    if not isinstance(root, MappingNode):
        line = root.start_mark.line + 1
        raise BusinessError([f"{page.file}:{line}: no keys – expected lines such as name: …"])
    try:
        page.data = _build(root, (), page, yaml)
    except RecursionError:
        raise BusinessError([_not_yaml(page.file, "a part of it contains itself")]) from None
    return page


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _read_text(path: Path, name: str) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BusinessError(
            [f"{name}: no such file – expected the page that describes the business"]
        ) from None
    except OSError as error:
        raise BusinessError(
            [f"{name}: cannot be read ({error.strerror}) – expected a file"]
        ) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, byte = content[: error.start].count(b"\n") + 1, content[error.start]
        raise BusinessError(
            [f"{name}:{line}: not UTF-8 (byte {byte:#04x}) – expected the file saved as UTF-8"]
        ) from None


def _not_yaml(where: str, problem: str | None) -> str:
    return (
        f"{where}: not valid YAML ({problem or 'cannot be read'}) – expected `key: value`, "
        "spaces (no tabs) at the start of a line, and quotes around a text with a colon or a hash"
    )


def _build(node: Node, path: KeyPath, page: Page, yaml: Any) -> Any:
    """Turn a node into plain data and note the line and the shape of all that is in it."""
    page.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, ScalarNode):
        page.written[path] = _shape(node)
        return yaml.constructor.construct_object(node) if node.tag in _CONSTRUCTED else node.value
    if isinstance(node, SequenceNode):
        page.written[path] = "a list"
        return [_build(item, (*path, n), page, yaml) for n, item in enumerate(node.value)]
    page.written[path] = "a group of keys"
    data: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value)
        here: KeyPath = (*path, name)
        line = key.start_mark.line + 1
        if name in data:
            hint = f"stands twice (first on line {page.lines[here]}) – expected each key once"
            page.found.append((line, f"{page.file}:{line}: {dotted(here)}: {hint}"))
            continue
        page.lines[here] = line
        data[name] = _build(value, here, page, yaml)
    return data


def _shape(node: ScalarNode) -> str:
    if node.tag == _TEXT:
        text = " ".join(node.value.split())
        return f"'{text if len(text) <= 60 else text[:57] + '…'}'"
    return str(node.value) or "nothing"
