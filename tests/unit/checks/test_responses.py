"""tiski/checks/responses.py and code.py: each check fails on a broken copy."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import change, found

from tiski.checks.project import Project
from tiski.checks.responses import notes

RESPONSES = "data/responses/responses.yml"
WORDS = "data/words/words.yml"
BOOKED = f"{RESPONSES}:14: utter_booked"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            RESPONSES,
            "  - condition: *en\n    text: Which day?\n",
            "",
            f"{RESPONSES}:9: utter_ask_day: variations: 1 in fi, 0 in en;"
            " expected the same number in each language",
        ),
        (
            RESPONSES,
            "  - condition: *en\n    text: Which day?\n",
            "  - condition: *en\n    text: Which day?\n  - channel: sms\n    text: Day?\n",
            f'{RESPONSES}:9: utter_ask_day: variation for the channel sms "Day?" has language None;'
            " expected a condition on language: fi or en",
        ),
        (
            RESPONSES,
            "Booked for {when}, call {phone}.",
            "Booked for {when}.",
            f"{BOOKED}: {{phone}} in one language only; expected the same placeholders in fi and en",
        ),
        (
            RESPONSES,
            "Booked for {when}, call {phone}.",
            "Booked for {when}, call {phone}, {phone|once}.",
            f"{BOOKED}: {{phone|once}};"
            " expected {name}, or {name|one|many}: two texts, each after a |",
        ),
        (
            WORDS,
            'en: "Yes"',
            'en: "{Yes}"',
            f"{WORDS}:2: button_yes: {{Yes}};"
            " expected {name}, or {name|one|many}: two texts, each after a |",
        ),
        (
            RESPONSES,
            "Booked for {when}, call {phone}.",
            "Booked for {when}, call {phone} {hour|hour|hours}.",
            f"{BOOKED}: {{hour}} in one language only; expected the same placeholders in fi and en",
        ),
        (
            RESPONSES,
            "buttons: [{title: Book, payload: /book}]",
            "buttons: [{title: Book, payload: /greet}]",
            f"{RESPONSES}:2: utter_greet: fi {{'/book': 1}}, en {{'/greet': 1}};"
            " expected the same buttons in fi and en",
        ),
        (
            RESPONSES,
            "payload: /book}",
            "payload: /bok}",
            f'{RESPONSES}:2: utter_greet: "Varaa": /bok;'
            " expected a payload that names an intent of domain.yml",
        ),
        (
            RESPONSES,
            "payload: /book}",
            "payload: what is this}",
            f'{RESPONSES}:2: utter_greet: "Varaa": what is this;'
            " expected an example or a choice_… of the same language, or /intent",
        ),
        (
            "actions/book.py",
            'when="now"',
            'then="now"',
            "actions/book.py:2: utter_booked: gives no value for {when};"
            f" expected one, as {RESPONSES} has it",
        ),
        (
            "actions/book.py",
            '"/book"',
            '"/bok"',
            "actions/book.py:2: payload: /bok; expected an intent of domain.yml",
        ),
        (
            "actions/book.py",
            "button_yes",
            "button_no",
            "actions/book.py:2: button_no: not written;"
            " expected it in data/responses or data/words",
        ),
        (
            "actions/book.py",
            '"utter_booked"',
            'f"utter_book{turn}"',
            "actions/book.py:2: utter_book{turn}: a name put together;"
            " expected its members in tiski/checks/families.yml",
        ),
        (
            WORDS,
            ', en: "Yes"',
            "",
            f"{WORDS}:2: button_yes: no text in en; expected a text in fi and en",
        ),
        (
            WORDS,
            "words:",
            "words:\n  choice_fly: {fi: Lennä, en: Fly}",
            f"{WORDS}:2: choice_fly: offers a wish that is no intent; expected choice_<intent>",
        ),
        (
            "domain.yml",
            "[day]",
            "[day, hour]",
            "domain.yml: book_form: hour has no question; expected utter_ask_hour",
        ),
        (
            "data/rules/rules.yml",
            "utter_greet",
            "utter_booked",
            f"{RESPONSES}:2: utter_greet: nothing says it;"
            " expected a rule, a form or an action that does",
        ),
    ],
)
def test_what_is_broken_is_named(root: Path, file: str, old: str, new: str, said: str) -> None:
    change(root / file, old, new)
    assert said in found(root)


def test_an_unknown_placeholder(root: Path) -> None:
    change(root / RESPONSES, "Mikä päivä?", "Mikä {päivä} {daay}?".replace("{päivä} ", ""))
    change(root / RESPONSES, "Which day?", "Which {daay}?")
    (said,) = found(root)
    assert said.startswith(f"{RESPONSES}:9: utter_ask_day: unknown placeholder {{daay}}; expected")


def test_one_response_in_two_files(root: Path) -> None:
    again = (root / "data/responses/faq.yml").read_text(encoding="utf-8")
    (root / "data/responses/more.yml").write_text(again, encoding="utf-8")
    said = "data/responses/more.yml:2: utter_faq/parking: also in data/responses/faq.yml;"
    assert any(one.startswith(said) for one in found(root))


def test_an_untranslated_text_is_a_note(root: Path) -> None:
    change(root / WORDS, '"Yes"', '"Kyllä"')
    assert [str(note) for note in notes(Project(root))] == [
        f'{WORDS}:2: button_yes: the same in fi and en: "Kyllä";'
        " expected a translation, unless it is meant so"
    ]
