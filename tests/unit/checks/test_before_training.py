"""tiski/checks/before_training.py: what stops a training, and what need not."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import change

from tiski.checks.before_training import problems

RESPONSES = "data/responses/responses.yml"
GREET = "data/nlu/fi/talk/greet.yml"


def test_sound_data_may_be_trained(root: Path) -> None:
    assert problems(root) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "data/responses/faq.yml",
            "utter_faq/parking",
            "utter_faq/parkin",
            "data/nlu/fi/faq/parking.yml: faq/parking: no answer;"
            " expected utter_faq/parking in data/responses/faq.yml",
        ),
        (
            RESPONSES,
            "  - condition: *en\n    text: Which day?\n",
            "",
            f"{RESPONSES}:9: utter_ask_day: no text in en; expected a text in fi and en",
        ),
        (
            "data/words/words.yml",
            ', en: "Yes"',
            "",
            "data/words/words.yml:2: button_yes: no text in en; expected a text in fi and en",
        ),
        (
            GREET,
            "intent: greet",
            "intent: gret",
            f"{GREET}: gret: unknown intent; expected one of domain.yml",
        ),
        (
            GREET,
            "{language: fi}",
            "{language: en}",
            f"{GREET}: metadata.language: en; expected fi, as the folder",
        ),
    ],
)
def test_a_gap_is_one_line(root: Path, file: str, old: str, new: str, said: str) -> None:
    change(root / file, old, new)
    assert problems(root) == [said]


def test_few_examples_may_be_tried(root: Path) -> None:
    change(root / GREET, "      - learnt greet fi aaa\n", "")
    assert problems(root) == []


def test_another_shape_is_left_to_rasa(root: Path) -> None:
    (root / RESPONSES).write_text("responses: [1, 2]\n", encoding="utf-8")
    assert problems(root) == []
