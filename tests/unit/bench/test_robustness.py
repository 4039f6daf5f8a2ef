"""tiski/bench/robustness.py: what each variant changes, and that it changes nothing else."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest

from tiski.bench.robustness import (
    NEIGHBOURS,
    VARIANTS,
    decomposed,
    one_typo,
    two_typos,
    upper_case,
    without_spaces,
    without_umlauts,
)
from tiski.paths import ROOT

TEXTS = (
    "Pääsisikö elefantti hissillä yläkertaan?",
    "is there a lift for elephants",
    "ok",
    "Å",
    "tilaus 10234, sähköposti elli@posti.example",
)


def steps(a: str, b: str) -> int:
    """Typos between two texts: letters changed, missing, added, or swapped with the next."""
    rows = [[i + j if 0 in (i, j) else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            rows[i][j] = min(
                rows[i - 1][j] + 1,
                rows[i][j - 1] + 1,
                rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]),
            )
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


def test_the_plain_variants() -> None:
    text = "Käykö Åken öljy, 5 l?"
    assert upper_case(text) == "KÄYKÖ ÅKEN ÖLJY, 5 L?"
    assert without_umlauts(text) == "Kayko Aken oljy, 5 l?"
    assert without_umlauts(decomposed(text)) == "Kayko Aken oljy, 5 l?"
    assert without_spaces(" käykö\tse\n nyt ") == "käykösenyt"
    assert decomposed("ä") == "a\u0308"
    assert unicodedata.normalize("NFC", decomposed(text)) == text


@pytest.mark.parametrize("text", TEXTS)
def test_one_typo_is_one_step(text: str) -> None:
    for seed in range(200):
        spoilt = one_typo(text, seed)
        assert steps(text, spoilt) == 1, spoilt


@pytest.mark.parametrize("text", [text for text in TEXTS if len(text) > 5])
def test_two_typos_are_two_steps(text: str) -> None:
    for seed in range(200):
        spoilt = two_typos(text, seed)
        assert steps(text, spoilt) == 2, spoilt


def test_every_kind_of_typo_is_made() -> None:
    made = {one_typo("abc", seed) for seed in range(500)}
    assert {"sbc", "bc", "aabc", "bac"} <= made  # neighbour, dropped, doubled, swapped
    assert all(len(text) in (2, 3, 4) for text in made)


def test_numbers_and_signs_stay() -> None:
    text = "#10234 elli@posti.example :-)"
    for seed in range(200):
        spoilt = two_typos(text, seed)
        assert [c for c in spoilt if not c.isalpha()] == [c for c in text if not c.isalpha()]


@pytest.mark.parametrize("text", ["", "?", "10234", "👍", "日本"])
def test_a_text_without_letters_of_the_keyboard_stays(text: str) -> None:
    assert one_typo(text) == two_typos(text) == text


def test_a_word_of_one_letter_does_not_vanish() -> None:
    assert all(len(one_typo("i", seed)) >= 1 for seed in range(100))


def test_case_is_kept() -> None:
    assert all(one_typo("QWERTY", seed).isupper() for seed in range(100))


def test_a_seed_gives_the_same_typo_in_another_process() -> None:
    text = TEXTS[0]
    code = f"from tiski.bench.robustness import two_typos; print(two_typos({text!r}, 7))"
    there = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert there.stdout.strip() == two_typos(text, 7)
    assert len({two_typos(text, seed) for seed in range(50)}) > 25


def test_neighbours_of_the_finnish_keyboard() -> None:
    assert set(NEIGHBOURS["g"]) == set("ftyhvb")
    assert set(NEIGHBOURS["ö"]) == set("lpåä")
    assert set(NEIGHBOURS["q"]) == set("wa")
    assert all(a in NEIGHBOURS[b] for a in NEIGHBOURS for b in NEIGHBOURS[a])


def test_every_variant_is_named() -> None:
    assert list(VARIANTS) == [
        "upper case",
        "no umlauts",
        "one typo",
        "two typos",
        "no spaces",
        "NFD",
    ]
    assert all(variant("Ä ä", 1) != "Ä ä" for variant in VARIANTS.values())
