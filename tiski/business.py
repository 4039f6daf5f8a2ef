"""The business as its owner describes it in `business.yml`.

    from tiski.business import load_business
    business = load_business()
    business.services["haircut"].name.get("fi")
    business.opening_spans(date(2026, 12, 24))

What is on the page is in `business_schema.py`, how it is checked in `business_checks.py`.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import PrivateAttr

from tiski.business_checks import catalogue_file, check_page, page_languages
from tiski.business_fields import Aliases, Localized, Price, speaking
from tiski.business_file import BusinessError, read_page
from tiski.business_hours import (
    WEEKDAYS,
    Calendar,
    DayRange,
    Minutes,
    PublicHolidays,
    Span,
    overlap,
    parse_hours,
)
from tiski.business_schema import (
    AddOn,
    BusinessPage,
    DeliveryOption,
    Discount,
    ExceptionDay,
    PaymentMethod,
    ProductCategory,
    ProductNeed,
    Question,
    Service,
    StaffMember,
)
from tiski.paths import DEMO_CATALOGUE, business_file
from tiski.use_cases import APPOINTMENTS, CATALOGUE, GIFT_CARDS, LEADS, NEEDS, NEWSLETTER, SHOP

__all__ = [
    "AddOn",
    "Aliases",
    "Business",
    "BusinessError",
    "DayRange",
    "DeliveryOption",
    "Discount",
    "Localized",
    "PaymentMethod",
    "Price",
    "ProductCategory",
    "ProductNeed",
    "Question",
    "Service",
    "Span",
    "StaffMember",
    "load_business",
]


# How the questions of the page are called among the intents: faq/own_<id>
OWN_QUESTION = "faq/own_"


class Business(BusinessPage):
    """The page, and what follows from it for a given day.

    Days are dates in the business's own time zone. Moments that are passed in must be aware,
    in any zone; those that come out are in the zone of the business.
    """

    _tz: ZoneInfo = PrivateAttr()
    _features: frozenset[str] = PrivateAttr()
    _catalogue: Path | None = PrivateAttr(None)
    _holidays: PublicHolidays = PrivateAttr()
    _exceptions: list[tuple[DayRange, ExceptionDay]] = PrivateAttr()
    _shop_calendar: Calendar = PrivateAttr()
    _handoff_calendar: Calendar = PrivateAttr()
    _staff_calendars: dict[str, Calendar] = PrivateAttr()

    def __init__(self, **page: Any) -> None:
        super().__init__(**page)
        self._tz = ZoneInfo(self.timezone)
        self._features = self._found_features()
        self._holidays = PublicHolidays(self.country, self.languages)
        exceptions = [(DayRange.parse(days), how) for days, how in self.hours.exceptions.items()]
        # the shortest first: a single day within closed weeks is what the owner means
        self._exceptions = sorted(exceptions, key=lambda each: each[0].last - each[0].first)
        self._shop_calendar = Calendar(self._tz, self._shop_minutes)
        self._handoff_calendar = Calendar(self._tz, self._handoff_minutes)
        self._staff_calendars = {
            staff_id: Calendar(self._tz, partial(self._staff_minutes, member))
            for staff_id, member in self.staff.items()
        }

    @property
    def tz(self) -> ZoneInfo:
        return self._tz

    @property
    def weekly_hours(self) -> dict[str, str]:
        """The hours of an ordinary week as written: mon to sun, `09:00-18:00` or `closed`."""
        return dict(self.hours.weekly)

    @property
    def features(self) -> frozenset[str]:
        """What this business has, by the names of `tiski/use_cases.py`."""
        return self._features

    def offers(self, use_case: str) -> bool:
        """Whether a use case (an intent, or `faq/parking`) is one that this business has."""
        if use_case in self.off:
            return False
        if use_case.startswith(OWN_QUESTION):
            return use_case.removeprefix(OWN_QUESTION) in self.questions
        return NEEDS.get(use_case) is None or NEEDS[use_case] in self._features

    @property
    def catalogue(self) -> Path | None:
        """The shop's file of goods; None when the page names none."""
        return self._catalogue

    @property
    def is_demo(self) -> bool:
        """Whether this is the invented business, with the invented orders and visits."""
        return self._catalogue == DEMO_CATALOGUE

    @property
    def ways_to_pay(self) -> list[PaymentMethod]:
        """Those of the whole business and of its shop, each once."""
        ways = [*self.payment_methods, *self.shop.payment_methods]
        return list({way.id: way for way in ways}.values())

    def _found_features(self) -> frozenset[str]:
        policies = self.policies
        leads = getattr(self, "leads", True)  # a page may have a block for it
        has = {
            APPOINTMENTS: bool(self.services),
            SHOP: "shop" in self.__fields_set__,
            CATALOGUE: bool(self.shop.catalogue),
            GIFT_CARDS: policies.gift_cards is not None,
            NEWSLETTER: True,
            LEADS: leads is not None,
            "delivery": bool(self.shop.delivery_options),
            "parking": self.parking is not None,
            "accessibility": self.accessibility is not None,
            "warranty": policies.warranty is not None,
            "walk_in": policies.walk_in is not None,
            "payment_methods": bool(self.ways_to_pay),
        }
        return frozenset(name for name, there in has.items() if there and name not in self.off)

    def opening_spans(self, day: date) -> list[Span]:
        """When the shop is open on `day`, exceptions and public holidays applied."""
        return self._shop_calendar.spans(day)

    def is_open(self, at: datetime) -> bool:
        """Whether the shop is open at `at`; at the closing minute it no longer is."""
        return self._shop_calendar.is_open(at)

    def next_opening(self, at: datetime) -> datetime | None:
        """When the shop is next open: `at` if it is, None if not within a year."""
        return self._shop_calendar.next_opening(at)

    def day_note(self, day: date) -> Localized | None:
        """Why `day` is special, worded for the inside of a sentence; None on ordinary days.

        The reason the owner gives for an exception, else the name of a public holiday.
        """
        exception = self._exception(day)
        if exception and exception.reason:
            return exception.reason
        names = self._holidays.names(day)
        return Localized(names) if names else None

    def staff_spans(self, staff_id: str, day: date) -> list[Span]:
        """When a member of staff works on `day`: none on days off and while the shop is closed.

        Raises:
            KeyError: nobody has this id.
        """
        return self._staff_calendars[staff_id].spans(day)

    def handoff_spans(self, day: date) -> list[Span]:
        """When people answer on `day`. On special days, only while the shop is open."""
        return self._handoff_calendar.spans(day)

    def handoff_is_open(self, at: datetime) -> bool:
        """Whether somebody answers at `at`."""
        return self._handoff_calendar.is_open(at)

    def next_handoff_opening(self, at: datetime) -> datetime | None:
        """When somebody next answers: `at` if somebody does, None if nobody within a year."""
        return self._handoff_calendar.next_opening(at)

    @property
    def mail_of_tickets(self) -> list[str]:
        """The addresses that are told of a ticket; the business's own unless others are named."""
        told = self.notify.tickets
        return [self.contact.email] if told is None else list(told)

    @property
    def mail_of_leads(self) -> list[str]:
        """The addresses that are told of a lead; the business's own unless others are named."""
        told = self.notify.leads
        return [self.contact.email] if told is None else list(told)

    def current_discounts(self, day: date) -> list[Discount]:
        """The offers that customers can have on `day`."""
        return [discount for discount in self.policies.discounts if discount.is_on(day)]

    def _exception(self, day: date) -> ExceptionDay | None:
        return next((how for days, how in self._exceptions if day in days), None)

    def _special_minutes(self, day: date) -> list[Minutes] | None:
        """Hours of an exception or a public holiday; None when the week's hours hold."""
        exception = self._exception(day)
        if exception:
            return parse_hours(exception.hours)
        if self.hours.public_holidays != "as usual" and self._holidays.names(day):
            return parse_hours(self.hours.public_holidays)
        return None

    def _shop_minutes(self, day: date) -> list[Minutes]:
        special = self._special_minutes(day)
        return special if special is not None else _of_week(self.hours.weekly, day)

    def _handoff_minutes(self, day: date) -> list[Minutes]:
        special = self._special_minutes(day)
        usual = _of_week(self.handoff.weekly, day)
        return usual if special is None else overlap(usual, special)

    def _staff_minutes(self, member: StaffMember, day: date) -> list[Minutes]:
        if any(day in days for days in member.days_off):
            return []
        shop = self._shop_minutes(day)
        if member.weekly is None or WEEKDAYS[day.weekday()] not in member.weekly:
            return shop
        return overlap(_of_week(member.weekly, day), shop)


def _of_week(weekly: dict[str, str], day: date) -> list[Minutes]:
    return parse_hours(weekly[WEEKDAYS[day.weekday()]])


def load_business(path: Path | None = None) -> Business:
    """Read and check the owner's page; the second time it comes from memory.

    Args:
        path: the page; by default `business.yml`, or what TISKI_BUSINESS names.

    Raises:
        BusinessError: with all that is wrong, a line each: file, line, key, value and what
            was expected.
    """
    return _load((path or business_file()).resolve())


@lru_cache(maxsize=32)
def _load(path: Path) -> Business:
    page = read_page(path)
    check_page(page, path)
    if page.found:
        raise BusinessError(page.problems())
    with speaking(page_languages(page.data)):
        business = Business.parse_obj(page.data)
    if business.shop.catalogue:
        business._catalogue = catalogue_file(business.shop.catalogue, path)
    return business
