"""tiski/nlu/language.py: which language to speak after a message."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.language import LanguageIdentifier
from tiski.paths import ROOT


@pytest.fixture(scope="module")
def identifier(tmp_path_factory: pytest.TempPathFactory) -> LanguageIdentifier:
    storage = LocalModelStorage(tmp_path_factory.mktemp("storage"))
    made = LanguageIdentifier.create({}, storage, Resource("language"), None)  # type: ignore[arg-type]
    assert isinstance(made, LanguageIdentifier)
    made.train(load_data(str(ROOT / "data" / "nlu")))
    return made


def message(text: str, intent: str = "inform", page: str | None = None) -> Message:
    data: dict[str, Any] = {TEXT: text, INTENT: {"name": intent, "confidence": 0.9}}
    if page:
        data["metadata"] = {"language": page}
    return Message(data=data)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("moi", "fi"),
        ("hello", "en"),
        ("varaisin ajan", "fi"),
        ("I want to book a haircut", "en"),
        ("missä mun tilaus on", "fi"),
        ("where is my order", "en"),
    ],
)
def test_the_first_message_decides(
    identifier: LanguageIdentifier, text: str, language: str
) -> None:
    assert identifier.choose(message(text), None) == language
    assert identifier.choose(message(text, page="fi"), None) == language
    assert identifier.choose(message(text, page="en"), None) == language


SAYS_NOTHING = ["10234", "👍", "matti@posti.example", "045 555 0199", "DEMA42", "?", "14.30", "..."]


@pytest.mark.parametrize("text", SAYS_NOTHING)
@pytest.mark.parametrize("current", ["fi", "en"])
def test_what_says_nothing_changes_nothing(
    identifier: LanguageIdentifier, text: str, current: str
) -> None:
    assert identifier.choose(message(text), current) == current


@pytest.mark.parametrize("text", SAYS_NOTHING)
def test_at_first_the_page_speaks_for_what_says_nothing(
    identifier: LanguageIdentifier, text: str
) -> None:
    assert identifier.choose(message(text), None) is None
    assert identifier.choose(message(text, page="en"), None) == "en"


@pytest.mark.parametrize("text", ["ok", "okei", "yes", "joo", "hello", "moi", "Smith", "Virtanen"])
@pytest.mark.parametrize("current", ["fi", "en"])
def test_one_word_keeps_the_language(
    identifier: LanguageIdentifier, text: str, current: str
) -> None:
    assert identifier.choose(message(text), current) == current


@pytest.mark.parametrize("name", ["Anna Smith", "Matti Virtanen", "John Miller", "Sara Laine"])
@pytest.mark.parametrize("current", ["fi", "en"])
def test_a_name_keeps_the_language(identifier: LanguageIdentifier, name: str, current: str) -> None:
    assert identifier.choose(message(name), current) == current


def test_a_name_keeps_the_language_where_it_was_not_asked_for(
    identifier: LanguageIdentifier,
) -> None:
    """It proves nothing of an order, but people try it."""
    name = message("Matti Meikäläinen")
    assert identifier.choose(name, "en") == "fi"  # a name as long as that looks like Finnish
    assert identifier.choose(name, "en", "order_proof") == "en"
    assert identifier.choose(message("Missä Olette Nyt Siis"), "en", "order_proof") == "fi"


@pytest.mark.parametrize(
    ("text", "current", "language"),
    [
        ("could you tell me where you are located", "fi", "en"),
        ("I would like to cancel my appointment please", "fi", "en"),
        ("haluaisin kuitenkin perua sen minun varauksen", "en", "fi"),
        ("missä te sijaitsette ja mihin aikaan avaatte", "en", "fi"),
    ],
)
def test_a_clear_change_is_followed(
    identifier: LanguageIdentifier, text: str, current: str, language: str
) -> None:
    assert identifier.choose(message(text), current) == language


@pytest.mark.parametrize(
    ("text", "current", "language"),
    [
        ("english", "fi", "en"),
        ("suomeksi kiitos", "en", "fi"),
        ("voiko puhua englantia", "fi", "en"),
        ("can we speak Finnish", "en", "fi"),
        ("I don't speak Finnish, English please", "fi", "en"),
        ("I don't speak English, could it be Finnish", "en", "fi"),
        ("en osaa suomea, puhutaan englantia", "fi", "en"),
        ("sama toisella kielellä", "fi", "en"),
        ("the other language please", "en", "fi"),
    ],
)
def test_a_wish_is_obeyed_at_once(
    identifier: LanguageIdentifier, text: str, current: str, language: str
) -> None:
    assert identifier.choose(message(text, "change_language"), current) == language


def test_a_button_says_nothing(identifier: LanguageIdentifier) -> None:
    tap = '/inform{"service": "haircut"}'
    assert identifier.choose(message(tap), "en") == "en"
    assert identifier.choose(message(tap), None) is None
    assert identifier.choose(message(tap, page="fi"), None) == "fi"


def entity_after(identifier: LanguageIdentifier, text: str, current: str | None) -> list[Any]:
    slot = TextSlot("language", [{"type": "from_entity", "entity": "language"}], current)
    tracker = DialogueStateTracker("someone", [slot])
    done = identifier.process([message(text)], tracker)[0]
    return [e["value"] for e in done.get(ENTITIES, []) if e["entity"] == "language"]


def test_the_entity_is_there_only_on_a_change(identifier: LanguageIdentifier) -> None:
    assert entity_after(identifier, "hei, haluaisin varata ajan", None) == ["fi"]
    assert entity_after(identifier, "hei, haluaisin varata ajan", "fi") == []
    assert entity_after(identifier, "could you tell me your opening hours", "fi") == ["en"]
    assert entity_after(identifier, "10234", None) == []


def test_without_a_model_the_page_decides() -> None:
    bare = LanguageIdentifier({}, None, None)  # type: ignore[arg-type]
    assert bare.choose(message("hello there", page="en"), None) == "en"
    assert bare.choose(message("hello there"), None) is None
    assert bare.choose(message("hello there my friend"), "fi") == "fi"
