"""What a model was made from, kept beside it, so that the next training can say what has changed.

`models/tiski-<fingerprint>.json` holds a hash of each source, the number of examples of each intent
and language, and how long the training took. No text of any source is in it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

_NAMES_SHOWN = 8  # of files, and of intents


@dataclass(frozen=True)
class Manifest:
    """One state of the sources.

    `files` maps each source's name to a hash of what of it a model depends on; `examples` maps
    "fi greet" to a count; `seconds` and `made_at` (Unix time) are 0 before the training.
    """

    files: Mapping[str, str]
    examples: Mapping[str, int]
    seconds: float = 0.0
    made_at: float = 0.0


def path_of(model: Path) -> Path:
    """Where the manifest of a model is, or would be."""
    return model.with_name(model.name.removesuffix(".tar.gz") + ".json")


def write(manifest: Manifest, model: Path) -> None:
    """Keep a manifest beside its model."""
    path_of(model).write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")


def latest(models: Path) -> Manifest | None:
    """The manifest that was written last in a folder of models; None when there is none."""
    found = []
    for file in models.glob("tiski-*.json"):
        try:
            found.append(Manifest(**json.loads(file.read_text(encoding="utf-8"))))
        except (OSError, ValueError, TypeError):
            continue  # half written, or of another version: as if it were not there
    return max(found, key=lambda manifest: manifest.made_at, default=None)


def changes(before: Manifest | None, now: Manifest) -> Iterator[str]:
    """What is different now, in a few lines for the terminal."""
    total = sum(now.examples.values())
    if before is None:
        yield f"No earlier model to compare with; examples: {total}."
        return
    made = time.strftime("%Y-%m-%d %H:%M", time.localtime(before.made_at))
    yield f"Changed since the last model ({made}):"
    kinds = {
        "changed": [
            name for name, hashed in now.files.items() if before.files.get(name, hashed) != hashed
        ],
        "added": [name for name in now.files if name not in before.files],
        "removed": [name for name in before.files if name not in now.files],
    }
    for kind, names in kinds.items():
        if names:
            yield f"  {kind}: {_listed(sorted(names))}"
    if not any(kinds.values()):
        yield "  no file"
    differ = {
        name: now.examples.get(name, 0) - before.examples.get(name, 0)
        for name in sorted(now.examples.keys() | before.examples.keys())
    }
    counts = [f"{name} {difference:+}" for name, difference in differ.items() if difference]
    yield f"  examples: {_listed(counts) if counts else 'as many as before'} ({total} in all)"


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    more = len(names) - _NAMES_SHOWN
    return ", ".join(names[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
