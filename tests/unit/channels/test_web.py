"""tiski/channels/web.py over a real socket: the protocol, point by point."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from channel_server import FakeAgent, serving, until
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ConversationPaused
from socketio.exceptions import ConnectionError as Refused
from web_client import Page, page_at

from tiski.channels import registry, sessions
from tiski.channels.web import WebChannel, is_message, origin_is_allowed


@pytest.fixture
def channel() -> WebChannel:
    return WebChannel()


@pytest_asyncio.fixture
async def address(channel: WebChannel, agent: FakeAgent) -> AsyncIterator[str]:
    async with serving(channel, agent) as opened:
        yield opened


@pytest_asyncio.fixture
async def page(address: str) -> AsyncIterator[Page]:
    async with page_at(address, language="fi") as opened:
        yield opened


def sender_of(page: Page) -> str:
    sender = sessions.sender_of(page.session["token"])
    assert sender is not None
    return sender


# --- sessions --------------------------------------------------------------------------------


async def test_a_new_customer_is_greeted_in_the_pages_language(address: str) -> None:
    for language, greeting in (("fi", "Moi, olen Aalto-apu!"), ("en", "Hello, I am Aalto-apu!")):
        async with page_at(address, language=language) as page:
            assert page.session["full"] is True
            assert [entry["text"] for entry in page.session["messages"]] == [greeting]


async def test_the_greeting_is_no_turn(page: Page, agent: FakeAgent) -> None:
    assert page.session["messages"][0]["buttons"] == [
        {"title": "Varaa", "payload": "/book_appointment"}
    ]
    assert agent.events == {}


async def test_a_page_that_changes_its_language_before_the_talk_is_greeted_anew(
    address: str,
) -> None:
    async with page_at(address, language="fi") as page:
        token = page.session["token"]
    async with page_at(address, session=token, language="en") as page:
        assert [e["text"] for e in page.session["messages"]] == ["Hello, I am Aalto-apu!"]


async def test_customers_do_not_share_a_conversation(address: str, agent: FakeAgent) -> None:
    async with page_at(address) as one, page_at(address) as other:
        assert one.session["token"] != other.session["token"]
        await one.say("salaisuus")
        assert other.of("bot") == other.of("user") == []


@pytest.mark.parametrize(
    "token", ["web-1", "web-1.", f"web-1.{'0' * 64}", "", 7, ["web-1"], {"a": 1}, "ä.ä"]
)
async def test_a_forged_token_is_refused(address: str, token: Any) -> None:
    with pytest.raises(Refused, match="bad_session"):
        async with page_at(address, session=token):
            pass


async def test_a_token_of_another_installation_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TISKI_SECRET", "another secret of the right length")
    token = sessions.token_for(sessions.new_sender_id())
    monkeypatch.delenv("TISKI_SECRET")
    with pytest.raises(Refused, match="bad_session"):
        async with page_at(address, session=token):
            pass


async def test_too_many_connections_are_refused(
    page: Page, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tiski.channels.web.MAX_CONNECTIONS", 1)
    with pytest.raises(Refused, match="busy"):
        async with page_at(address):
            pass


@pytest.mark.parametrize(
    ("origin", "is_welcome"),
    [
        (None, True),  # not a browser
        ("same", True),
        ("https://shop.example", True),
        ("https://evil.example", False),
        ("null", False),
    ],
)
async def test_pages_of_other_origins_are_refused(
    address: str, monkeypatch: pytest.MonkeyPatch, origin: str | None, is_welcome: bool
) -> None:
    monkeypatch.setenv("TISKI_WEB_ORIGINS", "https://other.example, https://shop.example/")
    headers = {"Origin": address if origin == "same" else origin} if origin else {}
    if is_welcome:
        async with page_at(address, headers=headers) as page:
            assert page.session["token"]
    else:
        with pytest.raises(Refused):
            async with page_at(address, headers=headers):
                pass


def test_the_own_origin_is_known_behind_a_proxy_that_ends_tls() -> None:
    assert origin_is_allowed("https://desk.example", {"HTTP_HOST": "desk.example"})
    assert not origin_is_allowed("https://desk.example.evil", {"HTTP_HOST": "desk.example"})
    assert not origin_is_allowed("https://desk.example", {})


# --- messages --------------------------------------------------------------------------------


async def test_a_message_is_acknowledged_and_answered(page: Page, agent: FakeAgent) -> None:
    answer = await page.say("moi")
    assert answer == {"ok": True, "seq": 2}  # 1 was the greeting
    assert [name for name, _ in page.events[1:]] == ["typing", "bot", "typing", "done"]
    assert [data["on"] for data in page.of("typing")] == [True, False]
    entry = page.of("bot")[0]
    assert (entry["seq"], entry["from"], entry["text"]) == (3, "bot", "echo moi")
    heard = agent.heard[0]
    assert (heard.sender_id, heard.input_channel) == (sender_of(page), "web")
    assert (heard.message_id, heard.metadata) == ("message-1", {"language": "fi"})


async def test_a_message_sent_twice_is_heard_once(page: Page, agent: FakeAgent) -> None:
    await page.say("moi")
    again = await page.call({"id": "message-1", "text": "moi"})
    assert again == {"ok": True, "duplicate": True, "seq": 2}
    await page.say("hei", "message-2")
    assert agent.texts == ["moi", "hei"]


async def test_two_messages_at_once_are_both_answered_in_order(
    page: Page, agent: FakeAgent
) -> None:
    async def slow_then_fast(message: UserMessage) -> None:
        if message.text == "a":
            await asyncio.sleep(0.05)
        await agent.echo(message)

    agent.answer = slow_then_fast
    await asyncio.gather(page.say("a", "message-a"), page.say("b", "message-b"))
    assert page.texts == ["echo a", "echo b"]


async def test_a_long_message_is_cut(page: Page, agent: FakeAgent) -> None:
    await page.say("x" * 1500)
    assert agent.texts == ["x" * 1000]
    assert page.texts[0] == "message_too_long_cut suomeksi"


async def test_a_packet_that_is_too_large_ends_the_connection(
    page: Page, address: str, agent: FakeAgent
) -> None:
    await page.client.emit("message", {"id": "message-1", "text": "x" * 20_000})
    await until(lambda: not page.client.connected)
    assert agent.heard == []
    async with page_at(address) as other:  # and nobody else's
        await other.say("moi")


async def test_a_typed_command_is_text(page: Page, agent: FakeAgent) -> None:
    await page.say("/restart")
    assert agent.texts == ["restart"]


async def test_an_empty_message_does_not_reach_understanding(page: Page, agent: FakeAgent) -> None:
    await page.say(" \n ")
    assert page.texts == ["empty_message suomeksi"]
    assert agent.heard == []


async def test_a_tap_counts_when_the_button_was_offered(page: Page, agent: FakeAgent) -> None:
    await page.tap("/book_appointment", "Something else")  # offered by the greeting
    # the first tap tells the page's language, which no word of the customer does
    assert agent.texts == ['/book_appointment{"language": "fi"}']
    assert agent.heard[0].metadata["title"] == "Varaa"  # ours, not what the page claims


async def test_a_tap_leaves_the_language_of_a_conversation_alone(
    page: Page, agent: FakeAgent
) -> None:
    agent.language = "en"
    await page.say("hello")
    await page.tap("/book_appointment", "Varaa", "message-2")
    assert agent.texts == ["hello", "/book_appointment"]


async def test_a_tap_on_a_button_that_is_only_in_the_tracker(page: Page, agent: FakeAgent) -> None:
    agent.language = "fi"
    agent.offer(sender_of(page), "/affirm", "Joo")
    await page.tap("/affirm", "Joo")
    assert agent.texts == ["/affirm"]


async def test_otherwise_its_title_is_text(page: Page, agent: FakeAgent) -> None:
    await page.tap("/restart", "/Joo")
    assert agent.texts == ["Joo"]


async def test_buttons_reach_the_page(page: Page, agent: FakeAgent) -> None:
    async def ask(message: UserMessage) -> None:
        buttons = [{"title": "Joo", "payload": "/affirm", "secret": "x"}, {"title": "Ei"}]
        response = {"text": "Sopiiko?\n\nVai ei?", "buttons": buttons, "custom": {"x": 1}}
        await message.output_channel.send_response(message.sender_id, response)

    agent.answer = ask
    await page.say("moi")
    (entry,) = page.of("bot")
    assert entry["text"] == "Sopiiko?\n\nVai ei?"
    assert entry["buttons"] == [
        {"title": "Joo", "payload": "/affirm"},
        {"title": "Ei", "payload": "Ei"},
    ]


async def test_images_reach_the_page(page: Page, agent: FakeAgent) -> None:
    async def show(message: UserMessage) -> None:
        response = {"text": "Tässä", "image": "/desk/icon.svg"}
        await message.output_channel.send_response(message.sender_id, response)

    agent.answer = show
    await page.say("moi")
    assert [entry.get("image") for entry in page.of("bot")] == [None, "/desk/icon.svg"]


async def test_silence_and_failures_end_in_an_apology(page: Page, agent: FakeAgent) -> None:
    agent.answer = agent.silence
    await page.say("moi", "message-1")
    agent.answer = agent.break_down
    await page.say("moi", "message-2")
    assert page.texts == ["technical_problem suomeksi"] * 2


async def test_what_the_page_cannot_show_is_no_answer(page: Page, agent: FakeAgent) -> None:
    async def custom(message: UserMessage) -> None:
        await message.output_channel.send_response(message.sender_id, {"custom": {"a": 1}})

    agent.answer = custom
    await page.say("moi")
    assert page.texts == ["technical_problem suomeksi"]


async def test_no_apology_while_a_person_answers(page: Page, agent: FakeAgent) -> None:
    agent.answer = agent.silence
    agent.add(sender_of(page), ConversationPaused())
    await page.say("moi")
    assert page.texts == []


async def test_what_a_person_says_reaches_every_window(
    page: Page, address: str, channel: WebChannel
) -> None:
    output = channel.get_output_channel()
    assert output is not None and output.name() == "web"
    async with page_at(address, session=page.session["token"]) as other:
        await output.send_response(sender_of(page), {"text": "Mikko tässä, hei!"})
        await until(lambda: page.texts and other.texts)
        assert page.texts == other.texts == ["Mikko tässä, hei!"]


async def test_another_window_sees_what_was_written(page: Page, address: str) -> None:
    async with page_at(address, session=page.session["token"]) as other:
        await page.say("moi")
        await until(lambda: other.of("done"))
        assert [entry["text"] for entry in other.of("user")] == ["moi"]
        assert other.texts == ["echo moi"]
        assert page.of("user") == []


async def test_too_many_messages_are_told_so_once(
    page: Page, agent: FakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [
        await page.call({"id": f"message-{number}", "text": str(number)})
        for number in range(registry.BURST + 4)
    ]
    assert all(answer["ok"] for answer in answers[: registry.BURST])
    assert answers[-1] == {"ok": False, "error": "too_fast"}
    await page.turn_is_over(f"message-{registry.BURST - 1}")
    assert page.texts.count("too_fast suomeksi") == 1
    assert agent.texts == [str(number) for number in range(len(agent.texts))]


async def test_a_full_queue_is_refused(
    page: Page, agent: FakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tiski.channels.web.MAX_QUEUED_TURNS", 1)
    gate = asyncio.Event()

    async def wait(message: UserMessage) -> None:
        await gate.wait()
        await agent.echo(message)

    agent.answer = wait
    await page.call({"id": "message-1", "text": "a"})
    await until(lambda: agent.heard)
    refused = await page.call({"id": "message-2", "text": "b"})
    assert refused == {"ok": False, "error": "too_fast"}
    gate.set()
    await page.turn_is_over("message-1")
    assert (await page.say("b", "message-2"))["ok"]  # the page tries again


BAD_MESSAGES = [
    None,
    "moi",
    {},
    {"id": "message-1"},
    {"id": "short", "text": "moi"},
    {"id": "message 1", "text": "moi"},
    {"id": 12345678, "text": "moi"},
    {"id": "message-1", "text": ["moi"]},
    {"id": "message-1", "payload": "/affirm"},
    {"id": "message-1", "payload": None, "title": "Joo"},
]


@pytest.mark.parametrize("data", BAD_MESSAGES, ids=range(len(BAD_MESSAGES)))
def test_the_shape_of_a_message(data: Any) -> None:
    assert not is_message(data)


async def test_a_bad_message_is_refused_and_the_line_stays(page: Page, agent: FakeAgent) -> None:
    assert await page.call({"id": "x"}) == {"ok": False, "error": "bad_message"}
    await page.say("moi")
    assert agent.texts == ["moi"]
