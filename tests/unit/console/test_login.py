"""Signing in and out over HTTP, as a browser and as somebody who should not get in."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from busy_day import NOW

from tiski.console import password
from tiski.console.login import COOKIE
from tiski.console.tries import MOST_WRONG
from tiski.db import session as db_session


async def sign_in(staff: httpx.AsyncClient, typed: str, **headers: str) -> httpx.Response:
    return await staff.post("/login", data={"password": typed, "lang": "fi"}, headers=headers)


async def test_the_right_password_opens_the_page(
    staff: httpx.AsyncClient, busy: Path, secret: str
) -> None:
    answer = await sign_in(staff, secret)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?lang=fi")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
    assert "Max-Age=43200" in cookie and "Secure" not in cookie
    assert (await staff.get("/")).status_code == 200
    data = (await staff.get("/data?lang=en")).json()
    assert data["parts"]["tickets"]["count"] == 2


async def test_over_https_the_cookie_stays_there(
    staff: httpx.AsyncClient, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await sign_in(staff, secret, **{"X-Forwarded-Proto": "https"})
    assert "Secure" not in answer.headers["set-cookie"], "anybody can write this header"
    monkeypatch.setenv("STAFF_BEHIND_PROXY", "yes")
    answer = await sign_in(staff, secret, **{"X-Forwarded-Proto": "https"})
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("language", "words"), [("fi", "Salasana ei täsmää"), ("en", "not the password")]
)
async def test_a_wrong_password_is_told_kindly(
    staff: httpx.AsyncClient, secret: str, language: str, words: str
) -> None:
    answer = await staff.post("/login", data={"password": "arvaus", "lang": language})
    assert answer.status_code == 401 and words in answer.text
    assert "set-cookie" not in answer.headers and "arvaus" not in answer.text
    assert (await staff.get("/data")).status_code == 401


async def test_ten_wrong_passwords_lock_even_the_right_one_out(
    staff: httpx.AsyncClient, secret: str
) -> None:
    for _ in range(MOST_WRONG - 1):
        assert (await sign_in(staff, "arvaus")).status_code == 401
    assert (await sign_in(staff, "arvaus")).status_code == 429
    answer = await sign_in(staff, secret)
    assert answer.status_code == 429 and "Odota 15 min" in answer.text
    assert "set-cookie" not in answer.headers


async def test_a_lock_is_of_one_address_and_ends_with_a_new_password(
    staff: httpx.AsyncClient, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAFF_BEHIND_PROXY", "yes")
    guesser = {"X-Forwarded-For": "10.0.0.1, 192.0.2.66"}
    for _ in range(MOST_WRONG):
        await sign_in(staff, "arvaus", **guesser)
    # what stands before the proxy's own entry anybody can write
    pretending = {"X-Forwarded-For": "192.0.2.1, 192.0.2.66"}
    assert (await sign_in(staff, secret, **pretending)).status_code == 429
    assert (await sign_in(staff, secret, **{"X-Forwarded-For": "192.0.2.1"})).status_code == 303
    new = password.new_password()
    assert (await sign_in(staff, new, **guesser)).status_code == 303


async def test_headers_of_a_proxy_mean_nothing_without_one(
    staff: httpx.AsyncClient, secret: str
) -> None:
    for number in range(MOST_WRONG):
        await sign_in(staff, "arvaus", **{"X-Forwarded-For": f"192.0.2.{number}"})
    answer = await sign_in(staff, secret, **{"X-Forwarded-For": "192.0.2.200"})
    assert answer.status_code == 429


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1:1"])
async def test_forms_of_other_pages_are_refused(
    staff: httpx.AsyncClient, secret: str, origin: str
) -> None:
    answer = await sign_in(staff, secret, Origin=origin)
    assert answer.status_code == 403 and "set-cookie" not in answer.headers
    await sign_in(staff, secret)
    assert (await staff.post("/logout", headers={"Origin": origin})).status_code == 403
    assert (await staff.get("/data")).status_code == 200


async def test_without_a_session_there_is_nothing_to_see(
    staff: httpx.AsyncClient, busy: Path
) -> None:
    page = await staff.get("/?lang=en")
    assert (page.status_code, page.headers["location"]) == (303, "/login?lang=en")
    for path in ("/data", "/transcript/TX4C9M"):
        answer = await staff.get(path)
        assert answer.status_code == 401 and answer.json() == {"error": "signed_out"}
    assert (await staff.get("/health")).status_code == 200


async def test_a_session_ends_after_twelve_hours_and_says_so(
    staff: httpx.AsyncClient, var: Path, secret: str
) -> None:
    await sign_in(staff, secret)
    (var / "clock").write_text((NOW + timedelta(hours=12)).isoformat(), encoding="utf-8")
    assert (await staff.get("/data")).status_code == 401
    page = await staff.get("/", follow_redirects=True)
    assert "Kirjautuminen päättyi" in page.text


async def test_signing_out_ends_the_session(staff: httpx.AsyncClient, secret: str) -> None:
    await sign_in(staff, secret)
    token = staff.cookies[COOKIE]
    answer = await staff.post("/logout", data={"lang": "fi"}, follow_redirects=True)
    assert "Olet kirjautunut ulos" in answer.text
    again = await staff.get("/data", headers={"Cookie": f"{COOKIE}={token}"})
    assert again.status_code == 401


async def test_a_new_password_signs_an_open_page_out(staff: httpx.AsyncClient, secret: str) -> None:
    await sign_in(staff, secret)
    assert (await staff.get("/data")).status_code == 200
    password.new_password()
    assert (await staff.get("/data")).status_code == 401


async def test_whoever_is_signed_in_goes_straight_to_the_page(
    staff: httpx.AsyncClient, secret: str
) -> None:
    await sign_in(staff, secret)
    assert (await staff.get("/login")).headers["location"] == "/?lang=fi"


async def test_nothing_of_it_is_logged(
    staff: httpx.AsyncClient,
    secret: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    await sign_in(staff, "arvaus")
    await sign_in(staff, secret)
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all.db")
    db_session.engine_for.cache_clear()
    answer = await staff.get("/data")
    assert answer.status_code == 503 and "saatavilla" in answer.json()["error"]
    ours = [record for record in caplog.records if record.name.startswith(("tiski", "sanic"))]
    text = "\n".join(record.getMessage() for record in ours)
    assert "OperationalError" in text
    assert "arvaus" not in text and secret not in text and staff.cookies[COOKIE] not in text
    assert not any(record.exc_info for record in ours)
