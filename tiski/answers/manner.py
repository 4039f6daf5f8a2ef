"""How the assistant talks, as `manner` of business.yml says: sinä or te, with emoji or without.

The sentences of data/responses/ and data/words/ say sinä. `data/manner/te.yml` has those that
address the customer once more, in the te-form, one for each Finnish variation in its order; `~`
stands for one that is the same in both. `data/manner/emoji.yml` has the emoji of some responses.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tiski.business import Business
from tiski.paths import ROOT

FOLDER = ROOT / "data" / "manner"
Responses = dict[str, list[dict[str, Any]]]


@lru_cache(maxsize=4)
def te_forms(folder: Path = FOLDER) -> dict[str, list[str | None]]:
    """The te-form of each Finnish variation, by the name of the response or word."""
    found: dict[str, list[str | None]] = {}
    for file in sorted(folder.glob("te*.yml")):
        for key, texts in (_read(file).get("te") or {}).items():
            found[key] = [texts] if isinstance(texts, str) else list(texts)
    return found


@lru_cache(maxsize=4)
def emoji(folder: Path = FOLDER) -> dict[str, str]:
    """The emoji that is put at the end of a response, by its name."""
    file = folder / "emoji.yml"
    return dict(_read(file).get("emoji") or {}) if file.exists() else {}


def in_manner(responses: Mapping[str, list[dict[str, Any]]], business: Business) -> Responses:
    """Return the responses as this business says them; the ones that came in stay as they are."""
    found = {key: list(variations) for key, variations in responses.items()}
    if business.manner.address == "te":
        for key, texts in te_forms().items():
            if key in found:
                found[key] = _with_te(found[key], texts)
    if business.manner.emoji:
        for key, sign in emoji().items():
            if key in found:
                found[key] = [_with_emoji(variation, sign) for variation in found[key]]
    return found


def _with_te(variations: list[dict[str, Any]], texts: list[str | None]) -> list[dict[str, Any]]:
    changed = []
    left = iter(texts)
    for variation in variations:
        text = next(left, None) if _is_finnish(variation) else None
        changed.append({**copy.deepcopy(variation), "text": text} if text else variation)
    return changed


def _with_emoji(variation: dict[str, Any], sign: str) -> dict[str, Any]:
    text = str(variation.get("text") or "").rstrip()
    return {**variation, "text": f"{text} {sign}"} if text else variation


def _is_finnish(variation: dict[str, Any]) -> bool:
    conditions = variation.get("condition") or []
    return any(c.get("name") == "language" and c.get("value") == "fi" for c in conditions)


def _read(file: Path) -> dict[str, Any]:
    return YAML(typ="safe").load(file.read_text(encoding="utf-8")) or {}
