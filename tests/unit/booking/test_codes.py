from __future__ import annotations

import pytest

from tiski.booking.codes import new_code, read_code


def test_a_code_cannot_be_taken_for_a_word_or_a_number() -> None:
    for code in (new_code() for _ in range(2000)):
        assert len(code) == 6
        assert any(char.isdigit() for char in code)
        assert any(char.isalpha() for char in code)
        assert not set(code) & set("0O1IL")
        assert read_code(code) == code


def test_codes_do_not_repeat() -> None:
    assert len({new_code() for _ in range(2000)}) == 2000


@pytest.mark.parametrize("text", ["K7M4QX", "k7m4qx", " K7M 4QX ", "#k7m-4qx", "K7M4QX\n"])
def test_ways_to_type_a_code(text: str) -> None:
    assert read_code(text) == "K7M4QX"


@pytest.mark.parametrize(
    "text", ["", "K7M4Q", "K7M4QXX", "234567", "ABCDEF", "K7M4Q0", "K7M4QL", "ä7m4qx", "K7M4QX!"]
)
def test_what_is_no_code(text: str) -> None:
    assert read_code(text) is None
