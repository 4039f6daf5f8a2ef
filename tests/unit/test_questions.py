"""tiski/questions.py: the page's own questions get into Rasa, and into what a model is named after."""

from __future__ import annotations

from pathlib import Path

import pytest
from business_page import BASE, load
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.utils.endpoints import EndpointConfig

from tiski.answers.generator import BusinessAnswers
from tiski.answers.own_questions import title, trained_part, wording
from tiski.paths import ROOT

QUESTIONS = """\
questions:
  wifi:
    ask:
      fi: [onko teillä wifi, mikä on wifin salasana, saako teillä nettiä]
      en: [is there wifi for customers in the waiting room, wifi password, internet]
    answer: {fi: "On: {Aalto}.", en: Yes.}
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    load(tmp_path, BASE + QUESTIONS)
    file = tmp_path / "business.yml"
    monkeypatch.setenv("TISKI_BUSINESS", str(file))
    return file


def importer() -> TrainingDataImporter:
    return TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data" / "responses")]
    )


@pytest.mark.usefixtures("page")
def test_rasa_sees_wordings_with_their_language() -> None:
    data = importer().get_nlu_data()
    examples = [e for e in data.intent_examples if e.get("intent_response_key") == "faq/own_wifi"]
    assert len(examples) == 6
    assert {e.get("intent") for e in examples} == {"faq"}
    languages = {e.get("text"): e.get("metadata")["intent"]["language"] for e in examples}
    assert languages["onko teillä wifi"] == "fi" and languages["wifi password"] == "en"


@pytest.mark.usefixtures("page")
def test_the_domain_stays_what_it_is() -> None:
    domain = importer().get_domain()
    assert "utter_faq/own_wifi" in domain.responses
    assert domain.session_config.session_expiration_time == 1440
    assert "book_appointment" in domain.intents


@pytest.mark.usefixtures("page")
async def test_the_answer_is_read_from_the_page() -> None:
    domain = importer().get_domain()
    tracker = DialogueStateTracker.from_events(
        "a", [SlotSet("language", "fi"), UserUttered("wifi?")], domain.slots
    )
    answers = BusinessAnswers(EndpointConfig(), domain)
    answers.responses = domain.responses  # as Rasa's agent does when it has loaded a model
    message = await answers.generate("utter_faq/own_wifi", tracker, "web")
    assert message is not None and message["text"] == "On: {Aalto}."


def test_a_wording_changes_the_model_and_an_answer_does_not(tmp_path: Path) -> None:
    parts = []
    for number, text in enumerate(
        (QUESTIONS, QUESTIONS.replace("Yes.", "No."), QUESTIONS.replace("internet]", "net]"))
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        parts.append(trained_part(load(folder, BASE + text)))
    assert parts[0] == parts[1] != parts[2]
    plain = tmp_path / "plain"
    plain.mkdir()
    assert trained_part(load(plain, BASE)) == b""


def test_how_a_question_is_offered(tmp_path: Path) -> None:
    business = load(tmp_path, BASE + QUESTIONS)
    assert title(business, "wifi", "fi") == "Onko teillä wifi"
    assert title(business, "wifi", "en") == "Is there wifi for…"
    assert wording(business, "wifi", "en") == "is there wifi for customers in the waiting room"
