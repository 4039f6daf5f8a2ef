"""What stands on the owner's page: one class per block of `business.yml`.

A field's name is its key on the page, except where `Field(alias=…)` says otherwise.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, Extra, Field, root_validator, validator

from tiski.business_fields import (
    Aliases,
    AnswerTime,
    Buffer,
    CancellationTime,
    Cents,
    Country,
    Day,
    DeliveryDays,
    Duration,
    Email,
    HolidayHours,
    Horizon,
    Hours,
    Id,
    LanguageCode,
    LeadTime,
    Localized,
    PartWeek,
    Phone,
    Price,
    ResourceCount,
    Step,
    Timezone,
    WebAddress,
    Week,
    Words,
)
from tiski.business_hours import CLOSED, DayRange
from tiski.business_own_fields import (
    AddressForm,
    AgeLimit,
    ExtraTime,
    Fee,
    Lateness,
    OfferTime,
    ReminderTime,
    Switchable,
    Wordings,
    YesNo,
)


def _no_aliases() -> Aliases:
    """An empty list of words in each language."""
    return Aliases.check({})


class Block(BaseModel):
    """A block of the page: unknown keys are refused, nothing can be changed once it is read."""

    class Config:
        extra = Extra.forbid
        allow_mutation = False

    @root_validator(pre=True)
    def _left_empty(cls, values: dict[str, Any]) -> dict[str, Any]:
        """A key with nothing behind it counts as left out, unless it has to be there."""
        required = {field.alias for field in cls.__fields__.values() if field.required}
        return {k: v for k, v in values.items() if v is not None or k in required}


class Manner(Block):
    """How the assistant talks: `sinä` or `te` in Finnish, with an emoji here and there or none."""

    address: AddressForm = AddressForm("sinä")
    emoji: YesNo = YesNo(False)


class Contact(Block):
    phone: Phone
    email: Email
    website: WebAddress | None = None


class Address(Block):
    street: Words
    postcode: Words
    city: Words
    directions: Localized | None = None
    map_url: WebAddress | None = None


class ExceptionDay(Block):
    """Hours of a day, or of days, that differ from the week."""

    hours: Hours
    reason: Localized | None = None


class OpeningHours(Block):
    weekly: Week
    public_holidays: HolidayHours = HolidayHours(CLOSED)
    exceptions: dict[str, ExceptionDay] = {}

    @validator("exceptions", pre=True)
    def _short_form(cls, value: Any) -> Any:
        """`2026-12-24: closed` is short for a block with these hours and no reason."""
        if not isinstance(value, dict):
            return value
        return {k: v if isinstance(v, dict) else {"hours": v} for k, v in value.items()}


class AddOn(Block):
    """Something that can be had with a service: the minutes and the price that it adds."""

    name: Localized
    minutes: ExtraTime = ExtraTime(0)
    price: Price


class Service(Block):
    """Something that customers book. `minutes` is the visit, `buffer_minutes` come after it."""

    id: str
    name: Localized
    aliases: Aliases = Field(default_factory=_no_aliases)
    description: Localized
    minutes: Duration
    buffer_minutes: Buffer = Buffer(0)
    price: Price
    staff: list[str] = Field(min_items=1)
    #: the resources that it takes, one of each
    uses: list[str] = []
    age_limit: AgeLimit | None = None
    preparation: Localized | None = None
    add_ons: list[AddOn] = []

    _ids = validator("staff", "uses", pre=True, each_item=True, allow_reuse=True)(Id.check)

    @property
    def price_cents(self) -> int:
        return self.price.cents

    @property
    def price_from(self) -> bool:
        """Whether the price is the lowest of several."""
        return self.price.is_from


class StaffMember(Block):
    """Somebody who does services. `weekly` holds the weekdays that differ from the shop's."""

    id: str
    name: Words
    aliases: Aliases = Field(default_factory=_no_aliases)
    title: Localized
    weekly: PartWeek | None = None
    days_off: list[DayRange] = []


class Resource(Block):
    """What several people share and a service takes: a room, a chair, a lift; `count` of them."""

    id: str
    name: Localized
    count: ResourceCount = ResourceCount(1)


class BookingRules(Block):
    lead_time_minutes: LeadTime
    horizon_days: Horizon
    step_minutes: Step
    free_cancellation_hours: CancellationTime
    #: how late somebody may come and still be served; None: nothing is said about it
    lateness_minutes: Lateness | None = None
    #: what is charged when somebody does not come and did not cancel; None: nothing is said
    no_show_fee: Fee | None = None
    #: how long before the visit the customer is reminded; None: never
    reminder_hours: ReminderTime | None = None
    #: how long a freed time is held for somebody of the waiting list
    waiting_offer_minutes: OfferTime = OfferTime(60)


class PaymentMethod(Block):
    id: Id
    name: Localized


class DeliveryOption(Block):
    """A way to get an order; `days_min` and `days_max` are weekdays."""

    id: Id
    name: Localized
    price_cents: Cents = Field(alias="price")
    days_min: DeliveryDays
    days_max: DeliveryDays
    free_from_cents: Cents | None = Field(None, alias="free_from")

    @validator("days_max")
    def _after_days_min(cls, value: int, values: dict[str, Any]) -> int:
        if value < values.get("days_min", 0):
            raise ValueError("a number that is not smaller than days_min")
        if value == 0:  # "delivery takes 0 weekdays" is no answer
            raise ValueError("at least 1; what comes the same day takes days_min 0, days_max 1")
        return value


class ProductCategory(Block):
    id: Id
    name: Localized
    aliases: Aliases = Field(default_factory=_no_aliases)


class ProductNeed(Block):
    """What goods are good for, as customers say it when they ask for advice."""

    id: Id
    name: Localized
    aliases: Aliases = Field(default_factory=_no_aliases)


class Shop(Block):
    """The web shop. `catalogue` is a file of goods, beside the page or from the project's folder."""

    catalogue: Words | None = None
    payment_methods: list[PaymentMethod]
    delivery_options: list[DeliveryOption]
    product_categories: list[ProductCategory]
    needs: list[ProductNeed] = []

    def category(self, category_id: str | None) -> ProductCategory | None:
        """The category of an id, None when there is none."""
        return next((each for each in self.product_categories if each.id == category_id), None)

    def need(self, need_id: str | None) -> ProductNeed | None:
        """The need of an id, None when there is none."""
        return next((each for each in self.needs if each.id == need_id), None)


class Discount(Block):
    """An offer; `ends` is its last day, None when it goes on."""

    text: Localized
    ends: Day | None = None

    def is_on(self, day: date) -> bool:
        """Whether customers can have it on `day`."""
        return self.ends is None or day <= self.ends


class Policies(Block):
    """What is promised. Those that are left out are not spoken of; see `business_checks.py`."""

    returns: Localized | None = None
    delivery: Localized | None = None
    warranty: Localized | None = None
    cancellation: Localized | None = None
    privacy: Localized
    walk_in: Localized | None = None
    gift_cards: Localized | None = None
    discounts: list[Discount] = []


class Question(Block):
    """A question of the business's own: how customers ask it, and the answer."""

    ask: Wordings
    answer: Localized


class Handoff(Block):
    """When people answer, and how soon they try to."""

    weekly: Week
    answer_within_minutes: AnswerTime


class LeadRules(Block):
    """Which leads are worth the owner's first look; each rule may be left out."""

    least_budget_cents: Cents | None = Field(None, alias="least_budget")
    within_days: Horizon | None = None
    keywords: Aliases = Field(default_factory=_no_aliases)

    @property
    def keywords_listed(self) -> list[str]:
        """The keywords of all languages; a `*` at the end stands for any ending."""
        return [word for words in self.keywords.values() for word in words]


class Notify(Block):
    """Who is told of what by mail; None means the business's own address."""

    tickets: list[Email] | None = None
    leads: list[Email] | None = None


def _no_booking() -> BookingRules:
    """The rules of a business that takes no bookings; nobody asks for them."""
    return BookingRules.parse_obj(
        {
            "lead_time_minutes": 0,
            "horizon_days": 1,
            "step_minutes": 60,
            "free_cancellation_hours": 0,
        }
    )


def _no_shop() -> Shop:
    return Shop(payment_methods=[], delivery_options=[], product_categories=[])


class BusinessPage(Block):
    """The whole page.

    `services`, `staff` and `booking` come together or not at all; `shop` may be left out. Those
    that are not there are empty, so that code can look at them; whether they are on the page is
    for `Business.offers` to say.
    """

    name: Localized
    bot_name: Words
    #: two sentences for the head of the customers' page; the assistant does not say them
    slogan: Localized | None = None
    about: Localized | None = None
    languages: list[str] = Field(min_items=1)
    default_language: LanguageCode
    manner: Manner = Manner()
    country: Country
    timezone: Timezone
    contact: Contact
    address: Address
    parking: Localized | None = None
    accessibility: Localized | None = None
    hours: OpeningHours
    services: dict[str, Service] = {}
    staff: dict[str, StaffMember] = {}
    resources: dict[str, Resource] = {}
    booking: BookingRules = Field(default_factory=_no_booking)
    payment_methods: list[PaymentMethod] = []
    shop: Shop = Field(default_factory=_no_shop)
    policies: Policies
    handoff: Handoff
    leads: LeadRules = LeadRules.parse_obj({})
    notify: Notify = Notify()
    off: list[Switchable] = []
    forbidden_topics: Aliases = Field(default_factory=_no_aliases)
    questions: dict[str, Question] = {}

    _codes = validator("languages", pre=True, each_item=True, allow_reuse=True)(LanguageCode.check)

    @validator("services", "staff", "resources", pre=True)
    def _ids_from_keys(cls, value: Any) -> Any:
        """The key of a service, a person or a resource is its id."""
        if not isinstance(value, dict):
            return value
        return {k: {**v, "id": k} if isinstance(v, dict) else v for k, v in value.items()}
