"""tiski/nlu/wish_in_story.py: the one sentence of a message that wants something."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tiski.nlu.wish_in_story import find_wishes, sentences

GUESSES = {
    "Hei!": ("greet", 0.99),
    "Muutettiin tänne.": ("give_feedback", 0.9),
    "Onko perjantaina tilaa?": ("check_availability", 0.9),
    "Varaisin ajan.": ("book_appointment", 0.95),
    "Missä mun tilaus on?": ("check_order_status", 0.95),
    "Ehkä aika.": ("book_appointment", 0.6),
    "Olen pettynyt.": ("complain", 0.99),
    "Koti on sekaisin.": ("complain", 0.9),
    "Moneltako suljette?": ("faq/opening_hours", 0.9),
}


def best(texts: Sequence[str]) -> list[tuple[str, float]]:
    return [GUESSES[text] for text in texts]


def found(text: str) -> list[str]:
    return [wish.text for wish in find_wishes(sentences(text), best, best)]


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("Hei! Muutettiin tänne. Varaisin ajan.", ["Varaisin ajan."]),
        ("Moneltako suljette?\nMuutettiin tänne.", ["Moneltako suljette?"]),
        # two words for one wish
        ("Onko perjantaina tilaa? Varaisin ajan.", ["Varaisin ajan."]),
        ("Muutettiin tänne. Olen pettynyt.", ["Olen pettynyt."]),
        ("Varaisin ajan. Hei! Missä mun tilaus on?", ["Varaisin ajan.", "Missä mun tilaus on?"]),
        ("Varaisin ajan. Missä mun tilaus on? Moneltako suljette?", []),  # too many to be sure
        ("Hei! Ehkä aika.", []),  # not sure enough
        ("Koti on sekaisin. Muutettiin tänne. Varaisin ajan.", ["Varaisin ajan."]),
        ("Hei! Muutettiin tänne.", []),
        ("Varaisin ajan.", []),  # one sentence is the whole
    ],
)
def test_what_a_message_is_about_is_found(text: str, wishes: list[str]) -> None:
    assert found(text) == wishes


def test_few_sentences_are_looked_at_closely() -> None:
    looked_at: list[str] = []

    def closely(texts: Sequence[str]) -> list[tuple[str, float]]:
        looked_at.extend(texts)
        return best(texts)

    assert find_wishes(sentences("Ehkä aika. " * 200), best, closely) == []
    assert len(looked_at) == 4
    looked_at.clear()
    assert find_wishes(sentences("Hei! " * 200), best, closely) == []
    assert looked_at == []


def test_sentences_end_with_their_mark_and_know_their_place() -> None:
    text = "Moi! Klo 14.30 käy. Ok?\n\nk. Kiitos…"
    found = sentences(text)
    assert [each.text for each in found] == ["Moi!", "Klo 14.30 käy.", "Kiitos…"]
    assert all(text[each.start : each.end] == each.text for each in found)
