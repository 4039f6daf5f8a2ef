"""What `find_times` gives back: one time expression with its value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class TimeSpan:
    """One time expression found in a text.

    start, end: where it stands in the original text (characters, end exclusive).
    begin: first moment, aware, in the zone of the `now` that was given.
    finish: end of a span, exclusive; None for a point in time or a single day.
    grain: 'minute', 'hour', 'day', 'week', 'month' or 'year': how exactly it was said.
    has_date: a date was said (not inferred); has_time: a clock time or a part of day was said.
    alternatives: other readings of the same words, likeliest first.
    kind: 'time', 'duration' ("two hours"), 'recurrence' ("every Friday": the first one) or 'vague'
        ("soon", "the week"); see the package.
    every: of a recurrence, as in "2 weeks"; length: of a duration, as in "2 hours".
    shift: "three hours later", here counted from now, may be meant from another moment.
    pieces: all places in the text that say it; more than one when words of something else stand
        between them.

    A span over several days whose ends are not midnights is a daily window: "next week in the
    afternoon" begins on Monday at 12 and finishes on Sunday at 17.
    """

    start: int
    end: int
    text: str
    begin: datetime
    finish: datetime | None
    grain: str
    has_date: bool
    has_time: bool
    alternatives: tuple[TimeSpan, ...] = ()
    kind: str = "time"
    every: str | None = None
    length: str | None = None
    shift: bool = False
    pieces: tuple[tuple[int, int], ...] = ()

    @property
    def value(self) -> str | dict[str, str]:
        """ISO 8601 with offset for a point, {"from": ..., "to": ...} for a span."""
        if self.finish is None:
            return self.begin.isoformat()
        return {"from": self.begin.isoformat(), "to": self.finish.isoformat()}

    def as_entity(self) -> dict[str, Any]:
        """The same in the shape of a Duckling entity; `values` holds the alternatives only."""
        info = self._reading()
        info["values"] = [other._reading() for other in self.alternatives]
        if self.every is not None:
            info["every"] = self.every
        if self.length is not None:
            info["length"] = self.length
        info["has_date"] = self.has_date
        info["has_time"] = self.has_time
        return {
            "entity": "duration" if self.kind == "duration" else "time",
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "value": self.value,
            "additional_info": info,
        }

    def _reading(self) -> dict[str, Any]:
        value = self.value
        if isinstance(value, str):
            return {"type": "value", "value": value, "grain": self.grain}
        return {"type": "interval", **value, "grain": self.grain}
