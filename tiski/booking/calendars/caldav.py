"""A calendar on a CalDAV server (RFC 4791): Nextcloud, Radicale, iCloud, Fastmail, and others.

Each visit is one object of the collection, at a name made from its uid. What anybody else changed
since it was read is not overwritten: every update names the version it began from (If-Match).
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import httpx

from tiski import clock
from tiski.booking.calendars import ical
from tiski.booking.calendars.multistatus import (
    CALDAV,
    CALENDAR_SERVER,
    DAV,
    BrokenXml,
    Part,
    parts_of,
)
from tiski.booking.calendars.protocol import Entry, Kept, Rights, Visit
from tiski.booking.calendars.recurrence import entries_of
from tiski.outside.door import TIMEOUT_SECONDS, Door
from tiski.outside.errors import OutsideError, Trouble

logger = logging.getLogger(__name__)

# Servers know neither the business's time zone nor, some of them, when the clocks change
_MARGIN = timedelta(days=1)
# A server looks through all of a calendar before it answers a query. With 1,500 events Radicale
# took 0.7 s for three months and 7 s for one uid, Xandikos 2.8 and 2.4 s, on a busy machine.
QUERY_SECONDS = 20.0
_CHANGED_MEANWHILE = (412, 423)  # 423: Xandikos, while another writes
_DATA, _ETAG = f"{CALDAV}calendar-data", f"{DAV}getetag"

_QUERY = """<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:prop><D:getetag/><C:calendar-data/></D:prop>
<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">{}</C:comp-filter>\
</C:comp-filter></C:filter></C:calendar-query>"""
_IN_TIME = '<C:time-range start="{:%Y%m%dT%H%M%SZ}" end="{:%Y%m%dT%H%M%SZ}"/>'
_WITH_UID = (
    '<C:prop-filter name="UID"><C:text-match collation="i;octet">{}</C:text-match></C:prop-filter>'
)
_PROPERTIES = """<?xml version="1.0" encoding="utf-8"?>
<D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" \
xmlns:S="http://calendarserver.org/ns/"><D:prop>{}</D:prop></D:propfind>"""


@dataclass(frozen=True)
class _Object:
    """A calendar object as the server has it."""

    kept: Kept
    content: str


class CalDav:
    """One calendar on a CalDAV server.

    Queries of a large calendar may take long (`entries`; the others only where an event is not at
    its place any more): use `tiski.outside.door.within` where somebody waits.

    Args:
        url: of the calendar's collection, as the server shows it to its owner.
        user: the account's name; where it is an e-mail address, invitations that it declined are
            not busy.
        password: the account's, better one made for this program.
        tz: where times without a time zone are meant, and where a whole day begins and ends.
        door: another way to the server, for tests; it is closed with the calendar.
    """

    system = "caldav"

    def __init__(
        self, url: str, *, user: str, password: str, tz: ZoneInfo, door: Door | None = None
    ) -> None:
        self._url = url if url.endswith("/") else f"{url}/"
        self._tz = tz
        self._owner = user if "@" in user else ""
        self._door = door or open_door(user=user, password=password)
        self._told: set[Kept] = set()  # broken objects that the log has already

    async def put(self, visit: Visit, kept: Kept | None) -> Kept:
        """See `protocol.Calendar`."""
        found = None
        if kept:
            found = await self._read(kept.place, visit.uid) or await self._look_for(visit.uid)
        if found is None:
            try:
                return await self._create(visit)
            except OutsideError as error:
                if error.trouble is not Trouble.REFUSED:
                    raise
                # An earlier try of ours arrived, or the event lies at another name
                place = self._place_of(visit.uid)
                found = await self._read(place, visit.uid) or await self._look_for(visit.uid)
                if found is None:
                    raise
        return await self._update(visit, found)

    async def remove(self, uid: str, kept: Kept) -> None:
        """See `protocol.Calendar`."""
        if await self._delete(kept.place):
            return
        # Some programs delete and create when an event is changed; then it has another name
        found = await self._look_for(uid)
        if found:
            await self._delete(found.kept.place)

    async def find(self, uid: str, kept: Kept) -> Entry | None:
        """See `protocol.Calendar`."""
        found = await self._read(kept.place, uid) or await self._look_for(uid)
        if found is None:
            return None
        try:
            return ical.entry(found.content, uid, found.kept, tz=self._tz)
        except ical.Unreadable:
            raise self._senseless() from None

    async def entries(self, first: datetime, last: datetime) -> list[Entry]:
        """See `protocol.Calendar`. An event that cannot be read at all is left out, and logged."""
        window = (first - _MARGIN, last + _MARGIN)
        within = _IN_TIME.format(*(moment.astimezone(timezone.utc) for moment in window))
        objects, missing = await self._query(within)
        # Reading takes about a millisecond for each event
        found, broken = await asyncio.to_thread(self._all_of, objects, first, last)
        news = [kept for kept in broken if kept not in self._told]
        self._told = set(broken)
        if news or missing:
            logger.warning("caldav: %d events cannot be read, or not wholly", len(news) + missing)
        return found

    async def state(self) -> str | None:
        """See `protocol.Calendar`."""
        part = await self._properties("<S:getctag/><D:sync-token/>")
        return part.text(f"{CALENDAR_SERVER}getctag") or part.text(f"{DAV}sync-token")

    async def check(self) -> Rights:
        """See `protocol.Calendar`. What the server does not tell is taken to be allowed.

        Raises:
            OutsideError: NOT_FOUND when there is no calendar for events at this address.
        """
        part = await self._properties(
            "<D:displayname/><D:resourcetype/><D:current-user-privilege-set/>"
            "<C:supported-calendar-component-set/>"
        )
        kinds = part.properties.get(f"{DAV}resourcetype")
        if kinds is None or kinds.find(f"{CALDAV}calendar") is None:
            raise OutsideError(self.system, Trouble.NOT_FOUND)
        components = part.properties.get(f"{CALDAV}supported-calendar-component-set")
        if components is not None and len(components):
            names = {str(component.get("name", "")).upper() for component in components}
            if "VEVENT" not in names:  # a list of tasks
                raise OutsideError(self.system, Trouble.NOT_FOUND)
        may_read = may_write = True
        privileges = part.properties.get(f"{DAV}current-user-privilege-set")
        if privileges is not None:
            names = {found.tag for found in privileges.iterfind(f"{DAV}privilege/*")}
            has_all = f"{DAV}all" in names
            may_read = has_all or f"{DAV}read" in names
            parts = {f"{DAV}{name}" for name in ("bind", "unbind", "write-content")}
            may_write = has_all or f"{DAV}write" in names or parts <= names
        return Rights(part.text(f"{DAV}displayname") or "", may_read, may_write)

    async def close(self) -> None:
        """See `protocol.Calendar`."""
        await self._door.close()

    async def _create(self, visit: Visit) -> Kept:
        place, content = self._place_of(visit.uid), ical.written(visit, now=clock.now())
        return await self._write(place, content, visit, {"If-None-Match": "*"})

    async def _update(self, visit: Visit, found: _Object) -> Kept:
        for is_last in (False, True):
            try:
                content = ical.rewritten(found.content, visit, now=clock.now())
            except ical.Unreadable:
                raise self._senseless() from None
            if content is None:
                return found.kept
            place, version = found.kept.place, found.kept.version
            condition = {"If-Match": version} if version.startswith('"') else {}
            try:
                return await self._write(place, content, visit, condition)
            except OutsideError as error:
                if error.status not in _CHANGED_MEANWHILE or is_last:
                    raise
            again = await self._read(place, visit.uid)
            if again is None:
                return await self._create(visit)
            found = again
        raise AssertionError("unreachable: the last round returns or raises")

    async def _write(
        self, place: str, content: bytes, visit: Visit, condition: dict[str, str]
    ) -> Kept:
        headers = {"Content-Type": "text/calendar; charset=utf-8", **condition}
        # Safe to send twice: the condition fails then, and what was written is found
        answer = await self._call("PUT", place, content=content, headers=headers, repeatable=True)
        version = _version(answer.headers.get("etag"))
        if version is None:
            # A server tells none where it changed something (RFC 4791, 5.3.4), some never do
            now = await self._read(place, visit.uid)
            is_ours = now and ical.rewritten(now.content, visit, now=clock.now()) is None
            # What another wrote since is no version of ours: it must look changed
            version = now.kept.version if now and is_ours else ""
        return Kept(place, version)

    async def _read(self, place: str, uid: str) -> _Object | None:
        """The object at a place; None when there is none, or another event."""
        try:
            # Packed answers get other ETags from some proxies, which If-Match then fails on
            answer = await self._call("GET", place, headers={"Accept-Encoding": "identity"})
        except OutsideError as error:
            if error.trouble is Trouble.NOT_FOUND:
                return None
            raise
        found = _object(
            place, answer.headers.get("etag"), answer.content.decode("utf-8", "replace")
        )
        try:
            is_it = ical.holds(found.content, uid)
        except ical.Unreadable:
            raise self._senseless() from None
        return found if is_it else None

    async def _look_for(self, uid: str) -> _Object | None:
        """The object with an event of ours, wherever in the collection it lies."""
        objects, _ = await self._query(_WITH_UID.format(escape(uid)))
        for found in objects:
            try:
                # Servers that do not know this filter send everything
                if ical.holds(found.content, uid):
                    return found
            except ical.Unreadable:
                continue
        return None

    async def _delete(self, place: str) -> bool:
        try:
            answer = await self._call("DELETE", place, repeatable=True)
        except OutsideError as error:
            if error.trouble is Trouble.NOT_FOUND:
                return False
            raise
        if answer.status_code == 207:  # what could not be deleted, and why
            for part in self._parts(answer):
                if part.status >= 400:
                    raise OutsideError(self.system, Trouble.REFUSED, status=part.status)
        return True

    async def _query(self, condition: str) -> tuple[list[_Object], int]:
        """The objects that meet a condition, and how many of them the server did not hand out."""
        body = _QUERY.format(condition).encode()
        objects: list[_Object] = []
        missing = 0
        for part in await self._ask("REPORT", body, depth="1"):
            place = self._place(part.href)
            if place is None:
                missing += 1
            elif place == urlsplit(self._url).path and part.status >= 400:
                # Of the collection itself: not all were sent (507), or none
                raise OutsideError(self.system, Trouble.UNKNOWN, status=part.status)
            elif part.status in (404, 410):
                continue  # deleted while it answered
            elif part.status >= 300 or (content := part.text(_DATA)) is None:
                missing += 1
            else:
                objects.append(_object(place, part.text(_ETAG), content))
        return objects, missing

    async def _properties(self, names: str) -> Part:
        for part in await self._ask("PROPFIND", _PROPERTIES.format(names).encode(), depth="0"):
            if part.status < 300:
                return part
            if part.status in (401, 403):
                raise OutsideError(self.system, Trouble.INVALID_CREDENTIALS, status=part.status)
        raise OutsideError(self.system, Trouble.NOT_FOUND)

    async def _ask(self, method: str, body: bytes, *, depth: str) -> list[Part]:
        headers = {"Content-Type": "application/xml; charset=utf-8", "Depth": depth}
        request: dict[str, Any] = {"content": body, "headers": headers}
        if method == "REPORT":
            request["timeout"] = httpx.Timeout(TIMEOUT_SECONDS, read=QUERY_SECONDS)
        answer = await self._call(method, self._url, **request)
        if answer.status_code != 207:
            raise self._senseless()
        return await asyncio.to_thread(self._parts, answer)

    async def _call(self, method: str, place: str, **request: Any) -> httpx.Response:
        answer = await self._door.call(method, self._address(place), **request)
        if "html" in answer.headers.get("content-type", "").lower():
            raise self._senseless()  # a page to sign in, or of a proxy, with a status of success
        return answer

    def _all_of(
        self, objects: list[_Object], first: datetime, last: datetime
    ) -> tuple[list[Entry], list[Kept]]:
        """All entries by their start, and which objects could not be read wholly."""
        found: list[Entry] = []
        broken: list[Kept] = []
        for thing in objects:
            try:
                entries, is_whole = entries_of(
                    thing.content, thing.kept, first, last, tz=self._tz, owner=self._owner
                )
            except ical.Unreadable:
                entries, is_whole = [], False
            found += entries
            if not is_whole:
                broken.append(thing.kept)
        return sorted(found, key=lambda entry: (entry.starts_at, entry.ends_at)), broken

    def _parts(self, answer: httpx.Response) -> list[Part]:
        try:
            return parts_of(answer.content)
        except BrokenXml:
            raise self._senseless() from None

    def _place_of(self, uid: str) -> str:
        """Where a visit is written: its uid is random, so letters that need care can go."""
        name = re.sub(r"[^A-Za-z0-9-]+", "-", uid)
        return urlsplit(self._url).path + f"{name}.ics"

    def _place(self, href: str) -> str | None:
        """The path of an address in an answer; None when it is on another server."""
        try:
            url = urlsplit(urljoin(self._url, href))
            return url.path if _origin(url) == _origin(urlsplit(self._url)) else None
        except ValueError:
            return None

    def _address(self, place: str) -> str:
        if self._place(place) is None:
            raise self._senseless()
        return urljoin(self._url, place)

    def _senseless(self) -> OutsideError:
        return OutsideError(self.system, Trouble.UNKNOWN)


def open_door(*, user: str, password: str, **options: Any) -> Door:
    """Return a door to a CalDAV server.

    Args:
        options: as `Door` takes them.
    """
    # As bytes in UTF-8 (RFC 7617): httpx would refuse letters like ä
    auth = httpx.BasicAuth(user.encode(), password.encode())
    return Door("caldav", auth=auth, reading=_reading, **options)


def _reading(answer: httpx.Response) -> Trouble | None:
    """Tell a broken rule of CalDAV, e.g. that a uid is there already, from a missing right."""
    if answer.status_code == 403 and b"urn:ietf:params:xml:ns:caldav" in answer.content:
        return Trouble.REFUSED
    return None


def _object(place: str, etag: str | None, content: str) -> _Object:
    # Without an ETag the content itself is the version
    version = _version(etag) or sha256(content.encode("utf-8", "replace")).hexdigest()
    return _Object(Kept(place, version), content)


def _version(etag: str | None) -> str | None:
    # A weak one would never match in If-Match (RFC 9110, 13.1.1); those who send it mean the strong
    return (etag or "").strip().removeprefix("W/") or None


def _origin(url: Any) -> tuple[str, str | None, int | None]:
    port = url.port or {"http": 80, "https": 443}.get(url.scheme)
    return url.scheme, url.hostname, port
