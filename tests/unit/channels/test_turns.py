"""tiski/channels/turns.py: one at a time, in order, and nothing is kept."""

from __future__ import annotations

import asyncio

import pytest

from tiski.channels.turns import Turns


async def test_turns_of_a_sender_run_one_by_one_in_order() -> None:
    turns, said = Turns(), []

    async def speak(name: str) -> None:
        async with turns.turn("s"):
            said.append(f"{name} begins")
            await asyncio.sleep(0)
            said.append(f"{name} ends")

    await asyncio.gather(speak("a"), speak("b"), speak("c"))
    assert said == ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]


async def test_senders_do_not_wait_for_each_other() -> None:
    turns = Turns()
    async with turns.turn("a"), turns.turn("b"):
        assert turns.waiting("a") == turns.waiting("b") == 1


async def test_no_queue_is_left_behind() -> None:
    turns = Turns()
    with pytest.raises(RuntimeError):
        async with turns.turn("s"):
            raise RuntimeError
    waiting = asyncio.create_task(turns.turn("s").__aenter__())
    async with turns.turn("s"):
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert turns.waiting("s") == 1
    assert turns._locks == {} and turns._waiting == {}
