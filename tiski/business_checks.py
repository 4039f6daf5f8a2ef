"""Finds everything that is wrong with the owner's page and says it in one sentence each.

First each value by itself (the schema), then what must fit together. The second part looks
at the page as it was read, broken or not, so that all problems come out at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import SHAPE_DICT, SHAPE_LIST, ModelField

from tiski.business_fields import Id, Keyed, LanguageCode, did_you_mean, speaking
from tiski.business_file import KeyPath, Page, dotted
from tiski.business_hours import WEEKDAYS, DayRange, overlap, parse_hours
from tiski.business_schema import BusinessPage
from tiski.paths import ROOT

ANY_STAFF = "any"  # means "whoever is free" in conversations, so nobody can be called that
_BY_KEY = ("services", "staff", "resources", "questions")  # the blocks whose keys are ids
# What a business that takes appointments describes; all of it, or nothing
_TOGETHER = ("services", "staff", "booking")
# Policies that something else on the page makes necessary, and what that is
_NEEDED_POLICIES = {"cancellation": "services", "returns": "shop"}
# entries with an id
_BY_LIST = ("payment_methods", "delivery_options", "product_categories", "needs")


def check_page(page: Page, path: Path) -> None:
    """Report every problem of `page`, which was read from `path`, to it."""
    with speaking(page_languages(page.data)):
        try:
            BusinessPage.parse_obj(page.data)
        except ValidationError as error:
            for found in error.errors():
                _report_schema(page, found)
    _check_languages(page)
    _check_together(page)
    _check_catalogue(page, path)
    _check_forbidden_topics(page)
    _check_ids(page)
    _check_service_staff(page)
    _check_resources(page)
    _check_words(page)
    _check_exceptions(page)
    _check_staff_hours(page)


def catalogue_file(name: str, page: Path) -> Path | None:
    """The file of goods that a page names: beside the page, or from the project's folder."""
    return next((file for file in (page.parent / name, ROOT / name) if file.is_file()), None)


def page_languages(data: Any) -> tuple[str, ...]:
    """The languages that the page lists, the default first; none if they cannot be read."""
    codes = (code for code in _items(data, "languages") if isinstance(code, str))
    listed = [code for code in codes if re.fullmatch(LanguageCode.pattern, code)]
    default = data.get("default_language")
    return tuple(dict.fromkeys([default, *listed] if default in listed else listed))


def _report_schema(page: Page, found: Any) -> None:
    path: KeyPath = found["loc"]
    kind: str = found["type"]
    if kind == "value_error.missing":
        page.report(path, f"missing – expected {_expected(path)}")
    elif kind == "value_error.extra":
        key, known = str(path[-1]), _known_keys(path[:-1])
        guess = did_you_mean(key, known)
        hint = f"did you mean '{guess}'?" if guess else f"expected one of {', '.join(known)}"
        page.report(path, f"unknown key – {hint}")
    elif kind == "value_error":
        page.report_value(path, found["msg"])
    else:  # wrong shape: text where a list or a group of keys should be, or the like
        page.report_value(path, _expected(path))


def _types_along(path: KeyPath) -> Iterator[tuple[Any, ModelField | None]]:
    """The type at each step of `path`, with its field where a model has one."""
    current: Any = BusinessPage
    field: ModelField | None = None
    yield current, field
    for part in path:
        if field is not None and field.shape in (SHAPE_DICT, SHAPE_LIST):
            field = None  # into one entry of the list or group: the type stays
        elif issubclass(current, BaseModel):
            fields = {each.alias: each for each in current.__fields__.values()}
            if part not in fields:
                return
            field = fields[str(part)]
            current = field.type_
        else:
            return
        yield current, field


def _expected(path: KeyPath) -> str:
    """What should stand at `path`, in words."""
    steps = list(_types_along(path))
    current, field = steps[-1]
    if issubclass(current, Keyed) and len(path) >= len(steps):
        return current.item_expected
    if field is not None and field.shape == SHAPE_LIST:
        return "a list with at least one entry" if field.required else "a list"
    if field is not None and field.shape == SHAPE_DICT:
        return "a group with an entry for each"
    if issubclass(current, BaseModel):
        return f"a group with the keys {', '.join(_known_keys(path))}"
    return str(getattr(current, "expected", "text"))


def _known_keys(path: KeyPath) -> list[str]:
    current, _ = list(_types_along(path))[-1]
    if issubclass(current, Keyed):
        return list(current.allowed())
    keys = [each.alias for each in current.__fields__.values()]
    return [key for key in keys if key != "id" or path[0] not in _BY_KEY]


def _group(data: Any, *keys: str) -> dict[str, Any]:
    """The group of keys at `keys`, or an empty one if something else stands there."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _items(data: Any, *keys: str) -> list[Any]:
    """The list at `keys`, or an empty one if something else stands there."""
    found = _group(data, *keys[:-1]).get(keys[-1])
    return found if isinstance(found, list) else []


def _check_languages(page: Page) -> None:
    codes = _items(page.data, "languages")
    for number, code in enumerate(codes):
        if code in codes[:number]:
            page.report_value(("languages", number), "each language once")
    default = page.data.get("default_language")
    if isinstance(default, str) and codes and default not in codes:
        page.report_value(("default_language",), f"one of languages: {_listed(codes)}")


def _check_together(page: Page) -> None:
    """Services, who does them and the rules of booking make sense together only."""
    there = [block for block in _TOGETHER if page.data.get(block) is not None]
    for block in _TOGETHER:
        if there and block not in there:
            found = "missing" if block not in page.data else "nothing"
            page.report(
                (block,), f"{found} – expected {_expected((block,))}, as there is '{there[0]}'"
            )
    policies = page.data.get("policies")
    for policy, block in _NEEDED_POLICIES.items():
        if isinstance(policies, dict) and page.data.get(block) and policies.get(policy) is None:
            path = ("policies", policy)
            expected = f"{_expected(path)}, as there is '{block}'"
            found = "nothing" if policy in policies else "missing"
            page.report(path, f"{found} – expected {expected}")


def _check_catalogue(page: Page, path: Path) -> None:
    name = _group(page.data, "shop").get("catalogue")
    if isinstance(name, str) and name.strip() and catalogue_file(name.strip(), path) is None:
        expected = "a file beside this page, or from the project's folder"
        page.report_value(("shop", "catalogue"), expected)


def _check_forbidden_topics(page: Page) -> None:
    """One or two letters stand in too many words to be a topic."""
    for language in page_languages(page.data):
        for number, word in enumerate(_items(page.data, "forbidden_topics", language)):
            if isinstance(word, str) and 0 < len(word.strip()) < 3:
                page.report_value(
                    ("forbidden_topics", language, number), "a word of at least three letters"
                )


def _check_ids(page: Page) -> None:
    for block in _BY_KEY:
        entries = _group(page.data, block)
        if not entries and isinstance(page.data.get(block), dict):
            page.report((block,), "nothing below it – expected at least one entry")
        for key, entry in entries.items():
            if not re.fullmatch(Id.pattern, key):
                page.report((block, key), f"'{key}' – expected {Id.expected}")
            if isinstance(entry, dict) and "id" in entry and block != "questions":
                page.report((block, key, "id"), f"unknown key – the id is '{key}' already")
    if ANY_STAFF in _group(page.data, "staff"):
        page.report(
            ("staff", ANY_STAFF), f"'{ANY_STAFF}' – expected another id, this one means anybody"
        )
    for list_path in (("payment_methods",), *(("shop", block) for block in _BY_LIST)):
        seen: set[Any] = set()
        for number, entry in enumerate(_items(page.data, *list_path)):
            name = entry.get("id") if isinstance(entry, dict) else None
            if isinstance(name, str) and name in seen:
                page.report_value((*list_path, number, "id"), "an id of its own for each entry")
            seen.add(name if isinstance(name, str) else None)


def _check_service_staff(page: Page) -> None:
    _check_named(page, "staff", "staff", "somebody listed under staff")


def _check_resources(page: Page) -> None:
    """Each is listed once by a service, and used by one at least: else a word is misspelt."""
    used = _check_named(page, "uses", "resources", "something listed under resources")
    for key in _group(page.data, "services"):
        names = _items(page.data, "services", key, "uses")
        for number, name in enumerate(names):
            if name in names[:number]:
                path = ("services", key, "uses", number)
                page.report_value(path, "each resource once; a visit takes one of each")
    for key in _group(page.data, "resources"):
        if key not in used:
            page.report(
                ("resources", key), "nothing uses it – expected it in the `uses` of a service"
            )


def _check_named(page: Page, key: str, block: str, expected: str) -> set[str]:
    """Report what services name under `key` and is not in `block`; return all that they name."""
    known = list(_group(page.data, block))
    named = set()
    for service in _group(page.data, "services"):
        for number, name in enumerate(_items(page.data, "services", service, key)):
            if not isinstance(name, str):
                continue
            named.add(name)
            if name not in known:
                guess = did_you_mean(name, known)
                hint = f"; did you mean '{guess}'?" if guess else ""
                path = ("services", service, key, number)
                page.report_value(path, f"{expected}: {_listed(known) or 'there is nothing'}{hint}")
    return named


def _check_words(page: Page) -> None:
    """A word that customers say must point to one thing."""
    _check_unambiguous(page, _named(page.data, ("services",)))
    _check_unambiguous(page, _named(page.data, ("staff",)))
    _check_unambiguous(page, _named(page.data, ("shop", "product_categories")))
    _check_unambiguous(page, _named(page.data, ("shop", "needs")))


def _named(data: Any, block: KeyPath) -> list[tuple[KeyPath, dict[str, Any]]]:
    """The entries below `block`, each with its path."""
    found: Any = _group(data, *(str(part) for part in block[:-1])).get(str(block[-1]))
    pairs: Any = enumerate(found) if isinstance(found, list) else _group(found).items()
    return [((*block, key), entry) for key, entry in pairs if isinstance(entry, dict)]


def _check_unambiguous(page: Page, entries: list[tuple[KeyPath, dict[str, Any]]]) -> None:
    taken: dict[tuple[str, str], KeyPath] = {}
    for path, entry in entries:
        for language in page_languages(page.data):
            for place, word in _spoken(path, entry, language):
                said = (language, " ".join(word.casefold().split()))
                owner = taken.setdefault(said, path)
                if owner != path:
                    page.report_value(
                        place,
                        f"a word for one thing only, but {dotted(owner)} has it too",
                    )


def _spoken(path: KeyPath, entry: dict[str, Any], language: str) -> Iterator[tuple[KeyPath, str]]:
    """The name and the aliases of an entry in one language, each with its path."""
    name = entry.get("name")
    if isinstance(name, str):
        yield (*path, "name"), name
    elif isinstance(name, dict) and isinstance(name.get(language), str):
        yield (*path, "name", language), name[language]
    for number, word in enumerate(_items(entry, "aliases", language)):
        if isinstance(word, str):
            yield (*path, "aliases", language, number), word


def _check_exceptions(page: Page) -> None:
    several: list[tuple[str, DayRange]] = []
    single: dict[DayRange, str] = {}
    for key in _group(page.data, "hours", "exceptions"):
        path = ("hours", "exceptions", key)
        try:
            days = DayRange.parse(key)
        except ValueError as error:
            page.report(path, f"'{key}' – expected {error}")
            continue
        if days.first == days.last:
            if days in single:
                page.report(path, f"'{key}' – expected each day once, but it stands above too")
            single[days] = key
            continue
        for other, taken in several:
            if days.first in taken or taken.first in days:
                page.report(path, f"'{key}' – expected days that are not in '{other}' too")
        several.append((key, days))


def _check_staff_hours(page: Page) -> None:
    """Nobody can be booked while the shop is closed, so such hours are a mistake."""
    shop = _group(page.data, "hours", "weekly")
    for person in _group(page.data, "staff"):
        own = _group(page.data, "staff", person, "weekly")
        for day in WEEKDAYS:
            if day not in own or day not in shop:
                continue
            try:
                hours, open_hours = parse_hours(str(own[day])), parse_hours(str(shop[day]))
            except ValueError:
                continue  # reported already
            # from the first opening to the last closing: a break of the shop is left out later
            whole = [(open_hours[0][0], open_hours[-1][1])] if open_hours else []
            if overlap(hours, whole) != hours:
                page.report_value(
                    ("staff", person, "weekly", day),
                    f"hours within the shop's, which are {shop[day]}",
                )


def _listed(words: list[Any]) -> str:
    return ", ".join(str(word) for word in words)
