"""tiski/answers/generator.py: which variation is said, and what is filled in."""

from __future__ import annotations

import itertools
import logging
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from tiski.answers.generator import BusinessAnswers

FI = [{"type": "slot", "name": "language", "value": "fi"}]
EN = [{"type": "slot", "name": "language", "value": "en"}]
RESPONSES: dict[str, list[dict[str, Any]]] = {
    "utter_hello": [
        {"condition": FI, "text": "Hei, {business_name}!"},
        {"condition": EN, "text": "Hello, {business_name}!"},
    ],
    "utter_many": [
        {"condition": FI, "text": "Yksi {what}"},
        {"condition": FI, "text": "Kaksi {what}\n"},
        {"condition": FI, "text": "Kolme {what}"},
        {"condition": EN, "text": "One {what}"},
    ],
    "utter_count": [{"condition": FI, "text": "Alle {hours} {hours|tunti|tuntia}."}],
    "utter_value": [{"condition": FI, "text": "Nimi: {name}. Puhelin: {phone}."}],
    "utter_button": [
        {
            "condition": FI,
            "text": "Valitse",
            "buttons": [{"title": "Soita {phone}", "payload": '/inform{{"staff": "aino"}}'}],
        }
    ],
}


@pytest.fixture
def answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BusinessAnswers:
    (tmp_path / "clock").write_text("2026-11-23T10:00+02:00", encoding="utf-8")
    monkeypatch.setenv("TISKI_CLOCK_FILE", str(tmp_path / "clock"))
    domain = Domain.from_dict({"responses": RESPONSES})
    return BusinessAnswers(EndpointConfig(), domain)


def tracker(language: str | None = "fi", said: list[str] | None = None) -> DialogueStateTracker:
    slots = [TextSlot(name, [{"type": "custom"}]) for name in ("language", "name", "phone")]
    events: list[Any] = [SlotSet("language", language)]
    for text in said or []:
        events += [UserUttered("jotain"), BotUttered(text)]
    return DialogueStateTracker.from_events("someone", events, slots)


async def say(
    answers: BusinessAnswers, response: str, conversation: DialogueStateTracker, **values: Any
) -> str:
    answer = await answers.generate(response, conversation, "rest", **values)
    assert answer is not None
    return str(answer["text"])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Hei, Kampaamo Aalto!"),
        ("en", "Hello, Aalto Hair Salon!"),
        (None, "Hei, Kampaamo Aalto!"),  # not known yet: the business's default
        ("sv", "Hei, Kampaamo Aalto!"),  # not spoken here
    ],
)
async def test_the_conversations_language(
    answers: BusinessAnswers, language: str | None, text: str
) -> None:
    assert await say(answers, "utter_hello", tracker(language)) == text


async def test_the_last_variation_is_not_said_again(answers: BusinessAnswers) -> None:
    said: list[str] = []
    for number in range(12):
        text = (await say(answers, "utter_many", tracker(said=said), what=f"asia {number}")).strip()
        said.append(text)
    kinds = [text.split()[0] for text in said]
    assert all(kind != before for before, kind in itertools.pairwise(kinds)), kinds
    assert set(kinds) == {"Yksi", "Kaksi", "Kolme"}


async def test_the_only_variation_is_said_again(answers: BusinessAnswers) -> None:
    assert await say(answers, "utter_many", tracker("en", ["One thing"]), what="x") == "One x"


async def test_the_same_conversation_is_answered_the_same_way(answers: BusinessAnswers) -> None:
    texts = {await say(answers, "utter_many", tracker(), what="x") for _ in range(5)}
    assert len(texts) == 1


@pytest.mark.parametrize(
    "typed", ["{phone}", "{{phone}}", "{0[phone]}", "{", "}", "{{", "%s {x!r}"]
)
async def test_what_a_customer_typed_is_said_as_typed(answers: BusinessAnswers, typed: str) -> None:
    text = await say(answers, "utter_value", tracker(), name=typed)
    assert text == f"Nimi: {typed}. Puhelin: +358 6 555 0142."


async def test_a_date_and_the_sentence_share_a_point(answers: BusinessAnswers) -> None:
    text = await say(answers, "utter_value", tracker(), name="tiistaina 24.11.", phone="1...")
    assert text == "Nimi: tiistaina 24.11. Puhelin: 1...."


async def test_a_number_chooses_its_word(answers: BusinessAnswers) -> None:
    assert await say(answers, "utter_count", tracker(), hours=1) == "Alle 1 tunti."
    assert await say(answers, "utter_count", tracker(), hours=2) == "Alle 2 tuntia."


async def test_slots_do_not_fill_placeholders(answers: BusinessAnswers) -> None:
    conversation = tracker()
    conversation.update(SlotSet("phone", "typed by a customer"))
    conversation.update(SlotSet("name", "typed by a customer"))
    assert "typed" not in await say(answers, "utter_value", conversation)


async def test_values_of_an_action_win_over_facts(answers: BusinessAnswers) -> None:
    text = await say(answers, "utter_value", tracker(), name="Matti", phone="112")
    assert text == "Nimi: Matti. Puhelin: 112."


async def test_an_unknown_placeholder_does_not_reach_the_customer(
    answers: BusinessAnswers, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        text = await say(answers, "utter_value", tracker())
    assert text == "Nimi: . Puhelin: +358 6 555 0142."
    assert "utter_value: nobody gave a value for {name}" in caplog.text


async def test_buttons_are_filled_and_the_domain_is_left_alone(answers: BusinessAnswers) -> None:
    for _ in range(2):
        answer = await answers.generate("utter_button", tracker(), "rest")
        assert answer is not None
        assert answer["buttons"] == [
            {"title": "Soita +358 6 555 0142", "payload": '/inform{"staff": "aino"}'}
        ]
    assert RESPONSES["utter_button"][0]["buttons"][0]["title"] == "Soita {phone}"


async def test_what_does_not_exist_is_not_said(answers: BusinessAnswers) -> None:
    assert await answers.generate("utter_nothing", tracker(), "rest") is None
