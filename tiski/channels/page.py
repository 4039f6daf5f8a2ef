"""The demo page and the widget's files, under /desk/.

`web/index.html` is the page; this module fills in what stands in business.yml. A designer needs
three things of the template language:

    $name                       a fact, escaped ($$ is a dollar sign)
    <!-- each services --> …    repeated for each service, up to <!-- end -->
    $hidden_unless_open         the attribute `hidden`, unless the salon is open right now

A Finnish sentence that addresses the customer stands there twice, $hidden_with_te and
$hidden_unless_te: `manner` of business.yml says which is shown.

The page's language is `?lang=en`, the business's own without it. `web/desk.css` shows of the
elements with `data-in` only those of the page's language.
"""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from tiski.answers.offers import offer_facts
from tiski.business import Business, Localized, load_business
from tiski.clock import now
from tiski.paths import ROOT

WEB = ROOT / "web"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
DAYS_SHOWN = 7
DAY_FORMATS = {"fi": "cccc d.M."}

_EACH = re.compile(r"<!-- each (\w+) -->(.*?)<!-- end -->", re.DOTALL)
Facts = dict[str, str]


def desk_blueprint() -> Blueprint:
    """The routes /desk, /desk/, /desk/health and the files beside the page."""
    blueprint = Blueprint("tiski_desk", url_prefix="/desk")

    @blueprint.get("", strict_slashes=True)
    async def to_page(_: Request) -> HTTPResponse:
        return response.redirect("/desk/")

    @blueprint.get("/", strict_slashes=True)
    async def page(request: Request) -> HTTPResponse:
        text = render(load_business(), request.args.get("lang"))
        return response.html(text, headers={**HEADERS, "Cache-Control": "no-store"})

    @blueprint.get("/health")
    async def health(request: Request) -> HTTPResponse:
        agent = getattr(request.app.ctx, "agent", None)
        ready = agent is not None and agent.is_ready()
        return response.json(
            {"status": "ok" if ready else "no model"},
            status=200 if ready else 503,
            headers={"Cache-Control": "no-store"},
        )

    @blueprint.get("/<path:path>")
    async def file(request: Request, path: str) -> HTTPResponse:
        found = web_files().get(path)
        if found is None:
            return response.text("not found", status=404)
        headers = {**HEADERS, **found.headers}
        if request.headers.get("if-none-match") == found.headers["ETag"]:
            return HTTPResponse(status=304, headers=headers)
        return response.raw(found.content, content_type=found.content_type, headers=headers)

    return blueprint


@dataclass(frozen=True)
class WebFile:
    """A file of the widget, ready to be sent."""

    content: bytes
    content_type: str
    headers: dict[str, str]


@lru_cache(maxsize=1)
def web_files() -> dict[str, WebFile]:
    """Every file under `web/` that browsers may have, by its path there; read once."""
    return {
        file.relative_to(WEB).as_posix(): _web_file(file)
        for file in WEB.rglob("*")
        if file.suffix in TYPES and file.is_file()
    }


def _web_file(file: Path) -> WebFile:
    content = file.read_bytes()
    headers = {
        "ETag": f'"{hashlib.sha256(content).hexdigest()[:20]}"',
        "Cache-Control": "no-cache",  # kept, but asked for anew: an update is seen at once
        "Access-Control-Allow-Origin": "*",  # other pages embed the widget; nothing secret here
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return WebFile(content, f"{TYPES[file.suffix]}; charset=utf-8", headers)


def render(business: Business, language: str | None) -> str:
    """The page in one language of the business; an unknown one gives the default.

    Raises:
        KeyError: the page names a fact that is not known here.
    """
    chosen = language if language in business.languages else business.default_language
    rows = _rows(business, str(chosen))

    def repeat(match: re.Match[str]) -> str:
        # A row may name facts of the page, too: those are filled with the page.
        part = Template(match[2])
        return "".join(part.safe_substitute(_escaped(row)) for row in rows[match[1]])

    template = (WEB / "index.html").read_text(encoding="utf-8")
    page = Template(_EACH.sub(repeat, template))
    return page.substitute(_escaped(_facts(business, str(chosen))))


def _escaped(facts: Facts) -> Facts:
    # A dollar in a row's fact must not look like a placeholder to the page.
    return {key: html.escape(value).replace("$", "&#36;") for key, value in facts.items()}


def _facts(business: Business, language: str) -> Facts:
    open_now = business.is_open(now())
    says_te = business.manner.address == "te"
    return {
        "language": language,
        "name": business.name.get(language),
        "bot_name": business.bot_name,
        "phone": business.contact.phone,
        "phone_link": re.sub(r"[^+\d]", "", business.contact.phone),
        "email": business.contact.email,
        "street": business.address.street,
        "city": f"{business.address.postcode} {business.address.city}",
        "slogan": _of(business.slogan, language) or business.name.get(language),
        "about": _of(business.about, language),
        "in_tasks": offer_facts(business, language)["in_tasks"],
        "directions": _of(business.address.directions, language),
        "parking": _of(business.parking, language),
        "map_url": business.address.map_url or "",
        "walk_in": _of(business.policies.walk_in, language),
        "address": business.manner.address,
        "hidden_unless_te": "" if says_te else "hidden",
        "hidden_with_te": "hidden" if says_te else "",
        "hidden_without_map": "" if business.address.map_url else "hidden",
        "hidden_without_appointments": "" if business.offers("book_appointment") else "hidden",
        "hidden_with_appointments": "hidden" if business.offers("book_appointment") else "",
        "hidden_without_services": "" if business.services else "hidden",
        "hidden_without_shop": "" if business.shop.product_categories else "hidden",
        "hidden_unless_demo": "" if business.is_demo else "hidden",
        "hidden_unless_open": "" if open_now else "hidden",
        "hidden_when_open": "hidden" if open_now else "",
    }


def _of(text: Localized | None, language: str) -> str:
    return str(text.get(language)) if text else ""


def _rows(business: Business, language: str) -> dict[str, list[Facts]]:
    today = now().astimezone(business.tz).date()
    days = [today + timedelta(days=ahead) for ahead in range(DAYS_SHOWN)]
    return {
        "services": [
            {
                "service": _capital(service.name.get(language)),
                "description": service.description.get(language),
                "minutes": str(service.minutes),
                "price": _price(service.price_cents, language),
                "hidden_unless_from": "" if service.price_from else "hidden",
            }
            for service in business.services.values()
        ],
        "staff": [
            {
                "person": person.name,
                "title": _capital(person.title.get(language)),
                "initial": person.name[:1],
            }
            for person in business.staff.values()
        ],
        "days": [_day(business, day, language) for day in days],
        "categories": [
            {"category": _capital(category.name.get(language))}
            for category in business.shop.product_categories
        ],
    }


def _day(business: Business, day: date, language: str) -> Facts:
    locale = _locale(language)
    spans = business.opening_spans(day)
    note = business.day_note(day)
    hours = [
        "–".join(format_time(moment, "short", tzinfo=business.tz, locale=locale) for moment in span)
        for span in spans
    ]
    return {
        "day": _capital(format_date(day, DAY_FORMATS.get(language, "cccc d MMM"), locale=locale)),
        "hours": ", ".join(hours),
        "note": note.get(language) if note else "",
        "hidden_unless_closed": "hidden" if spans else "",
    }


def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language == "en" else language)


def _price(cents: int, language: str) -> str:
    text: Any = format_currency(cents / 100, "EUR", locale=_locale(language))
    return re.sub(r"[.,]00(?!\d)", "", str(text))  # whole euros, as on a salon's wall


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
