"""Google Calendar, by its API version 3.

https://developers.google.com/workspace/calendar/api/v3/reference/events

- Our events have ids of our own, made from the uid, so that writing twice finds the first one. An id
  stays taken after its event was deleted; such an event is brought back.
- An event is ours when it has our uid as a private property and the id that belongs to it: copies
  that staff make have the property, and another id.
- Times are written in UTC without a zone: staff see them in the calendar's own.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any
from urllib.parse import quote

from tiski.booking.calendars import notes
from tiski.booking.calendars.protocol import Entry, Kept, Rights, Visit
from tiski.booking.calendars.times import instant, midnight_utc, within, written, zone_named
from tiski.outside.answers import json_object
from tiski.outside.errors import OutsideError, Trouble
from tiski.outside.tokens import SignedApi

_UID, _NOTES = "tiskiUid", "tiskiNotes"  # private properties of our events
_FIELDS = (
    "id,iCalUID,etag,status,start,end,transparency,recurringEventId,"
    "extendedProperties/private,attendees(self,responseStatus)"
)
_PAGE = 2500  # Google's greatest
_PAGES = 20  # more than anybody's calendar has
# Google does not say by which clock it compares an all-day event with the window
_MARGIN = timedelta(days=1)


def event_id(uid: str) -> str:
    """Return the id that Google shall use: 32 of the letters a to v and digits, as it demands."""
    return base64.b32hexencode(hashlib.sha256(uid.encode()).digest()[:20]).decode().lower()


class GoogleCalendar:
    """One calendar that is shared with a service account. A `protocol.Calendar`.

    Args:
        calendar_id: as Google's settings show it, e.g. anna@example.com.
        account: see `google_account`; several calendars may use one.
    """

    system = "google"

    def __init__(self, calendar_id: str, account: SignedApi) -> None:
        self._account = account
        self._events = f"{account.base}/calendars/{quote(calendar_id, safe='')}/events"
        account.join(self)

    async def put(self, visit: Visit, kept: Kept | None) -> Kept:
        """See `protocol.Calendar`."""
        address = self._address(visit.uid)
        may_be_there = kept is not None
        for is_last in (False, False, True):
            event = await self._read(address, f"{_FIELDS},description") if may_be_there else None
            try:
                if event is None:
                    return await self._insert(visit)
                return await self._patch(address, visit, event)
            except OutsideError as error:
                # Taken by an earlier try or a deleted event (409), changed since it was read (412),
                # or gone since
                was_faster = error.status in (409, 412) or (
                    event is not None and error.trouble is Trouble.NOT_FOUND
                )
                if is_last or not was_faster:
                    raise
            may_be_there = True
        raise AssertionError("unreachable: the last round returns or raises")

    async def remove(self, uid: str, kept: Kept) -> None:
        """See `protocol.Calendar`."""
        try:
            await self._account.call("DELETE", self._address(uid), repeatable=True)
        except OutsideError as error:
            if error.status == 410:
                return
            if error.trouble is not Trouble.NOT_FOUND:
                raise
            await self._about()  # raises when it is the calendar that is not there

    async def find(self, uid: str, kept: Kept) -> Entry | None:
        """See `protocol.Calendar`."""
        event = await self._read(self._address(uid), _FIELDS)
        if event is None:
            # A calendar that is not shared with us any more looks the same
            await self._about()
            return None
        start = event.get("start")
        is_all_day = isinstance(start, dict) and "date" in start
        zone = self._zone(await self._about()) if is_all_day else timezone.utc
        return self._entry(event, zone)

    async def entries(self, first: datetime, last: datetime) -> list[Entry]:
        """See `protocol.Calendar`."""
        window = {
            "timeMin": written(first - _MARGIN),
            "timeMax": written(last + _MARGIN),
            "singleEvents": "true",
            "maxResults": str(_PAGE),
            "maxAttendees": "1",  # the calendar's own
            "fields": f"nextPageToken,timeZone,items({_FIELDS})",
        }
        found: list[Entry] = []
        async for page in self._pages(window):
            zone = self._zone(page)
            items = page.get("items", [])
            if not isinstance(items, list):
                raise self._unknown()
            found += [entry for item in items if (entry := self._entry(item, zone))]
        return within(found, first, last)

    async def state(self) -> str | None:
        """Return None: one request reads a whole calendar, and asking for changes is one, too."""
        return None

    async def check(self) -> Rights:
        """See `protocol.Calendar`."""
        about = await self._about()
        role = str(about.get("accessRole", "none"))
        return Rights(
            name=str(about.get("summary", "")),
            may_read=role != "none",
            may_write=role == "owner" or role.startswith("writer"),
        )

    async def close(self) -> None:
        """See `protocol.Calendar`."""
        await self._account.leave(self)

    def _address(self, uid: str) -> str:
        return f"{self._events}/{event_id(uid)}"

    async def _insert(self, visit: Visit) -> Kept:
        event = _ours(visit) | {
            "id": event_id(visit.uid),
            "description": visit.notes,
            "start": {"dateTime": written(visit.starts_at)},
            "end": {"dateTime": written(visit.ends_at)},
        }
        # With an id of our own the second of two is refused
        return await self._write("POST", self._events, event, {})

    async def _patch(self, address: str, visit: Visit, event: Mapping[str, Any]) -> Kept:
        """Change what is ours in an event, and bring it back where it was deleted."""
        change = _ours(visit) | {
            # Staff may have made it last all day; it cannot have both
            "start": {"dateTime": written(visit.starts_at), "date": None},
            "end": {"dateTime": written(visit.ends_at), "date": None},
        }
        if event.get("status") == "cancelled":
            change["description"] = visit.notes
        else:
            old_mark = _private(event).get(_NOTES)
            text = notes.renewed(str(event.get("description") or ""), visit.notes, old_mark)
            if text is not None:
                change["description"] = text
        etag = event.get("etag")
        headers = {"If-Match": etag} if isinstance(etag, str) else {}
        return await self._write("PATCH", address, change, headers)

    async def _write(
        self, method: str, url: str, event: Mapping[str, Any], headers: Mapping[str, str]
    ) -> Kept:
        answer = await self._account.call(
            method, url, repeatable=True, json=event, params={"fields": "id,etag"}, headers=headers
        )
        content = json_object(answer, system=self.system)
        place, version = content.get("id"), content.get("etag")
        if not isinstance(place, str) or not isinstance(version, str):
            raise self._unknown()
        return Kept(place, version)

    async def _read(self, address: str, fields: str) -> dict[str, Any] | None:
        """The event as it is now, a deleted one included; None when there is no trace of it."""
        try:
            answer = await self._account.call(
                "GET", address, params={"fields": fields, "maxAttendees": "1"}
            )
        except OutsideError as error:
            if error.trouble is Trouble.NOT_FOUND:
                return None
            raise
        return json_object(answer, system=self.system)

    async def _about(self) -> dict[str, Any]:
        """The calendar's name, zone, and our role there.

        calendarList would tell the same only of calendars that the account has put on its own list,
        calendars.get nothing of the role.
        """
        params = {"maxResults": "1", "fields": "summary,timeZone,accessRole"}
        answer = await self._account.call("GET", self._events, params=params)
        return json_object(answer, system=self.system)

    async def _pages(self, params: Mapping[str, str]) -> AsyncIterator[dict[str, Any]]:
        token: dict[str, str] = {}
        for _ in range(_PAGES):
            answer = await self._account.call("GET", self._events, params={**params, **token})
            page = json_object(answer, system=self.system)
            yield page
            if not page.get("nextPageToken"):
                return
            token = {"pageToken": str(page["nextPageToken"])}
        raise self._unknown()

    def _zone(self, about: Mapping[str, Any]) -> tzinfo:
        zone = zone_named(str(about.get("timeZone", "")))
        if zone is None:
            raise self._unknown()
        return zone

    def _entry(self, event: Any, zone: tzinfo) -> Entry | None:
        """Read an event; None for a deleted one. `zone` is where its all-day events lie."""
        try:
            if event.get("status") == "cancelled":
                return None
            uid = _private(event).get(_UID)
            if uid is None or event_id(uid) not in (event["id"], event.get("recurringEventId")):
                uid = event.get("iCalUID") or event["id"]
            declined = any(
                one.get("self") and one.get("responseStatus") == "declined"
                for one in event.get("attendees", [])
            )
            return Entry(
                uid=uid,
                starts_at=_moment(event["start"], zone),
                ends_at=_moment(event["end"], zone),
                kept=Kept(event["id"], event["etag"]),
                is_busy=event.get("transparency") != "transparent" and not declined,
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            # Left out, its time would be given away
            raise self._unknown() from None

    def _unknown(self) -> OutsideError:
        return OutsideError(self.system, Trouble.UNKNOWN)


def _ours(visit: Visit) -> dict[str, Any]:
    """What we write of each event, whether it is new or not."""
    return {
        "summary": visit.title,
        "status": "confirmed",
        "extendedProperties": {"private": {_UID: visit.uid, _NOTES: notes.mark(visit.notes)}},
    }


def _private(event: Mapping[str, Any]) -> dict[str, str]:
    """The private properties of an event, ours and others'."""
    properties = event.get("extendedProperties")
    private = properties.get("private") if isinstance(properties, dict) else None
    return {k: str(v) for k, v in private.items()} if isinstance(private, dict) else {}


def _moment(value: Mapping[str, str], zone: tzinfo) -> datetime:
    """Read a `start` or `end`: a time with an offset, or a day, which begins by the zone's clock."""
    if "dateTime" in value:
        # Without an offset it is a clock's time in the zone that is named with it
        return instant(value["dateTime"], zone_named(value.get("timeZone", "")) or zone)
    return midnight_utc(date.fromisoformat(value["date"]), zone)
