"""tiski/channels/rest.py over HTTP, as callers meet it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from channel_server import FakeAgent, serving, until
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ConversationPaused

from tiski.channels import rest
from tiski.channels.rest import RestChannel


@pytest_asyncio.fixture
async def client(agent: FakeAgent) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(RestChannel(), agent) as address, httpx.AsyncClient(timeout=10) as opened:
        opened.base_url = httpx.URL(f"{address}/webhooks/rest")
        yield opened


async def say(client: httpx.AsyncClient, message: str, **more: Any) -> list[dict[str, Any]]:
    reply = await client.post("/webhook", json={"sender": "s", "message": message, **more})
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_a_message_is_answered(client: httpx.AsyncClient, agent: FakeAgent) -> None:
    assert await say(client, "moi") == [{"recipient_id": "s", "text": "echo moi"}]
    assert agent.heard[0].input_channel == "rest"


async def test_the_health_route_stays(client: httpx.AsyncClient) -> None:
    assert (await client.get("/")).json() == {"status": "ok"}


async def test_metadata_goes_along_and_input_channel_does_not(
    client: httpx.AsyncClient, agent: FakeAgent
) -> None:
    await say(client, "moi", metadata={"language": "en"}, input_channel="web")
    assert agent.heard[0].metadata == {"language": "en"}
    assert agent.heard[0].input_channel == "rest"


async def test_a_long_message_is_cut_and_the_customer_told(
    client: httpx.AsyncClient, agent: FakeAgent
) -> None:
    said = await say(client, "x" * 3000, metadata={"language": "fi"})
    assert said[0]["text"] == "message_too_long_cut suomeksi"
    assert agent.texts == ["x" * 1000]


async def test_a_typed_command_is_text(client: httpx.AsyncClient, agent: FakeAgent) -> None:
    await say(client, "/restart")
    assert agent.texts == ["restart"]


async def test_an_offered_button_is_a_tap(client: httpx.AsyncClient, agent: FakeAgent) -> None:
    agent.offer("s", "/affirm")
    await say(client, "/affirm")
    assert agent.texts == ["/affirm"]


async def test_an_empty_message_is_answered_without_understanding(
    client: httpx.AsyncClient, agent: FakeAgent
) -> None:
    said = await say(client, "  ", metadata={"language": "en"})
    assert [message["text"] for message in said] == ["empty_message in English"]
    assert agent.texts == []


async def test_silence_and_failures_end_in_an_apology(
    client: httpx.AsyncClient, agent: FakeAgent
) -> None:
    agent.language = "fi"
    agent.add("s")
    for answer in (agent.silence, agent.break_down):
        agent.answer = answer
        said = await say(client, "moi")
        assert said == [{"recipient_id": "s", "text": "technical_problem suomeksi"}]


async def test_no_apology_while_a_person_answers(
    client: httpx.AsyncClient, agent: FakeAgent
) -> None:
    agent.answer = agent.silence
    agent.add("s", ConversationPaused())
    assert await say(client, "moi") == []


async def test_two_messages_at_once_are_answered_in_order(
    client: httpx.AsyncClient, agent: FakeAgent
) -> None:
    gate, running = asyncio.Event(), []

    async def wait(message: UserMessage) -> None:
        running.append(message.text)
        await gate.wait()
        await agent.echo(message)

    agent.answer = wait
    first = asyncio.create_task(say(client, "a"))
    await until(lambda: running == ["a"])
    second = asyncio.create_task(say(client, "b"))
    other = asyncio.create_task(say(client, "c", sender="other"))
    await until(lambda: "c" in running)
    assert running == ["a", "c"]
    gate.set()
    assert [(await task)[0]["text"] for task in (first, second, other)] == [
        "echo a",
        "echo b",
        "echo c",
    ]


async def test_a_turn_goes_on_when_the_caller_hangs_up(
    client: httpx.AsyncClient, agent: FakeAgent
) -> None:
    gate = asyncio.Event()

    async def wait(message: UserMessage) -> None:
        await gate.wait()

    agent.answer = wait
    with pytest.raises(httpx.ReadTimeout):
        await client.post("/webhook", json={"sender": "s", "message": "moi"}, timeout=0.2)
    gate.set()
    await until(lambda: "s" in agent.events)


async def test_streaming_sends_a_line_for_each_answer(
    client: httpx.AsyncClient, agent: FakeAgent
) -> None:
    async def twice(message: UserMessage) -> None:
        await agent.echo(message)
        await agent.echo(message)

    agent.answer = twice
    body = {"sender": "s", "message": "moi"}
    reply = await client.post("/webhook", json=body, params={"stream": "true"})
    assert [json.loads(line)["text"] for line in reply.text.splitlines()] == ["echo moi"] * 2


async def test_callers_without_a_name_do_not_share_a_conversation(
    client: httpx.AsyncClient,
) -> None:
    replies = [await client.post("/webhook", json={"message": "moi"}) for _ in range(2)]
    first, second = (reply.json()[0]["recipient_id"] for reply in replies)
    assert first != second


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "body: not JSON"),
        (b"{", "body: not JSON"),
        (b"\xff\xfe", "body: not JSON"),
        (b"[" * 60_000, "body: not JSON"),
        (b"[]", "body: expected a JSON object"),
        (b"{}", "message: expected a text"),
        (b'{"message": null}', "message: expected a text"),
        (b'{"message": ["moi"]}', "message: expected a text"),
        (b'{"message": "moi", "sender": 7}', "sender: expected a text"),
        (b'{"message": "moi", "sender": ""}', "sender: expected a text"),
        (b'{"message": "moi", "sender": "a\\u0000"}', "sender: expected a text"),
        (b'{"message": "moi", "sender": "\\ud83d"}', "sender: expected a text"),
        (b'{"message": "moi", "sender": "%s"}' % (b"a" * 121), "sender: expected at most 120"),
        (b'{"message": "moi", "metadata": "x"}', "metadata: expected an object"),
        (b'{"message": "moi", "metadata": {"a": "\\ud83d"}}', "metadata: expected whole"),
    ],
    ids=range(15),
)
async def test_bad_bodies_are_refused_with_one_line(
    client: httpx.AsyncClient, agent: FakeAgent, body: bytes, said: str
) -> None:
    reply = await client.post("/webhook", content=body)
    assert reply.status_code == 400
    assert list(reply.json()) == ["error"]
    assert reply.json()["error"].startswith(said)
    assert "\n" not in reply.json()["error"]
    assert agent.heard == []


async def test_a_body_that_is_too_large_is_refused(
    client: httpx.AsyncClient, agent: FakeAgent
) -> None:
    body = {"message": "x" * rest.MAX_BODY_BYTES}
    reply = await client.post("/webhook", json=body)
    assert reply.status_code == 413
    assert agent.heard == []
    assert await say(client, "moi")  # the server is well after it


@pytest.mark.parametrize(
    ("header", "status"),
    [(None, 401), ("Bearer wrong", 401), ("Bearer ä", 401), ("Bearer s3cret", 200)],
)
async def test_a_shared_secret_when_one_is_set(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, header: str | None, status: int
) -> None:
    monkeypatch.setenv("TISKI_REST_TOKEN", "s3cret")
    headers = {"Authorization": header.encode()} if header else {}
    reply = await client.post("/webhook", json={"message": "moi"}, headers=headers)
    assert reply.status_code == status
