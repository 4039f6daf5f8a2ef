"""What the business calls its services and people, as the components look for it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from tiski.business import Aliases, load_business
from tiski.nlu.lexicon import pattern
from tiski.nlu.names import NameFinder


@lru_cache(maxsize=1)
def services() -> NameFinder:
    """Find services of business.yml, by id."""
    business = load_business()
    names = {
        service.id: [*(service.name.get(x) for x in business.languages), *_flat(service.aliases)]
        for service in business.services.values()
    }
    return NameFinder(names, pattern("ordinary_words"))


@lru_cache(maxsize=1)
def staff() -> NameFinder:
    """Find members of staff of business.yml, by id."""
    people = load_business().staff.values()
    names = {person.id: [person.name, *_flat(person.aliases)] for person in people}
    return NameFinder(names, pattern("ordinary_words"))


@lru_cache(maxsize=1)
def _in_examples() -> tuple[NameFinder, NameFinder]:
    """Find the services and the people that the examples of data/nlu/ name."""
    file = Path(__file__).with_name("names_in_examples.yml")
    names = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    ordinary = pattern("ordinary_words")
    return NameFinder({"": names["services"]}, ordinary), NameFinder({"": names["staff"]}, ordinary)


def mask_names(text: str, *, of_examples: bool = False) -> str:
    """Replace services and people by their kind.

    "varaa permanentti" and "varaa leikkaus" are the same wish, also where the permanent is new in
    business.yml and stands in no example; on the held-out messages it is worth half a point.

    Args:
        of_examples: those that the examples name, whatever business.yml says: a model that is
            trained for one business serves another one.
    """
    service_names, staff_names = _in_examples() if of_examples else (services(), staff())
    for finder, kind in ((service_names, " _service_ "), (staff_names, " _staff_ ")):
        for named in reversed(finder.find(text)):
            text = text[: named.start] + kind + text[named.end :]
    return text


def _flat(aliases: Aliases) -> list[str]:
    return [alias for of_language in aliases.values() for alias in of_language]
