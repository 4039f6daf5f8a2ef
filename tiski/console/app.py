"""The staff page's server: who may see it, the page, and its data.

The page asks for `/data` every second. That is simpler than a stream of events and heals by itself:
a phone that slept, a proxy that buffers or a restart cost one question, each question checks the
session again, and one that brought nothing new is answered with 304 and no content.
"""

from __future__ import annotations

import hashlib
import html
import json
import logging
import time
from pathlib import Path
from string import Template
from typing import Any

from babel.dates import format_date
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from tiski import clock
from tiski.business import load_business
from tiski.console import login, sessions
from tiski.console.today import Today, transcript
from tiski.console.words import chosen, every, word
from tiski.db.session import run
from tiski.paths import ROOT

logger = logging.getLogger(__name__)

STATIC = Path(__file__).with_name("static")
FILES = {
    "staff.css": (STATIC / "staff.css", "text/css"),
    "staff.js": (STATIC / "staff.js", "text/javascript"),
    "cards.js": (STATIC / "cards.js", "text/javascript"),
    "icon.svg": (ROOT / "web" / "icon.svg", "image/svg+xml"),
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # not no-referrer: browsers would send "Origin: null" with the form
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# A few windows that ask at the same time cost one look
_SAME_LOOK_SECONDS = 0.3
_OPEN_PATHS = ("/login", "/health", "/static/")
_DATA_PATHS = ("/data", "/transcript/")
_LOCALES = {"fi": "fi", "en": "en_GB"}


def create_app(name: str = "tiski-console") -> Sanic:
    """The server, with all routes; it reads the databases that the environment names."""
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 16_384
    app.config.REQUEST_TIMEOUT = app.config.RESPONSE_TIMEOUT = 30
    looks = _Looks()

    app.register_middleware(_only_signed_in, "request")
    app.register_middleware(_with_headers, "response")
    app.error_handler.add(Exception, _failed)
    login.add_routes(app, _login_page)

    @app.get("/")
    async def page(request: Request) -> HTTPResponse:
        return response.html(_render("page.html", language_of(request)))

    @app.get("/data")
    async def data(request: Request) -> HTTPResponse:
        content, tag = await run(looks.look, language_of(request))
        if request.headers.get("if-none-match") == tag:
            return HTTPResponse(status=304, headers={"ETag": tag})
        return response.raw(content, content_type="application/json", headers={"ETag": tag})

    @app.get("/transcript/<code:str>")
    async def conversation(_: Request, code: str) -> HTTPResponse:
        said = await run(transcript, code)
        return response.json(said, status=200 if said is not None else 404)

    @app.get("/health")
    async def health(_: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

    @app.get("/static/<name:str>")
    async def static(_: Request, name: str) -> HTTPResponse:
        if name not in FILES:
            return response.text("not found", status=404)
        path, kind = FILES[name]
        return response.raw(path.read_bytes(), content_type=f"{kind}; charset=utf-8")

    return app


def language_of(request: Request) -> str:
    """The language of a page: `?lang=`, else the business's own."""
    return chosen(request.args.get("lang"), load_business())


class _Looks:
    """The latest look in each language, as it is sent."""

    def __init__(self) -> None:
        self._today = Today()
        self._latest: dict[str, tuple[float, bytes, str]] = {}

    def look(self, language: str) -> tuple[bytes, str]:
        """Return the data as JSON, and its tag, the same as long as the data are."""
        looked_at, content, tag = self._latest.get(language, (0.0, b"", ""))
        if not tag or time.monotonic() - looked_at > _SAME_LOOK_SECONDS:
            business, now = load_business(), clock.now()
            day = now.astimezone(business.tz).date()
            date = format_date(day, "full", locale=_LOCALES[language])
            seen = {"date": date, **self._today.look(business, language, now)}
            content = json.dumps(seen, ensure_ascii=False).encode()
            tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
            self._latest[language] = (time.monotonic(), content, tag)
        return content, tag


# --- for every request


async def _only_signed_in(request: Request) -> HTTPResponse | None:
    if request.path.startswith(_OPEN_PATHS):
        return None
    token = request.cookies.get(login.COOKIE)
    if await run(sessions.is_signed_in, token, clock.now()):
        return None
    if request.path.startswith(_DATA_PATHS):
        return response.json({"error": "signed_out"}, status=401)
    why = "&why=session_over" if token else ""
    return response.redirect(f"/login?lang={language_of(request)}{why}", status=303)


async def _with_headers(_: Request, answer: BaseHTTPResponse) -> None:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)


async def _failed(request: Request, error: Exception) -> HTTPResponse:
    """What went wrong, in words; the log gets the kind of error only, never what was in it."""
    language = language_of(request)
    if isinstance(error, SanicException) and error.status_code < 500:
        status, text = error.status_code, word("not_found", language)
    else:
        status, text = 503, word("no_database", language)
        known = isinstance(error, SQLAlchemyError)
        logger.error("%s: %s", "The database" if known else "The page", type(error).__name__)
    if request.path.startswith(_DATA_PATHS):
        return response.json({"error": text}, status=status)
    return response.html(_render("login.html", language, alert=text, form="hidden"), status=status)


# --- pages


def _login_page(
    language: str, alert: str = "", notice: str = "", status: int = 200
) -> HTTPResponse:
    text = _render("login.html", language, alert=alert, notice=notice)
    return response.html(text, status=status)


def _render(name: str, language: str, **facts: Any) -> str:
    """A page with its words and facts, all escaped."""
    business = load_business()
    other = "en" if language == "fi" else "fi"
    known = {
        "alert": "",
        "notice": "",
        "form": "",
        **every(language),
        "lang": language,
        "other_lang": other,
        "other_name": {"fi": "Suomeksi", "en": "English"}[other],
        "business": business.name.get(language),
        **facts,
    }
    template = Template((STATIC / name).read_text(encoding="utf-8"))
    return template.substitute({key: html.escape(str(value)) for key, value in known.items()})
