"""tiski/nlu/entities.py: what the extractors add to a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.entities import BusinessExtractor, ContactExtractor, TimeExtractor


@pytest.fixture(autouse=True)
def monday(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Monday, 23 November 2026, ten in the morning."""
    (tmp_path / "clock").write_text("2026-11-23T10:00+02:00", encoding="utf-8")
    monkeypatch.setenv("TISKI_CLOCK_FILE", str(tmp_path / "clock"))


def understand(
    text: str, *, asked: str | None = None, language: str | None = None
) -> list[dict[str, Any]]:
    """The entities after all extractors, in the order of config.yml."""
    slots = [
        TextSlot("requested_slot", [{"type": "custom"}], asked),
        TextSlot("language", [{"type": "custom"}], language),
    ]
    tracker = DialogueStateTracker("someone", slots)
    messages = [Message(data={TEXT: text})]
    for extractor in (ContactExtractor({}), BusinessExtractor({}), TimeExtractor({})):
        messages = extractor.process(messages, tracker)
    entities: list[dict[str, Any]] = messages[0].get(ENTITIES, [])
    return entities


def values(text: str, **given: str) -> dict[str, Any]:
    return {entity["entity"]: entity["value"] for entity in understand(text, **given)}


def test_everything_in_one_message() -> None:
    text = "Hiustenleikkaus Ainolle huomenna klo 15, nimeni on Matti Meikäläinen, 045 555 0199"
    assert values(text, language="fi") == {
        "service": "haircut",
        "staff": "aino",
        "time": "2026-11-24T15:00:00+02:00",
        "name": "Matti Meikäläinen",
        "phone_number": "+358455550199",
    }


def test_each_entity_tells_its_place_and_its_extractor() -> None:
    entities = understand("tilaus 10234, matti@posti.example")
    assert [(e["entity"], e["extractor"], e["confidence"]) for e in entities] == [
        ("order_number", "ContactExtractor", 1.0),
        ("email", "ContactExtractor", 1.0),
    ]
    assert [(e["start"], e["end"]) for e in entities] == [(7, 12), (14, 33)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mun nimi on Matti Meikäläinen", "Matti Meikäläinen"),
        ("nimi: Matti", "Matti"),
        ("Minä olen Matti Virtanen. Haluan ajan", "Matti Virtanen"),
        ("I'm Anna Smith", "Anna Smith"),
        ("my name is Anna-Maria O'Hara and I need help", "Anna-Maria O'Hara"),
        ("tilaus on nimellä Matti Meikäläinen", "Matti Meikäläinen"),
    ],
)
def test_a_name_that_is_announced(text: str, name: str) -> None:
    assert values(text)["name"] == name


@pytest.mark.parametrize(
    "text", ["Matti Meikäläinen", "i'm late", "my name is", "olen myöhässä", "Anna is nice", ""]
)
def test_what_announces_no_name(text: str) -> None:
    assert "name" not in values(text)


@pytest.mark.parametrize("text", ["it's Friday that suits me", "This is Friday"])
def test_a_time_is_nobodys_name(text: str) -> None:
    found = values(text, language="en")
    assert "name" not in found
    assert found["time"].startswith("2026-11-27")


def test_a_date_with_its_year_is_a_time_and_no_order() -> None:
    found = values("15.12. 2026 klo 14", language="fi")
    assert "order_number" not in found
    assert found["time"] == "2026-12-15T14:00:00+02:00"


def test_a_time_does_not_overlap_what_is_known() -> None:
    assert values("0455550199", language="fi") == {"phone_number": "+358455550199"}


def test_buttons_carry_their_own_entities() -> None:
    assert understand('/inform{"staff": "aino"}') == []


def test_the_language_of_the_message_itself_counts() -> None:
    """The entity `language` of this very message wins over the conversation's slot."""
    message = Message(data={TEXT: "tomorrow at 3 pm"})
    message.set(ENTITIES, [{"entity": "language", "value": "en"}])
    done = TimeExtractor({}).process([message], None)[0]
    assert [e["value"] for e in done.get(ENTITIES) if e["entity"] == "time"] == [
        "2026-11-24T15:00:00+02:00"
    ]


def test_only_the_beginning_of_an_endless_message_is_read() -> None:
    assert understand("a " * 500 + "matti@posti.example") == []
