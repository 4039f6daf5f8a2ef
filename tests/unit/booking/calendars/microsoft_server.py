"""A server that answers as Microsoft Entra's token endpoint and Graph v1.0 are documented to.

- https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
- https://learn.microsoft.com/graph/api/resources/event and the methods that it names
- https://learn.microsoft.com/graph/api/calendar-list-calendarview
- https://learn.microsoft.com/graph/api/singlevaluelegacyextendedproperty-get
- https://learn.microsoft.com/graph/errors and https://learn.microsoft.com/graph/throttling
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from vendor_server import VendorServer

Event = dict[str, Any]
ANNA = "anna@example.com"
TENANT = "example.onmicrosoft.com"
CLIENT_ID = "11111111-2222-3333-4444-555555555555"
SECRET = "secret~value"
_EXTENDED = "singleValueExtendedProperties"


def refusal(status: int, code: str, *, retry_after: int | None = None) -> web.Response:
    """An error as Graph's documentation of errors shows it."""
    inner = {"date": "2026-11-23T08:00:00", "request-id": "x", "client-request-id": "x"}
    error = {"code": code, "message": "It may name anna@example.com", "innerError": inner}
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    return web.json_response({"error": error}, status=status, headers=headers)


@dataclass
class Mailbox:
    """A mailbox with its calendar."""

    owner: str = "Anna A."
    can_edit: bool = True
    events: dict[str, Event] = field(default_factory=dict)


class MicrosoftServer(VendorServer):
    """See the module.

    Attributes:
        mailboxes: by user principal name.
        roles: what the app is granted.
        before_patch: called with the event before an If-Match is compared, once per PATCH.
        page: the most that a page of a list holds.
        next_host: what stands in the links to further pages instead of the server's own address.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mailboxes = {ANNA: Mailbox()}
        self.roles = ["Calendars.ReadWrite"]
        self.before_patch: Callable[[Event], None] | None = None
        self.page = 1000
        self.next_host: str | None = None
        self._count = 0

    @property
    def api_url(self) -> str:
        return f"{self.url}/v1.0"

    @property
    def events(self) -> dict[str, Event]:
        """Anna's, by id."""
        return self.mailboxes[ANNA].events

    def add(self, start: str, end: str, *, zone: str = "UTC", **more: Any) -> Event:
        """Put an event in, as somebody with a phone does; returns what is kept."""
        return self._keep(
            self.mailboxes[ANNA],
            {
                "start": {"dateTime": start, "timeZone": zone},
                "end": {"dateTime": end, "timeZone": zone},
                **more,
            },
        )

    def touch(self, event: Event) -> Event:
        """Give an event the etag of a change."""
        self._count += 1
        event["changeKey"] = f"ck{self._count}"
        event["@odata.etag"] = f'W/"ck{self._count}"'
        return event

    def move(self, event: Event) -> None:
        """Give an event the id of another folder, as a move there and back does."""
        del self.events[event["id"]]
        event["id"] = f"AAMk{secrets.token_urlsafe(9)}=="
        self.events[event["id"]] = event

    def _keep(self, mailbox: Mailbox, event: Event) -> Event:
        self._count += 1
        event.setdefault("showAs", "busy")
        event.setdefault("isAllDay", False)
        event.setdefault("isCancelled", False)
        event.setdefault("responseStatus", {"response": "organizer"})
        event.setdefault("originalStartTimeZone", event["start"]["timeZone"])
        event.setdefault("createdDateTime", f"2026-11-20T08:00:{self._count:02}.1234567Z")
        event |= {
            "id": f"AAMk{secrets.token_urlsafe(9)}==",
            "iCalUId": f"040000{self._count:04}",
            "seriesMasterId": event.get("seriesMasterId"),
        }
        mailbox.events[event["id"]] = self.touch(event)
        return event

    def routes(self, app: web.Application) -> None:
        calendar = "/v1.0/users/{user}/calendar"
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        app.router.add_get(calendar, self._about)
        app.router.add_get(calendar + "/calendarView", self._view)
        app.router.add_get(calendar + "/events", self._search)
        app.router.add_post(calendar + "/events", self._create)
        app.router.add_get(calendar + "/events/{id}", self._get)
        app.router.add_patch(calendar + "/events/{id}", self._patch)
        app.router.add_delete(calendar + "/events/{id}", self._delete)

    def unauthorized(self) -> web.Response:
        return refusal(401, "InvalidAuthenticationToken")

    def make_token(self) -> str:
        claims = json.dumps({"roles": self.roles, "jti": secrets.token_hex(8)}).encode()
        return f"e30.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.c2ln"

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        right = {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": SECRET,
            "scope": "https://graph.microsoft.com/.default",
        }
        if request.match_info["tenant"] != TENANT:
            error = {"error": "invalid_request", "error_description": "AADSTS90002: …"}
            return web.json_response(error, status=400)
        if dict(form) != right:
            error = {"error": "invalid_client", "error_description": "AADSTS7000215: …"}
            return web.json_response(error, status=401)
        return web.json_response({**self.new_token(), "ext_expires_in": 3599})

    def _mailbox(self, request: web.Request, *, to_write: bool = False) -> Mailbox:
        wanted = "Calendars.ReadWrite" if to_write else "Calendars.Read"
        if not any(role.startswith(wanted) for role in self.roles):
            raise _Refused(403, "ErrorAccessDenied")
        mailbox = self.mailboxes.get(request.match_info["user"])
        if mailbox is None:
            raise _Refused(404, "ErrorInvalidUser")
        return mailbox

    def _event(self, request: web.Request, *, to_write: bool = False) -> Event:
        event_id = request.match_info["id"]
        mailbox = self._mailbox(request, to_write=to_write)
        if not event_id.startswith("AAMk"):
            raise _Refused(400, "ErrorInvalidIdMalformed")
        if event_id not in mailbox.events:
            raise _Refused(404, "ErrorItemNotFound")
        return mailbox.events[event_id]

    async def _about(self, request: web.Request) -> web.Response:
        mailbox = self._mailbox(request)
        owner = {"name": mailbox.owner, "address": request.match_info["user"]}
        about = {"id": "AAMkc", "name": "Calendar", "canEdit": mailbox.can_edit, "owner": owner}
        return web.json_response(_selected(request, about))

    async def _get(self, request: web.Request) -> web.Response:
        return web.json_response(_shown(request, self._event(request)))

    async def _create(self, request: web.Request) -> web.Response:
        mailbox, event = self._mailbox(request, to_write=True), await request.json()
        for known in mailbox.events.values():
            if known.get("transactionId") == event.get("transactionId") is not None:
                return web.json_response(_shown(request, known), status=201)
        return web.json_response(_shown(request, self._keep(mailbox, event)), status=201)

    async def _patch(self, request: web.Request) -> web.Response:
        event, change = self._event(request, to_write=True), await request.json()
        if self.before_patch:
            self.before_patch(event)
        if event["id"] not in self.events:
            raise _Refused(404, "ErrorItemNotFound")
        if request.headers.get("If-Match", event["@odata.etag"]) != event["@odata.etag"]:
            raise _Refused(412, "ErrorIrresolvableConflict")
        extended = {p["id"]: p for p in event.get(_EXTENDED, []) + change.pop(_EXTENDED, [])}
        event |= change | {_EXTENDED: list(extended.values())}
        return web.json_response(_shown(request, self.touch(event)))

    async def _delete(self, request: web.Request) -> web.Response:
        event = self._event(request, to_write=True)
        del self._mailbox(request).events[event["id"]]
        return web.Response(status=204)

    async def _search(self, request: web.Request) -> web.Response:
        events = self._mailbox(request).events.values()
        found = re.fullmatch(
            r"singleValueExtendedProperties/any\(ep: ep/id eq '(.+)' and ep/value eq '(.*)'\)",
            request.query["$filter"],
        )
        if not found:
            raise _Refused(400, "ErrorInvalidUrlQueryFilter")
        name, value = found[1].lower(), found[2].replace("''", "'")
        there = [
            event for event in events
            if any(p["id"].lower() == name and p["value"] == value for p in event.get(_EXTENDED, []))
        ]  # fmt: skip
        return self._page(request, there)

    async def _view(self, request: web.Request) -> web.Response:
        first, last = (
            datetime.fromisoformat(request.query[key].replace("Z", "+00:00"))
            for key in ("startDateTime", "endDateTime")
        )
        events = self._mailbox(request).events.values()
        there = [e for e in events if _moment(e["end"]) > first and _moment(e["start"]) < last]
        return self._page(request, there)

    def _page(self, request: web.Request, events: list[Event]) -> web.Response:
        start = int(request.query.get("$skip", 0))
        size = min(int(request.query.get("$top", 10)), self.page)
        page = {"value": [_shown(request, event) for event in events[start : start + size]]}
        if start + size < len(events):
            link = request.url.update_query({"$skip": str(start + size)})
            path = str(link.relative())
            page["@odata.nextLink"] = f"{self.next_host or self.url}{path}"  # type: ignore[assignment]
        return web.json_response(page)


class _Refused(web.HTTPException):
    """`refusal`, to be raised."""

    status_code = 400

    def __init__(self, status: int, code: str) -> None:
        self.status_code = status
        super().__init__(body=refusal(status, code).body, content_type="application/json")


def _selected(request: web.Request, content: dict[str, Any]) -> dict[str, Any]:
    names = request.query.get("$select")
    if names is None:
        return content
    return {k: v for k, v in content.items() if k in names.split(",") or k.startswith("@")}


def _shown(request: web.Request, event: Event) -> Event:
    """An event as the request wants to see it: $select, $expand, and the two preferences."""
    shown = _selected(request, {k: v for k, v in event.items() if k != _EXTENDED})
    expand = re.fullmatch(
        r"singleValueExtendedProperties\(\$filter=id eq '(.+)'\)", request.query.get("$expand", "")
    )
    if expand:
        wanted = expand[1].lower()
        there = [p for p in event.get(_EXTENDED, []) if p["id"].lower() == wanted]
        if there:  # Graph leaves the key out where there is none
            shown[_EXTENDED] = there
    prefer = request.headers.get("Prefer", "")
    zone = re.search(r'outlook\.timezone="([^"]+)"', prefer)
    for key in ("start", "end"):
        if key in shown:
            shown[key] = _in_zone(shown[key], zone[1] if zone else "UTC", event["isAllDay"])
    if "body" in shown:
        is_text = 'outlook.body-content-type="text"' in prefer
        text = event["body"]["content"].replace("\n", "\r\n")
        html = f"<html><body><div>{text}</div></body></html>"
        kind, content = ("text", f"{text}\r\n") if is_text else ("html", html)
        shown["body"] = {"contentType": kind, "content": content}
    return shown


def _in_zone(value: dict[str, str], zone: str, is_all_day: bool) -> dict[str, str]:
    """A time by another zone's clock; midnight of an all-day event is midnight in any."""
    if is_all_day:
        day = date.fromisoformat(value["dateTime"][:10])
        return {"dateTime": f"{day}T00:00:00.0000000", "timeZone": zone}
    local = _moment(value).astimezone(ZoneInfo(zone))
    return {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": zone}


def _moment(value: dict[str, str]) -> datetime:
    local = datetime.fromisoformat(value["dateTime"][:19])
    return local.replace(tzinfo=ZoneInfo(value["timeZone"])).astimezone(timezone.utc)


def weekly(server: MicrosoftServer, start: datetime, count: int, *, zone: str) -> list[Event]:
    """Put in what calendarView shows of a series: occurrences by the clock of a zone."""
    local = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    shown = []
    for week in range(count):
        begins = local + timedelta(weeks=week)
        ends = begins + timedelta(hours=1)
        shown.append(
            server.add(
                begins.isoformat(), ends.isoformat(), zone=zone,
                seriesMasterId="AAMkmaster==", type="occurrence",
            )
        )  # fmt: skip
    return shown
