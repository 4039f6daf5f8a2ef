"""A server that answers as Google's token endpoint and Calendar API v3 are documented to.

- https://developers.google.com/identity/protocols/oauth2/service-account#httprest
- https://developers.google.com/workspace/calendar/api/v3/reference/events
- https://developers.google.com/workspace/calendar/api/guides/errors
- https://developers.google.com/workspace/calendar/api/guides/performance#partial (fields)
- https://developers.google.com/workspace/calendar/api/guides/version-resources (If-Match)
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import jwt
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from vendor_server import VendorServer

from tiski import clock

Event = dict[str, Any]
DESK = "desk@project.iam.gserviceaccount.example"
ANNA = "anna@example.com"


@lru_cache
def desk_key() -> rsa.RSAPrivateKey:
    """The account's key, made for this run."""
    return rsa.generate_private_key(65537, 2048)


def key_file(key: rsa.RSAPrivateKey | None = None) -> str:
    """The JSON file that Google gives for a service account's key."""
    key = key or desk_key()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    content = {
        "type": "service_account",
        "project_id": "project",
        "private_key_id": "key-1",
        "private_key": pem.decode(),
        "client_email": DESK,
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    return json.dumps(content)


def refusal(status: int, reason: str, *, domain: str = "global") -> web.Response:
    """An error as the guide to errors shows it."""
    message = "It may name anna@example.com"
    errors = [{"domain": domain, "reason": reason, "message": message}]
    error = {"errors": errors, "code": status, "message": message}
    return web.json_response({"error": error}, status=status)


@dataclass
class Shared:
    """A calendar, and our role in it."""

    summary: str = "Anna"
    zone: str = "Europe/Helsinki"
    role: str = "writer"
    events: dict[str, Event] = field(default_factory=dict)


class GoogleServer(VendorServer):
    """See the module.

    Attributes:
        calendars: by id.
        before_patch: called with the event before an If-Match is compared, once per PATCH.
        page: the most that a page of a list holds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.calendars = {ANNA: Shared()}
        self.before_patch: Callable[[Event], None] | None = None
        self.page = 2500
        self._etag = 0

    @property
    def api_url(self) -> str:
        return f"{self.url}/calendar/v3"

    @property
    def token_url(self) -> str:
        return f"{self.url}/token"

    @property
    def events(self) -> dict[str, Event]:
        """Anna's, by id."""
        return self.calendars[ANNA].events

    def add(self, event: Event, **changes: Any) -> Event:
        """Put an event in, as somebody with a phone does; returns what is kept."""
        number = len(self.events) + 1
        usual = {"id": f"own{number}", "iCalUID": f"own{number}@google.com", "status": "confirmed"}
        whole = {**usual, **event, **changes}
        self.events[whole["id"]] = whole
        return self.touch(whole)

    def touch(self, event: Event) -> Event:
        """Give an event the etag of a change."""
        self._etag += 1
        event["etag"] = f'"{self._etag}"'
        return event

    def routes(self, app: web.Application) -> None:
        events = "/calendar/v3/calendars/{calendar}/events"
        app.router.add_post("/token", self._token)
        app.router.add_get(events, self._list)
        app.router.add_post(events, self._insert)
        app.router.add_get(events + "/{id}", self._get)
        app.router.add_patch(events + "/{id}", self._patch)
        app.router.add_delete(events + "/{id}", self._delete)

    def unauthorized(self) -> web.Response:
        return refusal(401, "authError")

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        try:
            assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
            assertion = str(form["assertion"])
            assert jwt.get_unverified_header(assertion)["kid"] == "key-1"
            # The times are compared with the desk's clock, which tests may set
            claims = jwt.decode(
                assertion, desk_key().public_key(), ["RS256"], audience=self.token_url, issuer=DESK,
                options={"verify_exp": False, "verify_iat": False},
            )  # fmt: skip
            assert claims["scope"] == "https://www.googleapis.com/auth/calendar.events"
            assert claims["iat"] <= clock.now().timestamp() < claims["exp"] <= claims["iat"] + 3600
        except (jwt.InvalidTokenError, KeyError, AssertionError):
            error = {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
            return web.json_response(error, status=400)
        return web.json_response(self.new_token())

    def _calendar(self, request: web.Request) -> Shared:
        calendar = self.calendars.get(request.match_info["calendar"])
        if calendar is None:
            raise _Refused(404, "notFound")
        return calendar

    def _event(self, request: web.Request, *, to_write: bool = False) -> Event:
        calendar = self._calendar(request)
        if to_write and calendar.role not in ("writer", "owner"):
            raise _Refused(403, "requiredAccessLevel")
        event = calendar.events.get(request.match_info["id"])
        if event is None:
            raise _Refused(404, "notFound")
        return event

    async def _get(self, request: web.Request) -> web.Response:
        return _answer(request, self._event(request))

    async def _insert(self, request: web.Request) -> web.Response:
        calendar, event = self._calendar(request), await request.json()
        if calendar.role not in ("writer", "owner"):
            raise _Refused(403, "requiredAccessLevel")
        if not re.fullmatch(r"[a-v0-9]{5,1024}", event["id"]):
            raise _Refused(400, "invalid")
        if event["id"] in calendar.events:  # a deleted one, too
            raise _Refused(409, "duplicate")
        _check_times(event)
        event.setdefault("iCalUID", f"{event['id']}@google.com")
        calendar.events[event["id"]] = self.touch(event)
        return _answer(request, event)

    async def _patch(self, request: web.Request) -> web.Response:
        event = self._event(request, to_write=True)
        if self.before_patch:
            self.before_patch(event)
        if request.headers.get("If-Match", event["etag"]) != event["etag"]:
            raise _Refused(412, "conditionNotMet")
        changed = _merged(event, await request.json())
        _check_times(changed)
        event.clear()
        event.update(changed)
        return _answer(request, self.touch(event))

    async def _delete(self, request: web.Request) -> web.Response:
        event = self._event(request, to_write=True)
        if event["status"] == "cancelled":
            raise _Refused(410, "deleted")
        event["status"] = "cancelled"
        self.touch(event)
        return web.Response(status=204)

    async def _list(self, request: web.Request) -> web.Response:
        calendar, query = self._calendar(request), request.query
        zone = ZoneInfo(calendar.zone)
        items: list[Event] = []
        for event in calendar.events.values():
            if query.get("singleEvents") == "true" and "recurrence" in event:
                items += _occurrences(event, calendar)
            elif event["status"] != "cancelled" and "recurringEventId" not in event:
                items.append(event)
        if "timeMin" in query:
            first, last = (_read(query[k]) for k in ("timeMin", "timeMax"))
            items = [
                e for e in items
                if _moment(e["end"], zone) > first and _moment(e["start"], zone) < last
            ]  # fmt: skip
        start = int(query.get("pageToken", 0))
        size = min(int(query.get("maxResults", 250)), self.page)
        whole = {
            "kind": "calendar#events",
            "summary": calendar.summary,
            "timeZone": calendar.zone,
            "accessRole": calendar.role,
            "items": items[start : start + size],
        }
        if start + size < len(items):
            whole["nextPageToken"] = str(start + size)
        return _answer(request, whole)


class _Refused(web.HTTPException):
    """`refusal`, to be raised."""

    status_code = 400

    def __init__(self, status: int, reason: str) -> None:
        self.status_code = status
        super().__init__(body=refusal(status, reason).body, content_type="application/json")


def _answer(request: web.Request, content: dict[str, Any]) -> web.Response:
    fields = request.query.get("fields")
    return web.json_response(_part(content, _tree(fields)) if fields else content)


def _tree(fields: str) -> dict[str, Any]:
    """Read "a,b/c,d(e,f)"."""
    tree: dict[str, Any] = {}
    for part in re.findall(r"[^,()]+(?:\((?:[^()]|\([^()]*\))*\))?", fields):
        name, bracket, inner = part.partition("(")
        if bracket:
            tree[name] = _tree(inner[:-1])
        else:
            name, slash, rest = name.partition("/")
            tree[name] = {rest: {}} if slash else {}
    return tree


def _part(content: Any, tree: dict[str, Any]) -> Any:
    if not tree:
        return content
    if isinstance(content, list):
        return [_part(one, tree) for one in content]
    return {name: _part(content[name], rest) for name, rest in tree.items() if name in content}


def _merged(event: Event, change: Event) -> Event:
    """Patch semantics: objects are merged, null takes a field away."""
    whole = deepcopy(event)
    for key, value in change.items():
        if value is None:
            whole.pop(key, None)
        elif isinstance(value, dict):
            whole[key] = _merged(whole.get(key, {}), value)
        else:
            whole[key] = value
    return whole


def _check_times(event: Event) -> None:
    for key in ("start", "end"):
        if len({"date", "dateTime"} & set(event.get(key, {}))) != 1:
            raise _Refused(400, "invalid")


def _read(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _moment(value: dict[str, str], zone: ZoneInfo) -> datetime:
    if "date" in value:
        return datetime.combine(date.fromisoformat(value["date"]), datetime.min.time(), zone)
    return _read(value["dateTime"])


def _occurrences(master: Event, calendar: Shared) -> list[Event]:
    """Each week's occurrence by the clock of the event's zone, with what was made of some."""
    found = re.fullmatch(r"RRULE:FREQ=WEEKLY;COUNT=(\d+)", master["recurrence"][0])
    assert found
    zone = ZoneInfo(master["start"]["timeZone"])
    exceptions = {
        _read(e["originalStartTime"]["dateTime"]): e
        for e in calendar.events.values()
        if e.get("recurringEventId") == master["id"]
    }
    occurrences = []
    for week in range(int(found[1])):
        one = {k: v for k, v in master.items() if k != "recurrence"}
        for key in ("start", "end"):
            local = _read(master[key]["dateTime"]).astimezone(zone) + timedelta(weeks=week)
            text = local.replace(tzinfo=zone).isoformat()
            one[key] = {"dateTime": text, "timeZone": zone.key}
        start = _read(one["start"]["dateTime"])
        one.update(id=f"{master['id']}_{week}", recurringEventId=master["id"])
        one = exceptions.get(start, one)
        if one["status"] != "cancelled":
            occurrences.append(one)
    return occurrences
