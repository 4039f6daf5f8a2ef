"""tiski/answers/facts.py: what is said of a service, of coming late and of not coming."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiski.answers.facts import answer_facts, business_facts, more_about
from tiski.business import Business, load_business
from tiski.clock import now
from tiski.paths import ROOT


@pytest.fixture(scope="module")
def salon() -> Business:
    return load_business(ROOT / "business.yml")


@pytest.fixture(scope="module")
def workshop() -> Business:
    return load_business(ROOT / "docs" / "examples" / "bicycle-repair.yml")


@pytest.mark.parametrize(
    ("service", "language", "expected"),
    [
        ("kids_haircut", "fi", "Palvelu on alle 12-vuotiaille."),
        ("kids_haircut", "en", "This is for under-12s."),
        ("blow_dry", "fi", "Lisäksi voit ottaa: päähieronta (+12 €, 10 min)."),
        ("blow_dry", "en", "You can add: scalp massage (+€12, 10 min)."),
        ("haircut", "fi", ""),
    ],
)
def test_more_about_a_service(salon: Business, service: str, language: str, expected: str) -> None:
    assert more_about(salon.services[service], language) == expected


def test_it_is_a_fact_when_the_service_is_named(salon: Business) -> None:
    named = [{"entity": "service", "value": "styling"}]
    said = answer_facts(salon, "fi", named, now())["more_about_service"]
    assert (
        said.startswith("Pese hiukset edellisenä päivänä") and "koekampaus (+45 €, 45 min)" in said
    )


def test_counts_of_one(tmp_path: Path) -> None:
    page = (ROOT / "business.yml").read_text(encoding="utf-8")
    for key, many in (
        ("lateness_minutes", "15"),
        ("days_min", "2"),
        ("days_max", "4"),
        ("age_limit", "from 16"),
    ):
        assert f"{key}: {many}" in page
        page = page.replace(f"{key}: {many}", f"{key}: {'from 1' if key == 'age_limit' else 1}")
    (tmp_path / "business.yml").write_text(page, encoding="utf-8")
    ones = load_business(tmp_path / "business.yml")

    facts = business_facts(ones, "fi")
    assert facts["lateness"].startswith("Jos myöhästyt, odotamme 1 minuutin.")
    assert facts["delivery_options"].splitlines()[1] == "Postin paketti: 5,90 €, 1 arkipäivä"
    facts = business_facts(ones, "en")
    assert facts["lateness"].startswith("If you are late, we'll wait 1 minute.")
    assert facts["delivery_options"].splitlines()[1] == "Posti parcel: €5.90, 1 working day"
    (of_age,) = (one for one in ones.services.values() if one.age_limit == "from 1")
    assert "Palvelu on 1 vuoden täyttäneille." in more_about(of_age, "fi")


def test_lateness_and_no_show(salon: Business, workshop: Business) -> None:
    facts = business_facts(salon, "en")
    assert facts["lateness"].startswith("If you are late, we'll wait 15 minutes.")
    assert (
        facts["no_show_fee"]
        == "If you don't come and haven't cancelled, we charge 50% of the price."
    )
    assert (
        business_facts(workshop, "fi")["no_show_fee"]
        == "Jos jäät pois perumatta aikaa, veloitamme 20 €."
    )
    tea_shop = load_business(ROOT / "docs" / "examples" / "tea-shop.yml")
    facts = business_facts(tea_shop, "fi")
    assert facts["lateness"] == facts["no_show_fee"] == ""
