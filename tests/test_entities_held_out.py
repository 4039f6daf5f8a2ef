"""Entities and moods in held-out messages (tests/nlu/entities, tests/nlu/mood).

`later/` was written after the components and has taught them something since; `last/`, of moods,
has not. `./scripts/bench-entities --slips` lists what goes wrong.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from figures import FIGURES

from tiski.bench import entities, moods
from tiski.bench.entities import MARKED, Extractors, Score

LANGUAGES = ("fi", "en")
LEAST_F1 = 0.95
LEAST_MARKED = 15


@pytest.fixture(scope="module")
def extractors() -> Extractors:
    return Extractors()


@pytest.mark.parametrize("language", LANGUAGES)
def test_entities(extractors: Extractors, language: str) -> None:
    """Each entity of both batches together; a marked word counts with its place and value."""
    found = {entity: Score() for entity in MARKED}
    for folder in (entities.MESSAGES, entities.MESSAGES / "later"):
        for entity, score in entities.scores(language, extractors, folder).items():
            found[entity].found += score.found
            found[entity].missed += score.missed
            found[entity].wrong += score.wrong
            found[entity].slips += score.slips
    FIGURES[f"entity F1 ({language})"] = ", ".join(
        f"{entity} {score.f1:.3f} of {score.marked}" for entity, score in found.items()
    )
    assert {e: s.marked for e, s in found.items() if s.marked < LEAST_MARKED} == {}
    low = {entity: score.slips for entity, score in found.items() if score.f1 < LEAST_F1}
    assert low == {}


# Precision and recall of "upset", which is angry or distressed: that is when a person is offered.
# "last" was read once and nothing was changed after it, so its recall is what to expect of words
# that nobody thought of; a mood that is told wrongly would be worse than one that is not heard.
LEAST_MOOD = {"": (0.98, 0.95), "later": (0.95, 0.9), "last": (0.95, 0.25)}


@pytest.mark.parametrize("folder", LEAST_MOOD)
@pytest.mark.parametrize("language", LANGUAGES)
def test_moods(language: str, folder: str) -> None:
    where: Path = moods.MESSAGES / folder
    if not folder:
        assert len(moods.read_messages(language, where)) == 100
    found = moods.scores(language, where)
    FIGURES[f"mood{f', {folder} batch' if folder else ''} ({language})"] = ", ".join(
        f"{mood} precision {score.precision:.3f} recall {score.recall:.3f} of {score.marked}"
        for mood, score in found.items()
    )
    precision, recall = LEAST_MOOD[folder]
    assert found["upset"].precision >= precision, found["upset"].slips
    assert found["upset"].recall >= recall, found["upset"].slips


def test_marks_are_read() -> None:
    message = entities.read_message("ota [a [at] b.fi](email: a@b.fi), [2](quantity) kpl", "budget")
    assert message.text == "ota a [at] b.fi, 2 kpl"
    assert {(m.entity, message.text[m.start : m.end], m.value) for m in message.entities} == {
        ("email", "a [at] b.fi", "a@b.fi"),
        ("quantity", "2", "2"),
    }
    with pytest.raises(ValueError, match="nonsense"):
        entities.read_message("[a](nonsense)")
