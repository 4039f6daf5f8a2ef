"""What is on a good page: the demo's, and a small one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from business_page import BASE, edited, load, problems

from tiski.business import Business, load_business
from tiski.business_fields import Localized
from tiski.business_hours import DayRange

HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.fixture(scope="module")
def demo() -> Business:
    """The page that comes with the project."""
    return load_business()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Business:
    return load(tmp_path_factory.mktemp("base"), BASE)


def test_the_demo_has_the_services_that_data_and_tests_name(demo: Business) -> None:
    assert {key: (each.minutes, each.price_cents) for key, each in demo.services.items()} == {
        "haircut": (45, 4900),
        "short_haircut": (30, 3600),
        "kids_haircut": (30, 2800),
        "fringe_trim": (15, 1500),
        "beard_trim": (30, 2900),
        "roots_colour": (90, 7500),
        "colour": (150, 12900),
        "highlights": (180, 14900),
        "styling": (60, 6500),
        "blow_dry": (30, 3500),
        "hair_treatment": (30, 3900),
        "brow_tint": (30, 3200),
    }
    lowest = {key for key, each in demo.services.items() if each.price_from}
    assert lowest == {"roots_colour", "colour", "highlights", "styling"}


def test_the_demo_shop(demo: Business) -> None:
    assert list(demo.staff) == ["aino", "mikko", "sara", "leevi"]
    assert [each.id for each in demo.shop.product_categories] == [
        "shampoo",
        "conditioner",
        "treatment_product",
        "styling_product",
        "colour_product",
        "tools",
        "beard_product",
        "gift_card",
    ]
    delivery = [(o.id, o.price_cents, o.free_from_cents) for o in demo.shop.delivery_options]
    assert delivery == [("pickup", 0, None), ("posti", 590, 6000), ("matkahuolto", 690, 6000)]


@pytest.mark.parametrize(
    ("word", "service"),
    [
        ("leikkaus", "haircut"),
        ("tukka", "haircut"),
        ("latvojen tasaus", "haircut"),
        ("parturi", "short_haircut"),
        ("otsis", "fringe_trim"),
        ("parta", "beard_trim"),
        ("tyvet", "roots_colour"),
        ("värjäys", "colour"),
        ("raidat", "highlights"),
        ("juhlakampaus", "styling"),
        ("kulmat", "brow_tint"),
        ("ripset", "brow_tint"),
    ],
)
def test_everyday_finnish_words_point_to_one_service(
    demo: Business, word: str, service: str
) -> None:
    having = [key for key, each in demo.services.items() if word in each.aliases["fi"]]
    assert having == [service]


def test_values_of_a_page(base: Business) -> None:
    haircut, colour = base.services["haircut"], base.services["colour"]
    assert (haircut.id, haircut.name.get("en"), haircut.buffer_minutes) == ("haircut", "haircut", 5)
    assert haircut.aliases == {"fi": ["leikkaus", "tukka"], "en": ["cut"]}
    assert (colour.price_cents, colour.price_from, colour.buffer_minutes) == (7550, True, 0)
    assert colour.aliases == {"fi": [], "en": []}
    assert base.staff["leevi"].aliases == {"fi": ["Leksa"], "en": []}
    assert base.staff["leevi"].weekly == {"mon": "closed", "tue": "11:00-17:00"}
    assert base.staff["aino"].weekly is None
    assert base.staff["aino"].days_off[1] == DayRange(date(2027, 1, 4), date(2027, 1, 8))
    assert base.address.postcode == "00100"
    assert base.tz == HELSINKI
    assert base.weekly_hours["tue"] == "09:00-12:00, 13:00-18:00"
    assert base.shop.delivery_options[1].price_cents == 590


def test_an_unknown_language_gets_the_default_one(tmp_path: Path) -> None:
    base = load(tmp_path, edited(("default_language: fi", "default_language: en")))
    assert base.parking.get("fi") == "Kadulla"
    assert base.parking.get("sv") == "In the street"
    assert base.parking.get(None) == "In the street"


def test_discounts_end(base: Business) -> None:
    def texts(day: date) -> list[str]:
        return [discount.text.get("en") for discount in base.current_discounts(day)]

    assert texts(date(2026, 12, 23)) == ["Students", "Christmas"]
    assert texts(date(2026, 12, 24)) == ["Students"]


def test_optional_keys_may_be_left_empty(tmp_path: Path) -> None:
    page = edited(
        ("    days_off: [2026-11-25, 2027-01-04 to 2027-01-08]\n", "    days_off:\n    weekly:\n"),
        ("    buffer_minutes: 5\n", "    buffer_minutes:\n"),
        ("  public_holidays: closed\n", ""),
    )
    base = load(tmp_path, page)
    assert base.staff["aino"].days_off == []
    assert base.services["haircut"].buffer_minutes == 0
    assert base.opening_spans(date(2027, 1, 1)) == []


def test_the_page_is_read_once(tmp_path: Path) -> None:
    assert load(tmp_path, BASE) is load_business(tmp_path / "business.yml")


def test_the_page_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(tmp_path, BASE)
    monkeypatch.setenv("TISKI_BUSINESS", str(tmp_path / "business.yml"))
    assert load_business().bot_name == "Apu"


def test_a_page_cannot_be_changed_by_accident(base: Business) -> None:
    with pytest.raises(TypeError):
        base.services["haircut"].minutes = 30  # type: ignore[assignment]
    base.opening_spans(date(2026, 11, 23)).clear()
    assert base.opening_spans(date(2026, 11, 23)) != []


def test_a_mended_page_is_read_again(tmp_path: Path) -> None:
    problems(tmp_path, edited(("minutes: 45", "minutes: x")))
    assert load(tmp_path, BASE).services["haircut"].minutes == 45


def test_texts_of_one_language_only() -> None:
    assert Localized({"fi": "moi"}).get("en") == "moi"
