"""tiski/channels/web.py when a customer comes back: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio

from channel_server import FakeAgent, serving, until
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from web_client import page_at

from tiski.channels import sessions
from tiski.channels.web import WebChannel


async def test_a_reloaded_page_gets_the_whole_conversation(agent: FakeAgent) -> None:
    async with serving(WebChannel(), agent) as address:
        async with page_at(address, language="fi") as page:
            await page.say("moi")
            token = page.session["token"]
        async with page_at(address, session=token) as page:
            assert page.session["full"] is True
            assert [(e["from"], e["text"]) for e in page.session["messages"]] == [
                ("bot", "Moi, olen Aalto-apu!"),
                ("user", "moi"),
                ("bot", "echo moi"),
            ]


async def test_answers_given_while_the_line_was_down_are_replayed(agent: FakeAgent) -> None:
    gate = asyncio.Event()

    async def wait(message: UserMessage) -> None:
        await gate.wait()
        await agent.echo(message)

    agent.answer = wait
    async with serving(WebChannel(), agent) as address:
        async with page_at(address) as page:
            await page.call({"id": "message-1", "text": "moi"})
            session = page.session
        gate.set()
        await until(lambda: agent.events)  # the turn has ended
        back = {"session": session["token"], "epoch": session["epoch"], "last_seq": 2}
        async with page_at(address, **back) as page:
            assert page.session["full"] is False
            assert [entry["text"] for entry in page.session["messages"]] == ["echo moi"]
            assert page.session["seq"] == 3
            await page.call({"id": "message-1", "text": "moi"})  # its acknowledgement was lost
            assert len(agent.heard) == 1


async def test_a_turn_that_still_runs_is_named(agent: FakeAgent) -> None:
    gate = asyncio.Event()

    async def wait(message: UserMessage) -> None:
        await gate.wait()

    agent.answer = wait
    async with serving(WebChannel(), agent) as address, page_at(address) as page:
        await page.call({"id": "message-1", "text": "moi"})
        async with page_at(address, session=page.session["token"]) as other:
            assert other.session["open"] == ["message-1"]
        gate.set()
        await page.turn_is_over("message-1")


async def test_after_a_restart_the_conversation_comes_from_the_tracker_store(
    agent: FakeAgent,
) -> None:
    sender = sessions.new_sender_id()
    agent.language = "fi"
    buttons = [{"title": "Joo", "payload": "/affirm"}]
    agent.add(
        sender,
        UserUttered("hei", message_id="message-1"),
        BotUttered("Sopiiko?", {"buttons": buttons, "image": None}),
        UserUttered("/affirm", message_id="message-2", metadata={"title": "Joo"}),
        BotUttered(None, {"image": "/desk/icon.svg"}),
        UserUttered("/session_start"),
    )
    async with serving(WebChannel(), agent) as address:
        back = {"session": sessions.token_for(sender), "epoch": "another", "last_seq": 4}
        async with page_at(address, **back) as page:
            assert page.session["full"] is True
            assert [
                {key: value for key, value in entry.items() if key != "seq"}
                for entry in page.session["messages"]
                if entry["from"] == "user" or entry.get("buttons")
            ] == [
                {"id": "message-1", "from": "user", "text": "hei"},
                {
                    "id": f"{page.session['epoch']}-2",
                    "from": "bot",
                    "text": "Sopiiko?",
                    "buttons": buttons,
                },
                {"id": "message-2", "from": "user", "text": "Joo"},
            ]
            assert page.session["messages"][-1]["image"] == "/desk/icon.svg"
            again = await page.call({"id": "message-1", "text": "hei"})
            assert again["duplicate"] is True  # answered before the restart
            await page.tap("/affirm", "Joo", "message-3")
            assert agent.texts == ["/affirm"]


async def test_a_message_lost_in_a_crash_is_heard_when_the_page_sends_it_again(
    agent: FakeAgent,
) -> None:
    async with serving(WebChannel(), agent) as address, page_at(address) as page:
        token = page.session["token"]
    # a new process, which remembers nothing
    async with serving(WebChannel(), agent) as address, page_at(address, session=token) as page:
        await page.say("moi", "message-1")
        assert page.texts == ["echo moi"]


async def test_a_server_that_stops_lets_a_turn_end(agent: FakeAgent) -> None:
    ended = []

    async def slow(message: UserMessage) -> None:
        await asyncio.sleep(0.1)
        ended.append(message.text)

    agent.answer = slow
    async with serving(WebChannel(), agent) as address, page_at(address) as page:
        await page.call({"id": "message-1", "text": "moi"})
    assert ended == ["moi"]
