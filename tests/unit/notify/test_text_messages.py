"""tiski/notify/text_messages.py against a server on this machine that answers as Twilio documents.

The shapes are those of https://www.twilio.com/docs/messaging/api/message-resource (201 and the
message) and https://www.twilio.com/docs/usage/twilios-response (errors: code, message, more_info,
status); the codes are from https://www.twilio.com/docs/api/errors.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from tiski.notify.text_messages import TextSettings, Twilio, text_settings
from tiski.outside.errors import OutsideError, SettingsError, Trouble

ACCOUNT, TOKEN = "AC" + "0" * 32, "token-of-the-test"
SERVICE = "MG" + "1" * 32
TO = "+358401234567"
SETTINGS = TextSettings(ACCOUNT, TOKEN, "+358401234568")


class FakeTwilio:
    """Takes messages, or answers with what a test has put into `answer`: status, content, headers."""

    def __init__(self) -> None:
        self.came: list[tuple[str, dict[str, list[str]], str]] = []
        self.answer: tuple[int, Any, dict[str, str]] | None = None
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                form = parse_qs(self.rfile.read(length).decode(), strict_parsing=True)
                fake.came.append((self.path, form, self.headers["Authorization"]))
                status, content, headers = fake.answer or (201, fake.message(form), {})
                body = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    @staticmethod
    def message(form: dict[str, list[str]]) -> dict[str, Any]:
        """What Twilio answers with 201."""
        return {
            "account_sid": ACCOUNT,
            "api_version": "2010-04-01",
            "body": form["Body"][0],
            "date_created": "Mon, 23 Nov 2026 08:00:00 +0000",
            "date_sent": None,
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": form.get("From", [None])[0],
            "messaging_service_sid": form.get("MessagingServiceSid", [None])[0],
            "num_segments": "1",
            "sid": "SM" + "2" * 32,
            "status": "queued",
            "to": form["To"][0],
            "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/SM{'2' * 32}.json",
        }

    def fails(self, status: int, code: int, **headers: str) -> None:
        """Answer with an error."""
        content = {
            "code": code,
            "message": f"The 'To' number {TO} is not what was hoped for.",
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }
        self.answer = (status, content, headers)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    server = FakeTwilio()
    yield server
    server.close()


async def send(fake: FakeTwilio, settings: TextSettings = SETTINGS, text: str = "Hei") -> str:
    twilio = Twilio(settings, api=fake.address)
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
    assert form == {"To": [TO], "From": ["+358401234568"], "Body": [text]}
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


async def test_nobody_is_there(fake: FakeTwilio) -> None:
    fake.close()
    error = await trouble_of(fake)
    assert (error.trouble, error.reached) == (Trouble.CANNOT_CONNECT, False)


# --- settings ------------------------------------------------------------------------------------


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "SMS_FROM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value)


RIGHT = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "SMS_FROM": "Aalto"}


@pytest.mark.parametrize("sender", ["Aalto", "+358401234567", SERVICE, "Salon 24"])
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
