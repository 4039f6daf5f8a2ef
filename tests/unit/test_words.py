"""tiski/words.py: the responses of data/, for code that speaks by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiski import words
from tiski.words import Words, WordsError

RESPONSES = """
responses:
  utter_call:
  - condition: &fi [{type: slot, name: language, value: fi}]
    text: Soita {phone}.
  - condition: *fi
    text: Numero on {phone}.
  - condition: &en [{type: slot, name: language, value: en}]
    text: Call {phone}.
    buttons: [{title: Yes, payload: /affirm}]
  utter_choosy:
  - condition: [{type: slot, name: language, value: fi}, {type: slot, name: open, value: true}]
    text: Avoinna.
  - condition: *fi
    channel: sms
    text: Lyhyt.
  - condition: *fi
    text: Aina totta.
  utter_same:
  - text: OK
"""


@pytest.fixture
def desk(tmp_path: Path) -> Words:
    folder = tmp_path / "data" / "responses"
    folder.mkdir(parents=True)
    (folder / "a.yml").write_text(RESPONSES, encoding="utf-8")
    return Words(folder)


def test_phrases_of_a_language_in_the_order_of_the_file(desk: Words) -> None:
    assert desk.phrases("utter_call", "fi") == ["Soita {phone}.", "Numero on {phone}."]
    assert desk.languages("utter_call") == ["fi", "en"]


def test_phrase_is_the_first_or_the_one_asked_for(desk: Words) -> None:
    assert desk.phrase("utter_call", "fi", phone="1") == "Soita 1."
    assert desk.phrase("utter_call", "fi", 1, phone="1") == "Numero on 1."
    assert desk.phrase("utter_call", "fi", 2, phone="1") == "Soita 1."


def test_a_date_and_the_sentence_share_a_point(desk: Words) -> None:
    assert desk.phrase("utter_call", "fi", phone="24.11.") == "Soita 24.11."


def test_variations_for_other_slots_or_channels_are_left_out(desk: Words) -> None:
    assert desk.phrases("utter_choosy", "fi") == ["Aina totta."]


def test_a_variation_without_language_is_for_all(desk: Words) -> None:
    assert desk.phrases("utter_same", "sv") == ["OK"]


def test_buttons_follow_the_language(desk: Words) -> None:
    assert desk.buttons("utter_call", "en") == [{"title": "Yes", "payload": "/affirm"}]
    assert desk.buttons("utter_call", "fi") == []


@pytest.mark.parametrize(
    ("key", "language", "said"),
    [
        ("utter_nothing", "fi", "data/responses: utter_nothing: no such response"),
        ("utter_call", "sv", "utter_call: no text in language 'sv'"),
        ("utter_call", "en", "language 'en': placeholder {phone} got no value; known here: email"),
    ],
)
def test_what_is_missing_is_named(desk: Words, key: str, language: str, said: str) -> None:
    with pytest.raises(WordsError) as raised:
        desk.phrase(key, language, email="x")
    assert said in str(raised.value)


@pytest.mark.parametrize("language", ["fi", "en"])
@pytest.mark.parametrize(
    "key",
    [
        "utter_technical_problem",
        "utter_empty_message",
        "utter_message_too_long_cut",
        "utter_too_fast",
    ],
)
def test_the_channels_own_words_are_written(key: str, language: str) -> None:
    assert words.phrase(key, language, phone="+358 6 555 0142")
