"""tiski/orders/catalogue.py: what is found, suggested and offered instead."""

from __future__ import annotations

import pytest

from tiski.orders.catalogue import (
    Product,
    Wish,
    alternatives,
    cheaper,
    dearer,
    matching,
    needs_of,
    search,
    short_name,
    spoken_names,
    suggest,
    without_size,
)


def product(
    key: str, price: int, *, category: str = "soap", suits: str = "", stock: int = 5, name: str = ""
) -> Product:
    name = name or f"Soap {key}"
    names = {"fi": name, "en": name.replace("saippua", "soap")}
    return Product(key, category, names, price, stock, tuple(suits.split()))


SHELF = [
    product("plain", 500),
    product("mild", 900, suits="sensitive"),
    product("rich", 1500, suits="dry sensitive"),
    product("gold", 4000, suits="dry"),
    product("gone", 700, suits="dry", stock=0),
    product("towel", 1200, category="towels", suits="dry"),
]


def ids(found: object) -> list[str]:
    return [item.product.id for item in found.items]  # type: ignore[attr-defined]


def test_what_is_made_for_the_need_alone_comes_first() -> None:
    found = suggest(SHELF, Wish("soap", "dry"))
    assert ids(found) == ["gold", "rich"]
    assert found.is_exact
    assert all(item.suits_need and not item.within_budget for item in found.items)


def test_without_a_wish_the_cheapest_come_first_and_nothing_sold_out() -> None:
    assert ids(suggest(SHELF, Wish("soap"))) == ["plain", "mild", "rich"]


def test_the_budget_is_kept_bounds_included() -> None:
    found = suggest(SHELF, Wish("soap", "sensitive", most=1500))
    assert ids(found) == ["mild", "rich"]
    assert all(item.within_budget for item in found.items)
    assert ids(suggest(SHELF, Wish("soap", None, least=1500))) == ["rich", "gold"]


def test_the_need_matters_more_than_the_budget() -> None:
    found = suggest(SHELF, Wish("soap", "dry", most=800))
    assert not found.is_exact
    assert ids(found) == ["rich", "gold"]  # the nearest price first
    assert all(item.suits_need and not item.within_budget for item in found.items)


def test_when_nothing_suits_the_nearest_in_price_is_suggested_and_says_so() -> None:
    found = suggest(SHELF, Wish("soap", "curly", most=1000))
    assert not found.is_exact
    assert not any(item.suits_need for item in found.items)
    assert ids(found)[0] == "plain"


def test_an_open_category_brings_one_of_each_first() -> None:
    assert ids(suggest(SHELF, Wish(None, "dry")))[:2] == ["towel", "gold"]


def test_what_was_shown_is_left_out() -> None:
    assert ids(suggest(SHELF, Wish("soap"), without=["plain", "mild"])) == ["rich", "gold"]
    assert suggest(SHELF, Wish("towels"), without=["towel"]).items == ()


def test_cheaper_than_everything_shown() -> None:
    found = cheaper(SHELF, Wish("soap", "sensitive", most=2000), ["rich", "gold"])
    assert ids(found) == ["mild"] and found.is_exact
    nearest = cheaper(SHELF, Wish("soap", "dry"), ["rich"])
    assert ids(nearest) == ["plain", "mild"] and not nearest.is_exact
    assert cheaper(SHELF, Wish("soap"), ["plain"]).items == ()
    assert cheaper(SHELF, Wish("soap"), []).items == ()


def test_dearer_goes_beyond_the_budget() -> None:
    assert ids(dearer(SHELF, Wish("soap", "dry", most=1600), ["rich"])) == ["gold"]
    assert dearer(SHELF, Wish("soap"), ["gold"]).items == ()


def test_what_is_sold_out_is_replaced_by_what_suits_the_same() -> None:
    assert [each.id for each in alternatives(SHELF, SHELF[4])] == ["rich", "gold"]
    plain = product("other", 600, stock=0)
    assert [each.id for each in alternatives(SHELF, plain)] == ["plain", "mild", "rich"]
    assert alternatives(SHELF, product("odd", 1, suits="curly", stock=0)) == []


def test_needs_of_a_category_are_those_of_goods_in_stock() -> None:
    assert needs_of(SHELF, "soap") == ["dry", "sensitive"]
    assert needs_of(SHELF, "towels") == ["dry"]
    assert needs_of(SHELF, None) == ["dry", "sensitive"]


def test_matching_puts_what_is_in_stock_first() -> None:
    assert [each.id for each in matching(SHELF, Wish("soap", "dry"))] == ["rich", "gold", "gone"]


NAMED = [
    Product(
        "a", "soap", {"fi": "Kuura Mieto saippua 250 ml", "en": "Kuura Mild Soap 250 ml"}, 1, 1
    ),
    Product("b", "soap", {"fi": "Kuura Palasaippua", "en": "Kuura Bar Soap"}, 1, 1),
    Product("c", "towels", {"fi": "Kuura Pyyhe, sininen", "en": "Kuura Towel, Blue"}, 1, 1),
    Product("d", "towels", {"fi": "Kuura Pyyhe, punainen", "en": "Kuura Towel, Red"}, 1, 1),
    Product("e", "cards", {"fi": "Lahjakortti 50 €", "en": "Gift Card €50"}, 1, 1),
]


def test_what_customers_call_a_product() -> None:
    names = spoken_names(NAMED)
    assert {"Mieto saippua", "Mild Soap", "Kuura Mieto saippua 250 ml"} <= set(names["a"])
    assert "Palasaippua" in names["b"]
    assert "Pyyhe" not in names["c"]  # it would be two products' name
    assert names["e"] == ["Gift Card €50", "Lahjakortti 50 €"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("onko mietoa saippuaa", ["a"]),
        ("do you have a red towel", ["d"]),
        ("kuuraa", ["a", "b", "c", "d"]),
        ("kynsilakkaa", []),
    ],
)
def test_search_by_words_of_names(text: str, found: list[str]) -> None:
    assert [each.id for each in search(NAMED, text)] == found


def test_one_word_in_common_can_be_too_few() -> None:
    assert search(NAMED, "a red car", at_least=2) == []


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Hiusöljy 50 ml", "Hiusöljy"),
        ("Harja 43 mm", "Harja"),
        ("Kuivain 2000 W", "Kuivain"),
        ("Lahjakortti 50 €", "Lahjakortti 50 €"),
    ],
)
def test_the_size_is_no_part_of_what_it_is_called(name: str, short: str) -> None:
    assert without_size(name) == short


@pytest.mark.parametrize("language", ["fi", "en"])
def test_a_buttons_title_is_never_too_long(language: str) -> None:
    long = Product(
        "x",
        "soap",
        {
            "fi": "Kuura Ihanan pehmentävä yösaippua 250 ml",
            "en": "Kuura Wonderfully Soft Night Soap",
        },
        1,
        1,
    )
    title = short_name(long, language, 24)
    assert len(title) <= 24
    assert title.endswith("…")
    assert short_name(NAMED[1], language, 24).startswith("Kuura")
