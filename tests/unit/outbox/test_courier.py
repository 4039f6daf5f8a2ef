"""The outbox is delivered in order, once, after a crash too; what cannot be is shown."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import select

from tiski import clock
from tiski.db.session import reading, session
from tiski.db.tables import Delivery
from tiski.outbox import store
from tiski.outbox.courier import GIVE_UP, LEASE, Courier, Dropped, Parcel
from tiski.outside.errors import OutsideError, Trouble

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc)


class Recipient:
    """A handler that notes what it gets, and fails as it is told."""

    def __init__(self, *, may_repeat: bool = True) -> None:
        self.may_repeat = may_repeat
        self.got: list[Any] = []
        self.failures: dict[Any, list[Exception]] = {}

    async def deliver(self, parcel: Parcel) -> None:
        what = parcel.content["n"]
        await asyncio.sleep(0)
        if self.failures.get(what):
            raise self.failures[what].pop(0)
        self.got.append(what)


def put(n: Any, queue: str = "q", kind: str = "mail", **more: Any) -> int | None:
    clock.fix(clock.now() if more.pop("later", False) else NOW)
    with session() as opened:
        return store.add(opened, kind, {"n": n}, queue=queue, now=NOW, **more)


def rows() -> dict[Any, Delivery]:
    with reading() as opened:
        return {row.content["n"]: row for row in opened.scalars(select(Delivery))}


def down(system: str = "mail", **more: Any) -> OutsideError:
    return OutsideError(system, Trouble.CANNOT_CONNECT, **more)


async def test_a_queue_is_delivered_in_its_order() -> None:
    recipient = Recipient()
    for n in range(20):
        put(n)
    assert await Courier({"mail": recipient}).round() == 20
    assert recipient.got == list(range(20))
    assert {row.status for row in rows().values()} == {"done"}


async def test_what_comes_behind_waits_for_what_could_not_be_delivered() -> None:
    recipient = Recipient()
    recipient.failures[1] = [down()]
    for n in (1, 2):
        put(n)
    put(3, queue="other")
    courier = Courier({"mail": recipient})
    await courier.round()
    assert recipient.got == [3], "another queue goes on"
    assert rows()[1].trouble == "cannot_connect"
    await courier.round()
    assert recipient.got == [3], "its pause is not over"
    clock.fix(NOW + timedelta(minutes=1))
    await courier.round()
    assert recipient.got == [3, 1, 2]


async def test_pauses_grow_and_are_bounded() -> None:
    recipient = Recipient()
    recipient.failures[1] = [down() for _ in range(30)]
    put(1)
    courier = Courier({"mail": recipient})
    pauses = []
    for _ in range(14):
        await courier.round()
        row = rows()[1]
        pauses.append((row.not_before - clock.now()).total_seconds())
        clock.fix(row.not_before)
    assert pauses[:4] == [5, 10, 20, 40]
    assert pauses[-1] == max(pauses) == 600


async def test_a_system_says_how_long_to_leave_it_alone() -> None:
    recipient = Recipient()
    wait = timedelta(minutes=7)
    recipient.failures[1] = [OutsideError("sms", Trouble.RATE_LIMITED, retry_after=wait)]
    put(1)
    await Courier({"mail": recipient}).round()
    assert rows()[1].not_before == NOW + wait


async def test_what_is_refused_is_not_tried_again_and_does_not_block() -> None:
    recipient = Recipient()
    recipient.failures[1] = [OutsideError("mail", Trouble.REFUSED, status=550)]
    for n in (1, 2):
        put(n)
    await Courier({"mail": recipient}).round()
    assert recipient.got == [2]
    assert (rows()[1].status, rows()[1].trouble) == ("failed", "refused")


async def test_after_a_day_it_is_given_up() -> None:
    recipient = Recipient()
    recipient.failures[1] = [down(), down()]
    put(1)
    courier = Courier({"mail": recipient})
    await courier.round()
    clock.fix(NOW + GIVE_UP)
    await courier.round()
    assert rows()[1].status == "failed"


async def test_what_was_being_sent_at_a_crash_is_sent_again_after_the_lease() -> None:
    put(1)
    with session() as opened:
        row = opened.scalars(select(Delivery)).one()
        row.status, row.not_before = "sending", NOW + LEASE
    recipient = Recipient()
    courier = Courier({"mail": recipient})
    await courier.round()
    assert recipient.got == [], "somebody may be at it"
    clock.fix(NOW + LEASE)
    await courier.round()
    assert recipient.got == [1]


async def test_what_is_not_safe_to_repeat_is_shown_instead() -> None:
    put(1, kind="text")
    with session() as opened:
        row = opened.scalars(select(Delivery)).one()
        row.status, row.not_before = "sending", NOW
    recipient = Recipient(may_repeat=False)
    await Courier({"text": recipient}).round()
    assert recipient.got == []
    assert rows()[1].status == "failed"


async def test_an_unsure_text_message_is_not_sent_twice_but_one_that_never_left_is() -> None:
    recipient = Recipient(may_repeat=False)
    recipient.failures = {1: [down()], 2: [down(reached=False)]}
    put(1, queue="a", kind="text")
    put(2, queue="b", kind="text")
    courier = Courier({"text": recipient})
    await courier.round()
    clock.fix(NOW + timedelta(minutes=1))
    await courier.round()
    assert recipient.got == [2]
    assert rows()[1].status == "failed"


async def test_two_couriers_deliver_everything_once() -> None:
    recipient = Recipient()
    for n in range(30):
        put(n, queue=f"q{n % 5}")
    await asyncio.gather(*(Courier({"mail": recipient}).round() for _ in range(2)))
    await Courier({"mail": recipient}).round()
    assert sorted(recipient.got) == list(range(30))


async def test_what_ran_out_is_dropped_and_what_nobody_needs_too() -> None:
    recipient = Recipient()
    recipient.failures[2] = [Dropped()]
    put(1, expires_at=NOW + timedelta(minutes=5), not_before=NOW + timedelta(minutes=6))
    put(2, queue="b")
    clock.fix(NOW + timedelta(minutes=6))
    await Courier({"mail": recipient}).round()
    assert recipient.got == []
    assert {row.status for row in rows().values()} == {"dropped"}


async def test_a_fault_in_a_handler_keeps_nobody_else_waiting() -> None:
    recipient = Recipient()
    recipient.failures[1] = [KeyError("Maija")]
    for n in (1, 2):
        put(n)
    await Courier({"mail": recipient}).round()
    assert recipient.got == [2]
    assert rows()[1].status == "failed"


async def test_kinds_that_nobody_delivers_stay() -> None:
    put(1, kind="unheard_of")
    assert await Courier({"mail": Recipient()}).round() == 0
    assert rows()[1].status == "waiting"


def test_a_key_is_put_in_once() -> None:
    assert put(1, key="reminder-1") is not None
    assert put(2, key="reminder-1") is None
    assert list(rows()) == [1]


async def test_held_parcels_go_when_they_are_released_and_not_when_dropped() -> None:
    recipient = Recipient()
    first = put(1, queue="a", not_before=NOW + timedelta(hours=1))
    second = put(2, queue="b", not_before=NOW + timedelta(hours=1))
    assert first and second
    courier = Courier({"mail": recipient})
    assert await courier.round() == 0
    with session() as opened:
        store.release(opened, [first], NOW)
        store.drop(opened, [second], NOW)
    clock.fix(NOW + timedelta(hours=2))
    await courier.round()
    assert recipient.got == [1]
