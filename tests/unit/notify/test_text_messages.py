"""tiski/notify/text_messages.py against a server on this machine that answers as Twilio documents."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from twilio_server import ACCOUNT, SENDER, TOKEN, FakeTwilio, answering

from tiski.notify.text_messages import TextSettings, Twilio, open_texts, text_settings
from tiski.outside.errors import OutsideError, SettingsError, Trouble
from tiski.paths import ROOT

SERVICE = "MG" + "1" * 32
TO = "+358455551234"
SETTINGS = TextSettings(ACCOUNT, TOKEN, SENDER)


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with answering() as server:
        yield server


async def send(fake: FakeTwilio, settings: TextSettings = SETTINGS, text: str = "Hei") -> str:
    twilio = Twilio(replace(settings, api=fake.address))
    try:
        return await twilio.send(TO, text)
    finally:
        await twilio.close()


async def trouble_of(fake: FakeTwilio) -> OutsideError:
    with pytest.raises(OutsideError) as raised:
        await send(fake)
    assert TO not in str(raised.value) and TOKEN not in str(raised.value)
    return raised.value


async def test_a_message_is_sent_once(fake: FakeTwilio) -> None:
    text = "Kampaamo Aalto: aikasi on varattu & koodi=1, ääni 100 %"
    assert await send(fake, text=text) == "SM" + "2" * 32

    ((path, form, proof),) = fake.came
    assert path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert form == {"To": [TO], "From": [SENDER], "Body": [text]}
    assert proof == "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()


async def test_a_messaging_service_sends(fake: FakeTwilio) -> None:
    await send(fake, TextSettings(ACCOUNT, TOKEN, SERVICE))
    form = fake.came[0][1]
    assert form["MessagingServiceSid"] == [SERVICE] and "From" not in form


@pytest.mark.parametrize(
    ("status", "code", "trouble"),
    [
        (400, 21211, Trouble.REFUSED),
        (400, 21614, Trouble.REFUSED),
        (400, 21610, Trouble.REFUSED),
        (403, 21408, Trouble.REFUSED),
        (401, 20003, Trouble.INVALID_CREDENTIALS),
        (400, 20003, Trouble.INVALID_CREDENTIALS),
        (429, 20429, Trouble.RATE_LIMITED),
        (400, 99999, Trouble.REFUSED),
        (404, 20404, Trouble.NOT_FOUND),
        (500, 20500, Trouble.UNKNOWN),
        (503, 20503, Trouble.CANNOT_CONNECT),
    ],
)
async def test_each_failure_has_its_code(
    fake: FakeTwilio, status: int, code: int, trouble: Trouble
) -> None:
    fake.fails(status, code)
    error = await trouble_of(fake)
    assert (error.system, error.trouble, error.status) == ("twilio", trouble, status)
    assert len(fake.came) == 1  # what may have been sent is not sent again


async def test_it_tells_how_long_to_wait(fake: FakeTwilio) -> None:
    fake.fails(429, 20429, **{"Retry-After": "7"})
    error = await trouble_of(fake)
    assert error.retry_after is not None and error.retry_after.total_seconds() == 7


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"<html>welcome</html>", Trouble.UNKNOWN),
        ([], Trouble.UNKNOWN),
        ({"status": "queued"}, Trouble.UNKNOWN),
        ({"sid": None, "status": "queued"}, Trouble.UNKNOWN),
        ({"sid": "SM1", "status": "failed", "error_code": 30006}, Trouble.REFUSED),
    ],
)
async def test_an_answer_that_is_no_success(
    fake: FakeTwilio, content: Any, trouble: Trouble
) -> None:
    fake.answer = (201, content, {})
    assert (await trouble_of(fake)).trouble is trouble


@pytest.mark.parametrize("content", [b"<html>", {"code": ["x"]}, [1], {"code": None}])
async def test_an_error_of_another_shape_goes_by_its_status(fake: FakeTwilio, content: Any) -> None:
    fake.answer = (401, content, {})
    assert (await trouble_of(fake)).trouble is Trouble.INVALID_CREDENTIALS


async def test_nobody_is_there() -> None:
    with answering() as fake:
        pass
    error = await trouble_of(fake)
    assert (error.trouble, error.reached) == (Trouble.CANNOT_CONNECT, False)


async def test_the_account_is_asked_for_its_name(fake: FakeTwilio) -> None:
    twilio = Twilio(replace(SETTINGS, api=fake.address))
    assert await twilio.check() == "Salon"
    await twilio.close()
    ((path, _, _),) = fake.came
    assert path == f"/2010-04-01/Accounts/{ACCOUNT}.json"
    assert fake.taken == [], "nothing is sent"


# --- settings ------------------------------------------------------------------------------------


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value)


RIGHT = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "SMS_FROM": "Aalto"}
NAMES = (*RIGHT, "TWILIO_API_URL")


@pytest.mark.parametrize("sender", ["Aalto", "+358455551234", SERVICE, "Salon 24"])
def test_right_settings(monkeypatch: pytest.MonkeyPatch, sender: str) -> None:
    given(monkeypatch, **{**RIGHT, "SMS_FROM": sender})
    settings = text_settings()
    assert settings == TextSettings(ACCOUNT, TOKEN, sender)
    assert TOKEN not in repr(settings)


def test_none_means_no_text_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch)
    assert text_settings() is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TWILIO_ACCOUNT_SID", ""),
        ("TWILIO_AUTH_TOKEN", ""),
        ("SMS_FROM", ""),
        ("TWILIO_ACCOUNT_SID", "SK123"),
        ("TWILIO_ACCOUNT_SID", f"{ACCOUNT}/../x"),
        ("TWILIO_AUTH_TOKEN", "to ken"),
        ("SMS_FROM", "0401234567"),
        ("SMS_FROM", "Kampaamo Aalto"),
        ("SMS_FROM", "a\nb"),
    ],
)
def test_a_wrong_one_is_named_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    given(monkeypatch, **{**RIGHT, name: value})
    with pytest.raises(SettingsError, match=f"^{name}: ") as raised:
        text_settings()
    assert TOKEN not in str(raised.value) and (not value or value not in str(raised.value))


@pytest.mark.parametrize(
    ("written", "api"),
    [
        ("", "https://api.twilio.com"),
        ("https://api.dublin.ie1.twilio.com", "https://api.dublin.ie1.twilio.com"),
        (" https://api.dublin.ie1.twilio.com/ ", "https://api.dublin.ie1.twilio.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
async def test_another_host_of_twilios(
    monkeypatch: pytest.MonkeyPatch, written: str, api: str
) -> None:
    given(monkeypatch, **RIGHT, TWILIO_API_URL=written)
    settings = text_settings()
    assert settings is not None and settings.api == api


async def test_messages_go_to_the_host_that_is_set(
    monkeypatch: pytest.MonkeyPatch, fake: FakeTwilio
) -> None:
    given(monkeypatch, **RIGHT, TWILIO_API_URL=fake.address)
    texts = open_texts()
    assert texts is not None
    await texts.send(TO, "Hei")
    await texts.close()
    assert len(fake.taken) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://api.dublin.ie1.twilio.com",  # the token would go unencrypted
        "http://127.0.0.1.twilio.example",
        "api.dublin.ie1.twilio.com",
        "https://api.twilio.com/2010-04-01",
        "https://api.twilio.com?x=1",
        "https://",
        "https://api.twilio.com:port",
        "https://api .twilio.com",
        "ftp://api.twilio.com",
    ],
)
def test_a_wrong_host_is_named_with_what_was_expected(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    given(monkeypatch, **RIGHT, TWILIO_API_URL=address)
    with pytest.raises(SettingsError) as raised:
        text_settings()
    assert str(raised.value) == (
        f"TWILIO_API_URL: {address!r}; expected https:// and a host, without a path, such as"
        " https://api.dublin.ie1.twilio.com (http:// for this machine only)"
    )


def test_a_password_in_the_address_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **RIGHT, TWILIO_API_URL=f"https://{ACCOUNT}:{TOKEN}@api.twilio.com")
    with pytest.raises(SettingsError, match=r"^TWILIO_API_URL: expected ") as raised:
        text_settings()
    assert TOKEN not in str(raised.value)


def test_a_host_alone_lacks_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, TWILIO_API_URL="https://api.dublin.ie1.twilio.com")
    with pytest.raises(SettingsError, match=r"^TWILIO_ACCOUNT_SID: not set"):
        text_settings()


def test_every_variable_stands_in_the_list() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(NAMES) <= set(re.findall(r"^# ([A-Z_]+)=", text, flags=re.MULTILINE))
