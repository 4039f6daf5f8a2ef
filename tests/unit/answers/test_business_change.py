"""Change an hour in business.yml, restart: the desk says the new hour, with no training."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.utils.endpoints import EndpointConfig

from tiski.paths import ROOT


@pytest.fixture(scope="module")
def domain() -> Domain:
    """The domain with all responses, as it is in a trained model."""
    importer = TrainingDataImporter.load_from_dict(
        domain_path=str(ROOT / "domain.yml"), training_data_paths=[str(ROOT / "data/responses")]
    )
    return importer.get_domain()


async def answer(domain: Domain, response: str) -> str:
    """What a desk that starts now says."""
    endpoint = EndpointConfig(type="tiski.answers.generator.BusinessAnswers")
    generator = NaturalLanguageGenerator.create(endpoint, domain)
    tracker = DialogueStateTracker.from_events(
        "someone", [SlotSet("language", "en"), UserUttered("when?")], domain.slots
    )
    said = await generator.generate(response, tracker, "web")
    assert said is not None
    return str(said["text"])


async def test_a_new_hour_and_a_new_price_are_said_after_a_restart(
    domain: Domain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await answer(domain, "utter_faq/opening_hours")
    page = (ROOT / "business.yml").read_text(encoding="utf-8")
    assert "10:00-15:00" in page and "price: 49\n" in page
    changed = tmp_path / "business.yml"
    changed.write_text(
        page.replace("10:00-15:00", "10:00-16:30").replace("price: 49\n", "price: 51.50\n"),
        encoding="utf-8",
    )
    monkeypatch.setenv("TISKI_BUSINESS", str(changed))

    assert "16:30" not in before
    assert "16:30" in await answer(domain, "utter_faq/opening_hours")
    assert "€51.50" in await answer(domain, "utter_faq/prices")
