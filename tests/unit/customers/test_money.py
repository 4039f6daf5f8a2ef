"""tiski/customers/money.py: sums as customers write them."""

from __future__ import annotations

import pytest

from tiski.customers.money import find_sum


@pytest.mark.parametrize(
    ("text", "euros"),
    [
        ("500", 500),
        ("noin 500 e", 500),
        ("500€", 500),
        ("€500", 500),
        ("1 500 euroa", 1500),
        ("1.500 €", 1500),
        ("€1,500", 1500),
        ("59,90", 59.9),
        ("150,-", 150),
        ("200-300 €", 300),
        ("200–300 euroa", 300),
        ("alle 200", 200),
        ("about 2k", 2000),
        ("2 tonnia", 2000),
        ("pari tonnia", 2000),
        ("VIISSATAA", 500),
        ("viisisataa", 500),
        ("a couple of hundred", 200),
        ("a grand maybe", 1000),
    ],
)
def test_a_sum_that_was_asked_for(text: str, euros: float) -> None:
    assert find_sum(text, asked=True) == round(euros * 100)


@pytest.mark.parametrize(
    "text", ["en tiedä", "kuusi henkeä", "no idea", "0", "", "999999999", "T34CDF", "x500y"]
)
def test_no_sum(text: str) -> None:
    assert find_sum(text, asked=True) is None


@pytest.mark.parametrize(
    ("text", "euros"),
    [
        ("quote for 6 people", None),
        ("numero on 045 555 0133", None),
        ("six people, 800 euros", 800),
        ("saa maksaa 300€", 300),
        ("pari tonnia", None),
    ],
)
def test_in_other_messages_a_number_needs_its_currency(text: str, euros: int | None) -> None:
    assert find_sum(text, asked=False) == (euros and euros * 100)
