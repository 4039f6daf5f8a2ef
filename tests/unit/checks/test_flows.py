"""tiski/checks/flows.py: the charts show what the data and the actions say, and age with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import change

from tiski.checks.flow_code import ActionCode
from tiski.checks.flow_reader import read
from tiski.checks.flow_text import box, first_sentences, question_of
from tiski.checks.flows import draw, drawn, problems
from tiski.checks.project import Project
from tiski.paths import ROOT

ACTIONS = """\
class Form:
    form = "book_form"

    async def begin(self, turn, draft):
        turn.say("utter_greet")


class Book:
    action = "action_book"

    async def serve(self, turn):
        if turn.slot("day") is None:
            turn.say("utter_greet")
            return after_form(turn, (), result="stopped")
        try:
            await book()
        except Refused:
            say_refused(turn, "book")
            return after_form(turn, (), result="failed")
        receipt = await open_ticket(turn)
        turn.say("utter_booked", when=receipt.answer_by)
        return after_form(turn, ())


def say_refused(turn, what):
    response = f"utter_{what}_refused"
    if what == "cancel":
        response = "utter_greet"
    turn.say(response, buttons=[turn.button("button_yes", "/request_human")])
"""
REFUSED = """\
responses:
  utter_book_refused:
  - condition: [{type: slot, name: language, value: fi}]
    text: Se päivä on täynnä.
  - condition: [{type: slot, name: language, value: en}]
    text: That day is full.
"""


@pytest.fixture
def project_root(root: Path) -> Path:
    """The small project, with actions that say how they end."""
    (root / "actions" / "book.py").write_text(ACTIONS, encoding="utf-8")
    (root / "data" / "responses" / "refused.yml").write_text(REFUSED, encoding="utf-8")
    return root


def test_an_actions_answers_and_how_they_end(project_root: Path) -> None:
    code = ActionCode(Project(project_root))
    reading = read(code, "action_book", "serve", "book")
    ends = {answer.key: answer.result for answer in reading.answers}
    assert ends == {
        "utter_greet": "stopped",
        "utter_book_refused": "failed",
        "utter_booked": "done",
    }
    assert reading.person_answers
    assert [a.key for a in reading.answers if a.offers_person] == ["utter_book_refused"]


def test_a_chart_has_question_ends_and_person(project_root: Path) -> None:
    page = drawn(Project(project_root))["book.md"]
    assert "Which day?<br/>Mikä päivä?" in page
    assert 'failed["That day is full."]:::failed' in page
    assert "done --> person" in page
    assert "| done | `utter_booked` |" in page


def test_the_same_data_gives_the_same_files(project_root: Path) -> None:
    assert drawn(Project(project_root)) == drawn(Project(project_root))


def test_what_is_out_of_date_is_named(project_root: Path) -> None:
    assert "README.md" in draw(Project(project_root))
    assert problems(Project(project_root)) == []
    change(project_root / "data/responses/responses.yml", "Which day?", "What day?")
    assert [problem.file for problem in problems(Project(project_root))] == ["docs/flows/book.md"]
    assert draw(Project(project_root)) == ["book.md"]
    assert problems(Project(project_root)) == []


def test_a_chart_of_what_is_no_more_is_named_and_goes(project_root: Path) -> None:
    draw(Project(project_root))
    old = project_root / "docs/flows/sing.md"
    old.write_text("# sing\n", encoding="utf-8")
    assert [str(problem) for problem in problems(Project(project_root))] == [
        "docs/flows/sing.md: flow: no use case any more; expected what ./scripts/draw-flows draws"
    ]
    draw(Project(project_root))
    assert not old.exists()


def test_a_form_whose_parts_are_not_written_yet_is_drawn(project_root: Path) -> None:
    """Rules first, then the rest: the slot's name stands where no question does."""
    (project_root / "actions" / "book.py").unlink()
    (project_root / "data/responses/responses.yml").write_text("responses: {}\n", encoding="utf-8")
    assert "day" in drawn(Project(project_root))["book.md"]


def test_every_form_with_a_rule_has_a_chart() -> None:
    project = Project(ROOT)
    pages = drawn(project)
    for file in sorted((ROOT / "data" / "rules").glob("*.yml")):
        for rule in project.load(file)["rules"]:
            steps = rule["steps"]
            intent = next((step["intent"] for step in steps if "intent" in step), None)
            if intent and any("active_loop" in step for step in steps):
                assert f"{intent}.md" in pages


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Thank you! I've noted it. And more.", "Thank you! I've noted it."),
        ("Order {number} is cancelled. The rest follows.", "Order ‹number› is cancelled."),
        ("Here is what I have for you now: a, b, c", "Here is what I have for you now …"),
    ],
)
def test_beginnings(text: str, short: str) -> None:
    assert first_sentences(text) == short


def test_a_question_is_found_behind_what_leads_to_it() -> None:
    assert question_of("This can't be undone.\nTime: {when}\nShall I go on?") == "Shall I go on?"


def test_nothing_in_a_label_is_mermaids_own() -> None:
    assert box('say "no" <b>') == '"say #quot;no#quot; #lt;b#gt;"'
