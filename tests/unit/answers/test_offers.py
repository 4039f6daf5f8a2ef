"""tiski/answers/offers.py and generator.py: nothing is offered or promised that there is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.utils.endpoints import EndpointConfig

from tiski.answers.generator import BusinessAnswers, without_empty_lines
from tiski.answers.offers import is_offered, kept
from tiski.business import load_business
from tiski.paths import ROOT

WORKSHOP = "docs/examples/bicycle-repair.yml"
TEA_SHOP = "docs/examples/tea-shop.yml"
# Said in any business, whatever it has
GENERAL = ("conversation.yml", "fallback.yml", "errors.yml", "use_cases.yml")
PROMISES = {
    WORKSHOP: r"tilau(?!s[a-z]* nimelt)|verkkokau|toimitus|tuott|\border|\bshop\b|parcel|deliver",
    TEA_SHOP: r"ajan\b|aikasi|varau|ajanvar|appointment|\bbook",
}


@pytest.fixture(scope="module")
def domain() -> Domain:
    importer = TrainingDataImporter.load_from_dict(
        domain_path=str(ROOT / "domain.yml"), training_data_paths=[str(ROOT / "data/responses")]
    )
    return importer.get_domain()


def desk(domain: Domain, page: str, monkeypatch: pytest.MonkeyPatch) -> BusinessAnswers:
    monkeypatch.setenv("TISKI_BUSINESS", page)
    return BusinessAnswers(EndpointConfig(), domain)


async def said(
    answers: BusinessAnswers, domain: Domain, response: str, language: str
) -> list[dict]:
    """Every variation of a response, as it would be said in conversations of their own."""
    found = []
    for number in range(8):
        tracker = DialogueStateTracker.from_events(
            str(number), [SlotSet("language", language), UserUttered("hm")], domain.slots
        )
        message = await answers.generate(
            response, tracker, "web", what="x", said="x", reference="x"
        )
        assert message is not None
        if message not in found:
            found.append(message)
    return found


def responses_of(*names: str) -> list[str]:
    texts = [(ROOT / "data" / "responses" / name).read_text(encoding="utf-8") for name in names]
    return [key for text in texts for key in re.findall(r"^  (utter_\w+):", text, re.MULTILINE)]


@pytest.mark.parametrize("language", ["fi", "en"])
@pytest.mark.parametrize("page", [WORKSHOP, TEA_SHOP])
async def test_nothing_is_promised_or_offered_that_there_is_not(
    domain: Domain, monkeypatch: pytest.MonkeyPatch, page: str, language: str
) -> None:
    answers = desk(domain, page, monkeypatch)
    for response in responses_of(*GENERAL):
        for message in await said(answers, domain, response, language):
            promised = re.sub(
                r"(?i)we don't take appointments|ajanvarausta meillä", "", message["text"]
            )
            assert not re.search(PROMISES[page], promised, re.IGNORECASE), (response, promised)
            for button in message.get("buttons") or []:
                assert is_offered(button["payload"], answers.business), (response, button)


@pytest.mark.parametrize("language", ["fi", "en"])
@pytest.mark.parametrize("page", [WORKSHOP, TEA_SHOP])
async def test_answers_to_questions_have_no_holes(
    domain: Domain, monkeypatch: pytest.MonkeyPatch, page: str, language: str
) -> None:
    answers = desk(domain, page, monkeypatch)
    questions = [key for key in answers.responses if key.startswith("utter_faq/")]
    asked = [key for key in questions if answers.business.offers(key.removeprefix("utter_"))]
    assert len(asked) >= 8
    for response in asked:
        for message in await said(answers, domain, response, language):
            assert message["text"].strip()
            assert not re.search(r"  |\{|\}| \.|: *$|None", message["text"]), (response, message)


def test_buttons() -> None:
    demo, tea_shop = load_business(), load_business(ROOT / TEA_SHOP)
    buttons = [
        {"title": "Varaa aika", "payload": "/book_appointment"},
        {"title": "Peru tilaus", "payload": '/cancel_order{"x": 1}'},
        {"title": "Pysäköinti", "payload": "Mihin auton saa?"},
        {"title": "Aukioloajat", "payload": "Milloin olette auki?"},
        {"title": "Ihminen", "payload": "/request_human"},
        {"title": "tiistai", "payload": '/inform{"time": "x"}'},
    ]
    assert kept(buttons, demo) == buttons
    titles = [button["title"] for button in kept(buttons, tea_shop)]
    assert titles == ["Peru tilaus", "Aukioloajat", "Ihminen", "tiistai"]


def test_a_line_that_hangs_on_missing_facts_is_left_out() -> None:
    facts = {"address": "Katu 1", "directions": "", "map_url": "", "note": ""}
    text = "Osoite on {address}. {directions}\n\nKartta: {map_url}"
    assert without_empty_lines(text, facts, {}) == "Osoite on {address}."
    assert without_empty_lines("{note}", facts, {}) == ""
    # a value that an action gives is its own matter, and so is an empty one
    assert without_empty_lines("Moi {note}", facts, {"note": ""}) == "Moi {note}"


async def test_not_here_names_what_was_asked_for(
    domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = desk(domain, TEA_SHOP, monkeypatch)
    selector = {"faq": {"response": {"use_case": "book_appointment"}}}
    tracker = DialogueStateTracker.from_events(
        "a",
        [SlotSet("language", "fi"), UserUttered("?", parse_data={"response_selector": selector})],
        domain.slots,
    )
    message = await answers.generate("utter_not_here", tracker, "web")
    assert message is not None
    assert message["text"].startswith("Ajanvarausta meillä ei ole. Kauppaan voi tulla")
    assert [button["payload"] for button in message["buttons"]] == [
        "/check_order_status",
        "/request_human",
    ]


def test_a_page_without_a_shop_has_its_own_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tiski.paths import var_dir

    monkeypatch.delenv("TISKI_VAR", raising=False)
    monkeypatch.delenv("TISKI_BUSINESS", raising=False)
    assert var_dir() == ROOT / "var"
    monkeypatch.setenv("TISKI_BUSINESS", WORKSHOP)
    assert var_dir() == ROOT / "var" / "bicycle-repair"
    monkeypatch.setenv("TISKI_VAR", str(tmp_path))
    assert var_dir() == tmp_path
