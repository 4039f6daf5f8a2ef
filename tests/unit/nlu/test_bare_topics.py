"""tiski/nlu/bare_topics.py: a message that names a topic leaves its wish open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tiski.nlu.bare_topics import HALF, BareTopics, less_sure

LABELS = ["cancel_order", "check_order_status", "faq/prices", "greet", "out_of_scope"]
EXAMPLES = [
    *((f"peru tilaus {number}", "cancel_order") for number in range(5)),
    *((f"missä tilaus {number}", "check_order_status") for number in range(4)),
    *((f"maksaako tilaus {number}", "faq/prices") for number in range(2)),
    *((f"tilauksesta {number} puuttuu hinta", "faq/prices") for number in range(3)),
    *((f"lasku {number}", "cancel_order") for number in range(12)),
    *((f"perjantaina {number}", LABELS[number % 3]) for number in range(12)),
]


@pytest.fixture
def topics() -> BareTopics:
    texts, labels = zip(*EXAMPLES, strict=True)
    return BareTopics().learn(texts, labels)


def is_question(label: str) -> bool:
    return label.startswith("faq/")


@pytest.mark.parametrize("text", ["tilaus", "tilaus?", "mun tilaus", "moi, se on tilaus"])
def test_what_the_examples_with_a_word_want(topics: BareTopics, text: str) -> None:
    assert topics.shares(text) == {
        "cancel_order": pytest.approx(5 / 11, abs=0.001),
        "check_order_status": pytest.approx(4 / 11, abs=0.001),
        "faq/prices": pytest.approx(2 / 11, abs=0.001),
    }


def test_a_topic_that_is_announced_is_found_in_any_case(topics: BareTopics) -> None:
    shares = topics.shares("tilaukseen liittyvä kysymys")
    assert shares == {
        "cancel_order": pytest.approx(5 / 14, abs=0.001),
        "check_order_status": pytest.approx(4 / 14, abs=0.001),
        "faq/prices": pytest.approx(5 / 14, abs=0.001),
    }


@pytest.mark.parametrize(
    "text",
    [
        "peru tilaus",  # says what is wanted
        "haluan tilauksen",
        "peru",  # no topic, whatever the examples with it want
        "perjantaina",
        "lasku",  # most of its examples want one thing
        "hinta",  # too few examples
        "tilaukseen",  # alone, in a case that no example has it in
        "siitä kysyisin",  # no topic
        "",
        "?",
    ],
)
def test_any_other_message_is_left_to_the_classifier(topics: BareTopics, text: str) -> None:
    assert topics.shares(text) == {}


def test_what_is_saved_is_read(topics: BareTopics, tmp_path: Path) -> None:
    topics.save(tmp_path)
    read = BareTopics().read(tmp_path)
    text = "tilaukseen liittyvä kysymys"
    assert read.shares(text) == topics.shares(text) != {}


def test_a_wish_that_begins_something_is_asked_for() -> None:
    row = np.array([0.95, 0.02, 0.01, 0.01, 0.01])
    shares = {"cancel_order": 0.4, "check_order_status": 0.4, "greet": 0.2}
    found = less_sure(row, LABELS, shares, is_question)
    assert found is not None
    assert found.sum() == pytest.approx(1)
    assert LABELS[int(found.argmax())] == "cancel_order"
    assert found.max() < HALF
    assert LABELS[int(np.argsort(-found)[1])] == "check_order_status"


def test_two_wishes_that_share_everything_are_asked_about_too() -> None:
    row = np.array([1.0, 0.0, 0.0, 0.0, 0.0])
    shares = {"cancel_order": 0.5, "check_order_status": 0.5}
    found = less_sure(row, LABELS, shares, is_question)
    assert found is not None
    assert HALF > found[0] > found[1] > 0


def test_a_question_that_is_likely_is_answered() -> None:
    row = np.array([0.02, 0.02, 0.94, 0.01, 0.01])
    shares = {"cancel_order": 0.4, "faq/prices": 0.2, "check_order_status": 0.4}
    found = less_sure(row, LABELS, shares, is_question)
    assert found is not None
    assert LABELS[int(found.argmax())] == "faq/prices"
    assert found.max() >= HALF


@pytest.mark.parametrize(
    ("row", "shares"),
    [
        ([0.1, 0.1, 0.1, 0.6, 0.1], {"cancel_order": 0.4, "check_order_status": 0.4}),
        ([0.6, 0.1, 0.1, 0.1, 0.1], {}),
        ([0.6, 0.1, 0.1, 0.1, 0.1], {"greet": 0.4}),
        # what is left is nearer to no wish
        ([0.5, 0.01, 0.01, 0.0, 0.48], {"check_order_status": 0.5, "faq/prices": 0.5}),
    ],
)
def test_what_is_no_wish_stays_as_it_is(row: list[float], shares: dict[str, float]) -> None:
    assert less_sure(np.array(row), LABELS, shares, is_question) is None
