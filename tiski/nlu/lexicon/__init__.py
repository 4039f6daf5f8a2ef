"""Words that the desk listens for besides intents: a folder for each language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


@lru_cache(maxsize=1)
def lexicon() -> dict[str, dict[str, Any]]:
    """Return the word lists by language, e.g. `lexicon()["fi"]["anyone"]`.

    Raises:
        ValueError: two files of a language name the same list.
    """
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(Path(__file__).parent.glob("*/*.yml")):
        lists = found.setdefault(file.parent.name, {})
        read = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        twice = lists.keys() & read.keys()
        if twice:
            raise ValueError(
                f"{file}: {sorted(twice)[0]}: stands in another file of the folder, too"
            )
        lists.update(read)
    return found


def words(*keys: str) -> list[str]:
    """Return the words under a key path, of all languages together."""
    found: list[str] = []
    for language in lexicon().values():
        entry: Any = language
        for key in keys:
            entry = entry[key]
        found += entry
    return found


@lru_cache(maxsize=64)
def pattern(*keys: str) -> re.Pattern[str]:
    """Return a pattern that finds any of the words under a key path, longest first."""
    return any_of(words(*keys))


def any_of(entries: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for whole words; a `*` before or after it lets the word go on there."""
    entries = set(entries)
    parts = [
        (r"\w*" if entry.startswith("*") else "")
        + re.escape(entry.strip("*"))
        + (r"\w*" if entry.endswith("*") else "")
        for entry in sorted(entries, key=lambda entry: (-len(entry), entry))
    ]
    # where no word begins, none of hundreds need be tried
    are_words = all(re.match(r"\**\w", entry) for entry in entries)
    begins = r"(?=\w)" if entries and are_words else ""
    return re.compile(rf"(?<!\w){begins}(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
