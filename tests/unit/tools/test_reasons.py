"""tiski/tools/reasons.py: the words that make the difference."""

from __future__ import annotations

from tiski.tools.reading import Reading
from tiski.tools.reasons import reasons

SHARES = {"varaa": 0.6, "huomenna": -0.1, "aika": 0.2, "nyt": 0.01}


def read(text: str) -> Reading:
    confidence = sum(SHARES[word] for word in text.split())
    return Reading(text, "fi", "sure", (("book", confidence),), ())


def test_each_word_is_left_out_and_the_weightiest_comes_first() -> None:
    found = reasons(read("varaa aika  huomenna nyt"), read)
    assert [(one.word, round(one.change, 2)) for one in found] == [
        ("varaa", -0.6),
        ("aika", -0.2),
        ("huomenna", 0.1),
    ]
    assert round(found[0].confidence, 2) == 0.11


def test_one_word_or_none_has_no_reasons() -> None:
    assert reasons(read("varaa"), read) == []
    assert reasons(Reading("", None, "fallback", (), ()), read) == []


def test_a_word_that_stands_twice_is_left_out_one_at_a_time() -> None:
    assert [one.word for one in reasons(read("aika aika"), read)] == ["aika", "aika"]


def test_a_long_message_is_read_thirty_times_at_most() -> None:
    asked = []

    def counting(text: str) -> Reading:
        asked.append(text)
        return read(text)

    reasons(read("nyt " * 200), counting)
    assert len(asked) == 30
