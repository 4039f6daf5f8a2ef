"""tiski/channels/conversation.py and registry.py: the log, the bucket, what is forgotten."""

from __future__ import annotations

import pytest
from channel_server import FakeAgent, fake_app

from tiski.channels import conversation as module
from tiski.channels.conversation import Bucket, Conversation
from tiski.channels.registry import Conversations


@pytest.fixture
def talk() -> Conversation:
    return Conversation("web-1", Bucket(10, 1))


def test_a_bucket_gives_a_burst_and_then_fills_slowly() -> None:
    now = 100.0
    bucket = Bucket(2, 0.5, lambda: now)
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    now += 2
    assert [bucket.take() for _ in range(2)] == [True, False]
    now += 3600
    assert [bucket.take() for _ in range(3)] == [True, True, False]


def test_entries_are_numbered_and_empty_extras_left_out(talk: Conversation) -> None:
    first = talk.add("bot", "a", buttons=[], image=None)
    second = talk.add("user", "b", "message-1")
    assert first == {"seq": 1, "id": f"{talk.epoch}-1", "from": "bot", "text": "a"}
    assert (second["seq"], second["id"]) == (2, "message-1")
    assert talk.entry_of("message-1") is second
    assert talk.entry_of("message-2") is None


def test_what_was_missed(talk: Conversation) -> None:
    for text in "abc":
        talk.add("bot", text)
    assert [entry["text"] for entry in talk.missed_since(talk.epoch, 1) or []] == ["b", "c"]
    assert talk.missed_since(talk.epoch, 3) == []


@pytest.mark.parametrize("seq", [None, "1", -1, 4, 1.5])
def test_a_number_that_cannot_be_asks_for_all(talk: Conversation, seq: object) -> None:
    for text in "abc":
        talk.add("bot", text)
    assert talk.missed_since(talk.epoch, seq) is None
    assert talk.missed_since("another epoch", 1) is None


def test_what_fell_out_of_the_log_asks_for_all(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(module.KEPT_ENTRIES + 5):
        talk.add("bot", str(number))
    assert len(talk.entries) == module.KEPT_ENTRIES
    assert talk.missed_since(talk.epoch, 4) is None
    assert len(talk.missed_since(talk.epoch, 5) or []) == module.KEPT_ENTRIES


def test_the_title_of_a_button_is_the_latest(talk: Conversation) -> None:
    talk.add("bot", "?", buttons=[{"title": "Joo", "payload": "/affirm"}])
    talk.add("bot", "?", buttons=[{"title": "Kyllä", "payload": "/affirm"}])
    assert talk.title_of("/affirm") == "Kyllä"
    assert talk.title_of("/deny") is None


async def test_idle_conversations_are_forgotten_and_read_again(agent: FakeAgent) -> None:
    agent.offer("web-1", "/affirm")
    app, talks = fake_app(agent), Conversations()
    first = await talks.open(app, "web-1")
    talks.forget_idle()
    assert talks.get("web-1") is first
    talks.forget_idle(seconds=-1)
    assert talks.get("web-1") is None
    second = await talks.open(app, "web-1")
    assert second.epoch != first.epoch
    assert second.title_of("/affirm") == "Joo"


async def test_who_is_connected_or_waits_for_an_answer_is_not_forgotten(
    agent: FakeAgent,
) -> None:
    app, talks = fake_app(agent), Conversations()
    (await talks.open(app, "connected")).connections.add("sid")
    (await talks.open(app, "waiting")).open_turns.add("message-1")
    await talks.open(app, "gone")
    talks.forget_idle(seconds=-1)
    assert [bool(talks.get(each)) for each in ("connected", "waiting", "gone")] == [
        True,
        True,
        False,
    ]
