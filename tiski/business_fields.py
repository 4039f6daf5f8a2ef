"""The kinds of values on the owner's page, each with the words for what it should be.

A kind is a type that pydantic asks to check a value. `expected` continues the sentence
"'45min' – expected …", so it is written for people who edit YAML, not for programmers.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

import holidays
from pydantic import BaseModel, ValidationError
from pydantic.error_wrappers import ErrorWrapper
from pydantic.errors import ExtraError, MissingError

from tiski.business_hours import WEEKDAYS, parse_hours

# The languages that the page lists, the default first. Set while a page is being checked,
# because every text on it must be there in each of them.
LANGUAGES: ContextVar[tuple[str, ...]] = ContextVar("LANGUAGES", default=())


@contextmanager
def speaking(languages: tuple[str, ...]) -> Iterator[None]:
    """Check texts for these languages, the default first; none means any."""
    token = LANGUAGES.set(languages)
    try:
        yield
    finally:
        LANGUAGES.reset(token)


class Kind:
    """A kind of value. Subclasses say what they expect and check one value."""

    expected: ClassVar[str]

    @classmethod
    def check(cls, value: Any) -> Any:
        """Return the value, cleaned. Raises ValueError whose message is what was expected."""
        raise NotImplementedError

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], Any]]:
        yield cls.check


def did_you_mean(word: str, known: list[str]) -> str | None:
    """The known word that looks most like `word`, or None."""
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.6)), None)


class Words(Kind, str):
    expected = "text (in quotes if it is only a number)"

    @classmethod
    def check(cls, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValueError(cls.expected)
        return value.strip()


class Patterned(Kind, str):
    """Text of a certain shape."""

    pattern: ClassVar[str]

    @classmethod
    def check(cls, value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(cls.pattern, value.strip()):
            raise ValueError(cls.expected)
        return value.strip()


class Id(Patterned):
    expected = "a name in small letters a-z, digits and _, starting with a letter"
    pattern = r"[a-z][a-z0-9_]{0,59}"


class LanguageCode(Patterned):
    expected = "a two-letter language code in small letters, such as fi"
    pattern = r"[a-z]{2}"


class Phone(Patterned):
    expected = "a phone number in quotes with its country code, such as '+358 6 555 0142'"
    pattern = r"\+\d(?: ?\d){6,14}"


class Email(Patterned):
    expected = "an e-mail address such as hello@example.com"
    pattern = r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+"


class WebAddress(Patterned):
    expected = "a web address that starts with https://"
    pattern = r"https?://[^\s/.]+(?:\.[^\s/.]+)*(?:/\S*)?"


class Country(Kind, str):
    expected = "a two-letter country code in capitals, such as FI"

    @classmethod
    def check(cls, value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{2}", value):
            raise ValueError(cls.expected)
        try:
            # the package's own list of countries imports all of them, half a second's work
            holidays.country_holidays(value)
        except NotImplementedError:
            raise ValueError(f"{cls.expected}; no holidays are known for this one") from None
        return value


class Timezone(Kind, str):
    expected = "a time zone such as Europe/Helsinki"

    @classmethod
    def check(cls, value: Any) -> str:
        known = available_timezones()
        if not isinstance(value, str) or value not in known:
            guess = did_you_mean(str(value), sorted(known))
            raise ValueError(f"{cls.expected}; did you mean '{guess}'?" if guess else cls.expected)
        return ZoneInfo(value).key


class Day(Kind, date):
    expected = "a date such as 2026-12-24"

    @classmethod
    def check(cls, value: Any) -> date:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValueError(cls.expected)
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{cls.expected}; there is no such day") from None


class Hours(Kind, str):
    expected = "hours such as 09:00-18:00, several in order with a comma between, or closed"

    @classmethod
    def check(cls, value: Any) -> str:
        try:
            parse_hours(str(value))
        except ValueError:
            raise ValueError(cls.expected) from None
        return str(value).strip()


class HolidayHours(Hours):
    expected = "closed, as usual, or hours such as 10:00-14:00"

    @classmethod
    def check(cls, value: Any) -> str:
        return "as usual" if value == "as usual" else super().check(value)


class Whole(Kind, int):
    """A whole number between two bounds, of something."""

    low: ClassVar[int]
    high: ClassVar[int]

    @classmethod
    def check(cls, value: Any) -> int:
        if type(value) is not int or not cls.low <= value <= cls.high:
            raise ValueError(cls.expected)
        return value


class Duration(Whole):
    low, high = 5, 600
    expected = "a whole number of minutes from 5 to 600"


class Buffer(Whole):
    low, high = 0, 240
    expected = "a whole number of minutes from 0 to 240"


class LeadTime(Whole):
    low, high = 0, 20160
    expected = "a whole number of minutes from 0 to 20160 (two weeks)"


class AnswerTime(Whole):
    low, high = 1, 10080
    expected = "a whole number of minutes from 1 to 10080 (one week)"


class Horizon(Whole):
    low, high = 1, 730
    expected = "a whole number of days from 1 to 730"


class CancellationTime(Whole):
    low, high = 0, 336
    expected = "a whole number of hours from 0 to 336 (two weeks)"


class DeliveryDays(Whole):
    low, high = 0, 90
    expected = "a whole number of days from 0 to 90"


class ResourceCount(Whole):
    low, high = 1, 99
    expected = "a whole number from 1 to 99"


class Step(Kind, int):
    expected = "5, 10, 15, 20, 30 or 60 (minutes)"

    @classmethod
    def check(cls, value: Any) -> int:
        if type(value) is not int or value not in (5, 10, 15, 20, 30, 60):
            raise ValueError(cls.expected)
        return value


class Cents(Kind, int):
    """Euros as they are written, kept in cents."""

    expected = "a price in euros such as 49 or 5.90 (with a point, no currency sign)"

    @classmethod
    def check(cls, value: Any) -> int:
        match = re.fullmatch(r"(\d{1,6})(?:\.(\d{1,2}))?", str(value))
        if isinstance(value, bool) or match is None:
            raise ValueError(cls.expected)
        return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))


@dataclass(frozen=True)
class Price:
    """A price in cents, exact or the lowest of several (`is_from`)."""

    cents: int
    is_from: bool = False

    expected = "a price in euros such as 49 or 5.90, or a lowest one such as from 75"

    @classmethod
    def check(cls, value: Any) -> Price:
        text = str(value)
        is_from = text.startswith("from ")
        try:
            if isinstance(value, bool):
                raise ValueError
            return cls(Cents.check(text.removeprefix("from ").strip()), is_from)
        except ValueError:
            raise ValueError(cls.expected) from None

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], Price]]:
        yield cls.check


class Keyed(Kind, dict[str, Any]):
    """A group of fixed keys that all hold the same kind of value."""

    item_expected: ClassVar[str]

    @classmethod
    def allowed(cls) -> tuple[str, ...]:
        """The keys that may stand here; none known means that any may."""
        raise NotImplementedError

    @classmethod
    def required(cls) -> tuple[str, ...]:
        return cls.allowed()

    @classmethod
    def check_item(cls, value: Any) -> Any:
        raise NotImplementedError

    @classmethod
    def check(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError(cls.expected)
        allowed = cls.allowed() or tuple(value)
        wrong = [ErrorWrapper(MissingError(), key) for key in cls.required() if key not in value]
        checked = {}
        for key, item in value.items():
            try:
                if key not in allowed:
                    raise ExtraError
                checked[key] = cls.check_item(item)
            except (ExtraError, ValueError) as error:
                wrong.append(ErrorWrapper(error, key))
        if wrong:
            raise ValidationError(wrong, BaseModel)
        return cls({key: checked[key] for key in allowed if key in checked})


class Localized(Keyed):
    """A text in every language of the business."""

    expected = "a text for each language, such as fi: … and en: …"
    item_expected = Words.expected

    @classmethod
    def allowed(cls) -> tuple[str, ...]:
        return LANGUAGES.get()

    @classmethod
    def check_item(cls, value: Any) -> str:
        return Words.check(value)

    def get(self, language: str | None) -> str:  # type: ignore[override]
        """The text in `language`; in the business's default language if it has none in that."""
        if language is not None and language in self:
            return str(self[language])
        return str(next(iter(self.values())))


class Aliases(Keyed):
    """Other words for one thing, by language; every language of the business has a list."""

    expected = "lists of words by language, such as fi: [leikkaus, tukka]"
    item_expected = "a list of words such as [leikkaus, tukka]"

    @classmethod
    def allowed(cls) -> tuple[str, ...]:
        return LANGUAGES.get()

    @classmethod
    def required(cls) -> tuple[str, ...]:
        return ()

    @classmethod
    def check_item(cls, value: Any) -> list[str]:
        if not isinstance(value, list):
            raise ValueError(cls.item_expected)
        words, wrong = [], []
        for number, word in enumerate(value):
            try:
                words.append(Words.check(word))
            except ValueError as error:
                wrong.append(ErrorWrapper(error, (number,)))
        if wrong:
            raise ValidationError(wrong, BaseModel)
        return words

    @classmethod
    def check(cls, value: Any) -> Any:
        checked = super().check(value)
        return cls({language: checked.get(language, []) for language in cls.allowed() or checked})


class PartWeek(Keyed):
    """Hours of some weekdays, as written; keys mon to sun."""

    expected = "hours by weekday, such as mon: 09:00-18:00"
    item_expected = Hours.expected

    @classmethod
    def allowed(cls) -> tuple[str, ...]:
        return WEEKDAYS

    @classmethod
    def required(cls) -> tuple[str, ...]:
        return ()

    @classmethod
    def check_item(cls, value: Any) -> str:
        return Hours.check(value)


class Week(PartWeek):
    """Hours of all seven weekdays."""

    expected = "hours for each weekday, mon to sun"

    @classmethod
    def required(cls) -> tuple[str, ...]:
        return WEEKDAYS
