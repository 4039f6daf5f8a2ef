"""tiski/nlu/money.py: sums as customers write them."""

from __future__ import annotations

from typing import Any

import pytest

from tiski.nlu.money import bounds_in_cents, find_money


def values(text: str, *, expected: bool = False) -> list[Any]:
    return [money.as_entity()["value"] for money in find_money(text, expected=expected)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("alle 20 euroo", {"to": 20.0}),
        ("max 30€", {"to": 30.0}),
        ("under 25", {"to": 25.0}),
        ("korkeintaan 25 e", {"to": 25.0}),
        ("25 e max", {"to": 25.0}),
        ("fifty euros or less", {"to": 50.0}),
        ("yli 15 euroa", {"from": 15.0}),
        ("at least €40", {"from": 40.0}),
        ("20-30 euroa", {"from": 20.0, "to": 30.0}),
        ("between 20 and 30 euros", {"from": 20.0, "to": 30.0}),
        ("noin 20 e", {"from": 16.0, "to": 24.0}),
        ("parikymppiä", {"from": 16.0, "to": 24.0}),
        ("satasella", 100.0),
        ("19,90 €", 19.9),
        ("€20", 20.0),
    ],
)
def test_sums(text: str, value: Any) -> None:
    assert values(text) == [value]


@pytest.mark.parametrize(
    "text",
    ["20", "klo 15", "alle 12-vuotiaille", "under 30 minutes", "max 20 min", "24.11. klo 12", "tilaus 10234",
     "aika 15.30", "yli 2 viikkoa", "under 12s"],
)  # fmt: skip
def test_other_numbers_are_no_sums(text: str) -> None:
    assert values(text) == []


def test_a_bare_number_is_a_sum_when_it_was_asked_for() -> None:
    assert values("20", expected=True) == [20.0]
    assert values("joku 25", expected=True) == [25.0]


def test_the_place_and_the_unit_are_told() -> None:
    [entity] = [money.as_entity() for money in find_money("jotain alle 20 euron")]
    assert "jotain alle 20 euron"[entity["start"] : entity["end"]] == "alle 20 euron"
    assert entity["additional_info"] == {"unit": "EUR", "type": "interval"}


def test_values_are_read_back_in_cents() -> None:
    assert bounds_in_cents(19.9) == (1990, 1990)
    assert bounds_in_cents({"to": 20}) == (None, 2000)
    assert bounds_in_cents({"from": 10.5}) == (1050, None)
    with pytest.raises(ValueError):
        bounds_in_cents("a lot")
    with pytest.raises(ValueError):
        bounds_in_cents([20])
