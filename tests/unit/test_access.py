from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from tiski import access
from tiski.access import LockedOut, NoMatch, Pace, Proof, appointments_for, order_for
from tiski.db import tables
from tiski.db.session import session
from tiski.orders.order import Order, OrderLine, OrderRefused, OrderStatus, ShopUnavailable

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)
EMAIL, PHONE, POSTCODE = "matti@posti.example", "+358455550101", "65100"
RIGHT, WRONG = Proof(email=EMAIL), Proof(email="someone@else.example")


def make_order(number: str = "10234", **details: str) -> Order:
    contact = {"contact_email": EMAIL, "contact_phone": PHONE, "postcode": POSTCODE, **details}
    return Order(
        number=number,
        status=OrderStatus.SHIPPED,
        placed_at=NOW,
        expected_at=None,
        shipped_at=NOW,
        delivered_at=None,
        closed_at=None,
        contact_name="Matti Meikäläinen",
        lines=(OrderLine("wax", {"fi": "vaha"}, 1, 1790),),
        delivery_method="posti",
        tracking_code=None,
        tracking_url=None,
        total_cents=1790,
        currency="EUR",
        **contact,
    )


class FakeTime:
    """A clock that only moves when somebody sleeps or works."""

    def __init__(self) -> None:
        self.passed = 0.0

    def clock(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.passed += seconds


class StubShop:
    """A shop with some orders; looking takes `seconds`, and longer when it finds something."""

    def __init__(self, time: FakeTime, *orders: Order) -> None:
        self.time = time
        self.orders = {order.number: order for order in orders}
        self.asked: list[str] = []
        self.seconds = 0.01
        self.fails = False

    async def find(self, number: str) -> Order | None:
        self.asked.append(number)
        if self.fails:
            raise ShopUnavailable("no answer")
        found = self.orders.get(number)
        self.time.passed += self.seconds * (3 if found else 1)
        return found

    async def cancel(self, number: str) -> Order:
        raise OrderRefused("not_found")

    async def request_return(self, number: str, reason: str) -> Order:
        raise OrderRefused("not_found")


class Desk:
    """The desk as one customer after the other tries it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time = FakeTime()
        self.shop = StubShop(self.time, make_order())
        monkeypatch.setattr(access, "pace", Pace(0.25, self.time.clock, self.time.sleep))

    async def ask(
        self,
        number: str = "10234",
        proof: Proof = RIGHT,
        *,
        conversation: str = "one",
        now: datetime = NOW,
    ) -> Order:
        return await order_for(number, proof, conversation_id=conversation, now=now, shop=self.shop)

    async def fail(self, times: int, number: str = "10234", *, conversation: str = "one") -> None:
        for _ in range(times):
            with pytest.raises(NoMatch):
                await self.ask(number, WRONG, conversation=conversation)

    async def fail_from_many(self, times: int, number: str = "10234") -> None:
        for each in range(times):
            await self.fail(1, number, conversation=f"stranger {each}")


@pytest.fixture
def desk(desk_db: Engine, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


# Whose it is


@pytest.mark.parametrize(
    "proof",
    [
        Proof(email=EMAIL),
        Proof(email="  Matti@POSTI.Example "),
        Proof(phone=PHONE),
        Proof(phone="045 5550101"),
        Proof(phone="00358 45 555 0101"),
        Proof(postcode="65100"),
        Proof(postcode="65 100"),
        Proof(postcode="FI-65100"),
        Proof(postcode="٦٥١٠٠"),
        Proof(email="someone@else.example", postcode="65100"),
        Proof(email=EMAIL, phone="+358455559999", postcode="00100"),
    ],
)
async def test_any_one_that_matches_is_enough(desk: Desk, proof: Proof) -> None:
    assert (await desk.ask(proof=proof)).number == "10234"


@pytest.mark.parametrize(
    "proof",
    [
        Proof(),
        Proof(email="", phone=" ", postcode=""),
        Proof(email="matti"),
        Proof(email="matti@posti.example.com"),
        Proof(email="%"),
        Proof(phone="+358455550102"),
        Proof(phone="not a number"),
        Proof(postcode="6510"),
        Proof(postcode="65101"),
        Proof(postcode=EMAIL),
        Proof(email=POSTCODE),
    ],
)
async def test_what_proves_nothing(desk: Desk, proof: Proof) -> None:
    with pytest.raises(NoMatch):
        await desk.ask(proof=proof)


@pytest.mark.parametrize("proof", [Proof(), Proof(email="", phone="", postcode="")])
async def test_nothing_does_not_match_an_order_without_contact(desk: Desk, proof: Proof) -> None:
    bare = make_order("10300", contact_email="", contact_phone="", postcode="")
    desk.shop.orders["10300"] = bare
    with pytest.raises(NoMatch):
        await desk.ask("10300", proof)


async def test_letters_of_a_postcode_count(desk: Desk) -> None:
    desk.shop.orders["10301"] = make_order("10301", postcode="SW1A 1AA")
    assert await desk.ask("10301", Proof(postcode="sw1a1aa"))
    with pytest.raises(NoMatch):
        await desk.ask("10301", Proof(postcode="11"))


def test_a_name_cannot_be_given() -> None:
    assert set(Proof.__dataclass_fields__) == {"email", "phone", "postcode"}


# The number


@pytest.mark.parametrize(
    "number",
    ["#10234", " 10234 ", "# 10 234", "10234", "#10234", "१०२३४", "١٠٢٣٤", "\u200e10234\u200b"],
)
async def test_ways_to_write_a_number(desk: Desk, number: str) -> None:
    assert (await desk.ask(number)).number == "10234"


@pytest.mark.parametrize(
    "number",
    [
        "10234' OR '1'='1",
        "10234; DROP TABLE orders; --",
        "1 OR 1=1",
        "%",
        "_____",
        "1023%",
        "",
        "#",
        "-10234",
        "10234.0",
        "²³⁴",
        "9" * 21,
        "order:10234",
    ],
)
async def test_what_is_no_number_does_not_reach_the_shop(desk: Desk, number: str) -> None:
    with pytest.raises(NoMatch):
        await desk.ask(number)
    assert desk.shop.asked == []


async def test_a_shop_that_finds_another_order_is_not_believed(desk: Desk) -> None:
    desk.shop.orders["1023"] = make_order("10234")
    with pytest.raises(NoMatch):
        await desk.ask("1023")


# Wrong thing and wrong person look alike


async def test_wrong_number_and_wrong_person_look_alike(desk: Desk) -> None:
    seen = []
    for number, proof in (("99999", RIGHT), ("10234", WRONG), ("no number", RIGHT)):
        with pytest.raises(NoMatch) as caught:
            await desk.ask(number, proof)
        error = caught.value
        seen.append((type(error), str(error), error.args, vars(error), error.__cause__))
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize(("seconds", "steps"), [(0.0, 1), (0.01, 1), (0.08, 1), (0.1, 2)])
async def test_every_answer_takes_whole_steps(desk: Desk, seconds: float, steps: int) -> None:
    desk.shop.seconds = seconds
    await desk.ask()
    assert desk.time.passed == pytest.approx(steps * 0.25)


async def test_wrong_number_wrong_person_and_success_take_the_same_time(desk: Desk) -> None:
    taken = []
    for number, proof in (("99999", RIGHT), ("10234", WRONG), ("none", RIGHT), ("10234", RIGHT)):
        begun = desk.time.passed
        with suppress(NoMatch):
            await desk.ask(number, proof)
        taken.append(desk.time.passed - begun)
    assert taken == pytest.approx([0.25] * 4)


async def test_being_locked_out_takes_as_long(desk: Desk) -> None:
    await desk.fail(5)
    begun = desk.time.passed
    with pytest.raises(LockedOut):
        await desk.ask()
    assert desk.time.passed - begun == pytest.approx(0.25)


# The limit per conversation


async def test_five_failures_lock_for_fifteen_minutes(desk: Desk) -> None:
    await desk.fail(5)
    asked = len(desk.shop.asked)
    with pytest.raises(LockedOut) as locked:
        await desk.ask(now=NOW + MINUTE)
    assert locked.value.until == NOW + 15 * MINUTE
    assert len(desk.shop.asked) == asked
    assert await desk.ask(now=NOW + 15 * MINUTE)


async def test_asking_while_locked_does_not_prolong_it(desk: Desk) -> None:
    await desk.fail(5)
    for minute in (1, 14):
        with pytest.raises(LockedOut) as locked:
            await desk.ask(now=NOW + minute * MINUTE)
        assert locked.value.until == NOW + 15 * MINUTE


async def test_after_the_lock_there_are_five_tries_again(desk: Desk) -> None:
    await desk.fail(5)
    later = NOW + 16 * MINUTE
    for _ in range(5):
        with pytest.raises(NoMatch):
            await desk.ask(proof=WRONG, now=later)
    with pytest.raises(LockedOut):
        await desk.ask(now=later)


async def test_success_forgets_the_failures(desk: Desk) -> None:
    await desk.fail(4)
    await desk.ask()
    await desk.fail(4)
    assert await desk.ask()


async def test_another_conversation_is_not_locked(desk: Desk) -> None:
    await desk.fail(5)
    assert await desk.ask(conversation="two")


async def test_numbers_that_do_not_exist_count(desk: Desk) -> None:
    await desk.fail(5, "99999")
    with pytest.raises(LockedOut):
        await desk.ask()


async def test_many_tries_at_once_get_no_further(desk: Desk) -> None:
    async def one_try() -> str:
        try:
            await desk.ask(proof=WRONG)
        except access.AccessError as error:
            return type(error).__name__
        return "seen"

    answers = await asyncio.gather(*(one_try() for _ in range(9)))
    assert sorted(answers) == ["LockedOut"] * 4 + ["NoMatch"] * 5


async def test_a_silent_shop_costs_no_try(desk: Desk) -> None:
    desk.shop.fails = True
    for _ in range(6):
        with pytest.raises(ShopUnavailable):
            await desk.ask()
    desk.shop.fails = False
    await desk.fail(4)
    assert await desk.ask()


# The limit per order


async def test_twenty_failures_on_one_order_lock_it_for_everyone(desk: Desk) -> None:
    desk.shop.orders["10235"] = make_order("10235")
    await desk.fail_from_many(20)
    with pytest.raises(NoMatch):
        await desk.ask(conversation="the owner", now=NOW + MINUTE)
    assert await desk.ask("10235", conversation="a neighbour")
    assert await desk.ask(conversation="the owner", now=NOW + 60 * MINUTE)


async def test_nineteen_failures_do_not(desk: Desk) -> None:
    await desk.fail_from_many(19)
    assert await desk.ask(conversation="the owner")


async def test_numbers_that_do_not_exist_fill_no_table(desk: Desk) -> None:
    for number in range(99990, 99995):
        await desk.fail(1, str(number), conversation="one")
    with session() as db:
        assert [row.conversation_id for row in db.query(tables.LookupAttempts)] == ["one"]


async def test_a_conversation_named_like_an_order_has_a_count_of_its_own(desk: Desk) -> None:
    desk.shop.orders["10235"] = make_order("10235")
    await desk.fail_from_many(19)
    await desk.ask("10235", conversation="order:10234")  # must not clear the count of 10234
    await desk.fail(1, conversation="last")
    with pytest.raises(NoMatch):
        await desk.ask(conversation="the owner")


async def test_a_very_long_conversation_id_fits_the_column(desk: Desk) -> None:
    await desk.fail(5, conversation="x" * 500)
    with session() as db:
        keys = [row.conversation_id for row in db.query(tables.LookupAttempts)]
    assert max(map(len, keys)) <= 120
    with pytest.raises(LockedOut):
        await desk.ask(conversation="x" * 500)


# Appointments


@pytest.fixture
def visit(desk: Desk) -> str:
    """An appointment of Matti's tomorrow; its code."""
    begins = NOW + timedelta(days=1)
    with session() as db:
        db.add(
            tables.Appointment(
                code="K7M4QX",
                service_id="haircut",
                staff_id="aino",
                starts_at=begins,
                ends_at=begins + 45 * MINUTE,
                status="booked",
                contact_name="Matti Meikäläinen",
                contact_email=EMAIL,
                contact_phone=PHONE,
                language="fi",
                created_at=NOW,
                changed_at=NOW,
            )
        )
    return "K7M4QX"


async def find(now: datetime = NOW, **keys: str | None) -> list[str]:
    found = await appointments_for(**keys, conversation_id="one", now=now)
    return [each.code for each in found]


@pytest.mark.parametrize(
    "keys",
    [
        {"code": " #k7m-4qx"},
        {"email": "MATTI@posti.example"},
        {"phone": "045 555 0101"},
        {"code": "ZZZZ22", "phone": PHONE},
        {"code": "", "email": EMAIL, "phone": "nonsense"},
    ],
)
async def test_an_appointment_by_code_email_or_phone(visit: str, keys: dict[str, str]) -> None:
    assert await find(**keys) == [visit]


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"code": None, "email": None, "phone": None},
        {"code": "", "email": "", "phone": ""},
        {"phone": "nonsense"},
        {"code": "ZZZZ22"},
        {"code": "' OR 1=1 --"},
        {"email": "someone@else.example"},
    ],
)
async def test_no_appointment(visit: str, desk: Desk, keys: dict[str, str]) -> None:
    with pytest.raises(NoMatch):
        await find(**keys)
    assert desk.time.passed == pytest.approx(0.25)


async def test_a_past_appointment_is_no_match(visit: str) -> None:
    with pytest.raises(NoMatch):
        await find(now=NOW + timedelta(days=2), code=visit)


async def test_orders_and_appointments_share_the_limit(visit: str, desk: Desk) -> None:
    await desk.fail(3)
    for _ in range(2):
        with pytest.raises(NoMatch):
            await find(code="ZZZZ22")
    with pytest.raises(LockedOut):
        await find(code=visit)
    assert await find(now=NOW + 15 * MINUTE, code=visit) == [visit]


# Nothing leaks


def shown_of(error: BaseException | None) -> str:
    """What a traceback would tell of an error and of those behind it, source lines aside."""
    if error is None:
        return ""
    behind = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{error!r} {error} {vars(error)} {shown_of(behind)}"


async def test_no_personal_data_in_logs_and_errors(
    visit: str, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    given = Proof(email="liisa@posti.example", phone="+358455550140", postcode="00100")
    told = [repr(given)]
    for number in ("10234", "99999", "10234", "10234", "10234", "10234"):
        with pytest.raises(access.AccessError) as caught:
            await desk.ask(number, given)
        told.append(shown_of(caught.value))
    with pytest.raises(access.AccessError) as caught:
        await find(email="liisa@posti.example")
    told.append(shown_of(caught.value))
    everything = "\n".join([caplog.text, *told])
    for personal in ("liisa@", "5550140", "00100", "matti@", "5550101", "65100", "Meikäläinen"):
        assert personal not in everything


async def test_a_database_in_trouble_shows_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(monkeypatch)
    # Without tables: the database's own message repeats what was looked for.
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(ShopUnavailable) as order_error:
        await desk.ask(conversation="secret id")
    with pytest.raises(access.Unavailable) as visit_error:
        await appointments_for(email="secret@posti.example", conversation_id="secret", now=NOW)
    for error in (order_error.value, visit_error.value):
        assert "secret" not in shown_of(error)
    assert desk.shop.asked == []
