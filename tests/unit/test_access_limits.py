"""How often one may try; who may see what is in test_access.py."""

from __future__ import annotations

import asyncio

import pytest
from access_desk import MINUTE, NOW, RIGHT, WRONG, Desk, book_visit, make_order
from sqlalchemy.engine import Engine

from tiski import access
from tiski.access import LockedOut, NoMatch, appointments_for
from tiski.db import tables
from tiski.db.session import session
from tiski.orders.order import ShopUnavailable


@pytest.fixture
def desk(desk_db: Engine, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


# The limit per conversation


async def test_five_failures_lock_for_fifteen_minutes(desk: Desk) -> None:
    await desk.fail(5)
    asked = len(desk.shop.asked)
    with pytest.raises(LockedOut) as locked:
        await desk.ask(now=NOW + MINUTE)
    assert locked.value.until == NOW + 15 * MINUTE
    assert len(desk.shop.asked) == asked
    assert await desk.ask(now=NOW + 15 * MINUTE)


@pytest.mark.parametrize("number", ["10234", "99999"], ids=["not theirs", "no such order"])
async def test_the_fifth_failure_tells_the_lock(desk: Desk, number: str) -> None:
    for _ in range(4):
        with pytest.raises(NoMatch):
            await desk.ask(number, WRONG)
    with pytest.raises(LockedOut) as locked:
        await desk.ask(number, WRONG)
    assert locked.value.until == NOW + 15 * MINUTE


async def test_asking_while_locked_does_not_prolong_it(desk: Desk) -> None:
    await desk.fail(5)
    for minute in (1, 14):
        with pytest.raises(LockedOut) as locked:
            await desk.ask(now=NOW + minute * MINUTE)
        assert locked.value.until == NOW + 15 * MINUTE


async def test_after_the_lock_there_are_five_tries_again(desk: Desk) -> None:
    await desk.fail(5)
    later = NOW + 16 * MINUTE
    for _ in range(4):
        with pytest.raises(NoMatch):
            await desk.ask(proof=WRONG, now=later)
    for proof in (WRONG, RIGHT):
        with pytest.raises(LockedOut):
            await desk.ask(proof=proof, now=later)


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
    assert sorted(answers) == ["LockedOut"] * 5 + ["NoMatch"] * 4


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


async def test_orders_and_appointments_share_the_limit(desk: Desk) -> None:
    await desk.fail(3)
    with pytest.raises(NoMatch):
        await appointments_for(code="ZZZZ22", conversation_id="one", now=NOW)
    with pytest.raises(LockedOut):
        await appointments_for(code="ZZZZ22", conversation_id="one", now=NOW)
    with pytest.raises(LockedOut):
        await appointments_for(code="ZZZZ22", conversation_id="one", now=NOW)
    with pytest.raises(LockedOut):
        await desk.ask()
    with pytest.raises(NoMatch):
        await appointments_for(code="ZZZZ22", conversation_id="one", now=NOW + 15 * MINUTE)


async def test_finding_an_appointment_forgets_the_failures(desk: Desk) -> None:
    await desk.fail(4)
    book_visit()
    assert await appointments_for(code="K7M4QX", conversation_id="one", now=NOW)
    await desk.fail(4)
    assert await desk.ask()
