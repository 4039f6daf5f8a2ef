"""tiski/nlu/wish_in_story.py: the one sentence of a message that wants something."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tiski.nlu.wish_in_story import find_wish, sentences

GUESSES = {
    "Hei!": ("greet", 0.99),
    "Muutettiin tänne.": ("give_feedback", 0.9),
    "Onko perjantaina tilaa?": ("check_availability", 0.9),
    "Varaisin ajan.": ("book_appointment", 0.95),
    "Missä mun tilaus on?": ("check_order_status", 0.95),
    "Ehkä aika.": ("book_appointment", 0.6),
    "Olen pettynyt.": ("complain", 0.9),
    "Moneltako suljette?": ("faq/opening_hours", 0.9),
}


def best(texts: Sequence[str]) -> list[tuple[str, float]]:
    return [GUESSES[text] for text in texts]


def found(text: str) -> str | None:
    parts = sentences(text)
    number = find_wish(parts, best, best)
    return None if number is None else parts[number]


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Hei! Muutettiin tänne. Varaisin ajan.", "Varaisin ajan."),
        ("Moneltako suljette?\nMuutettiin tänne.", "Moneltako suljette?"),
        # two words for one wish
        ("Onko perjantaina tilaa? Varaisin ajan.", "Varaisin ajan."),
        ("Muutettiin tänne. Olen pettynyt.", "Olen pettynyt."),
        ("Varaisin ajan. Missä mun tilaus on?", None),  # two wishes
        ("Varaisin ajan. Olen pettynyt.", None),
        ("Hei! Ehkä aika.", None),  # not sure enough
        ("Hei! Muutettiin tänne.", None),
        ("Varaisin ajan.", None),  # one sentence is the whole
    ],
)
def test_the_only_wish_is_found(text: str, wish: str | None) -> None:
    assert found(text) == wish


def test_few_sentences_are_looked_at_closely() -> None:
    looked_at: list[str] = []

    def closely(texts: Sequence[str]) -> list[tuple[str, float]]:
        looked_at.extend(texts)
        return best(texts)

    assert find_wish(["Ehkä aika."] * 200, best, closely) is None
    assert len(looked_at) <= 4
    looked_at.clear()
    assert find_wish(["Hei!"] * 200, best, closely) is None
    assert looked_at == []


def test_sentences_end_with_their_mark() -> None:
    assert sentences("Moi! Klo 14.30 käy. Ok?\n\nk. Kiitos…") == [
        "Moi!",
        "Klo 14.30 käy.",
        "Kiitos…",
    ]
