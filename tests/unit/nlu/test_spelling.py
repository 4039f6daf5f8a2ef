"""tiski/nlu/spelling.py: typos and missing spaces, before the intent is looked for."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tiski.nlu.spelling import Spelling

EXAMPLES = [
    "haluaisin varata ajan hiustenleikkuuseen",
    "haluaisin perua ajan huomenna",
    "missä mun tilaus on",
    "missä mun paketti on",
    "i'd like to book an appointment",
    "where is my order",
    "can't come tomorrow",
    "where is my parcel",
]
KNOWN_ELSEWHERE = {"permis", "opaskoira", "wheelchair"}


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling(KNOWN_ELSEWHERE.__contains__).learn(EXAMPLES)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("missä mun tialus on", "missä mun tilaus on"),
        ("missä mun tilsus on", "missä mun tilaus on"),
        ("missä mun tiilaus on?", "missä mun tilaus on?"),
        ("haluaisn perua ajn", "haluaisin perua ajan"),
        ("an apointmnt", "an appointment"),  # two typos in a long word
        ("wher is my oredr", "where is my order"),
    ],
)
def test_typos_are_mended(spelling: Spelling, written: str, meant: str) -> None:
    assert spelling.mend(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("missa mun tilaus on", "missä mun tilaus on"),
        ("missa mun tilsus on", "missä mun tilaus on"),
        ("missamuntilauson", "missä mun tilaus on"),
        ("kay lapi", "käy läpi"),  # said often: meant, though it is a name elsewhere
        ("poly", "poly"),  # a word elsewhere, and said once with dots
        ("mina", "mina"),  # both stand in the examples
    ],
)
def test_umlauts_get_their_dots_back(written: str, meant: str) -> None:
    examples = [*EXAMPLES, *["käy läpi"] * 5, "pöly", "minä mina"]
    assert Spelling({"kay", "poly"}.__contains__).learn(examples).mend(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("missämuntilauson", "missä mun tilaus on"),
        ("haluaisinvarataajan", "haluaisin varata ajan"),
        ("whereismyorder", "where is my order"),
        ("missämuntilauson,10234", "missä mun tilaus on,10234"),
        ("icancan'tcometomorrow", "i can can't come tomorrow"),
    ],
)
def test_words_run_together_are_cut(spelling: Spelling, written: str, meant: str) -> None:
    spelling = Spelling().learn([*EXAMPLES, "i can"])
    assert spelling.mend(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "missä mun tilaus on",
        "permis",  # of the business
        "permis tai opaskoira",
        "wheelchair",
        "xyz zyx",  # like nothing that is known
        "perus@where.example",
        "katso https://wher.example/oredr",
        "10234",
        "👍 !!",
        "on",
        "oo",  # too short to tell
    ],
)
def test_what_is_well_spelt_or_none_of_ours_stays(spelling: Spelling, text: str) -> None:
    assert spelling.mend(text) == text


def test_the_commoner_of_two_words_is_taken() -> None:
    spelling = Spelling().learn(["kampa kampa kampa", "kamla"])
    assert spelling.mend("kampla") == "kampa"


def test_people_mistype_first_letters_least() -> None:
    spelling = Spelling().learn(["maksu", "laksa"])
    assert spelling.mend("maksa") == "maksu"


def test_a_compound_is_not_cut_into_unlikely_words(spelling: Spelling) -> None:
    learnt = Spelling().learn([*EXAMPLES, *["on"] * 50, *["se"] * 50])
    assert learnt.mend("taskulampun") == "taskulampun"
    assert learnt.mend("onnistunee") == "onnistunee"


def test_nothing_learnt_mends_nothing() -> None:
    assert Spelling().mend("missämuntilauson tialus") == "missämuntilauson tialus"


def test_what_was_saved_mends_alike(spelling: Spelling, tmp_path: Path) -> None:
    spelling.save(tmp_path)
    again = Spelling().read(tmp_path)
    assert again.mend("missä mun tialus on") == "missä mun tilaus on"


@pytest.mark.parametrize("text", ["qwertyuiop" * 100, "xqz wvk " * 125, "a" * 1000, "'" * 1000])
def test_hostile_texts_take_little_time(spelling: Spelling, text: str) -> None:
    began = time.process_time()
    spelling.mend(text)
    assert time.process_time() - began < 0.1
