"""The kinds of values by which an owner makes the page one's own; see `business_fields.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tiski.business_fields import Aliases, Cents, Kind, Patterned, Whole, did_you_mean
from tiski.use_cases import switchable


class AddressForm(Kind, str):
    expected = "sinä or te"

    @classmethod
    def check(cls, value: Any) -> str:
        if value not in ("sinä", "te"):
            raise ValueError(cls.expected)
        return str(value)


class YesNo(Kind, int):
    """True or false, as YAML writes them."""

    expected = "true or false"

    @classmethod
    def check(cls, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError(cls.expected)
        return value


class Switchable(Kind, str):
    """A use case that an owner can switch off, or a group of them (tiski/use_cases.py)."""

    expected = "a use case such as request_quote, faq/parking or newsletter"

    @classmethod
    def check(cls, value: Any) -> str:
        known = sorted(switchable())
        if not isinstance(value, str) or value not in known:
            guess = did_you_mean(str(value), known)
            raise ValueError(f"{cls.expected}; did you mean '{guess}'?" if guess else cls.expected)
        return value


class AgeLimit(Patterned):
    expected = "an age limit such as from 18 or under 12"
    pattern = r"(?:from|under) [1-9]\d?"


class ExtraTime(Whole):
    low, high = 0, 240
    expected = "a whole number of minutes from 0 to 240"


class Lateness(Whole):
    low, high = 0, 120
    expected = "a whole number of minutes from 0 to 120"


class ReminderTime(Whole):
    low, high = 1, 168
    expected = "a whole number of hours from 1 to 168 (a week)"


class OfferTime(Whole):
    low, high = 15, 1440
    expected = "a whole number of minutes from 15 to 1440 (a day)"


@dataclass(frozen=True)
class Fee:
    """A fee: a sum in cents, or a part of the price in per cent; the other one is None."""

    cents: int | None = None
    percent: int | None = None

    expected = "a fee in euros such as 25, or a part of the price such as 50%"

    @classmethod
    def check(cls, value: Any) -> Fee:
        part = re.fullmatch(r"(\d{1,3}) ?%", str(value))
        if part and 1 <= int(part[1]) <= 100:
            return cls(percent=int(part[1]))
        try:
            return cls(cents=Cents.check(value))
        except ValueError:
            raise ValueError(cls.expected) from None

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], Fee]]:
        yield cls.check


class Wordings(Aliases):
    """How customers ask a question: at least three wordings in each language."""

    expected = "three or more wordings in each language, such as fi: [onko teillä kahvia, …]"
    item_expected = "a list of three or more different wordings"

    @classmethod
    def required(cls) -> tuple[str, ...]:
        return cls.allowed()

    @classmethod
    def check_item(cls, value: Any) -> list[str]:
        words = super().check_item(value)
        if len({" ".join(word.casefold().split()) for word in words}) < 3:
            raise ValueError(cls.item_expected)
        return words
