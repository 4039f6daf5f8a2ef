"""Our notes in an event that staff write into, too.

We remember by a mark how many lines we wrote and what they were. When our notes change, the lines
that still stand at the top as we wrote them are replaced, and what staff wrote below them stays.
Where staff changed our lines, the new ones are put on top of theirs: nothing is lost.
"""

from __future__ import annotations

import hashlib
import re

_COUNT = re.compile(r"([0-9]{1,6}):")


def mark(notes: str) -> str:
    """Return what to remember of the notes that are written: "2:1f0c…", at most 30 characters."""
    lines = _lines(notes)
    return f"{len(lines)}:{_hash(lines)}"


def renewed(text: str, notes: str, old_mark: str | None) -> str | None:
    """Return what shall stand in the event now.

    Args:
        text: what stands there.
        notes: ours, as they are now.
        old_mark: of the notes that were written last; None when that is not known.

    Returns:
        The whole text, or None when what is there can stay.
    """
    if old_mark == mark(notes):
        return None
    lines, ours = _lines(text), _lines(notes)
    count = int(found[1]) if old_mark and (found := _COUNT.match(old_mark)) else 0
    if f"{count}:{_hash(lines[:count])}" == old_mark:
        lines = lines[count:]
    elif not ours or lines[: len(ours)] == ours:
        return None
    elif lines:
        ours.append("")
    return "\n".join(ours + lines)


def _lines(text: str) -> list[str]:
    """The lines without what mail programs change: line ends, blanks there, and empty ones around."""
    return [line.rstrip() for line in text.strip().splitlines()]


def _hash(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
