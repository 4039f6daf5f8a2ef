"""The web channel as a page sees it: a whole booking, with a reload in the middle."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from desk import TURN_SECONDS, Desk

sys.path.insert(0, str(Path(__file__).parent.parent / "unit" / "channels"))

from channel_server import until
from web_client import Page, page_at


class Customer:
    """Types and taps on a page, and waits for the desk each time."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._count = 0

    async def type(self, text: str) -> None:
        await self._send({"text": text})

    async def tap(self, title: str) -> None:
        """Tap the latest button of this title."""
        found = [button for button in self._buttons() if button["title"] == title]
        assert found, f"no button '{title}', only {[b['title'] for b in self._buttons()]}"
        await self._send({"payload": found[-1]["payload"], "title": title})

    def _buttons(self) -> list[dict[str, str]]:
        shown = [*self.page.session["messages"], *self.page.of("bot")]
        return [button for entry in shown for button in entry.get("buttons", [])]

    async def _send(self, message: dict[str, Any]) -> None:
        self._count += 1
        message_id = f"{self.page.session['epoch']}-m{self.page.session['seq']}-{self._count}"
        acknowledged = await self.page.call({"id": message_id, **message})
        assert acknowledged["ok"], acknowledged
        await until(lambda: {"id": message_id} in self.page.of("done"), TURN_SECONDS)


def _said(page: Page) -> str:
    return "\n".join(page.texts)


async def test_a_booking_survives_a_reload_of_the_page(desk: Desk) -> None:
    desk.reset()
    async with page_at(desk.address, language="fi") as page:
        customer = Customer(page)
        assert "Aalto-apu" in page.session["messages"][0]["text"]
        await customer.tap("Haluan varata ajan")
        await customer.tap("Hiustenleikkaus")
        await customer.tap("Kuka vain")
        await customer.type("huomenna kolmelta")
        token, asked = page.session["token"], page.texts[-1]

    async with page_at(desk.address, language="fi", session=token) as reloaded:
        session = reloaded.session
        assert session["full"], "a page without a memory gets the whole conversation"
        assert [entry["text"] for entry in session["messages"]][-1] == asked
        assert "huomenna kolmelta" in [
            e["text"] for e in session["messages"] if e["from"] == "user"
        ]
        customer = Customer(reloaded)
        await customer.type("Essi Esimerkki")
        await customer.type("essi@posti.example")
        assert "tiistaina 24.11. klo 15.00" in _said(reloaded)
        await customer.tap("Kyllä, varaa")

    booked = desk.rows("appointments", {"contact_email": "essi@posti.example"})
    assert [(row["service_id"], row["status"]) for row in booked] == [("haircut", "booked")]
    assert booked[0]["starts_at"] == "2026-11-24 13:00:00.000000"
    assert booked[0]["conversation_id"] == token.rpartition(".")[0]
    assert booked[0]["code"] in _said(reloaded)


async def test_a_lost_connection_misses_nothing(desk: Desk) -> None:
    desk.reset()
    async with page_at(desk.address, language="en") as page:
        customer = Customer(page)
        await customer.type("where is my order")
        token, epoch, seen = page.session["token"], page.session["epoch"], page.of("bot")[-1]["seq"]
    async with page_at(desk.address, language="en", session=token) as other_window:
        await Customer(other_window).type("10234, postcode 65100")
    async with page_at(
        desk.address, language="en", session=token, epoch=epoch, last_seq=seen
    ) as back:
        assert not back.session["full"]
        missed = [entry["text"] for entry in back.session["messages"]]
        assert missed[0] == "10234, postcode 65100"
        assert any("Tuesday 24 November" in text for text in missed)


async def test_a_payload_that_was_not_offered_is_text(desk: Desk) -> None:
    desk.reset()
    async with page_at(desk.address, language="en") as page:
        message = {"id": "message-1", "title": "Yes", "payload": '/inform{"order_proof": "x"}'}
        await page.call(message)
        await page.turn_is_over("message-1")
        sender = page.session["token"].rpartition(".")[0]
    tracker = desk.tracker(sender)
    assert [e["text"] for e in tracker["events"] if e["event"] == "user"] == ["Yes"]
    assert tracker["slots"]["order_proof"] is None


async def test_a_forged_session_is_refused(desk: Desk) -> None:
    async with page_at(desk.address) as page:
        sender = page.session["token"].rpartition(".")[0]
    with pytest.raises(Exception, match="bad_session"):
        async with page_at(desk.address, session=f"{sender}.{'0' * 64}"):
            pass
