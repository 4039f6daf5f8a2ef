"""Which calendars there are and how they are reached, from the environment (see .env.example).

A vendor's modules are loaded where they are used: with what they need they take every process of
the desk most of a second, and few desks have calendars.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from tiski.booking.calendars.protocol import Calendar
from tiski.business import Business
from tiski.outside.errors import SettingsError
from tiski.outside.settings import whole_number

if TYPE_CHECKING:
    from tiski.booking.calendars.google_account import GoogleKey
    from tiski.booking.calendars.microsoft_account import MicrosoftApp

VENDORS = ("caldav", "google", "microsoft")
USUAL_SYNC_SECONDS, LEAST_SYNC_SECONDS, MOST_SYNC_SECONDS = 60, 1, 3600

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@/]+@[^\s@/]+")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
_LIST = "expected people of business.yml and their calendars, such as anna=… mikko=…"


@dataclass(frozen=True)
class CalDavAccess:
    """Who we are to the CalDAV server."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class CalendarSettings:
    """Which calendars there are.

    Attributes:
        vendor: one of `VENDORS`.
        places: where each person's calendar is, by staff id: an absolute address (caldav), a
            calendar id (google), a user principal name or object id (microsoft).
        access: what the vendor lets us in with.
        sync_seconds: how often they are looked at.
    """

    vendor: str
    places: Mapping[str, str]
    access: CalDavAccess | GoogleKey | MicrosoftApp
    sync_seconds: int = USUAL_SYNC_SECONDS


def calendar_settings(business: Business) -> CalendarSettings | None:
    """Read the settings; None when CALENDAR_VENDOR is not set: there are no calendars.

    Args:
        business: for the ids of its staff.

    Raises:
        SettingsError: a variable is not what it should be, or one is missing.
    """
    vendor = _get("CALENDAR_VENDOR").lower()
    if not vendor:
        if _get("CALENDARS"):
            raise SettingsError(
                f"CALENDAR_VENDOR: expected {_one_of(VENDORS)}, as CALENDARS is set"
            )
        return None
    if vendor not in VENDORS:
        raise SettingsError(f"CALENDAR_VENDOR: expected {_one_of(VENDORS)}")
    places = _places(business)
    access: CalDavAccess | GoogleKey | MicrosoftApp
    if vendor == "caldav":
        access = CalDavAccess(_needed("CALDAV_USER", vendor), _needed("CALDAV_PASSWORD", vendor))
        places = {staff_id: _caldav_address(where) for staff_id, where in places.items()}
    elif vendor == "google":
        access = _google_key()
        _check_google_ids(places)
    else:
        access = _microsoft_app()
        _check_users(places)
    _refuse_shared(places)
    return CalendarSettings(vendor, places, access, _sync_seconds())


def open_calendars(settings: CalendarSettings, business: Business) -> dict[str, Calendar]:
    """Make one calendar per person; close each of them at the end.

    Called within the event loop that will use them. Nothing is sent yet.

    Args:
        settings: from `calendar_settings`.
        business: for its time zone, which is taken for that of the calendars that do not say.

    Returns:
        The calendars by staff id.
    """
    access, places = settings.access, settings.places
    if isinstance(access, CalDavAccess):
        from tiski.booking.calendars.caldav import CalDav

        return {
            staff_id: CalDav(where, user=access.user, password=access.password, tz=business.tz)
            for staff_id, where in places.items()
        }
    if settings.vendor == "google":
        return _google_calendars(settings)
    return _microsoft_calendars(settings, business)


def _google_calendars(settings: CalendarSettings) -> dict[str, Calendar]:
    from tiski.booking.calendars.google import GoogleCalendar
    from tiski.booking.calendars.google_account import GoogleKey, google_account

    assert isinstance(settings.access, GoogleKey)
    account = google_account(settings.access)
    return {staff_id: GoogleCalendar(where, account) for staff_id, where in settings.places.items()}


def _microsoft_calendars(settings: CalendarSettings, business: Business) -> dict[str, Calendar]:
    from tiski.booking.calendars.microsoft import MicrosoftCalendar
    from tiski.booking.calendars.microsoft_account import MicrosoftApp, microsoft_account

    assert isinstance(settings.access, MicrosoftApp)
    account = microsoft_account(settings.access)
    return {
        staff_id: MicrosoftCalendar(where, account, tz=business.tz)
        for staff_id, where in settings.places.items()
    }


def _places(business: Business) -> dict[str, str]:
    """CALENDARS: where each person's calendar is, by staff id."""
    places: dict[str, str] = {}
    for pair in re.split(r"[\s,]+", _needed("CALENDARS", "calendar")):
        staff_id, equals, where = pair.partition("=")
        if not pair:
            continue
        if not equals or not staff_id or not where:
            raise SettingsError(f"CALENDARS: {_LIST}, with blanks or commas between them")
        if staff_id not in business.staff:
            # Anything else may be a part of an address, and is not repeated
            which = (
                f"the id {staff_id}" if re.fullmatch(r"[a-z0-9_]{1,40}", staff_id) else "this id"
            )
            raise SettingsError(
                f"CALENDARS: entry {len(places) + 1}: nobody in business.yml has {which};"
                f" expected one of {', '.join(sorted(business.staff))}"
            )
        if staff_id in places:
            raise SettingsError(f"CALENDARS: {staff_id} is there twice; expected one calendar each")
        places[staff_id] = where
    if not places:
        raise SettingsError(f"CALENDARS: {_LIST}")
    return places


def _refuse_shared(places: Mapping[str, str]) -> None:
    owners: dict[str, str] = {}
    for staff_id, where in places.items():
        key = where.rstrip("/") if "://" in where else where.lower()
        if key in owners:
            raise SettingsError(
                f"CALENDARS: {owners[key]} and {staff_id} have the same calendar;"
                " expected a calendar of their own for each, or nobody knows whose time is taken"
            )
        owners[key] = staff_id


def _caldav_address(where: str) -> str:
    """An entry of CALENDARS as an absolute address, safe to send a password to."""
    if "://" in where:
        return _web_address("CALENDARS", where)
    base = _get("CALDAV_URL")
    if not base:
        raise SettingsError(
            "CALDAV_URL: expected the server's address, as CALENDARS has a path below it"
        )
    base = _web_address("CALDAV_URL", base)
    parts = unquote(where).split("/")
    if ".." in parts or "." in parts or re.search(r"[?#\\]", where):
        raise SettingsError(
            "CALENDARS: expected addresses, or paths below CALDAV_URL such as calendars/anna/personal/"
        )
    return f"{base.rstrip('/')}/{where.lstrip('/')}"


def _web_address(variable: str, address: str) -> str:
    """Check an address; what is wrong is said without repeating it."""
    expected = f"{variable}: expected an address such as https://cloud.example.com/remote.php/dav/"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port  # a port that is none raises
    except ValueError:
        raise SettingsError(expected) from None
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", address):
        raise SettingsError(expected)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise SettingsError(
            f"{expected}, without a user, a question mark or #; the password belongs in"
            " CALDAV_PASSWORD"
        )
    if parts.scheme == "http" and host not in _THIS_MACHINE:
        raise SettingsError(f"{variable}: expected https://; a password is not sent unencrypted")
    return address


def _google_key() -> GoogleKey:
    from tiski.booking.calendars.google_account import google_key

    variable = "GOOGLE_SERVICE_ACCOUNT_FILE"
    path = _needed(variable, "google")
    try:
        text = Path(path).expanduser().read_text(encoding="utf-8")
    except (OSError, ValueError):  # ValueError: letters that are no UTF-8, or no path at all
        raise SettingsError(f"{variable}: expected a file that can be read") from None
    try:
        return google_key(text)
    except (ValueError, RecursionError):
        raise SettingsError(
            f"{variable}: expected the JSON file of a service account's key, as Google gives it"
        ) from None


def _check_google_ids(places: Mapping[str, str]) -> None:
    for staff_id, where in places.items():
        if not _ADDRESS.fullmatch(where):
            hint = "; primary would be the service account's own" if where == "primary" else ""
            raise SettingsError(
                f"CALENDARS: {staff_id}: expected the id of a Google calendar, such as"
                f" anna@example.com or …@group.calendar.google.com{hint}"
            )


def _microsoft_app() -> MicrosoftApp:
    from tiski.booking.calendars.microsoft_account import MicrosoftApp

    tenant = _needed("MICROSOFT_TENANT", "microsoft")
    client_id = _needed("MICROSOFT_CLIENT_ID", "microsoft")
    secret = _needed("MICROSOFT_CLIENT_SECRET", "microsoft")
    if not _GUID.fullmatch(tenant) and not _DOMAIN.fullmatch(tenant):
        raise SettingsError(
            "MICROSOFT_TENANT: expected the directory (tenant) ID, or a domain such as"
            " example.onmicrosoft.com"
        )
    if not _GUID.fullmatch(client_id):
        raise SettingsError(
            "MICROSOFT_CLIENT_ID: expected the application (client) ID, such as"
            " 00000000-0000-0000-0000-000000000000"
        )
    if _GUID.fullmatch(secret):
        raise SettingsError("MICROSOFT_CLIENT_SECRET: expected the secret's value, not its ID")
    return MicrosoftApp(tenant, client_id, secret)


def _check_users(places: Mapping[str, str]) -> None:
    for staff_id, where in places.items():
        if not _ADDRESS.fullmatch(where) and not _GUID.fullmatch(where):
            raise SettingsError(
                f"CALENDARS: {staff_id}: expected a user principal name such as anna@example.com,"
                " or an object ID"
            )


def _sync_seconds() -> int:
    return whole_number(
        "CALENDAR_SYNC_SECONDS", USUAL_SYNC_SECONDS, LEAST_SYNC_SECONDS, MOST_SYNC_SECONDS
    )


_MISSING = {
    "CALENDARS": _LIST,
    "CALDAV_USER": "expected the user name at the CalDAV server",
    "CALDAV_PASSWORD": "expected the password at the CalDAV server, best one for this app alone",
    "GOOGLE_SERVICE_ACCOUNT_FILE": "expected the path of the JSON file with the account's key",
    "MICROSOFT_TENANT": "expected the directory (tenant) ID",
    "MICROSOFT_CLIENT_ID": "expected the application (client) ID",
    "MICROSOFT_CLIENT_SECRET": "expected the value of a client secret",
}


def _needed(variable: str, vendor: str) -> str:
    value = _get(variable)
    if not value:
        because = (
            "CALENDAR_VENDOR is set" if variable == "CALENDARS" else f"CALENDAR_VENDOR={vendor}"
        )
        raise SettingsError(f"{variable}: {_MISSING[variable]}, as {because}")
    return value


def _get(variable: str) -> str:
    return (os.environ.get(variable) or "").strip()


def _one_of(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
