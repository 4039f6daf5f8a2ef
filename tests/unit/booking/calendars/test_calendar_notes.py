"""tiski/booking/calendars/notes.py: our notes change, and what staff wrote stays."""

from __future__ import annotations

import pytest

from tiski.booking.calendars.notes import mark, renewed

OURS = "+358 40 123 4567\nTunnus K7P2QX"


@pytest.mark.parametrize("text", [OURS, f"{OURS}\nSoita", "Soita", ""])
def test_notes_that_did_not_change_are_not_written_again(text: str) -> None:
    assert renewed(text, OURS, mark(OURS)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OURS, "Uusi"),
        (f"{OURS}\nSoita", "Uusi\nSoita"),
        (f"{OURS}\n\nSoita\n", "Uusi\n\nSoita"),
        # as Outlook gives it back
        ("\r\n" + OURS.replace("\n", " \r\n") + "\r\nSoita\r\n\r\n", "Uusi\nSoita"),
        # staff changed our lines: theirs stay below ours
        ("Soita ensin\n" + OURS, "Uusi\n\nSoita ensin\n" + OURS),
        ("", "Uusi"),
    ],
)
def test_our_lines_are_replaced(text: str, expected: str) -> None:
    assert renewed(text, "Uusi", mark(OURS)) == expected


def test_notes_that_became_empty() -> None:
    assert renewed(f"{OURS}\nSoita", "", mark(OURS)) == "Soita"
    assert renewed(OURS, "", mark(OURS)) == ""
    assert renewed("Soita", "", mark(OURS)) is None


def test_notes_that_were_empty() -> None:
    assert renewed("Soita", OURS, mark("")) == f"{OURS}\nSoita"
    assert renewed("", OURS, mark("")) == OURS


@pytest.mark.parametrize("lost", [None, "", "nonsense", "-1:x", "9" * 5000 + ":x"])
def test_a_mark_that_is_lost(lost: str | None) -> None:
    assert renewed("Soita", OURS, lost) == f"{OURS}\n\nSoita"
    assert renewed(f"{OURS}\nSoita", OURS, lost) is None  # they are there


def test_a_mark_is_short() -> None:
    assert len(mark("rivi\n" * 10_000)) <= 30
