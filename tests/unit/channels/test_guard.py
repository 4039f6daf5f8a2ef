"""tiski/channels/guard.py: what goes in, and when a channel apologises."""

from __future__ import annotations

import asyncio
import logging

import pytest
from channel_server import FakeAgent, fake_app
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, ConversationPaused, UserUttered

from tiski.channels import guard


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  moi  ", "moi"),
        ("rivi\r\ntoinen\trivi", "rivi toinen rivi"),
        ("a\u0308iti", "äiti"),  # two characters that are one
        ("ko\x00de\x1b[31m", "kode[31m"),
        ("\u202ekaupmak", "kaupmak"),  # would be shown from right to left
        ("\ud83d", ""),  # half an emoji cannot be stored
        ("👩‍🔬", "👩‍🔬"),
        ("🫠", "🫠"),  # newer than Python 3.10's tables
        ("?", "?"),
        (" \u200b\u00a0", ""),
        ("/restart", "restart"),
        (" \u200b// /restart", "restart"),
        ("///", ""),
        ("1/2", "1/2"),
        ("x" * 1001, "x" * 1000),
    ],
)
def test_clean_text(typed: str, read: str) -> None:
    assert guard.clean_text(typed) == read


async def test_hearing_tells_a_cut_message(agent: FakeAgent) -> None:
    app = fake_app(agent)
    assert await guard.hear(app, "s", "x" * 1000) == guard.Heard("x" * 1000, was_cut=False)
    assert await guard.hear(app, "s", "x" * 1001) == guard.Heard("x" * 1000, was_cut=True)
    assert (await guard.hear(app, "s", " " * 5000 + "moi")).was_cut is False


async def test_a_slash_stays_only_on_a_button_that_was_offered(agent: FakeAgent) -> None:
    app = fake_app(agent)
    agent.offer("mine", '/inform{"service": "haircut"}')
    tapped = await guard.hear(app, "mine", '/inform{"service": "haircut"}')
    assert tapped.text == '/inform{"service": "haircut"}'
    other = await guard.hear(app, "mine", '/inform{"service": "colour"}')
    assert other.text == 'inform{"service": "colour"}'
    assert (await guard.hear(app, "theirs", '/inform{"service": "haircut"}')).text[0] != "/"


def test_offers_are_forgotten() -> None:
    old = BotUttered("?", {"buttons": [{"title": "A", "payload": "/old"}]})
    new = BotUttered("?", {"quick_replies": [{"title": "B", "payload": "/new"}]})
    chatter = [BotUttered("hm")] * (guard.OFFER_MEMORY - 1)
    assert guard.offered_payloads([old, *chatter]) == {"/old"}
    assert guard.offered_payloads([old, *chatter, new]) == {"/new"}


async def turn(agent: FakeAgent, language: str | None = None) -> str | None:
    output = CollectingOutputChannel()
    message = UserMessage("moi", output, "s", metadata={"language": language} if language else None)
    return await guard.run_turn(
        fake_app(agent), agent.handle, message, lambda: len(output.messages)
    )


async def test_an_answered_turn_needs_no_apology(agent: FakeAgent) -> None:
    assert await turn(agent) is None


async def test_silence_is_apologised_for_in_the_conversations_language(agent: FakeAgent) -> None:
    agent.answer = agent.silence
    agent.language = "fi"
    assert await turn(agent, language="en") == "technical_problem suomeksi"


async def test_in_the_pages_language_when_nothing_else_is_known(agent: FakeAgent) -> None:
    agent.answer = agent.silence
    assert await turn(agent, language="en") == "technical_problem in English"


async def test_in_all_languages_when_none_is_known(agent: FakeAgent) -> None:
    agent.answer = agent.silence
    assert await turn(agent) == "technical_problem suomeksi\n\ntechnical_problem in English"


async def test_a_failure_is_apologised_for_and_logged_without_its_text(
    agent: FakeAgent, caplog: pytest.LogCaptureFixture
) -> None:
    agent.answer = agent.break_down
    with caplog.at_level(logging.ERROR):
        assert await turn(agent, "fi") == "technical_problem suomeksi"
    assert "RuntimeError at " in caplog.text
    assert "+358401234567" not in caplog.text


async def test_half_an_answer_and_a_failure_is_apologised_for(agent: FakeAgent) -> None:
    async def half(message: UserMessage) -> None:
        await agent.echo(message)
        raise RuntimeError

    agent.answer = half
    assert await turn(agent, "fi") == "technical_problem suomeksi"


async def test_a_turn_without_end_is_ended(
    agent: FakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_: UserMessage) -> None:
        await asyncio.Event().wait()

    agent.answer = hang
    monkeypatch.setattr(guard, "TURN_SECONDS", 0.01)
    assert await turn(agent, "en") == "technical_problem in English"


async def test_silence_is_right_while_a_person_answers(agent: FakeAgent) -> None:
    agent.answer = agent.silence
    agent.add("s", UserUttered("moi"), ConversationPaused())
    assert await turn(agent) is None


async def test_without_an_agent_there_is_an_apology(agent: FakeAgent) -> None:
    agent.answer = agent.silence
    app = fake_app(agent)
    app.ctx.agent = None
    message = UserMessage("moi", CollectingOutputChannel(), "s", metadata={"language": "fi"})
    apology = await guard.run_turn(app, agent.handle, message, lambda: 0)
    assert apology == "technical_problem suomeksi"
