"""tiski/booking/calendars/settings.py: what is read, and each sentence about what is wrong."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from google_server import DESK, key_file

from tiski.booking.calendars.google import GoogleCalendar
from tiski.booking.calendars.google_account import GoogleKey
from tiski.booking.calendars.microsoft import MicrosoftCalendar
from tiski.booking.calendars.microsoft_account import MicrosoftApp
from tiski.booking.calendars.settings import (
    CalDavAccess,
    CalendarSettings,
    calendar_settings,
    open_calendars,
)
from tiski.business import Business
from tiski.outside.errors import SettingsError
from tiski.paths import ROOT

GUID = "11111111-2222-3333-4444-555555555555"
CALDAV = {
    "CALENDAR_VENDOR": "caldav",
    "CALENDARS": "aino=calendars/aino/personal/ mikko=calendars/mikko/personal/",
    "CALDAV_URL": "https://cloud.example.com/dav",
    "CALDAV_USER": "desk",
    "CALDAV_PASSWORD": "salasana",
}
GOOGLE = {
    "CALENDAR_VENDOR": "google",
    "CALENDARS": "aino=aino@example.com,mikko=c_1a2b@group.calendar.google.com",
}
MICROSOFT = {
    "CALENDAR_VENDOR": "microsoft",
    "CALENDARS": "aino=aino@example.com, mikko=" + GUID,
    "MICROSOFT_TENANT": "example.onmicrosoft.com",
    "MICROSOFT_CLIENT_ID": GUID,
    "MICROSOFT_CLIENT_SECRET": "sala~sana",
}
VARIABLES = {*CALDAV, *GOOGLE, *MICROSOFT, "GOOGLE_SERVICE_ACCOUNT_FILE", "CALENDAR_SYNC_SECONDS"}

Setting = Callable[..., None]


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Setting:
    """A function that sets the variables of a vendor, with changes; None takes one away."""
    file = tmp_path / "key.json"
    file.write_text(key_file(), encoding="utf-8")

    def _set(usual: dict[str, str], **changes: str | None) -> None:
        google = {"GOOGLE_SERVICE_ACCOUNT_FILE": str(file)} if usual is GOOGLE else {}
        for name, value in (usual | google | changes).items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)

    return _set


def wrong(business: Business) -> str:
    """The sentence about what is wrong."""
    with pytest.raises(SettingsError) as caught:
        calendar_settings(business)
    sentence = str(caught.value)
    assert "sana" not in sentence  # a part of each secret
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return sentence


def read(business: Business) -> CalendarSettings:
    settings = calendar_settings(business)
    assert settings is not None
    return settings


def test_there_are_no_calendars(business: Business) -> None:
    assert calendar_settings(business) is None


def test_caldav(business: Business, setting: Setting) -> None:
    setting(CALDAV)
    settings = read(business)
    assert settings.vendor == "caldav"
    assert settings.places == {
        "aino": "https://cloud.example.com/dav/calendars/aino/personal/",
        "mikko": "https://cloud.example.com/dav/calendars/mikko/personal/",
    }
    assert settings.access == CalDavAccess("desk", "salasana")
    assert settings.sync_seconds == 60
    assert "salasana" not in repr(settings)


def test_whole_addresses_need_no_other_one(business: Business, setting: Setting) -> None:
    setting(
        CALDAV, CALDAV_URL=None, CALENDARS="aino=https://a.example/x/,mikko=http://[::1]:5232/m/"
    )
    assert read(business).places == {
        "aino": "https://a.example/x/",
        "mikko": "http://[::1]:5232/m/",
    }


@pytest.mark.parametrize("base", ["http://localhost:5232", "http://127.0.0.1:5232/"])
def test_a_server_on_this_machine(business: Business, setting: Setting, base: str) -> None:
    setting(CALDAV, CALDAV_URL=base, CALENDARS="aino=/aino/a%20b/")
    assert read(business).places == {"aino": f"{base.rstrip('/')}/aino/a%20b/"}


def test_google(business: Business, setting: Setting) -> None:
    setting(GOOGLE, CALENDAR_SYNC_SECONDS="300", CALENDAR_VENDOR=" Google ")
    settings = read(business)
    assert (settings.vendor, settings.sync_seconds) == ("google", 300)
    assert settings.places["mikko"] == "c_1a2b@group.calendar.google.com"
    assert isinstance(settings.access, GoogleKey)
    assert settings.access.email == DESK


def test_microsoft(business: Business, setting: Setting) -> None:
    setting(MICROSOFT)
    settings = read(business)
    assert settings.access == MicrosoftApp("example.onmicrosoft.com", GUID, "sala~sana")
    assert settings.places == {"aino": "aino@example.com", "mikko": GUID}
    assert "sala~sana" not in repr(settings)


VENDORS = "expected caldav, google or microsoft"
PEOPLE = "expected people of business.yml and their calendars, such as anna=… mikko=…"
ADDRESS = "expected an address such as https://cloud.example.com/remote.php/dav/"


@pytest.mark.parametrize(
    ("usual", "changes", "sentence"),
    [
        (CALDAV, {"CALENDAR_VENDOR": "outlook"}, f"CALENDAR_VENDOR: {VENDORS}"),
        (CALDAV, {"CALENDAR_VENDOR": None}, f"CALENDAR_VENDOR: {VENDORS}, as CALENDARS is set"),
        (CALDAV, {"CALENDARS": " "}, f"CALENDARS: {PEOPLE}, as CALENDAR_VENDOR is set"),
        (CALDAV, {"CALENDARS": ",,"}, f"CALENDARS: {PEOPLE}"),
        (
            CALDAV,
            {"CALENDARS": "aino=a mikko"},
            f"CALENDARS: {PEOPLE}, with blanks or commas between them",
        ),
        (
            CALDAV,
            {"CALENDARS": "aino="},
            f"CALENDARS: {PEOPLE}, with blanks or commas between them",
        ),
        (
            CALDAV,
            {"CALENDARS": "aino=a anna=b"},
            "CALENDARS: entry 2: nobody in business.yml has the id anna; expected one of aino, mikko",
        ),
        (
            CALDAV,
            {"CALENDARS": "aino=https://desk:sala sana@b.example/x=y"},
            "CALENDARS: entry 2: nobody in business.yml has this id; expected one of aino, mikko",
        ),
        (
            CALDAV,
            {"CALENDARS": "aino=a,https://desk:salasana@b.example/?x=y"},
            "CALENDARS: entry 2: nobody in business.yml has this id; expected one of aino, mikko",
        ),
        (
            CALDAV,
            {"CALENDARS": "aino=a aino=b"},
            "CALENDARS: aino is there twice; expected one calendar each",
        ),
        (
            CALDAV,
            {"CALENDARS": "aino=personal mikko=/personal/"},
            "CALENDARS: aino and mikko have the same calendar; expected a calendar of their own for"
            " each, or nobody knows whose time is taken",
        ),
        (
            GOOGLE,
            {"CALENDARS": "aino=a@example.com mikko=A@example.com"},
            "CALENDARS: aino and mikko have the same calendar;",
        ),
        (
            CALDAV,
            {"CALDAV_USER": None},
            "CALDAV_USER: expected the user name at the CalDAV server, as CALENDAR_VENDOR=caldav",
        ),
        (
            CALDAV,
            {"CALDAV_PASSWORD": ""},
            "CALDAV_PASSWORD: expected the password at the CalDAV server, best one for this app"
            " alone, as CALENDAR_VENDOR=caldav",
        ),
        (
            CALDAV,
            {"CALDAV_URL": None},
            "CALDAV_URL: expected the server's address, as CALENDARS has a path below it",
        ),
        *[
            (CALDAV, {"CALDAV_URL": bad}, f"CALDAV_URL: {ADDRESS}")
            for bad in ("cloud.example.com", "ftp://a.example/", "https:///x", "https://a:b:c/",
                        "https://[::1", "https://a.example:port/", "https://a.example/a b")
        ],
        *[
            (
                CALDAV,
                {"CALDAV_URL": bad},
                f"CALDAV_URL: {ADDRESS}, without a user, a question mark or #; the password belongs"
                " in CALDAV_PASSWORD",
            )
            for bad in ("https://desk:salasana@a.example/", "https://a.example/?key=salasana",
                        "https://a.example/#x")
        ],
        (
            CALDAV,
            {"CALDAV_URL": "http://cloud.example.com/dav"},
            "CALDAV_URL: expected https://; a password is not sent unencrypted",
        ),
        (
            CALDAV,
            {"CALENDARS": "aino=http://cloud.example.com/dav"},
            "CALENDARS: expected https://; a password is not sent unencrypted",
        ),
        (
            CALDAV,
            {"CALENDARS": "aino=https://desk:salasana@a.example/"},
            f"CALENDARS: {ADDRESS}, without a user",
        ),
        *[
            (
                CALDAV,
                {"CALENDARS": f"aino={bad}"},
                "CALENDARS: expected addresses, or paths below CALDAV_URL such as"
                " calendars/anna/personal/",
            )
            for bad in ("../admin/", "a/%2e%2e/b", "a?x=y", "a#b", "a/./b")
        ],
        (
            GOOGLE,
            {"GOOGLE_SERVICE_ACCOUNT_FILE": None},
            "GOOGLE_SERVICE_ACCOUNT_FILE: expected the path of the JSON file with the account's"
            " key, as CALENDAR_VENDOR=google",
        ),
        *[
            (
                GOOGLE,
                {"GOOGLE_SERVICE_ACCOUNT_FILE": bad},
                "GOOGLE_SERVICE_ACCOUNT_FILE: expected a file that can be read",
            )
            for bad in ("/no/such/sana", "/", '{"private_key": "salasana"}', "x" * 5000)
        ],
        (
            GOOGLE,
            {"GOOGLE_SERVICE_ACCOUNT_FILE": str(ROOT / "business.yml")},
            "GOOGLE_SERVICE_ACCOUNT_FILE: expected the JSON file of a service account's key, as"
            " Google gives it",
        ),
        (
            GOOGLE,
            {"CALENDARS": "aino=primary"},
            "CALENDARS: aino: expected the id of a Google calendar, such as anna@example.com or"
            " …@group.calendar.google.com; primary would be the service account's own",
        ),
        (
            GOOGLE,
            {"CALENDARS": "aino=https://calendar.google.com/x"},
            "CALENDARS: aino: expected the id of a Google calendar",
        ),
        *[
            (MICROSOFT, {name: None}, f"{name}: expected {what}, as CALENDAR_VENDOR=microsoft")
            for name, what in (
                ("MICROSOFT_TENANT", "the directory (tenant) ID"),
                ("MICROSOFT_CLIENT_ID", "the application (client) ID"),
                ("MICROSOFT_CLIENT_SECRET", "the value of a client secret"),
            )
        ],
        *[
            (
                MICROSOFT,
                {"MICROSOFT_TENANT": bad},
                "MICROSOFT_TENANT: expected the directory (tenant) ID, or a domain such as"
                " example.onmicrosoft.com",
            )
            for bad in ("common", "a/b.c", "https://example.com")
        ],
        (
            MICROSOFT,
            {"MICROSOFT_CLIENT_ID": "Tiski"},
            "MICROSOFT_CLIENT_ID: expected the application (client) ID, such as"
            " 00000000-0000-0000-0000-000000000000",
        ),
        (
            MICROSOFT,
            {"MICROSOFT_CLIENT_SECRET": GUID},
            "MICROSOFT_CLIENT_SECRET: expected the secret's value, not its ID",
        ),
        (
            MICROSOFT,
            {"CALENDARS": "aino=Aino"},
            "CALENDARS: aino: expected a user principal name such as anna@example.com, or an object"
            " ID",
        ),
        *[
            (
                MICROSOFT,
                {"CALENDAR_SYNC_SECONDS": bad},
                "CALENDAR_SYNC_SECONDS: expected a whole number from 1 to 3600",
            )
            for bad in ("0", "3601", "1.5", "-60", "minute", "²", "9" * 5000)
        ],
    ],
)  # fmt: skip
def test_what_is_wrong_names_itself(
    business: Business,
    setting: Setting,
    usual: dict[str, str],
    changes: dict[str, Any],
    sentence: str,
) -> None:
    setting(usual, **changes)
    assert wrong(business).startswith(sentence)


def test_a_key_of_another_kind(business: Business, setting: Setting, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    for text in ("{}", "[" * 100_000, key_file().replace("BEGIN PRIVATE KEY", "BEGIN")):
        file.write_text(text, encoding="utf-8")
        setting(GOOGLE, GOOGLE_SERVICE_ACCOUNT_FILE=str(file))
        assert wrong(business).startswith("GOOGLE_SERVICE_ACCOUNT_FILE: expected the JSON file")
    file.write_bytes(b"\xff\xfe\x00")
    assert wrong(business).endswith("expected a file that can be read")


async def test_google_calendars_are_opened(business: Business, setting: Setting) -> None:
    setting(GOOGLE)
    opened = open_calendars(read(business), business)
    assert list(opened) == ["aino", "mikko"]
    assert all(isinstance(one, GoogleCalendar) for one in opened.values())
    for one in opened.values():
        await one.close()


async def test_microsoft_calendars_are_opened(business: Business, setting: Setting) -> None:
    setting(MICROSOFT)
    opened = open_calendars(read(business), business)
    assert list(opened) == ["aino", "mikko"]
    assert all(isinstance(one, MicrosoftCalendar) for one in opened.values())
    for one in opened.values():
        await one.close()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What the CalDAV calendars were made with."""
    calls: list[Any] = []
    module = ModuleType("tiski.booking.calendars.caldav")
    module.CalDav = lambda url, **known: calls.append((url, known))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    yield calls


async def test_caldav_calendars_are_opened(
    business: Business, setting: Setting, made: list[Any]
) -> None:
    setting(CALDAV)
    assert list(open_calendars(read(business), business)) == ["aino", "mikko"]
    known = {"user": "desk", "password": "salasana", "tz": business.tz}
    assert made == [
        ("https://cloud.example.com/dav/calendars/aino/personal/", known),
        ("https://cloud.example.com/dav/calendars/mikko/personal/", known),
    ]


def test_every_variable_stands_in_the_list() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    listed = set(re.findall(r"^# ([A-Z_]+)=", text, flags=re.MULTILINE))
    assert listed >= VARIABLES
