"""tiski/nlu/time: odd, long and hostile input."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from one_monday import MONDAY

from tiski.nlu.time import find_impossible, find_times
from tiski.nlu.time import tokens as tokens_module
from tiski.nlu.time.tokens import tokenize


@pytest.mark.parametrize("text", ["", " ", "\n\t", "?!", "💇‍♀️💇", "\u0000", "١٥:٣٠", "a" * 5000])
def test_nothing_in_it(text: str) -> None:
    assert find_times(text, now=MONDAY) == []


@pytest.mark.parametrize(
    "text", ["in 99999999 days", "9999 vuoden päästä", "in 900 years", "1.1.0000"]
)
def test_beyond_the_calendar(text: str) -> None:
    assert all(span.begin.year < 10000 for span in find_times(text, now=MONDAY))


_PIECES = st.sampled_from(
    re.findall(
        r"\S+",
        "huomenna tomorrow klo at 3 15 15.30 3.12. 31.2. ti la to ensi next viikolla week 48 tai or "
        "ja and ei not eiku vaan kolmelta kolmen jälkeen after ennen before between välillä 12-14 - "
        "puoli half past quarter to vaille päivä the 24th of november joulukuun , . ? : / in päästä "
        "days viikon 2 pm noon aamulla from until heti 0 00 99 2026 €",
    )
)


@settings(derandomize=True, database=None, deadline=None, max_examples=400)
@given(st.lists(_PIECES, max_size=14).map(" ".join), st.booleans())
def test_any_mixture_of_words_is_read_without_fault(text: str, expect_time: bool) -> None:
    find_impossible(text)
    last = 0
    for span in find_times(text, now=MONDAY, expect_time=expect_time):
        assert text[span.start : span.end] == span.text
        assert span.finish is None or span.begin < span.finish
        assert span.start >= last
        last = span.end
        assert span.as_entity()["value"] == span.value


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(st.text(max_size=60))
def test_any_text_is_read_without_fault(text: str) -> None:
    for span in find_times(text, now=MONDAY):
        assert text[span.start : span.end] == span.text


@pytest.mark.parametrize(
    "unit",
    ["klo klo klo 1 1 1 ", "1.1.", "1-1-", "ti tai ", "ei torstaina ", "a", "a@", "0 00 ", "+358 "],
)
def test_hostile_input_costs_little(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the input costs about twice as much, measured without the bound on the length."""
    monkeypatch.setattr(tokens_module, "MAX_TOKENS", 10**6)
    monkeypatch.setattr(tokens_module, "MAX_CHARACTERS", 10**6)
    once = _fastest((unit * 1000)[:1000])
    four_times = _fastest((unit * 4000)[:4000])
    # a quadratic reading would take 16 times as long
    assert four_times < 10 * once + timedelta(milliseconds=20)


def test_long_messages_are_cut() -> None:
    assert len(tokenize("1 " * 5000)) == tokens_module.MAX_TOKENS
    assert tokenize("x" * 5000)[0].end == tokens_module.MAX_CHARACTERS


def _fastest(text: str) -> timedelta:
    def once() -> float:
        begin = time.process_time()
        find_times(text, now=MONDAY)
        return time.process_time() - begin

    return timedelta(seconds=min(once() for _ in range(3)))
