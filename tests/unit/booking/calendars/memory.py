"""A calendar in memory, which other people write into as well, and which can fail."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from tiski.booking.calendars.protocol import Entry, Kept, Rights, Visit
from tiski.outside.errors import OutsideError, Trouble

_versions = itertools.count(1)


@dataclass
class MemoryCalendar:
    """Entries by uid. `fails` makes every call fail; `before_look` is called before each look."""

    system: str = "memory"
    stands: dict[str, Entry] = field(default_factory=dict)
    fails: Trouble | None = None
    has_state: bool = True
    after_put: Callable[[], None] | None = None
    during_entries: Callable[[], None] | None = None
    calls: list[str] = field(default_factory=list)

    # --- as staff write

    def add(self, uid: str, first: datetime, last: datetime, *, is_busy: bool = True) -> None:
        self.stands[uid] = Entry(uid, first, last, Kept(uid, self._version()), is_busy)

    def shift(self, uid: str, first: datetime, last: datetime) -> None:
        entry = self.stands[uid]
        self.stands[uid] = replace(
            entry, starts_at=first, ends_at=last, kept=Kept(uid, self._version())
        )

    def touch(self, uid: str) -> None:
        """A note is added."""
        self.stands[uid] = replace(self.stands[uid], kept=Kept(uid, self._version()))

    def delete(self, uid: str) -> None:
        del self.stands[uid]

    # --- as the desk uses it

    async def put(self, visit: Visit, kept: Kept | None) -> Kept:
        self._call("put")
        kept = Kept(visit.uid, self._version())
        self.stands[visit.uid] = Entry(visit.uid, visit.starts_at, visit.ends_at, kept)
        if self.after_put:
            self.after_put()
        return kept

    async def remove(self, uid: str, kept: Kept) -> None:
        self._call("remove")
        self.stands.pop(uid, None)

    async def find(self, uid: str, kept: Kept) -> Entry | None:
        self._call("find")
        return self.stands.get(uid)

    async def entries(self, first: datetime, last: datetime) -> list[Entry]:
        self._call("entries")
        found = [e for e in self.stands.values() if e.starts_at < last and e.ends_at > first]
        if self.during_entries:
            self.during_entries()
        return found

    async def state(self) -> str | None:
        self._call("state")
        if not self.has_state:
            return None
        return "-".join(sorted(entry.kept.version for entry in self.stands.values()))

    async def check(self) -> Rights:
        self._call("check")
        return Rights("memory", True, True)

    async def close(self) -> None:
        pass

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if self.fails:
            raise OutsideError(self.system, self.fails)

    def _version(self) -> str:
        return str(next(_versions))
