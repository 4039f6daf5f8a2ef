"""Signing in and out: one password, a cookie that scripts cannot read, a limit on guessing."""

from __future__ import annotations

import asyncio
import os
from typing import Any, Protocol
from urllib.parse import urlsplit

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from tiski import clock
from tiski.business import load_business
from tiski.console import password, sessions
from tiski.console.tries import Tries
from tiski.console.words import chosen, word
from tiski.db.session import run

COOKIE = "tiski_staff"
_AT_ONCE = 2  # passwords that are looked at; each takes 32 MB and a core for a tenth of a second


class LoginPage(Protocol):
    """Makes the page with the form; `alert` is read out at once, `notice` when it is its turn."""

    def __call__(
        self, language: str, alert: str = "", notice: str = "", status: int = 200
    ) -> HTTPResponse: ...


def add_routes(app: Sanic, page: LoginPage) -> None:
    """Add /login and /logout to the server."""
    tries = Tries()
    at_once: list[asyncio.Semaphore] = []
    seen: list[Any] = [password.stored()]

    @app.get("/login")
    async def form(request: Request) -> HTTPResponse:
        language = chosen(request.args.get("lang"), load_business())
        if await run(sessions.is_signed_in, request.cookies.get(COOKIE), clock.now()):
            return response.redirect(f"/?lang={language}", status=303)
        why = request.args.get("why")
        known = why if why in ("signed_out", "session_over") else None
        return page(language, notice=word(known, language) if known else "")

    @app.post("/login")
    async def sign_in(request: Request) -> HTTPResponse:
        language = chosen(_field(request, "lang"), load_business())
        if not is_own_page(request):
            return page(language, alert=word("foreign", language), status=403)
        kept = password.stored()
        if kept != seen[0]:  # ./scripts/staff-password was run: who was locked may try the new one
            seen[0] = kept
            tries.forget_all()
        address = address_of(request)
        if minutes := tries.minutes_locked(address):
            return _locked(page, language, minutes)
        await asyncio.sleep(tries.begin(address))
        if not at_once:
            at_once.append(asyncio.Semaphore(_AT_ONCE))  # belongs to the running loop
        async with at_once[0]:
            is_right = await run(password.is_right, _field(request, "password"))
        if not is_right:
            if minutes := tries.minutes_locked(address):
                return _locked(page, language, minutes)
            return page(language, alert=word("wrong_password", language), status=401)
        tries.was_right(address)
        token = await run(sessions.open_session, clock.now())
        if password.stored() != kept:  # changed at this very moment: this one was the old one
            await run(sessions.close_session, token)
            return page(language, alert=word("wrong_password", language), status=401)
        answer = response.redirect(f"/?lang={language}", status=303)
        _set_cookie(answer, request, token, int(sessions.LASTS.total_seconds()))
        return answer

    @app.post("/logout")
    async def sign_out(request: Request) -> HTTPResponse:
        language = chosen(_field(request, "lang"), load_business())
        if not is_own_page(request):
            return page(language, alert=word("foreign", language), status=403)
        await run(sessions.close_session, request.cookies.get(COOKIE))
        answer = response.redirect(f"/login?lang={language}&why=signed_out", status=303)
        _set_cookie(answer, request, "", 0)
        return answer


def is_own_page(request: Request) -> bool:
    """Whether a form was sent from this very site; browsers say so, other pages cannot lie."""
    origin = request.headers.get("origin") or ""
    host = request.headers.get("host")
    return bool(host) and urlsplit(origin).netloc == host


def address_of(request: Request) -> str:
    """Who is asking: the other end, or what one's own proxy says (STAFF_BEHIND_PROXY)."""
    if _behind_proxy():
        # The last one is what the proxy saw; those before it anybody could have written
        forwarded = (request.headers.get("x-forwarded-for") or "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return str(request.ip)


def is_https(request: Request) -> bool:
    """Whether the browser came over https, to us or to our own proxy."""
    if _behind_proxy():
        return (request.headers.get("x-forwarded-proto") or "").strip() == "https"
    return bool(request.scheme == "https")


def _behind_proxy() -> bool:
    return os.environ.get("STAFF_BEHIND_PROXY", "").strip().lower() in ("1", "yes", "true")


def _field(request: Request, name: str) -> str:
    return str(request.form.get(name) or "")


def _locked(page: LoginPage, language: str, minutes: int) -> HTTPResponse:
    return page(language, alert=word("locked", language, minutes=minutes), status=429)


def _set_cookie(answer: HTTPResponse, request: Request, value: str, seconds: int) -> None:
    answer.cookies[COOKIE] = value
    cookie = answer.cookies[COOKIE]
    cookie["path"] = "/"
    cookie["max-age"] = seconds
    cookie["httponly"] = True
    cookie["samesite"] = "Strict"
    if is_https(request):
        cookie["secure"] = True
