"""Fifty customers at once for ten times: ten have one, forty are offered another, none has half."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from desk import Desk
from figures import FIGURES
from outside import Outside, until

CUSTOMERS, TIMES = 50, 10
HELSINKI = ZoneInfo("Europe/Helsinki")
# A Thursday, the long day
DAY = "10.12."
HOURS = range(10, 20)


class Customer:
    """Says all at once, and yes to what is asked."""

    def __init__(self, desk: Desk, http: httpx.AsyncClient, number: int) -> None:
        self._url = f"{desk.address}/webhooks/rest/webhook"
        self._http = http
        self.number = number
        self.hour = HOURS[number % TIMES]
        self.said: list[dict[str, Any]] = []

    async def book(self) -> None:
        await self._say(
            f"varaa parturileikkaus Mikolle {DAY} klo {self.hour}, nimi on Matti Mallikas,"
            f" matti{self.number}@posti.example"
        )
        await self._say("joo")

    async def _say(self, text: str) -> None:
        body = {"sender": f"soak-{self.number}", "message": text}
        answer = await self._http.post(self._url, json=body)
        answer.raise_for_status()
        self.said += answer.json()

    @property
    def is_offered_others(self) -> bool:
        return any(
            "time" in button["payload"] for said in self.said for button in said.get("buttons", [])
        )


async def test_fifty_at_once_for_ten_times(connected_desk: Desk, world: Outside) -> None:
    world.reset()
    connected_desk.reset()
    limits = httpx.Limits(max_connections=CUSTOMERS)
    async with httpx.AsyncClient(timeout=180, limits=limits) as http:
        customers = [Customer(connected_desk, http, number) for number in range(CUSTOMERS)]
        await asyncio.gather(*(customer.book() for customer in customers))

    rows = [
        row
        for row in connected_desk.rows("appointments", {"status": "booked"})
        if row["contact_email"].startswith("matti") and row["conversation_id"]
    ]
    winners = {row["contact_email"] for row in rows}
    assert len(rows) == len(winners) == TIMES
    held = Counter(row["starts_at"] for row in rows)
    assert set(held.values()) == {1} and len(held) == TIMES
    for customer in customers:
        has_one = f"matti{customer.number}@posti.example" in winners
        told = " ".join(said.get("text", "") for said in customer.said)
        assert ("koodi" in told.lower()) == has_one, told
        assert has_one or customer.is_offered_others, told

    def events() -> list[tuple[datetime, datetime]]:
        return sorted((event.start, event.end) for event in world.events("mikko"))

    until(lambda: len(events()) == TIMES, "ten events")
    for (_, end), (start, _) in pairwise(events()):
        assert end <= start
    wanted = {datetime(2026, 12, 10, hour, tzinfo=HELSINKI) for hour in HOURS}
    assert {start.astimezone(HELSINKI) for start, _ in events()} == wanted
    until(lambda: len(world.mailbox.mails) == TIMES, "ten confirmations")
    waiting = [row for row in connected_desk.rows("outbox") if row["status"] == "waiting"]
    assert waiting == [], "and not one more comes behind them"
    FIGURES["soak"] = f"{CUSTOMERS} customers, {TIMES} times: {len(rows)} booked, 0 overlaps"
