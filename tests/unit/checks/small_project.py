"""A small project that every check passes, to be broken by the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiski.checks.data import own_problems
from tiski.checks.project import Project

DOMAIN = """\
intents:
  - greet
  - book
  - faq: {is_retrieval_intent: true}
forms:
  book_form: {required_slots: [day]}
actions: [action_book, validate_book_form]
"""
RULES = """\
rules:
  - rule: A greeting is answered
    steps:
      - intent: greet
      - action: utter_greet
  - rule: Booking begins
    steps:
      - intent: book
      - action: book_form
      - active_loop: book_form
  - rule: book_form is filled
    condition:
      - active_loop: book_form
    steps:
      - action: book_form
      - active_loop: null
      - action: action_book
"""
RESPONSES = """\
responses:
  utter_greet:
  - condition: &fi [{type: slot, name: language, value: fi}]
    text: Tervetuloa!
    buttons: [{title: Varaa, payload: /book}]
  - condition: &en [{type: slot, name: language, value: en}]
    text: Welcome!
    buttons: [{title: Book, payload: /book}]
  utter_ask_day:
  - condition: *fi
    text: Mikä päivä?
  - condition: *en
    text: Which day?
  utter_booked:
  - condition: *fi
    text: Varattu {when}, soita {phone}.
  - condition: *en
    text: Booked for {when}, call {phone}.
"""
WORDS = """\
words:
  button_yes: {fi: "Kyllä", en: "Yes"}
"""
ACTION = """\
def run(turn):
    turn.say("utter_booked", when="now", buttons=[turn.button("button_yes", "/book")])
"""


def nlu(intent: str, language: str | None, texts: list[str]) -> str:
    """A file of examples."""
    metadata = f"    metadata: {{language: {language}}}\n" if language else ""
    lines = "".join(f"      - {text}\n" for text in texts)
    head = f'# {intent}: what it is, e.g. "{texts[0]}"\nversion: "3.1"\nnlu:\n'
    return f"{head}  - intent: {intent}\n{metadata}    examples: |\n{lines}"


def messages(intent: str, language: str, what: str, count: int) -> list[str]:
    """As many messages as are asked for, no two alike in their words."""
    return [
        f"{what} {intent} {language} {'abcdefghijklmnopqrstuvwxyz'[n] * 3}" for n in range(count)
    ]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's folder."""
    monkeypatch.setattr("tiski.checks.code.families", dict)
    monkeypatch.setattr("tiski.checks.responses.families", dict)
    files = {
        "domain.yml": DOMAIN,
        "data/rules/rules.yml": RULES,
        "data/responses/responses.yml": RESPONSES,
        "data/words/words.yml": WORDS,
        "actions/book.py": ACTION,
    }
    for language in ("fi", "en"):
        for intent, count in (("greet", 25), ("book", 25), ("faq/parking", 12)):
            path = f"{intent if '/' in intent else f'talk/{intent}'}.yml"
            learnt = messages(intent, language, "learnt", count)
            files[f"data/nlu/{language}/{path}"] = nlu(intent, language, learnt)
            held = messages(intent, language, "held out", 6 if "/" in intent else 12)
            files[f"tests/nlu/{language}/{path}"] = nlu(intent, None, held)
    files["data/responses/faq.yml"] = """\
responses:
  utter_faq/parking:
  - condition: [{type: slot, name: language, value: fi}]
    text: Pihalla.
  - condition: [{type: slot, name: language, value: en}]
    text: In the yard.
"""
    files["data/rules/faq.yml"] = """\
rules:
  - rule: A question is answered
    steps:
      - intent: faq
      - action: utter_faq
"""
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def found(root: Path) -> list[str]:
    """What the checks say of the project now."""
    return [str(problem) for problem in own_problems(Project(root))[0]]


def change(file: Path, old: str, new: str) -> None:
    """Replace what must be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text, old
    file.write_text(text.replace(old, new), encoding="utf-8")
