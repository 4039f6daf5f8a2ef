"""tiski/answers/manner.py: sinä or te, emoji or none."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.utils.endpoints import EndpointConfig

from tiski.answers.generator import BusinessAnswers
from tiski.answers.manner import emoji, in_manner, te_forms
from tiski.business import load_business
from tiski.checks.manner import draft, may_say_you, says_you
from tiski.paths import ROOT


@pytest.fixture(scope="module")
def domain() -> Domain:
    importer = TrainingDataImporter.load_from_dict(
        domain_path=str(ROOT / "domain.yml"), training_data_paths=[str(ROOT / "data/responses")]
    )
    return importer.get_domain()


@pytest.fixture
def polite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "business.yml").read_text(encoding="utf-8")
    assert "  address: sinä\n  emoji: false\n" in page
    file = tmp_path / "business.yml"
    file.write_text(
        page.replace("  address: sinä\n  emoji: false\n", "  address: te\n  emoji: true\n"),
        encoding="utf-8",
    )
    monkeypatch.setenv("TISKI_BUSINESS", str(file))


@pytest.mark.usefixtures("polite")
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "fi",
            {
                "Kiitos, kun kävitte. Hyvää päivänjatkoa! 👋",
                "Hei hei, ja tervetuloa taas! 👋",
                "Moikka! Kirjoittakaa, kun jotain tulee mieleen. 👋",
            },
        ),
        (
            "en",
            {
                "Thanks for stopping by. Have a lovely day! 👋",
                "Bye for now, and see you again! 👋",
                "Goodbye! Get in touch whenever something comes up. 👋",
            },
        ),
    ],
)
async def test_a_business_that_says_te_with_emoji(
    domain: Domain, language: str, expected: set[str]
) -> None:
    answers = BusinessAnswers(EndpointConfig(), domain)
    for number in range(6):
        tracker = DialogueStateTracker.from_events(
            str(number), [SlotSet("language", language), UserUttered("moi")], domain.slots
        )
        said = await answers.generate("utter_goodbye", tracker, "web")
        assert said is not None and said["text"] in expected


@pytest.mark.usefixtures("polite")
def test_nothing_says_sina_then(domain: Domain) -> None:
    for key, variations in in_manner(domain.responses, load_business()).items():
        for variation in variations:
            if variation["condition"][0]["value"] == "fi":
                assert says_you(variation["text"]) == [], key


def test_what_comes_in_stays_as_it_is(domain: Domain) -> None:
    business = load_business()
    assert in_manner(domain.responses, business) == domain.responses


def test_emoji_belong_to_responses_that_there_are(domain: Domain) -> None:
    assert set(emoji()) <= set(domain.responses)
    assert te_forms()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kerro, mitä haluaisit.", ["kerro", "haluaisit"]),
        ("Aikasi on tallessa.", ["aikasi"]),
        ("Haluatko jatkaa?", ["haluatko"]),
        ("Voisiko tämä olla uusi aika?", []),
        ("En ota kantaa, eikä kukaan muukaan voisi.", []),
        ("Sano ”haluatko sinä”.", ["sano"]),
        ("Joku meistä vastaa pian.", []),
        ("Vastaa kyllä tai ei.", ["vastaa"]),
        ("Alle {aikasi} {aikasi|tunti|tuntia}.", []),
        ("{count} {count|aikasi|tuntia} on jäljellä.", ["aikasi"]),
    ],
)
def test_which_words_say_sina(text: str, words: list[str]) -> None:
    assert says_you(text) == words


def test_what_cannot_be_decided_is_named() -> None:
    assert may_say_you("Suomi käy hyvin.") == ["käy"]


@pytest.mark.parametrize(
    ("text", "te"),
    [
        ("Kerro {name}, mitä haluat.", "Kertokaa {name}, mitä haluatte."),
        ("Sano ”peru aikasi”, niin perun.", "Sanokaa ”peru aikasi”, niin perun."),
        ("Moi!", None),
    ],
)
def test_drafts(text: str, te: str | None) -> None:
    assert draft(text) == te
