"""tiski/nlu/two_wishes.py: where a message is split, and when it holds two wishes."""

from __future__ import annotations

import pytest

from tiski.nlu.two_wishes import LIKELY, SURE, Classify, Guess, find_two_wishes

KNOWN = {
    "book a cut": ("book_appointment", 0.9),
    "where is my order": ("check_order_status", 0.8),
    "where is my order?": ("check_order_status", 0.8),
    "is there parking?": ("faq/parking", 0.9),
    "is there parking": ("faq/parking", 0.9),
    "which times are free": ("check_availability", 0.9),
    "thanks": ("thank", 0.99),
    "perhaps a colour": ("faq/prices", SURE - 0.01),
    "varaa aika": ("book_appointment", 0.9),
    "missä mun tilaus on": ("check_order_status", 0.9),
}


def classify(texts: list[str]) -> list[Guess]:
    return [KNOWN.get(text.strip(), ("out_of_scope", 0.3)) for text in texts]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("book a cut and where is my order", "book a cut", "where is my order"),
        ("book a cut. Also where is my order?", "book a cut.", "where is my order?"),
        ("is there parking? book a cut", "is there parking?", "book a cut"),
        ("varaa aika ja missä mun tilaus on", "varaa aika", "missä mun tilaus on"),
        ("varaa aika sekä missä mun tilaus on", "varaa aika", "missä mun tilaus on"),
    ],
)
def test_two_sure_wishes(text: str, first: str, second: str) -> None:
    # a full stop is not part of what the model was asked above
    KNOWN.setdefault(first, KNOWN.get(first.rstrip("."), ("", 0.0)))
    found = find_two_wishes(text, classify, classify)
    assert found is not None
    assert (text[: found.first_end].strip(), text[found.second_start :].strip()) == (first, second)


@pytest.mark.parametrize(
    "text",
    [
        "book a cut",
        "book a cut and",
        "and where is my order",
        "book a cut and thanks",
        "book a cut and perhaps a colour",  # not sure enough
        "book a cut and which times are free",  # one wish in two sentences
        "book a cut and book a cut",
        "book a cut candy where is my order",
        "book a cut and where is my order " + "x" * 300,
        "",
        "?",
        ". . . ja ja ja",
    ],
)
def test_everything_else_is_one_wish(text: str) -> None:
    assert find_two_wishes(text, classify, classify) is None


def at(sureness: float) -> Classify:
    """What knows the same as `classify`, with another sureness."""
    return lambda texts: [(label, sureness) for label, _ in classify(texts)]


def never(texts: list[str]) -> list[Guess]:
    raise AssertionError(f"asked about {texts}")


TWO = "book a cut and where is my order"


@pytest.mark.parametrize("text", ["book a cut", "book a cut and thanks", "a and b and c"])
def test_most_messages_cost_a_glance(text: str) -> None:
    assert find_two_wishes(text, classify, never) is None
    assert find_two_wishes(TWO, at(LIKELY - 0.01), never) is None


def test_a_glance_need_not_be_sure_and_decides_nothing() -> None:
    found = find_two_wishes(TWO, at(LIKELY), at(SURE))
    assert found is not None
    assert (found.first, found.second) == (("book_appointment", SURE), ("check_order_status", SURE))
    assert find_two_wishes(TWO, at(1.0), at(SURE - 0.01)) is None


def test_a_closer_look_only_where_a_glance_saw_two() -> None:
    asked: list[str] = []

    def closer(texts: list[str]) -> list[Guess]:
        asked.extend(texts)
        return classify(texts)

    assert find_two_wishes(f"{TWO} and thanks", classify, closer) is None
    assert asked == []
    assert find_two_wishes(TWO, classify, closer) is not None
    assert asked == ["book a cut", "where is my order"]
