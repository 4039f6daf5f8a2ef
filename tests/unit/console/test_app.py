"""The staff page's server: what it sends, how it is protected, what it says when it cannot."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from busy_day import NOW, WICKED

from tiski.business import load_business
from tiski.console import app as app_module
from tiski.console import sessions
from tiski.console.app import STATIC
from tiski.console.login import COOKIE
from tiski.console.words import LANGUAGES, every


@pytest.fixture
def inside(staff: httpx.AsyncClient, busy: Path) -> httpx.AsyncClient:
    """A browser that is signed in."""
    staff.cookies.set(COOKIE, sessions.open_session(NOW))
    return staff


@pytest.mark.parametrize(
    "path", ["/", "/login", "/data", "/transcript/NONE", "/static/staff.js", "/static/x", "/none"]
)
async def test_every_answer_is_protected(inside: httpx.AsyncClient, path: str) -> None:
    answer = await inside.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/", "/login"])
async def test_the_pages_stand_in_both_languages(
    staff: httpx.AsyncClient, busy: Path, path: str, language: str
) -> None:
    if path == "/":
        staff.cookies.set(COOKIE, sessions.open_session(NOW))
    page = (await staff.get(f"{path}?lang={language}")).text
    assert f'<html lang="{language}">' in page
    assert every(language)["title"] in page
    assert not re.search(r"\$\w", page), "a placeholder was left"


async def test_the_business_s_language_is_the_first(inside: httpx.AsyncClient) -> None:
    for asked in ("", "?lang=sv", "?lang=<script>"):
        assert '<html lang="fi">' in (await inside.get(f"/{asked}")).text


async def test_pages_load_nothing_from_elsewhere_and_run_nothing_of_their_own() -> None:
    for name in ("page.html", "login.html"):
        text = (STATIC / name).read_text(encoding="utf-8")
        assert not re.search(r"(src|href)=\"(https?:)?//", text)
        assert "style=" not in text and not re.search(r"\son\w+=", text)
        assert not re.search(r"<script(?![^>]* src=)", text)
    for file in (*STATIC.glob("*.js"), *STATIC.glob("*.css")):
        text = file.read_text(encoding="utf-8")
        assert "http" not in text and "@import" not in text
        assert "innerHTML" not in text and "insertAdjacentHTML" not in text and "eval(" not in text


async def test_facts_are_escaped(
    inside: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    business = load_business()
    named = business.copy(update={"name": type(business.name)({"fi": WICKED, "en": WICKED})})
    monkeypatch.setattr(app_module, "load_business", lambda: named)
    page = (await inside.get("/")).text
    assert "<img" not in page and "&lt;b&gt;Mursu" in page


async def test_what_has_not_changed_is_not_sent_again(inside: httpx.AsyncClient) -> None:
    first = await inside.get("/data")
    again = await inside.get("/data", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await inside.get("/data?lang=en", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


async def test_a_conversation_is_there_on_demand(inside: httpx.AsyncClient) -> None:
    said = (await inside.get("/transcript/TX4C9M")).json()
    assert [line["from"] for line in said] == ["customer", "desk", "customer"]
    assert (await inside.get("/transcript/NONE")).status_code == 404


async def test_an_unknown_page_is_told_in_words(inside: httpx.AsyncClient) -> None:
    answer = await inside.get("/none?lang=en")
    assert answer.status_code == 404 and "no such page" in answer.text
    assert "<form" not in answer.text or "hidden>" in answer.text


async def test_a_huge_form_is_refused(staff: httpx.AsyncClient, secret: str) -> None:
    answer = await staff.post("/login", data={"password": "x" * 100_000})
    assert answer.status_code == 413
