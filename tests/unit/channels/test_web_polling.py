"""The web channel without websockets: some networks let only plain HTTP through."""

from __future__ import annotations

import json

import httpx
from channel_server import FakeAgent, serving
from web_client import PATH

from tiski.channels.web import WebChannel


async def test_a_conversation_by_polling(agent: FakeAgent) -> None:
    """Engine.IO 4 by hand: 0 opens, 40 connects, 42 is an event, 43 an acknowledgement."""
    async with serving(WebChannel(), agent) as address, httpx.AsyncClient() as client:
        url = f"{address}/{PATH}/?EIO=4&transport=polling"
        opened = json.loads((await client.get(url)).text[1:])
        url += f"&sid={opened['sid']}"
        await client.post(url, content='40{"session": null, "language": "fi"}')
        packets = ""
        while "session" not in packets:
            packets += (await client.get(url)).text
        assert "Moi, olen Aalto-apu!" in packets
        await client.post(url, content='421["message", {"id": "message-1", "text": "moi"}]')
        while "done" not in packets:
            packets += (await client.get(url)).text
        assert '431[{"ok":true,"seq":2}]' in packets.replace(" ", "")
        assert "echo moi" in packets
