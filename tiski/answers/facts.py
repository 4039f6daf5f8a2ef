"""The facts of business.yml as they stand in answers: `{phone}`, `{prices}`, `{hours}`.

`business_facts` are the same in every message; `answer_facts` depend on what was asked: the hours
of the day that was named, the price of the service that was named. The words around them are
texts of data/words/ whose names begin with `words_`, so that no sentence stands in code.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from tiski import words
from tiski.answers import dates
from tiski.answers.offers import not_here, offer_facts
from tiski.business import AddOn, Business, Localized, Service

_DAYS = 7


def business_facts(business: Business, language: str) -> dict[str, str]:
    """Return the facts that any response may use, by placeholder.

    Args:
        business: the owner's page.
        language: one of the business's languages.
    """

    def of(text: Localized | None) -> str:
        return str(text.get(language)) if text else ""

    address = business.address
    options = business.shop.delivery_options
    free_from = [o.free_from_cents for o in options if o.free_from_cents is not None]
    deliveries = [option for option in options if option.price_cents] or options
    return {
        **offer_facts(business, language),
        "business_name": of(business.name),
        "bot_name": business.bot_name,
        "phone": business.contact.phone,
        "email": business.contact.email,
        "website": business.contact.website or "",
        "address": f"{address.street}, {address.postcode} {address.city}",
        "directions": of(address.directions),
        "map_url": address.map_url or "",
        "parking": of(business.parking),
        "accessibility": of(business.accessibility),
        "hours_week": hours_of_week(business, language),
        "handoff_hours": _week(business, language, business.handoff.weekly),
        "service_list": dates.say_list(
            [of(service.name) for service in business.services.values()], language
        ),
        "price_list": "\n".join(
            f"{of(service.name)}: {service_price(service, language)}"
            for service in business.services.values()
        ),
        "payment_methods": dates.say_list(
            [of(method.name) for method in business.ways_to_pay], language
        ),
        "product_categories": dates.say_list(
            [of(category.name) for category in business.shop.product_categories], language
        ),
        "delivery_options": "\n".join(_delivery(option, language) for option in options),
        "delivery_note": of(business.policies.delivery),
        "delivery_days": _day_range(deliveries),
        "free_delivery_from": dates.say_price(min(free_from), language) if free_from else "",
        "returns": of(business.policies.returns),
        "warranty": of(business.policies.warranty),
        "cancellation": of(business.policies.cancellation),
        "privacy": of(business.policies.privacy),
        "walk_in": of(business.policies.walk_in),
        "gift_cards": of(business.policies.gift_cards),
        "free_cancellation_hours": str(business.booking.free_cancellation_hours),
        "lateness": lateness(business, language),
        "no_show_fee": no_show_fee(business, language),
    }


def answer_facts(
    business: Business,
    language: str,
    entities: list[dict[str, Any]],
    now: datetime,
    asked_for: str | None = None,
) -> dict[str, str]:
    """Return the facts that depend on the question.

    Args:
        entities: those of the customer's message (`time` and `service` matter).
        now: aware; "today" is its day in the business's zone.
        asked_for: a use case that the customer asked for and that this business does not have.
    """
    today = now.astimezone(business.tz)
    asked = _asked_days(entities, business)
    if asked:
        hours = "\n".join(day_hours(business, day, language, today) for day in asked)
    else:
        hours = today_hours(business, language, today)
    named = [e["value"] for e in entities if e.get("entity") == "service"]
    services = [business.services[s] for s in dict.fromkeys(named) if s in business.services]
    facts = business_facts(business, language)
    discounts = [d.text.get(language) for d in business.current_discounts(today.date())]
    return {
        **facts,
        "hours": hours,
        "prices": "\n".join(_price_line(s, language) for s in services) or facts["price_list"],
        "more_about_service": " ".join(text for s in services if (text := more_about(s, language))),
        "not_here": not_here(business, asked_for, language),
        "discounts": "\n".join(discounts) or words.phrase("words_no_discounts", language),
    }


def service_price(service: Service, language: str) -> str:
    """A service's price as it is said, e.g. "49 €" or "from €75"."""
    return dates.say_price(service.price_cents, language, starting=service.price_from)


def more_about(service: Service, language: str) -> str:
    """Who may have a service, how to prepare for it and what can be added; "" if nothing is said."""
    said = []
    if service.age_limit:
        kind, years = service.age_limit.split()
        key = "words_age_from" if kind == "from" else "words_age_under"
        said.append(words.phrase(key, language, years=years))
    if service.preparation:
        said.append(str(service.preparation.get(language)))
    if service.add_ons:
        lines = [add_on_line(add_on, language) for add_on in service.add_ons]
        said.append(words.phrase("words_add_ons", language, list=dates.say_list(lines, language)))
    return " ".join(said)


def add_on_line(add_on: AddOn, language: str) -> str:
    """What can be had with a service, e.g. "päähieronta (+10 €, 10 min)"."""
    price = dates.say_price(add_on.price.cents, language, starting=add_on.price.is_from)
    key = "words_add_on" if add_on.minutes else "words_add_on_no_time"
    return words.phrase(
        key, language, name=add_on.name.get(language), price=price, minutes=add_on.minutes
    )


def lateness(business: Business, language: str) -> str:
    """How late one may come, as a sentence; "" if nothing is said about it."""
    minutes = business.booking.lateness_minutes
    if minutes is None:
        return ""
    key = "words_lateness" if minutes else "words_lateness_none"
    return words.phrase(key, language, minutes=minutes)


def no_show_fee(business: Business, language: str) -> str:
    """What it costs not to come, as a sentence; "" if nothing is said about it."""
    fee = business.booking.no_show_fee
    if fee is None:
        return ""
    if fee.percent:
        return words.phrase("words_no_show_part", language, percent=fee.percent)
    return words.phrase(
        "words_no_show_fee", language, fee=dates.say_price(fee.cents or 0, language)
    )


def today_hours(business: Business, language: str, today: datetime) -> str:
    """What is open today: now, later, or no more, and then the next day that is."""
    spans = business.opening_spans(today.date())
    now_open = [(begin, end) for begin, end in spans if begin <= today < end]
    later = [(begin, end) for begin, end in spans if today < begin]
    if now_open:
        end = dates.say_clock(now_open[0][1], language)
        return words.phrase("words_open_now", language, until=end)
    if later:
        hours = dates.say_hours(*later[0], language)
        return words.phrase("words_open_later_today", language, hours=hours)
    opens = business.next_opening(today)
    if opens is None:
        return words.phrase("words_closed_for_now", language)
    spans = business.opening_spans(opens.date())
    return words.phrase(
        "words_closed_now",
        language,
        day=dates.say_day(opens, language),
        hours=_spans(spans, language),
    )


def day_hours(business: Business, day: date, language: str, today: datetime) -> str:
    """The hours of a day that was asked about, with the reason where they are unusual."""
    if day == today.date():
        return today_hours(business, language, today)
    spans = business.opening_spans(day)
    note = business.day_note(day)
    said = dates.say_day(day, language)
    key = "words_open_on_day" if spans else "words_closed_on_day"
    if note:
        key += "_because"
    return words.phrase(
        key,
        language,
        day=said[:1].upper() + said[1:],
        hours=_spans(spans, language),
        reason=note.get(language) if note else "",
    )


def hours_of_week(business: Business, language: str) -> str:
    """The ordinary week in lines, days with equal hours together: "ma–pe 9.00–18.00"."""
    return _week(business, language, business.weekly_hours)


def _week(business: Business, language: str, weekly: dict[str, str]) -> str:
    monday = date(2024, 1, 1)  # any Monday: only the names of the days matter
    groups: list[tuple[list[date], str]] = []
    for offset, hours in enumerate(weekly.values()):
        day = monday + timedelta(days=offset)
        if groups and groups[-1][1] == hours:
            groups[-1][0].append(day)
        else:
            groups.append(([day], hours))
    lines = []
    for days, hours in groups:
        names = [dates.say_weekday_short(day, language) for day in (days[0], days[-1])]
        name = names[0] if len(days) == 1 else "–".join(names)
        lines.append(f"{name} {_written_hours(hours, language)}")
    return ", ".join(lines)


def _written_hours(hours: str, language: str) -> str:
    if hours == "closed":
        return words.phrase("words_closed", language)
    spans = []
    for span in hours.split(","):
        begin, end = (datetime.strptime(part.strip(), "%H:%M") for part in span.split("-"))
        spans.append(dates.say_hours(begin, end, language))
    return ", ".join(spans)


def _spans(spans: Iterable[tuple[datetime, datetime]], language: str) -> str:
    return ", ".join(dates.say_hours(begin, end, language) for begin, end in spans)


def _asked_days(entities: list[dict[str, Any]], business: Business) -> list[date]:
    """The days that a question names, at most a week of them."""
    days: list[date] = []
    for entity in entities:
        if entity.get("entity") != "time":
            continue
        value, info = entity["value"], entity.get("additional_info") or {}
        if not info.get("has_date", True):
            continue
        begin = value.get("from") if isinstance(value, dict) else value
        if not begin:
            continue
        first = datetime.fromisoformat(begin).astimezone(business.tz).date()
        count = 1
        if isinstance(value, dict) and value.get("to"):
            end = datetime.fromisoformat(value["to"]).astimezone(business.tz)
            count = max(1, (end - timedelta(seconds=1)).date().toordinal() - first.toordinal() + 1)
        days += [first + timedelta(days=offset) for offset in range(min(count, _DAYS))]
    return list(dict.fromkeys(days))[:_DAYS]


def _price_line(service: Service, language: str) -> str:
    return words.phrase(
        "words_service_price",
        language,
        service=service.name.get(language),
        price=service_price(service, language),
        minutes=service.minutes,
    )


def _delivery(option: Any, language: str) -> str:
    name = option.name.get(language)
    if not option.price_cents:
        return words.phrase("words_delivery_free", language, name=name)
    return words.phrase(
        "words_delivery_price",
        language,
        name=name,
        price=dates.say_price(option.price_cents, language),
        days=_day_range([option]),
    )


def _day_range(options: list[Any]) -> str:
    if not options:
        return ""
    low, high = min(o.days_min for o in options), max(o.days_max for o in options)
    return str(low) if low == high else f"{low}–{high}"
