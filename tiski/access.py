"""The one place that decides who may see or change an order or an appointment.

An order is shown to whoever knows its number and one of the e-mail, phone or postcode on it; an
appointment to whoever knows its code, or the phone or e-mail on it; what is left on a gift card to
whoever knows its code. A name proves nothing, so there is no way to give one.

**Wrong thing and wrong person look alike:** the same exception, the same message, the same time.
The time of each answer, success included, is rounded up to a whole step of 250 ms, so that it
does not tell whether a look-up went one query further. (A shop that takes longer than a step
shows its own slowness in steps, no finer.)

**Tries are limited twice.**

- Per conversation: five failures lock it for 15 minutes. The fifth is answered with until when,
  whether the number or the person was wrong.
- Per order: who opens a new conversation for each try would walk around the first limit, so the
  failures on one order are also counted for the whole deployment, whoever makes them. Twenty lock
  that order for an hour, and meanwhile even the right proof is answered with "no match": a
  different answer would say that the number exists. Only orders that exist are counted, so
  nobody can fill the table with invented numbers. The price is that a person who knows a number
  can keep its owner out for an hour; staff can still help, and guessing postcodes is worse.

A success clears both counts. A try is counted before the look-up and taken back afterwards, so
that many at once get no further than one after the other. A shop that does not answer costs no
try. What these limits cannot see is one guess each at many orders: limit messages per address
in front of the desk (docs), and show no contact details of an order in the chat.

    AccessError
    ├── NoMatch       no such thing, or not theirs: it does not say which
    ├── LockedOut     too many failures; `until` tells when the next try is heard
    └── Unavailable   the desk's database did not answer, so nothing was decided
                      (for orders that is told by ShopUnavailable, like a silent shop)
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import math
import re
import time
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import phonenumbers
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, TimeoutError

from tiski.booking.appointments import Appointment, find_appointments
from tiski.business import load_business
from tiski.db import tables
from tiski.db.session import run, session
from tiski.orders.gift_cards import GiftCard, find_gift_card
from tiski.orders.order import Order, Shop, ShopUnavailable


class AccessError(Exception):
    """The customer may not see or change it, for now or with what they gave."""


class NoMatch(AccessError):
    """There is no such order or appointment, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("nothing matches what was given")


class LockedOut(AccessError):
    """Too many failures in this conversation. `until` is an aware time."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many failed look-ups in this conversation")
        self.until = until


class Unavailable(AccessError):
    """The desk's database did not answer; trying later may help."""


# The messages of these repeat the values of the statement: they are never passed on.
_DATABASE_TROUBLE = (OperationalError, InterfaceError, TimeoutError)


@dataclass(frozen=True)
class Proof:
    """What a customer gives to show that an order is theirs: any one that matches is enough."""

    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)  # E.164, or as dialled in the country
    postcode: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Limit:
    """How many failures lock, and for how long."""

    failures: int
    lock: timedelta


@dataclass(frozen=True)
class Pace:
    """The step, in seconds, that the time of an answer is rounded up to; 0 does not wait."""

    step: float = 0.25
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


PER_CONVERSATION = Limit(5, timedelta(minutes=15))
PER_ORDER = Limit(20, timedelta(hours=1))

pace = Pace()  # tests put another one here
_ORDER_KEY = "order:"
_LONGEST_KEY = 120  # the width of the column


async def order_for(
    number: str, proof: Proof, *, conversation_id: str, now: datetime, shop: Shop
) -> Order:
    """Return the order if `proof` shows that it is the customer's.

    Args:
        number: as the customer gave it; '#', spaces and digits of other scripts are fine.
        conversation_id: whose failures to count.
        now: an aware time.

    Raises:
        NoMatch: there is no such order, or the proof is not that of its customer.
        LockedOut: this conversation has failed too often, the last time perhaps now.
        ShopUnavailable: the shop, or the desk's own database, did not answer; not counted.
    """
    try:
        return await _order_for(plain_number(number), proof, conversation_id, now, shop)
    except _DATABASE_TROUBLE:
        raise ShopUnavailable("the desk's database did not answer") from None


async def _order_for(
    digits: str | None, proof: Proof, conversation_id: str, now: datetime, shop: Shop
) -> Order:
    async with _one_try(conversation_id, now):
        order = await shop.find(digits) if digits else None
        # A shop may search loosely: what it found must be what was asked for.
        if order is None or order.number != digits:
            raise NoMatch
        key = _ORDER_KEY + order.number
        if (await run(_charge, key, PER_ORDER, now)).locked_until:
            raise NoMatch
        if not _proves(proof, order):
            raise NoMatch
        await run(_clear, key)
        return order


async def appointments_for(
    *,
    code: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    conversation_id: str,
    now: datetime,
) -> list[Appointment]:
    """Return the coming appointments of the customer, by time; there is at least one.

    Of several things given, the first that finds something counts, the code before the others.
    The limit per conversation and the pace are those of `order_for`.

    Args:
        code: as typed. email: in any case. phone: E.164, or as dialled in the country.
        conversation_id: whose failures to count.
        now: an aware time.

    Raises:
        NoMatch: nothing that is still to come has this code, e-mail or phone.
        LockedOut: this conversation has failed too often, the last time perhaps now.
        Unavailable: the desk's database did not answer; not counted.
    """
    keys = {"code": code, "email": plain_email(email), "phone": plain_phone(phone)}
    try:
        return await _appointments_for(keys, conversation_id, now)
    except _DATABASE_TROUBLE:
        raise Unavailable("the desk's database did not answer") from None


async def _appointments_for(
    keys: dict[str, str | None], conversation_id: str, now: datetime
) -> list[Appointment]:
    async with _one_try(conversation_id, now):
        for name, value in keys.items():
            found = await run(find_appointments, **{name: value}, now=now) if value else []
            if found:
                return found
        raise NoMatch


async def gift_card_for(codes: Sequence[str], *, conversation_id: str, now: datetime) -> GiftCard:
    """Return the gift card of a code. The limit per conversation and the pace are as above.

    Args:
        codes: readings of what the customer wrote (`tiski.orders.gift_cards.read_codes`); all
            together are one try.

    Raises:
        NoMatch: there is no such card, or it has run out; which of them is not told.
        LockedOut: this conversation has failed too often.
        Unavailable: the desk's database did not answer; not counted.
    """
    try:
        async with _one_try(conversation_id, now):
            card = await run(find_gift_card, codes, now) if codes else None
            if card is None:
                raise NoMatch
            return card
    except _DATABASE_TROUBLE:
        raise Unavailable("the desk's database did not answer") from None


def plain_number(text: str) -> str | None:
    """Return an order number as ASCII digits, or None when it cannot be one."""
    kept = (char for char in text if char.isprintable() and char not in " #\uff03")  # a wide '#'
    digits = _ascii_digits("".join(kept))
    return digits if digits.isdecimal() and len(digits) <= 20 else None


def plain_email(text: str | None) -> str | None:
    """Return an e-mail address in lower case without spaces around it."""
    return text.strip().lower() or None if text else None


def plain_phone(text: str | None) -> str | None:
    """Return a phone number in E.164, or None when it is none in the business's country."""
    if not text:
        return None
    try:
        parsed = phonenumbers.parse(text, load_business().country)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _proves(proof: Proof, order: Order) -> bool:
    pairs = (
        (plain_email(proof.email), plain_email(order.contact_email)),
        (plain_phone(proof.phone), plain_phone(order.contact_phone)),
        (_plain_postcode(proof.postcode), _plain_postcode(order.postcode)),
    )
    matches = [_same(given, held) for given, held in pairs]  # all, whatever the first says
    return any(matches)


def _plain_postcode(text: str | None) -> str | None:
    """'65 100' and 'FI-65100' are 65100; letters count where postcodes have them."""
    kept = "".join(char for char in text or "" if char.isalnum())
    plain = re.sub(r"^[A-Z]{2}(?=\d+$)", "", _ascii_digits(kept).upper())
    return plain or None


def _ascii_digits(text: str) -> str:
    """Write the digits of other scripts as 0 to 9."""
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def _same(given: str | None, held: str | None) -> bool:
    """Compare in constant time; nothing equals nothing never counts."""
    left, right = (hashlib.sha256((text or "").encode()).digest() for text in (given, held))
    return hmac.compare_digest(left, right) and bool(given) and bool(held)


@asynccontextmanager
async def _one_try(conversation_id: str, now: datetime) -> AsyncIterator[None]:
    """Count a try, take it back unless it ends in NoMatch, and make all of them last alike."""
    key = _conversation_key(conversation_id)
    begun = pace.clock()
    try:
        charged = await run(_charge, key, PER_CONVERSATION, now)
        if charged.locked_until:
            raise LockedOut(charged.locked_until)
        try:
            yield
        except NoMatch:
            if charged.was_last:
                raise LockedOut(now + PER_CONVERSATION.lock) from None
            raise
        except BaseException:
            await run(_refund, key, PER_CONVERSATION)
            raise
        await run(_clear, key)
    finally:
        await pace.sleep(_rest(pace.clock() - begun, pace.step))


def _rest(elapsed: float, step: float) -> float:
    """Seconds that are missing to the next whole step, of which there is at least one."""
    return max(1, math.ceil(elapsed / step)) * step - elapsed if step else 0.0


def _conversation_key(conversation_id: str) -> str:
    """The id itself, unless it could be taken for an order's key or does not fit the column."""
    if conversation_id.startswith(_ORDER_KEY) or len(conversation_id) > _LONGEST_KEY:
        return "sha256:" + hashlib.sha256(conversation_id.encode()).hexdigest()
    return conversation_id


@dataclass(frozen=True)
class _Charged:
    """A try that was counted: until when `key` was locked already, or whether this one locks it."""

    locked_until: datetime | None = None
    was_last: bool = False


def _charge(key: str, limit: Limit, now: datetime) -> _Charged:
    """Count a failure in advance."""
    try:
        return _charge_once(key, limit, now)
    except IntegrityError:  # another process inserted the row first: now there is one
        return _charge_once(key, limit, now)


def _charge_once(key: str, limit: Limit, now: datetime) -> _Charged:
    with session() as db:
        row = db.get(tables.LookupAttempts, key, with_for_update=True)
        if row is None:
            row = tables.LookupAttempts(conversation_id=key, failures=0)
            db.add(row)
        if row.locked_until is not None:
            if row.locked_until > now:
                return _Charged(locked_until=row.locked_until)
            row.failures, row.locked_until = 0, None
        row.failures += 1
        if row.failures >= limit.failures:
            row.locked_until = now + limit.lock
        return _Charged(was_last=row.failures >= limit.failures)


def _refund(key: str, limit: Limit) -> None:
    with session() as db:
        row = db.get(tables.LookupAttempts, key, with_for_update=True)
        if row is not None:
            row.failures = max(0, row.failures - 1)
            if row.failures < limit.failures:
                row.locked_until = None


def _clear(key: str) -> None:
    with session() as db:
        row = db.get(tables.LookupAttempts, key, with_for_update=True)
        if row is not None:
            db.delete(row)
