"""tiski/nlu/text.py: what is done to a message before a model looks at it."""

from __future__ import annotations

import sys
import time
import unicodedata

import pytest

from tiski.nlu.text import MAX_CHARACTERS, mask, normalise, without_umlauts


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("  Hei\n\tMAAILMA ", "hei maailma"),
        ("Värjäys", "värjäys"),  # NFD, as some phones type it
        ("moiiiiii", "moii"),
        ("nooo wayyyy", "noo wayy"),
        ("１４.００", "14.00"),  # full-width digits
        ("1000000", "1000000"),  # digits are not letters: nothing is shortened
        ("", ""),
        ("👍👍👍", "👍👍👍"),
        ("mo\u200bi", "moi"),  # a zero-width space
        ("va\xadraus\ufeff", "varaus"),  # a soft hyphen, a byte order mark
        ("\u202ehei\u202c", "hei"),  # directions
        ("a\u200d\u0308iti", "äiti"),  # what stands between a letter and its dots
        ("❤\ufe0f", "❤"),
        ("moi\ud83d", "moi"),  # half of an emoji
        ("m\0o\x1bi", "moi"),
        ("moi\x1fvaan\x85hei", "moi vaan hei"),  # control characters that are white space
        ("\u200b\u2060\ufeff", ""),
        ("👨\u200d👩", "👨👩"),
    ],
)
def test_normalise(written: str, seen: str) -> None:
    assert normalise(written) == seen


def test_what_is_normalised_stays_as_it_is() -> None:
    for number in range(sys.maxunicode + 1):
        if unicodedata.category(chr(number)) in ("Cn", "Co"):  # nobody's: most of them
            continue
        seen = normalise(f"a{chr(number)}b")
        assert normalise(seen) == seen, hex(number)


def test_nothing_unseen_is_left() -> None:
    """Of every control and format character and half of one, only white space is left."""
    for number in range(sys.maxunicode + 1):
        character = chr(number)
        if unicodedata.category(character) in ("Cc", "Cf", "Cs"):
            expected = "a b" if character.isspace() else "ab"
            assert normalise(f"a{character}b") == expected, hex(number)


def test_long_texts_are_cut_also_after_they_grew() -> None:
    assert len(normalise("ab " * 1000)) <= MAX_CHARACTERS
    assert len(normalise("\ufdfa" * 1000)) <= MAX_CHARACTERS  # NFKC makes 18 letters of one
    assert len(normalise("İa" * 1000)) <= MAX_CHARACTERS  # lower case makes two of one


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("klo 14.30", "_time_"),
        ("kello 9", "_time_"),
        ("9:15", "_time_"),
        ("at 3 pm", "_time_ pm"),
        ("3 pm", "_time_"),
        ("24.12.", "_date_"),
        ("24.12.2026", "_date_"),
        ("24/12/26", "_date_"),
        ("matti@posti.example", "_email_"),
        ("045 555 0199", "_phone_"),
        ("+358 45 555 0199", "_phone_"),
        ("tilaus 10234", "tilaus _number_"),
        ("#10234", "_number_"),
        ("koodi dema42", "koodi _code_"),
        ("2 kpl", "2 kpl"),  # small numbers say something
        ("haircut", "haircut"),
    ],
)
def test_mask(written: str, seen: str) -> None:
    assert mask(written) == seen


def test_without_umlauts() -> None:
    assert without_umlauts("värjäys föönaus åland") == "varjays foonaus aland"


@pytest.mark.parametrize("part", ["@", "a@", "1 ", "1-", "a1", "a.@", "klo ", "#", "9"])
def test_hostile_messages_are_masked_fast(part: str) -> None:
    began = time.perf_counter()
    mask(normalise(part * 1000))
    assert time.perf_counter() - began < 0.3
