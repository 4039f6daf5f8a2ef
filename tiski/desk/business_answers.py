"""Reads what an owner answers to ./scripts/new-business, as people write it.

Each reader takes the answer as text and returns what it means, or raises ValueError: what was
expected is told by whoever asked.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from tiski.business_fields import Cents, Email, Phone, Price
from tiski.business_hours import CLOSED, WEEKDAYS

LANGUAGES = ("fi", "en")
KINDS = {
    "appointments": ("ajanvaraus", "ajat", "appointments", "appointment", "palvelut", "services"),
    "shop": ("kauppa", "verkkokauppa", "shop", "store"),
    "both": ("molemmat", "molempia", "both", "kumpikin"),
}
_DAYS = {
    **{name: number for number, name in enumerate(("ma", "ti", "ke", "to", "pe", "la", "su"))},
    **{name: number for number, name in enumerate(WEEKDAYS)},
    **{name: n for n, name in enumerate(("mo", "tu", "we", "th", "fr", "sa", "su")) if n != 6},
}
_DAY_NAMES = re.compile(r"[^\W\d_]+")
_STRETCH = re.compile(r"(\d{1,2})(?:[.:](\d\d))?\s*[-–]\s*(\d{1,2})(?:[.:](\d\d))?")
_DAILY = {"joka päivä", "päivittäin", "daily", "every day"}


@dataclass(frozen=True)
class Article:
    """A service (with minutes) or an article of the shop (without)."""

    names: dict[str, str]  # by language
    minutes: int | None
    price: Price


def localized(text: str, languages: list[str]) -> dict[str, str]:
    """A name in each language: `huolto / service`, in the order fi / en; or one for all.

    Raises:
        ValueError: no name, or more names than languages.
    """
    parts = [" ".join(part.split()) for part in re.split(r"\s/\s", text)]
    if not all(parts) or len(parts) > 2:
        raise ValueError
    by_language = dict(zip(LANGUAGES, parts if len(parts) == 2 else parts * 2, strict=True))
    return {language: by_language[language] for language in languages}


def kind(text: str) -> str:
    """appointments, shop or both."""
    said = text.strip().casefold()
    for name, words in KINDS.items():
        if said in words:
            return name
    raise ValueError


def languages(text: str) -> list[str]:
    """The languages, the default first."""
    said = text.casefold()
    if said.strip() in KINDS["both"]:
        return list(LANGUAGES)
    names = {
        "fi": "fi",
        "suomi": "fi",
        "finnish": "fi",
        "en": "en",
        "englanti": "en",
        "english": "en",
    }
    words = [word for word in re.findall(r"[^\W\d_]+", said) if word not in ("ja", "and")]
    if not words or any(word not in names for word in words):
        raise ValueError
    return list(dict.fromkeys(names[word] for word in words))


def hours(text: str) -> dict[str, str]:
    """Hours by weekday, as business.yml writes them; days that are not named are closed."""
    week = dict.fromkeys(WEEKDAYS, CLOSED)
    parts = [part.strip() for part in re.split(r"[,;\n]| ja | and ", text) if part.strip()]
    days: list[int] = []
    waiting: list[int] = []  # "ma, ke 9-17": named, and their hours come later
    if not parts:
        raise ValueError
    for part in parts:
        named = part[: _first_digit(part)].strip(" :").casefold()
        if named in _DAILY:
            days = list(range(7))
        elif named:
            days = waiting + _days(named)
        rest = part[_first_digit(part) :].strip()
        if not days:
            raise ValueError
        if not rest and re.search(r"kiinni|suljettu|closed", part):
            waiting = []
            continue
        waiting = [] if rest else days
        if waiting:
            continue
        match = _STRETCH.fullmatch(rest)
        if match is None:
            raise ValueError
        start, end = _clock(match[1], match[2]), _clock(match[3], match[4])
        if start >= end:
            raise ValueError
        for day in days:
            known = week[WEEKDAYS[day]]
            span = f"{start}-{end}"
            if known != CLOSED and known[-5:] > start:
                raise ValueError
            week[WEEKDAYS[day]] = span if known == CLOSED else f"{known}, {span}"
    if waiting:
        raise ValueError
    return week


def _first_digit(text: str) -> int:
    match = re.search(r"\d", text)
    return match.start() if match else len(text)


def _days(text: str) -> list[int]:
    names = [
        name[:3]
        for name in _DAY_NAMES.findall(text)
        if name not in ("kiinni", "suljettu", "closed")
    ]
    found = []
    for name in names:
        number = _DAYS.get(name, _DAYS.get(name[:2]))
        if number is None:
            raise ValueError
        found.append(number)
    if re.search(r"[-–]", text):
        if len(found) != 2 or found[0] >= found[1]:
            raise ValueError
        return list(range(found[0], found[1] + 1))
    return found


def _clock(hour: str, minute: str | None) -> str:
    if int(hour) > 24 or int(minute or 0) > 59:
        raise ValueError
    return f"{int(hour):02}:{minute or '00'}"


def address(text: str) -> tuple[str, str, str]:
    """Street, postcode and city."""
    match = re.fullmatch(r"\s*(\S.*?),?\s+(\d{5}),?\s+(\S.*?)\s*", text)
    if match is None:
        raise ValueError
    return match[1].rstrip(","), match[2], match[3]


def contact(text: str) -> tuple[str, str]:
    """Phone (with its country code) and e-mail address."""
    mail = re.search(r"[^\s,;]+@[^\s,;]+", text)
    if mail is None:
        raise ValueError
    rest = text.replace(mail[0], " ")
    number = " ".join(re.findall(r"\+?\d+", rest))
    if number.startswith("00"):
        number = "+" + number[2:].strip()
    elif number.startswith("0"):
        number = "+358 " + number[1:].strip()
    return Phone.check(number), Email.check(mail[0])


def article(text: str, spoken: list[str]) -> Article:
    """One line: `huolto / service, 60 min, 69`, or without minutes for an article of the shop."""
    # a comma inside a price (5,90) does not part anything
    parts = [part.strip() for part in re.split(r",(?!\d)|;", text) if part.strip()]
    if len(parts) == 1:
        parts = [part.strip() for part in text.split(",")]
    if len(parts) not in (2, 3):
        raise ValueError
    names = localized(parts[0], spoken)
    minutes = None
    if len(parts) == 3:
        match = re.fullmatch(r"(\d+)\s*(?:min\w*\.?)?", parts[1])
        if match is None or not 5 <= int(match[1]) <= 600:
            raise ValueError
        minutes = int(match[1])
    return Article(names, minutes, _price(parts[-1]))


def _price(text: str) -> Price:
    plain = text.casefold().replace("€", " ").replace("eur", " ").replace("euros", " ")
    lowest = re.match(r"\s*(?:alkaen|alk\.?|from)\s+", plain)
    number = plain[lowest.end() :] if lowest else plain
    return Price(Cents.check(number.strip().replace(",", ".")), is_from=bool(lowest))


def people(text: str) -> list[str]:
    """The names, each once."""
    names = [" ".join(name.split()) for name in re.split(r"[,;\n]|\sja\s|\sand\s", text)]
    names = [name for name in names if name]
    ids = [identifier(name) for name in names]
    if not names or len(set(ids)) < len(ids) or "any" in ids:
        raise ValueError
    return names


def identifier(text: str) -> str:
    """An id of business.yml made from a name: "Perushuolto (iso)" is perushuolto_iso."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    found = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50]
    return found if found[:1].isalpha() else f"x_{found}".rstrip("_")
