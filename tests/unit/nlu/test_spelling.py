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


BESIDE = [
    *["can i book a time"] * 40,
    *["can i pay by card"] * 30,
    *["what is the cost of a cut"] * 10,
    "my van is outside",
    *["opening hours on friday"] * 2,
    "friday 17",
]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("fan i book a time", "can i book a time"),
        ("the dost of a cut", "the cost of a cut"),  # a word elsewhere, in no example
        ("my van is outside", "my van is outside"),
        ("is the van there", "is the van there"),  # nothing says that it is another word
        ("ca i book", "can i book"),  # two letters, where a neighbour agrees
        ("ca", "ca"),
        ("on frdiya", "on friday"),  # two typos in a short word, where a neighbour agrees
        ("the frdiya", "the frdiya"),
        ("opennig hours", "opening hours"),
    ],
)
def test_the_words_beside_it_tell_what_is_meant(written: str, meant: str) -> None:
    learnt = Spelling({"dost", "ca", "fan"}.__contains__).learn(BESIDE)
    assert learnt.mend(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("bookatime17", "book a time 17"),
        ("friday17book", "friday 17 book"),
        ("cut17", "cut17"),  # too short to be sure
        ("k7pm2x", "k7pm2x"),
        ("gp33018 cost", "gp33018 cost"),
        ("costofacut,anna@post.example", "cost of a cut,anna@post.example"),
        ("costofacut:anna@post.example,book", "cost of a cut:anna@post.example,book"),
    ],
)
def test_numbers_and_addresses_are_told_from_words(written: str, meant: str) -> None:
    assert Spelling().learn([*BESIDE, "go to book"]).mend(written) == meant


def test_names_of_the_business_are_left_alone() -> None:
    assert Spelling({"fan"}.__contains__).learn(BESIDE).mend("fan i book") == "can i book"
    named = Spelling({"fan"}.__contains__, {"fan", "bock"}.__contains__).learn(BESIDE)
    assert named.mend("fan i book") == "fan i book"
    assert named.mend("can i bock") == "can i bock"


def test_nothing_learnt_mends_nothing() -> None:
    assert Spelling().mend("missämuntilauson tialus") == "missämuntilauson tialus"


def test_what_was_saved_mends_alike(spelling: Spelling, tmp_path: Path) -> None:
    spelling.save(tmp_path)
    again = Spelling().read(tmp_path)
    assert again.mend("missä mun tialus on") == "missä mun tilaus on"
    Spelling({"dost"}.__contains__).learn(BESIDE).save(tmp_path)
    beside = Spelling({"dost"}.__contains__).read(tmp_path)
    assert beside.mend("the dost of a cut") == "the cost of a cut"


@pytest.mark.parametrize("text", ["qwertyuiop" * 100, "xqz wvk " * 125, "a" * 1000, "'" * 1000])
def test_hostile_texts_take_little_time(spelling: Spelling, text: str) -> None:
    began = time.process_time()
    spelling.mend(text)
    assert time.process_time() - began < 0.1
