"""tiski/nlu/near_words.py: words one typo away, and words that stand side by side."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from rapidfuzz.distance import OSA

from tiski.nlu.near_words import BEGIN, NearWords, WordPairs

WORDS = ["aika", "ajat", "paikka", "taika", "aikaa", "akia", "a", "ei", "en", "on", "tilaus"]


@pytest.mark.parametrize("word", [*WORDS, "aiak", "aik", "aikka", "tialus", "xyz", "n", ""])
def test_it_finds_what_comparing_with_every_word_finds(word: str) -> None:
    near = {known for known in WORDS if OSA.distance(word, known) == 1}
    assert set(NearWords(WORDS).near(word)) == near


def test_a_word_is_likelier_where_it_stood() -> None:
    texts = [["varaa", "aika"], ["varaa", "aika"], ["peru", "aika"], ["aika"], ["varaa", "auto"]]
    words = Counter(word for text in texts for word in text)
    pairs = WordPairs().learn(texts).of(words, len(texts))
    assert pairs.are_neighbours("varaa", "aika") and pairs.are_neighbours(BEGIN, "varaa")
    assert not pairs.are_neighbours("varaa", "auto")  # once only
    # two of three times after "varaa", four of nine words anywhere
    assert pairs.told("varaa", "aika") == pytest.approx(math.log((2 / 3) / (4 / 9)))
    assert pairs.told("varaa", "auto") == pairs.told("aika", "varaa") == 0
    again = WordPairs().set(pairs.counts).of(words, len(texts))
    assert again.told("varaa", "aika") == pairs.told("varaa", "aika")
