"""Calendars of Microsoft 365, by Microsoft Graph v1.0.

https://learn.microsoft.com/graph/api/resources/event

- Graph gives ids itself, so our uid is kept in an extended property of the event, and looked up
  before a new one is written; `transactionId` makes two requests that cross each other one.
- Ids are the ordinary ones, not Graph's immutable ones: those stay valid in "Deleted items", where
  a visit that staff deleted would still be found.
- Times are asked for in UTC. An all-day event comes with midnight in any zone that is asked for; its
  day is one of the zone that it was made in, or else of the mailbox.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime, time, timedelta, timezone, tzinfo
from typing import Any
from urllib.parse import quote, urlencode

from tiski.booking.calendars import notes
from tiski.booking.calendars.microsoft_account import may_write
from tiski.booking.calendars.protocol import Entry, Kept, Rights, Visit
from tiski.booking.calendars.times import instant, midnight_utc, within, written, zone_named
from tiski.outside.answers import json_object
from tiski.outside.errors import OutsideError, Trouble
from tiski.outside.tokens import SignedApi

# A namespace of our own for what we add to events
_SPACE = "c5b7a0b6-6d5c-4d0b-9a54-2f7a2d1f3c08"
_UID = f"String {{{_SPACE}}} Name TiskiUid"
_NOTES = f"String {{{_SPACE}}} Name TiskiNotes"
_PREFER = {"Prefer": 'outlook.timezone="UTC", outlook.body-content-type="text"'}
_SELECT = (
    "id,iCalUId,seriesMasterId,createdDateTime,start,end,isAllDay,isCancelled,showAs,"
    "responseStatus,originalStartTimeZone"
)
_FREE = ("free", "workingElsewhere")
_PAGE = 500
_PAGES = 40
# Graph does not say by which clock it compares an all-day event with the window
_MARGIN = timedelta(days=1)


class MicrosoftCalendar:
    """The calendar of one person or shared mailbox. A `protocol.Calendar`.

    Args:
        user: a user principal name, e.g. anna@example.com, or an object id.
        account: see `microsoft_account`; several calendars may use one.
        tz: the mailbox's time zone.
    """

    system = "microsoft"

    def __init__(self, user: str, account: SignedApi, *, tz: tzinfo) -> None:
        self._account = account
        self._tz = tz
        self._calendar = f"{account.base}/users/{quote(user, safe='')}/calendar"
        account.join(self)

    async def put(self, visit: Visit, kept: Kept | None) -> Kept:
        """See `protocol.Calendar`."""
        for is_last in (False, False, True):
            event = await self._there(visit.uid, kept, extended=_NOTES, more=",body")
            try:
                if event is None:
                    return await self._create(visit, kept)
                return await self._change(visit, event)
            except OutsideError as error:
                # Somebody else wrote at the same time (409), or since it was read (412)
                was_faster = error.status in (409, 412) or (
                    event is not None and error.trouble is Trouble.NOT_FOUND
                )
                if is_last or not was_faster:
                    raise
        raise AssertionError("unreachable: the last round returns or raises")

    async def remove(self, uid: str, kept: Kept) -> None:
        """See `protocol.Calendar`."""
        if await self._delete(kept.place):
            return
        # It may have another id by now; and if it is the mailbox that is not there, this raises
        event = await self._search(uid, extended=_UID)
        if event:
            await self._delete(self._kept(event).place)

    async def find(self, uid: str, kept: Kept) -> Entry | None:
        """See `protocol.Calendar`."""
        event = await self._there(uid, kept, extended=_UID)
        return self._entry(event) if event else None

    async def entries(self, first: datetime, last: datetime) -> list[Entry]:
        """See `protocol.Calendar`."""
        query = {
            "startDateTime": written(first - _MARGIN),
            "endDateTime": written(last + _MARGIN),
            "$top": str(_PAGE),
            "$select": _SELECT,
            "$expand": _expand(_UID),
        }
        events = [e async for e in self._list(f"{self._calendar}/calendarView", query)]
        originals = self._originals(events)
        return within((self._entry(event, originals) for event in events), first, last)

    async def state(self) -> str | None:
        """Return None: one request reads a whole calendar, and Graph's deltas are of one window."""
        return None

    async def check(self) -> Rights:
        """See `protocol.Calendar`."""
        about = await self._get(self._calendar, {"$select": "name,canEdit,owner"})
        owner = about.get("owner")
        name = owner.get("name") if isinstance(owner, dict) else None
        can_edit = about.get("canEdit") is True and may_write(await self._account.token())
        return Rights(name=str(name or about.get("name", "")), may_read=True, may_write=can_edit)

    async def close(self) -> None:
        """See `protocol.Calendar`."""
        await self._account.leave(self)

    def _address(self, place: str) -> str:
        return f"{self._calendar}/events/{quote(place, safe='')}"

    async def _create(self, visit: Visit, gone: Kept | None) -> Kept:
        # One that was deleted was made with the first id; its successor needs another
        name = f"{visit.uid} {gone.place}" if gone else visit.uid
        event = _ours(visit) | {
            "transactionId": str(uuid.uuid5(uuid.UUID(_SPACE), name)),
            "body": {"contentType": "text", "content": visit.notes},
            "showAs": "busy",
        }
        return await self._write("POST", f"{self._calendar}/events", event, {})

    async def _change(self, visit: Visit, event: Mapping[str, Any]) -> Kept:
        change = _ours(visit)
        body = event.get("body")
        if isinstance(body, dict) and body.get("contentType") == "text":  # we asked for that
            old_mark = _extended(event).get(_NOTES)
            text = notes.renewed(str(body.get("content") or ""), visit.notes, old_mark)
            if text is not None:
                change["body"] = {"contentType": "text", "content": text}
        kept = self._kept(event)
        return await self._write(
            "PATCH", self._address(kept.place), change, {"If-Match": kept.version}
        )

    async def _write(
        self, method: str, url: str, event: Mapping[str, Any], headers: Mapping[str, str]
    ) -> Kept:
        answer = await self._account.call(
            method, url, repeatable=True, json=event, headers={**_PREFER, **headers}
        )
        return self._kept(json_object(answer, system=self.system))

    async def _delete(self, place: str) -> bool:
        """Delete an event; False when there is none at that place."""
        try:
            await self._account.call("DELETE", self._address(place), repeatable=True)
        except OutsideError as error:
            if error.trouble is not Trouble.NOT_FOUND:
                raise
            return False
        return True

    async def _there(
        self, uid: str, kept: Kept | None, *, extended: str, more: str = ""
    ) -> dict[str, Any] | None:
        """An event of ours as it is now: at its place, or wherever it is in this calendar."""
        if kept:
            query = {"$select": _SELECT + more, "$expand": _expand(extended)}
            try:
                event = await self._get(self._address(kept.place), query)
                if not event.get("isCancelled"):
                    return event
            except OutsideError as error:
                if error.trouble is not Trouble.NOT_FOUND:
                    raise
        return await self._search(uid, extended=extended, more=more)

    async def _search(self, uid: str, *, extended: str, more: str = "") -> dict[str, Any] | None:
        """The event that has our uid, by
        https://learn.microsoft.com/graph/api/singlevaluelegacyextendedproperty-get
        """
        value = uid.replace("'", "''")
        has_it = f"ep/id eq '{_UID}' and ep/value eq '{value}'"
        query = {
            "$filter": f"singleValueExtendedProperties/any(ep: {has_it})",
            "$select": _SELECT + more,
            "$expand": _expand(extended),
        }
        events = [event async for event in self._list(f"{self._calendar}/events", query)]
        return _first_made(event for event in events if not event.get("isCancelled"))

    async def _list(self, url: str, query: Mapping[str, str]) -> AsyncIterator[dict[str, Any]]:
        page = await self._get(url, query)
        for _ in range(_PAGES):
            events = page.get("value")
            if not isinstance(events, list) or not all(isinstance(e, dict) for e in events):
                raise self._unknown()
            for event in events:
                yield event
            link = page.get("@odata.nextLink")
            if not link:
                return
            page = await self._get(str(link))  # on another host it is not asked
        raise self._unknown()

    async def _get(self, url: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        # Blanks as %20: OData does not promise to read "+"
        full = f"{url}?{urlencode(query, quote_via=quote, safe='$')}" if query else url
        answer = await self._account.call("GET", full, headers=_PREFER)
        return json_object(answer, system=self.system)

    def _originals(self, events: Iterable[Mapping[str, Any]]) -> set[str]:
        """The ids of the events that are ours. A copy that staff make has our uid, too."""
        same: dict[str, list[Mapping[str, Any]]] = {}
        for event in events:
            uid = _extended(event).get(_UID)
            if uid:
                same.setdefault(uid, []).append(event)
        first = (_first_made(copies) for copies in same.values())
        return {_own_id(event) for event in first if event}

    def _entry(self, event: Mapping[str, Any], originals: set[str] | None = None) -> Entry:
        """Read an event, which is ours if it has our uid and is one of the originals."""
        try:
            uid = _extended(event).get(_UID)
            if uid is None or (originals is not None and _own_id(event) not in originals):
                # An occurrence has an iCalUId of its own
                uid = event.get("seriesMasterId") or event.get("iCalUId") or event["id"]
            is_cancelled = event.get("isCancelled") is True
            response = (event.get("responseStatus") or {}).get("response")
            is_free = event.get("showAs") in _FREE or is_cancelled or response == "declined"
            return Entry(
                uid=uid,
                starts_at=self._moment(event, "start"),
                ends_at=self._moment(event, "end"),
                kept=self._kept(event),
                is_busy=not is_free,
                is_cancelled=is_cancelled,
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            # Left out, its time would be given away
            raise self._unknown() from None

    def _moment(self, event: Mapping[str, Any], key: str) -> datetime:
        value = event[key]
        zone = zone_named(value["timeZone"])
        if zone is None:
            raise ValueError("an unknown time zone")
        moment = instant(value["dateTime"], zone)
        local = moment.astimezone(zone)
        if event.get("isAllDay") and local.time() == time():
            return midnight_utc(local.date(), self._zone_of_days(event))
        return moment

    def _zone_of_days(self, event: Mapping[str, Any]) -> tzinfo:
        """Whose midnight an all-day event means. What was made in UTC was made by a program."""
        zone = zone_named(str(event.get("originalStartTimeZone") or ""))
        return zone if zone and zone.key not in ("UTC", "Etc/UTC") else self._tz

    def _kept(self, event: Mapping[str, Any]) -> Kept:
        place, version = event.get("id"), event.get("@odata.etag")
        if not isinstance(place, str) or not isinstance(version, str):
            raise self._unknown()
        return Kept(place, version)

    def _unknown(self) -> OutsideError:
        return OutsideError(self.system, Trouble.UNKNOWN)


def _ours(visit: Visit) -> dict[str, Any]:
    """What we write of each event, whether it is new or not."""
    return {
        "subject": visit.title,
        "start": _utc(visit.starts_at),
        "end": _utc(visit.ends_at),
        "isAllDay": False,
        "singleValueExtendedProperties": [
            {"id": _UID, "value": visit.uid},
            {"id": _NOTES, "value": notes.mark(visit.notes)},
        ],
    }


def _utc(moment: datetime) -> dict[str, str]:
    clock = moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return {"dateTime": clock, "timeZone": "UTC"}


def _expand(extended: str) -> str:
    return f"singleValueExtendedProperties($filter=id eq '{extended}')"


def _extended(event: Mapping[str, Any]) -> dict[str, str]:
    """The properties of ours that came with an event. Graph may write the namespace otherwise."""
    found = event.get("singleValueExtendedProperties")
    ours = {name.lower(): name for name in (_UID, _NOTES)}
    properties = [p for p in found if isinstance(p, dict)] if isinstance(found, list) else []
    pairs = ((ours.get(str(p.get("id")).lower()), str(p.get("value"))) for p in properties)
    return {name: value for name, value in pairs if name}


def _own_id(event: Mapping[str, Any]) -> str:
    """The event's id, or that of the series that it belongs to."""
    return str(event.get("seriesMasterId") or event.get("id"))


def _first_made(events: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The one that was created first; the others are copies of it."""
    ordered = sorted(events, key=lambda event: str(event.get("createdDateTime", "")))
    return dict(ordered[0]) if ordered else None
