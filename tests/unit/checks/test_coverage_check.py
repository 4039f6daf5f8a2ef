"""tiski/checks/coverage.py: what no story and no conversation reaches is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_project import change

from tiski.checks.coverage import Reached, of_stories, unreached
from tiski.checks.project import Project

STORIES = """\
stories:
  - story: greeted, asked, booked
    steps:
      - user: hei
        intent: greet
      - action: utter_greet
      - user: parkki?
        intent: faq/parking
      - action: utter_faq
      - user: aika
        intent: book
      - action: book_form
      - active_loop: book_form
      - user: huomenna
        intent: greet
      - action: book_form
      - active_loop: null
      - slot_was_set:
          - requested_slot: null
      - action: action_book
"""


@pytest.fixture
def stories(root: Path) -> Path:
    folder = root / "tests/stories"
    folder.mkdir()
    (folder / "test_all.yml").write_text(STORIES, encoding="utf-8")
    return folder


def missing(root: Path, stories: Path, conversations: Reached | None = None) -> list[str]:
    return [str(p) for p in unreached(Project(root), of_stories(stories), conversations)]


def test_stories_reach_everything_but_what_forms_run(root: Path, stories: Path) -> None:
    assert missing(root, stories) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "intent: faq/parking",
            "intent: faq/prices",
            "domain.yml: intent: nothing reaches faq/parking;"
            " expected a story or a conversation with intent: faq/parking",
        ),
        (
            "- active_loop: book_form",
            "- slot_was_set: []",
            "domain.yml: form: nothing reaches book_form;"
            " expected a story or a conversation with active_loop: book_form",
        ),
        (
            "- action: action_book",
            "- action: action_listen",
            "domain.yml: action: nothing reaches action_book;"
            " expected a story or a conversation that runs it",
        ),
        (
            "- action: utter_greet",
            "- action: utter_faq",
            'data/rules/rules.yml:2: rule: nothing reaches "A greeting is answered";'
            " expected a story or a conversation in which utter_greet follows",
        ),
        (
            "- active_loop: null",
            "- slot_was_set: []",
            'data/rules/rules.yml:11: rule: nothing reaches "book_form is filled";'
            " expected a story or a conversation in which action_book follows",
        ),
    ],
)
def test_what_is_not_reached(root: Path, stories: Path, old: str, new: str, said: str) -> None:
    change(stories / "test_all.yml", old, new)
    assert said in missing(root, stories)


def user(intent: str, question: str | None = None) -> dict[str, Any]:
    return {
        "event": "user",
        "parse_data": {"intent": {"name": intent, "full_retrieval_intent_name": question}},
    }


def action(name: str) -> dict[str, Any]:
    return {"event": "action", "name": name}


def test_conversations_reach_what_stories_do_not(root: Path, stories: Path) -> None:
    (stories / "test_all.yml").write_text("stories: []\n", encoding="utf-8")
    played = Reached()
    turns = [
        [user("greet"), action("utter_greet"), action("action_listen")],
        [user("faq", "faq/parking"), action("utter_faq")],
        [
            user("book"),
            action("book_form"),
            {"event": "active_loop", "name": "book_form"},
            {"event": "slot", "name": "requested_slot", "value": "day"},
        ],
        [
            user("greet"),
            action("book_form"),
            {"event": "active_loop", "name": None},
            action("action_book"),
        ],
    ]
    for turn in turns:
        played.take_events(turn)
    assert missing(root, stories, played) == []
    assert played.asked == {"day"}


def test_a_forms_question_needs_a_conversation(root: Path, stories: Path) -> None:
    change(root / "domain.yml", "action_book,", "action_book, action_ask_day,")
    played = Reached(forms={"book_form"})
    assert missing(root, stories, played) == [
        "domain.yml: action: nothing reaches action_ask_day;"
        " expected a story or a conversation that runs it"
    ]


def test_a_question_of_one_form_needs_that_form(root: Path, stories: Path) -> None:
    change(root / "domain.yml", "action_book,", "action_book, action_ask_book_form_day,")
    unreached = ["action_ask_book_form_day"]
    assert [name for name in unreached if name in str(missing(root, stories, Reached()))]
    assert missing(root, stories, Reached(forms={"book_form"}, asked={"day"})) == []
