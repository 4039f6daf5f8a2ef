"""Guessing the password: ten wrong ones lock an address, many slow everybody down."""

from __future__ import annotations

import pytest

from tiski.console.tries import LOCKED_SECONDS, MOST_WRONG, SLOW_FROM, SLOW_SECONDS, Tries

HERE = "192.0.2.7"


class Clock:
    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tries(clock: Clock) -> Tries:
    return Tries(clock)


def lock(tries: Tries, address: str = HERE) -> None:
    for _ in range(MOST_WRONG):
        assert tries.minutes_locked(address) == 0
        tries.begin(address)


def test_ten_wrong_ones_lock_that_address_for_a_while(tries: Tries, clock: Clock) -> None:
    lock(tries)
    assert tries.minutes_locked(HERE) == 15
    assert tries.minutes_locked("192.0.2.8") == 0
    clock.seconds += LOCKED_SECONDS - 1
    assert tries.minutes_locked(HERE) == 1
    clock.seconds += 1
    lock(tries)


def test_a_right_one_forgets_the_wrong_ones(tries: Tries) -> None:
    for _ in range(MOST_WRONG - 1):
        tries.begin(HERE)
    tries.was_right(HERE)
    lock(tries)


def test_wrong_ones_of_long_ago_do_not_count(tries: Tries, clock: Clock) -> None:
    for _ in range(MOST_WRONG - 1):
        tries.begin(HERE)
    clock.seconds += LOCKED_SECONDS
    lock(tries)


def test_neighbours_of_one_network_count_as_one(tries: Tries) -> None:
    for end in range(MOST_WRONG):
        tries.begin(f"2001:db8::{end:x}")
    assert tries.minutes_locked("2001:db8::ffff") > 0
    assert tries.minutes_locked("2001:db8:0:1::1") == 0
    assert tries.minutes_locked("no address at all") == 0


def test_many_addresses_slow_everybody_down(tries: Tries, clock: Clock) -> None:
    waits = [tries.begin(f"192.0.2.{end}") for end in range(SLOW_FROM)]
    assert set(waits) == {0.0}
    assert tries.begin(HERE) == SLOW_SECONDS
    clock.seconds += LOCKED_SECONDS
    assert tries.begin(HERE) == 0.0


def test_another_password_unlocks(tries: Tries) -> None:
    lock(tries)
    tries.forget_all()
    assert tries.minutes_locked(HERE) == 0
