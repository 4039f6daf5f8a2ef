"""tiski/desk/check_connections.py against real servers on this machine, right and wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "booking"))
sys.path.insert(0, str(Path(__file__).parents[1] / "booking" / "calendars"))
sys.path.insert(0, str(Path(__file__).parents[1] / "notify"))

import mail_server
import servers
from sqlalchemy.engine import Engine

from tiski.business import load_business
from tiski.desk import check_connections
from tiski.desk.check_connections import lines, main
from tiski.desk.group import free_port

VARIABLES = (
    "CALENDAR_VENDOR", "CALENDARS", "CALDAV_URL", "CALDAV_USER", "CALDAV_PASSWORD",
    "CALENDAR_SYNC_SECONDS", "MAIL_URL", "MAIL_FROM", "STAFF_URL", "PUBLIC_URL",
    "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "SMS_FROM", "TWILIO_API_URL", "TISKI_BUSINESS",
)  # fmt: skip
SECRETS = (servers.PASSWORD, "wr0ng-secret", "p%23ss", "p#ss")


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    with servers.radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture(autouse=True)
def environment(
    desk_db: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> pytest.MonkeyPatch:
    """An empty desk that is connected to nothing."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TISKI_VAR", str(tmp_path))
    return monkeypatch


def connect(patch: pytest.MonkeyPatch, address: str, password: str = servers.PASSWORD) -> None:
    patch.setenv("CALENDAR_VENDOR", "caldav")
    patch.setenv("CALENDARS", f"aino={address}")
    patch.setenv("CALDAV_USER", servers.USER)
    patch.setenv("CALDAV_PASSWORD", password)


async def said(language: str = "en") -> dict[str, tuple[bool, str]]:
    """What is said of each system; never a secret."""
    found = {line.system: line async for line in lines(load_business(), language)}
    assert not any(secret in line.text for line in found.values() for secret in SECRETS)
    return {system: (line.is_well, line.text) for system, line in found.items()}


async def test_connected_to_nothing_all_is_well() -> None:
    assert await said() == {
        "Database": (True, "all right"),
        "Calendar of –": (True, "not in use"),
        "Mail": (True, "not in use"),
        "Text messages": (True, "not in use"),
        "Customers' links": (
            True,
            "http://localhost:5005, which opens on this machine only. Set PUBLIC_URL so that"
            " customers can reach it.",
        ),
    }


async def test_a_calendar_that_works(
    environment: pytest.MonkeyPatch, radicale: servers.Server
) -> None:
    connect(environment, radicale.new_calendar("Aino"))
    assert (await said())["Calendar of Aino"] == (True, "all right: may be read and written (Aino)")
    is_well, text = (await said("fi"))["Kalenteri, Aino"]
    assert is_well and text == "kunnossa: luku ja kirjoitus onnistuvat (Aino)"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("password", "the user name, password or key is not accepted"),
        ("place", "answers, but what was asked for is not there"),
        ("line", "cannot be reached"),
    ],
)
async def test_a_calendar_that_does_not(
    environment: pytest.MonkeyPatch, radicale: servers.Server, wrong: str, told: str
) -> None:
    if wrong == "password":
        connect(environment, radicale.new_calendar(), password="wr0ng-secret")
    elif wrong == "place":
        connect(environment, f"{radicale.home}nowhere/")
    else:
        connect(environment, f"http://127.0.0.1:{free_port()}/aino/")
    found = await said()
    is_well, text = found.pop("Calendar of Aino")
    assert not is_well and text.startswith(told)
    assert all(well for well, _ in found.values()), "the others are looked at all the same"


@pytest.mark.parametrize(
    ("name", "value", "system"),
    [
        ("CALENDARS", "aino=http://localhost:5232/a/", "Calendar of –"),  # without a vendor
        ("MAIL_URL", "smtp://desk:wr0ng-secret", "Mail"),
        ("TWILIO_AUTH_TOKEN", "wr0ng-secret", "Text messages"),
        ("TWILIO_API_URL", "http://wr0ng-secret.example", "Text messages"),
        ("PUBLIC_URL", "http://wr0ng-secret.example", "Customers' links"),
    ],
)
async def test_a_wrong_variable_is_named(
    environment: pytest.MonkeyPatch, name: str, value: str, system: str
) -> None:
    environment.setenv(name, value)
    found = await said()
    is_well, text = found.pop(system)
    named = {"CALENDARS": "CALENDAR_VENDOR"} | dict.fromkeys(
        ("TWILIO_AUTH_TOKEN", "TWILIO_API_URL"), "TWILIO_ACCOUNT_SID"
    )
    assert not is_well and text.startswith(f"a setting is wrong: {named.get(name, name)}: ")
    assert len(found) == 4 and all(well for well, _ in found.values())


@pytest.fixture(scope="module")
def mail_port() -> Iterator[int]:
    options: dict[str, Any] = {"authenticator": mail_server.accepts, "auth_require_tls": False}
    with mail_server.serving(mail_server.Mailbox(), auth_required=True, **options) as port:
        yield port


@pytest.mark.parametrize(
    ("password", "is_well", "told"),
    [
        ("p%23ss%2Fw%40rd:1", True, "all right: the server localhost answers and lets us in"),
        ("wr0ng-secret", False, "the user name, password or key is not accepted"),
        ("wr0ng-secret%C3%A4", False, "the user name, password or key is not accepted"),
    ],
)
async def test_a_mail_server(
    environment: pytest.MonkeyPatch, mail_port: int, password: str, is_well: bool, told: str
) -> None:
    password = password.replace(":", "%3A")
    url = f"smtp+plain://desk%40salon.example:{password}@localhost:{mail_port}"
    environment.setenv("MAIL_URL", url)
    found = (await said())["Mail"]
    assert found[0] is is_well and found[1].startswith(told)


async def test_a_mail_server_that_is_down(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MAIL_URL", f"smtp+plain://localhost:{free_port()}")
    is_well, text = (await said())["Mail"]
    assert not is_well and text.startswith("cannot be reached")


async def test_an_account_of_text_messages_closes_its_door(
    environment: pytest.MonkeyPatch,
) -> None:
    class Account:
        closed = False

        async def check(self) -> str:
            return "Aalto"

        async def close(self) -> None:
            self.closed = True

    account = Account()
    environment.setattr(check_connections, "open_texts", lambda: account)
    assert (await said())["Text messages"] == (True, "all right: account Aalto")
    assert account.closed


async def test_a_database_that_cannot_be_read(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "sqlite:////nowhere/at/all/desk.db")
    is_well, text = (await said())["Database"]
    assert not is_well and text.startswith("cannot be reached")


def run(patch: pytest.MonkeyPatch, *arguments: str) -> int:
    patch.setattr(sys, "argv", ["check-connections", *arguments])
    return main()


def test_the_exit_code_and_the_summary(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(environment) == 0
    *_, last = capsys.readouterr().out.splitlines()
    assert last == "Kaikki kunnossa."
    environment.setenv("PUBLIC_URL", "desk")
    environment.setenv("MAIL_URL", "desk")
    assert run(environment, "--language", "en") == 1
    *told, last = capsys.readouterr().out.splitlines()
    assert last.startswith("To be put right: 2.")
    assert [line[0] for line in told] == ["✓", "✓", "✗", "✓", "✗"]


def test_a_language_that_nobody_wrote_is_one_line(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(environment, "--language", "sv") == 1
    assert "language 'sv'" in capsys.readouterr().err
