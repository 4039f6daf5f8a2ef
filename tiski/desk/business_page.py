"""The text of a new business's page, and of its goods; and what in it was guessed."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from ruamel.yaml import YAML

from tiski.business_fields import Price
from tiski.desk.business_answers import identifier

if TYPE_CHECKING:
    from tiski.desk.new_business import Answers

_HEAD = """\
# {name}: the business, on one page. Written by ./scripts/new-business.
# What each line means, and what else can stand here, is told in business.yml.
# Start with it: TISKI_BUSINESS={file} ./scripts/serve
"""


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    file = Path(__file__).with_name("new_business.yml")
    words: dict[str, Any] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return words


def words_of(group: str, key: str, language: str) -> str:
    """A text of new_business.yml."""
    return str(_words()[group][key][language])


def page_texts(found: Answers, file: Path, goods: Path) -> dict[Path, str]:
    """The files to write, each with its text."""
    page = _page(found, goods.name)
    head = _HEAD.format(name=next(iter(found.name.values())), file=f"businesses/{file.name}")
    texts = {file: head + "".join(f"\n{_yaml({key: value})}" for key, value in page.items())}
    if found.goods:
        texts[goods] = "# The goods. Prices are in cents; stock 0 means sold out.\n" + _yaml(
            [_article(number, one) for number, one in enumerate(found.goods, 1)]
        )
    return texts


def _page(found: Answers, goods_file: str) -> dict[str, Any]:
    street, postcode, city = found.address
    default = found.languages[0]
    page: dict[str, Any] = {
        "name": found.name,
        "bot_name": words_of("texts", "bot_name", default),
        "languages": found.languages,
        "default_language": default,
        "manner": {"address": "sinä", "emoji": False},
        "country": "FI",
        "timezone": "Europe/Helsinki",
        "contact": {"phone": found.phone, "email": found.email},
        "address": {
            "street": street,
            "postcode": postcode,
            "city": city,
            "map_url": "https://www.openstreetmap.org/search?query="
            + quote_plus(f"{street} {postcode} {city}"),
        },
        "hours": {"weekly": found.hours, "public_holidays": "closed"},
    }
    policies: dict[str, Any] = {}
    if found.services:
        page |= _appointments(found)
        policies["cancellation"] = _in_each(found, "cancellation")
    if found.goods:
        page["shop"] = _shop(found, goods_file)
        policies["returns"] = _in_each(found, "returns")
    else:
        page["payment_methods"] = [{"id": "card", "name": _in_each(found, "card")}]
    page["policies"] = {**policies, "privacy": _in_each(found, "privacy")}
    page["handoff"] = {"weekly": found.hours, "answer_within_minutes": 120}
    return page


def _appointments(found: Answers) -> dict[str, Any]:
    people = {identifier(name): name for name in found.people}
    return {
        "services": {
            identifier(next(iter(one.names.values()))): {
                "name": {language: _small(name) for language, name in one.names.items()},
                "minutes": one.minutes,
                "price": _price(one.price),
                "staff": list(people),
                "description": {x: f"{_capital(name)}." for x, name in one.names.items()},
            }
            for one in found.services
        },
        "staff": {
            key: {"name": name, "title": _in_each(found, "title")} for key, name in people.items()
        },
        "booking": {
            "lead_time_minutes": 120,
            "horizon_days": 60,
            "step_minutes": 15,
            "free_cancellation_hours": 24,
        },
    }


def _shop(found: Answers, goods_file: str) -> dict[str, Any]:
    pickup = {"id": "pickup", "name": _in_each(found, "pickup"), "price": 0}
    return {
        "catalogue": goods_file,
        "payment_methods": [{"id": "card", "name": _in_each(found, "card")}],
        "delivery_options": [{**pickup, "days_min": 1, "days_max": 2}],
        "product_categories": [
            {
                "id": "goods",
                "name": _in_each(found, "all_goods"),
                "aliases": {x: [words_of("texts", "goods_word", x)] for x in found.languages},
            }
        ],
    }


def _article(number: int, one: Any) -> dict[str, Any]:
    return {
        "id": identifier(next(iter(one.names.values()))).replace("_", "-"),
        "sku": f"G-{number:03}",
        "category": "goods",
        "name": {language: _capital(name) for language, name in one.names.items()},
        "price_cents": one.price.cents,
        "stock": 10,
    }


def _price(price: Price) -> str | float:
    euros = f"{price.cents // 100}.{price.cents % 100:02}".removesuffix(".00")
    return f"from {euros}" if price.is_from else float(euros) if "." in euros else int(euros)


def _in_each(found: Answers, key: str) -> dict[str, str]:
    return {language: words_of("texts", key, language) for language in found.languages}


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _yaml(value: Any, depth: int = 0) -> str:
    """Plain YAML: groups by indentation, texts in quotes, lists of texts on one line."""
    space = "  " * depth
    if isinstance(value, dict):
        lines = []
        for key, one in value.items():
            if isinstance(one, dict) or (
                isinstance(one, list) and one and isinstance(one[0], dict)
            ):
                lines.append(f"{space}{key}:\n{_yaml(one, depth + 1)}")
            else:
                lines.append(f"{space}{key}: {_scalar(one)}\n")
        return "".join(lines)
    items = []
    for one in value:
        text = _yaml(one, depth + 1)
        items.append(f"{space}- {text[len(space) + 2 :]}")
    return "".join(items)


def _scalar(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_scalar(one) for one in value) + "]"
    if isinstance(value, str) and (value == "closed" or value.replace("-", "").isalnum()):
        # words and ids read better bare; what YAML would take for something else is quoted
        bare = value[:1].isalpha() and value.lower() not in ("true", "false", "null", "yes", "no")
        return value if bare else json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)


def guesses(found: Answers, language: str) -> tuple[list[str], list[str]]:
    """What was guessed and what is left out, each as a line."""
    several = len(found.languages) > 1
    alike = [
        next(iter(one.names.values()))
        for one in (*found.services, *found.goods)
        if several and len(set(one.names.values())) == 1
    ]
    keys = ["country"]
    keys += ["one_name"] * (several and found.name_is_one)
    keys += ["translations"] * bool(alike)
    if found.services:
        keys += ["descriptions", "everybody", "titles", "booking", "cancellation"]
    if found.goods:
        keys += ["delivery", "categories", "stock", "returns"]
    keys += ["handoff", "privacy", "map"]
    guessed = [words_of("guessed", key, language).format(names=", ".join(alike)) for key in keys]
    skipped = set() if found.services else {"policies.walk_in"}
    left_out = [
        f"{one['key']}: {one[language]}"
        for one in _words()["left_out"]
        if one["key"] not in skipped
    ]
    return guessed, left_out
