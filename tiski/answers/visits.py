"""An appointment as it is told outside the chat: what, with whom, when, for how much, and where."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tiski.answers import dates
from tiski.answers.facts import service_price
from tiski.business import Business


def visit_facts(
    business: Business, language: str, *, service_id: str, staff_id: str, starts_at: datetime
) -> dict[str, Any]:
    """Return what can be told of a visit, each "" where business.yml does not say it any more.

    Args:
        business: names, prices, zone.
        language: "fi", "en", ...
        service_id: of the page.
        staff_id: of the page.
        starts_at: aware, any zone.

    Returns:
        service, person, when, when_short (both in the business's zone), minutes, price, address,
        phone and business.
    """
    service = business.services.get(service_id)
    person = business.staff.get(staff_id)
    local = starts_at.astimezone(business.tz)
    address = business.address
    return {
        "service": service.name.get(language) if service else "",
        "person": person.name if person else "",
        "when": dates.say_moment(local, language),
        "when_short": dates.say_moment_short(local, language),
        "minutes": str(service.minutes) if service else "",
        "price": service_price(service, language) if service else "",
        "address": f"{address.street}, {address.postcode} {address.city}",
        "phone": business.contact.phone,
        "business": business.name.get(language),
    }


def language_of(business: Business, wanted: str | None) -> str:
    """Return a language of the business: the one wanted, or else its default."""
    return str(wanted if wanted in business.languages else business.default_language)
