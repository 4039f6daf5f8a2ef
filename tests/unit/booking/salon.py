"""The small salon that the tests of booking are about."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from tiski.booking.openings import Opening
from tiski.business import Business
from tiski.db.session import session

HELSINKI = ZoneInfo("Europe/Helsinki")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def at(text: str) -> datetime:
    """A moment in Helsinki: at("2026-11-23 10:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


# A Monday morning, before opening.
NOW = at("2026-11-23 08:00")
# With reminders and offers to the waiting list
BOOKING = {
    "lead_time_minutes": 120,
    "horizon_days": 400,
    "step_minutes": 15,
    "free_cancellation_hours": 24,
    "reminder_hours": 24,
    "waiting_offer_minutes": 60,
}


def write_page(path: Path, **changes: Any) -> Path:
    """Write a page of a business with two people and three services; `changes` are its keys."""
    text = {"en": "Text"}
    week = dict.fromkeys(WEEK[:5], "09:00-18:00") | {"sat": "10:00-15:00", "sun": "closed"}
    page = {
        "name": text,
        "bot_name": "Bot",
        "languages": ["en"],
        "default_language": "en",
        "country": "FI",
        "timezone": "Europe/Helsinki",
        "contact": {
            "phone": "+358 6 555 0142",
            "email": "hello@example.com",
            "website": "https://example.com",
        },
        "address": {
            "street": "Street 1",
            "postcode": "65100",
            "city": "Vaasa",
            "directions": text,
            "map_url": "https://example.com/map",
        },
        "parking": text,
        "accessibility": text,
        "hours": {"weekly": week},
        "services": {
            "haircut": service("haircut", 45),
            "colour": service("colour", 90, buffer_minutes=15),
            "beard_trim": service("beard trim", 30, staff=["mikko"]),
        },
        "staff": {"aino": person("Aino"), "mikko": person("Mikko")},
        "booking": {
            "lead_time_minutes": 120,
            "horizon_days": 90,
            "step_minutes": 15,
            "free_cancellation_hours": 24,
        },
        "shop": {"payment_methods": [], "delivery_options": [], "product_categories": []},
        "policies": dict.fromkeys(
            ("returns", "warranty", "cancellation", "privacy", "walk_in", "gift_cards"), text
        ),
        "handoff": {"weekly": week, "answer_within_minutes": 15},
    }
    page.update(changes)
    path.write_text(json.dumps(page), encoding="utf-8")
    return path


def service(name: str, minutes: int, **changes: Any) -> dict[str, Any]:
    """A service of the page; both people do it unless `staff` says otherwise."""
    usual = {"description": {"en": "Text"}, "price": 49, "staff": ["aino", "mikko"]}
    return {"name": {"en": name}, "minutes": minutes, **usual, **changes}


def person(name: str, **changes: Any) -> dict[str, Any]:
    """A person of the page."""
    return {"name": name, "title": {"en": "Text"}, **changes}


def opening(business: Business, service_id: str, staff_id: str, start: str) -> Opening:
    """An opening that nobody has looked for: it may be taken, or make no sense."""
    minutes = business.services[service_id].minutes
    starts_at = at(start)
    ends_at = datetime.fromtimestamp(starts_at.timestamp() + 60 * minutes, HELSINKI)
    return Opening(service_id, staff_id, starts_at, ends_at)


def count(table: object) -> int:
    """How many rows the table has."""
    with session() as opened:
        return int(opened.execute(select(func.count()).select_from(table)).scalar_one())
