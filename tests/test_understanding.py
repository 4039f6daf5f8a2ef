"""Held-out messages: understood by the trained model as its users will write them.

The messages under `tests/nlu/` were written apart from the training data, and `./scripts/check-data`
finds any that stands in both. A message that ends in the fallback counts as wrong, which `rasa
test nlu` would not count.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from figures import FIGURES
from ruamel.yaml import YAML

from tiski.nlu import business_names
from tiski.nlu.two_wishes import NO_WISHES
from tiski.paths import ROOT
from tiski.tools.model import Understanding

LANGUAGES = ("fi", "en")
# What part 1 promises is 0.85; the rest is margin that a change of data may not eat up unseen.
LEAST_ACCURACY = 0.92

Parsed = dict[str, Any]  # what Rasa says of a message


# These two go with the module: no other one needs them, and browsers come after it
@pytest.fixture(scope="module")
def understanding(model: Path) -> Understanding:
    """The model that the desk would serve with."""
    return Understanding(model)


@dataclass(frozen=True)
class HeldOut:
    """A held-out message, and what was understood."""

    text: str
    intent: str
    parsed: Parsed


@pytest.fixture(scope="module")
def held_out(understanding: Understanding) -> dict[str, list[HeldOut]]:
    """The held-out messages of each language, each parsed once."""
    return {language: parsed_all(understanding, written(language)) for language in LANGUAGES}


def parsed_all(understanding: Understanding, messages: list[tuple[str, str]]) -> list[HeldOut]:
    """Messages with their intents, and what was understood."""
    found = understanding.parsed([text for _, text in messages])
    return [
        HeldOut(text, intent, parsed)
        for (intent, text), parsed in zip(messages, found, strict=True)
    ]


def written(language: str, folder: Path = ROOT / "tests" / "nlu") -> list[tuple[str, str]]:
    """The held-out messages of a language, each with its intent."""
    messages = []
    for file in sorted((folder / language).rglob("*.yml")):
        for block in YAML(typ="safe").load(file.read_text(encoding="utf-8"))["nlu"]:
            lines = block["examples"].splitlines()
            messages += [(block["intent"], line.removeprefix("- ").strip()) for line in lines]
    return messages


def understood_as(parsed: Parsed) -> str:
    """The intent of a message, with the question's name when it is a question."""
    name: str = parsed["intent"]["name"]
    if name == "faq":
        name = parsed["response_selector"]["faq"]["response"]["intent_response_key"]
    return name


@pytest.mark.parametrize("language", LANGUAGES)
def test_held_out_messages_are_understood(
    held_out: dict[str, list[HeldOut]], language: str
) -> None:
    messages = held_out[language]
    per_intent = Counter(message.intent for message in messages)
    assert min(per_intent.values()) >= 6, per_intent.most_common()[-1]
    check_accuracy(messages, f"held-out messages ({language})")


@pytest.mark.parametrize("language", LANGUAGES)
def test_blind_messages_are_understood(understanding: Understanding, language: str) -> None:
    """Of somebody who had seen neither examples nor tests."""
    messages = parsed_all(understanding, written(language, ROOT / "tests" / "nlu" / "blind"))
    check_accuracy(messages, f"blind messages ({language})")


def check_accuracy(messages: list[HeldOut], title: str) -> None:
    """Print the accuracy, and fail with every mistake where it is too low."""
    wrong = []
    for message in messages:
        got = understood_as(message.parsed)
        if got != message.intent:
            wrong.append(f"{message.intent} -> {got}: {message.text}")
    accuracy = 1 - len(wrong) / len(messages)
    FIGURES[title] = f"{len(messages)}, intent accuracy {accuracy:.3f}"
    assert accuracy >= LEAST_ACCURACY, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_of_held_out_messages_is_found(
    held_out: dict[str, list[HeldOut]], language: str
) -> None:
    """Messages of three words and more: shorter ones may leave the language open."""
    messages = [
        message
        for message in held_out[language]
        if len(message.text.split()) >= 3
        and message.intent not in ("inform", "change_language", "out_of_scope")
    ]
    wrong = [
        f"{message.parsed['language']}: {message.text}"
        for message in messages
        if message.parsed["language"] != language
    ]
    accuracy = 1 - len(wrong) / len(messages)
    FIGURES[f"language found ({language})"] = f"{accuracy:.3f} of {len(messages)} messages"
    assert accuracy >= 0.97, "\n".join(wrong)


def wishes_of(parsed: Parsed) -> list[str]:
    """The intents that a message was taken for: one, or two in the order they are served."""
    first, second = understood_as(parsed), parsed.get("second_wish")
    return [first, second["intent"]] if second else [first]


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_wishes_in_one_message_are_found(understanding: Understanding, language: str) -> None:
    cases = YAML(typ="safe").load((ROOT / "tests/two_wishes.yml").read_text(encoding="utf-8"))
    wrong = []
    parsed = understanding.parsed([case["text"] for case in cases[language]])
    for case, understood in zip(cases[language], parsed, strict=True):
        found = wishes_of(understood)
        if sorted(found) != sorted(case["wishes"]):
            wrong.append(f"{found}: {case['text']}")
    right = len(cases[language]) - len(wrong)
    FIGURES[f"two wishes found ({language})"] = f"{right} of {len(cases[language])} messages"
    assert right / len(cases[language]) >= 0.8, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_wish_is_rarely_taken_for_two(
    held_out: dict[str, list[HeldOut]], language: str
) -> None:
    messages = held_out[language]
    taken = [
        f"{wishes}: {message.text}"
        for message in messages
        if len(wishes := wishes_of(message.parsed)) > 1
    ]
    FIGURES[f"one wish taken for two ({language})"] = f"{len(taken)} of {len(messages)} messages"
    assert len(taken) / len(messages) <= 0.015, "\n".join(taken)


def test_training_data_is_counted() -> None:
    """Not a check of its own: the run prints how much there is to learn from."""
    for language in LANGUAGES:
        files = list((ROOT / "data" / "nlu" / language).rglob("*.yml"))
        count = sum(
            len(block["examples"].splitlines())
            for file in files
            for block in YAML(typ="safe").load(Path(file).read_text(encoding="utf-8"))["nlu"]
        )
        FIGURES[f"training utterances ({language})"] = f"{count} in {len(files)} files"
        assert count > 1000


NEW_SERVICE = """
services:
  perm:
    name: {fi: permanentti, en: perm}
    aliases: {fi: [permis], en: [permanent wave]}
    minutes: 120
    price: from 99
    staff: [aino]
    description: {fi: Kiharoita., en: Curls.}
"""


@pytest.fixture
def understanding_of_changed_business(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Understanding]:
    """The same model, loaded where business.yml has one more service."""
    page = (ROOT / "business.yml").read_text(encoding="utf-8")
    changed = tmp_path / "business.yml"
    changed.write_text(page.replace("\nservices:\n", NEW_SERVICE), encoding="utf-8")
    monkeypatch.setenv("TISKI_BUSINESS", str(changed))
    business_names.services.cache_clear()
    yield Understanding(model)
    business_names.services.cache_clear()


def test_a_new_service_is_understood_without_training(
    understanding_of_changed_business: Understanding,
) -> None:
    texts = ["varaa permanentti", "saisko permiksen", "book a perm", "i'd like a permanent wave"]
    wrong = []
    understood = understanding_of_changed_business.parsed(texts)
    for text, parsed in zip(texts, understood, strict=True):
        services = [e["value"] for e in parsed["entities"] if e["entity"] == "service"]
        if (parsed["intent"]["name"], services) != ("book_appointment", ["perm"]):
            wrong.append(f"{parsed['intent']['name']} {services}: {text}")
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wish_is_found_in_a_story(understanding: Understanding, language: str) -> None:
    """A held-out wish among four sentences that want nothing; those alone are no wish."""
    file = ROOT / "tests" / "nlu" / "story" / f"{language}.yml"
    besides = YAML(typ="safe").load(file.read_text(encoding="utf-8"))["sentences"]
    chance = random.Random(1)
    wishes = [each for each in written(language) if each[0] not in NO_WISHES]
    wishes = chance.sample(wishes, 200)
    stories, without = [], []
    for intent, text in wishes:
        said = chance.sample(besides, 4)
        without.append((intent, " ".join(said)))
        said.insert(chance.randrange(5), text if text[-1] in ".!?" else f"{text}.")
        stories.append((intent, " ".join(said)))
    found = parsed_all(understanding, stories)
    right = sum(understood_as(one.parsed) == one.intent for one in found) / len(found)
    wrong = [
        understood_as(one.parsed)
        for one in parsed_all(understanding, without)
        if understood_as(one.parsed) not in {*NO_WISHES, "nlu_fallback"}
    ]
    FIGURES[f"wish in a story ({language})"] = (
        f"{right:.3f} understood, {len(wrong) / len(found):.3f} of stories without one taken for one"
    )
    # .34 and .30 where the message is read as a whole; of the English sentences one sounds like a wish
    # (.42 and .45 after two trainings)
    least, most = {"fi": (0.8, 0.15), "en": (0.65, 0.5)}[language]
    assert right >= least
    assert len(wrong) / len(found) <= most


@pytest.mark.parametrize("language", LANGUAGES)
def test_vague_messages_are_asked_about_or_taken_for_what_they_may_be(
    understanding: Understanding, language: str
) -> None:
    """`tests/nlu/vague`: two wishes or more fit, and a person behind a counter would ask."""
    file = ROOT / "tests" / "nlu" / "vague" / f"{language}.yml"
    cases = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    asked, fitting = 0, 0
    for case, parsed in zip(
        cases, understanding.parsed([case["text"] for case in cases]), strict=True
    ):
        guesses = [each["name"] for each in parsed["intent_ranking"]]
        offered = [name for name in guesses if name not in ("nlu_fallback", "out_of_scope")][:3]
        asks = parsed["decision"] == "clarify" and not {*offered}.isdisjoint(case["any_of"])
        asked += asks
        fitting += asks or (parsed["decision"] == "sure" and guesses[0] in case["any_of"])
    FIGURES[f"vague messages ({language})"] = (
        f"{len(cases)}, {asked} asked about, {fitting - asked} taken for one that fits"
    )
    assert asked / len(cases) >= 0.15
    assert fitting / len(cases) >= 0.7
