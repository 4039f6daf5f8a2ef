"""tiski/desk/new_business.py: eight answers, and a valid page stands there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiski.business import load_business
from tiski.business_fields import Price
from tiski.desk import business_answers as answers
from tiski.desk import new_business

GOOD = """\
name: Pyöräpaja Ketju / Ketju Bicycle Workshop
kind: molemmat
languages: fi, en
hours: ma-pe 9-17, la 10-14
address: Tammelankatu 21, 33500 Tampere
contact: 03 555 0177, paja@ketju.example
offer:
  - perushuolto / basic service, 60 min, 69
  - täyshuolto, 180, alkaen 149 €
  - pyörän lukko / bike lock, 29,90
people: [Oona, Teemu]
"""


def run(folder: Path, text: str, *options: str) -> int:
    file = folder / "answers.yml"
    file.write_text(text, encoding="utf-8")
    to = folder / "new" / "ketju.yml"
    return new_business.main(["--answers", str(file), "--to", str(to), *options])


def changed(*edits: tuple[str, str]) -> str:
    text = GOOD
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_a_business_with_appointments_and_a_shop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, GOOD, "--language", "en") == 0
    business = load_business(tmp_path / "new" / "ketju.yml")
    assert business.name.get("en") == "Ketju Bicycle Workshop"
    assert business.services["perushuolto"].name == {"fi": "perushuolto", "en": "basic service"}
    assert business.services["tayshuolto"].price == Price(14900, is_from=True)
    assert business.weekly_hours["sat"] == "10:00-14:00"
    assert business.weekly_hours["sun"] == "closed"
    assert (business.contact.phone, business.address.city) == ("+358 3 555 0177", "Tampere")
    assert list(business.staff) == ["oona", "teemu"]
    assert business.offers("book_appointment") and business.offers("check_order_status")
    assert business.catalogue == tmp_path / "new" / "ketju-goods.yml"
    assert not business.is_demo
    said = capsys.readouterr().out
    assert "names that were given in one language only: täyshuolto" in said
    assert "parking: parking" in said
    assert "TISKI_BUSINESS=" in said


@pytest.mark.parametrize(
    ("kind", "offer", "has", "has_not"),
    [
        ("ajanvaraus", "[hieronta / massage, 60, 75]".replace(", ", "; "), "book_appointment", "check_order_status"),
        ("shop", "[teetä / tea; 12.90]", "check_order_status", "book_appointment"),
    ],
)  # fmt: skip
def test_one_without_the_other(
    tmp_path: Path, kind: str, offer: str, has: str, has_not: str
) -> None:
    head, _, tail = GOOD.partition("offer:")
    people = "people: []\n" if kind == "shop" else tail[tail.index("people:") :]
    text = f"{head}offer: {offer}\n{people}".replace("kind: molemmat", f"kind: {kind}")
    assert run(tmp_path, text) == 0
    business = load_business(tmp_path / "new" / "ketju.yml")
    assert business.offers(has) and not business.offers(has_not)


def test_one_language(tmp_path: Path) -> None:
    assert run(tmp_path, changed(("languages: fi, en", "languages: en"))) == 0
    business = load_business(tmp_path / "new" / "ketju.yml")
    assert business.languages == ["en"]
    assert business.name == {"en": "Ketju Bicycle Workshop"}


def test_nothing_is_ever_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, GOOD) == 0
    page = tmp_path / "new" / "ketju.yml"
    page.write_text("mine", encoding="utf-8")
    assert run(tmp_path, GOOD) == 1
    assert page.read_text(encoding="utf-8") == "mine"
    page.unlink()
    assert run(tmp_path, GOOD) == 1  # the goods are still there
    assert not page.exists()
    assert "ketju-goods.yml on jo olemassa" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kind: molemmat", "kind: bakery", "kind: 'bakery' – expected appointments, shop or both"),
        ("languages: fi, en", "languages: sv", "languages: 'sv' – expected fi, en or both"),
        ("hours: ma-pe 9-17, la 10-14", "hours: always", "hours: 'always' – expected days and hours, e.g. mon-fri 9-17, sat 10-14"),
        ("address: Tammelankatu 21, 33500 Tampere", "address: Tampere", "address: 'Tampere' – expected street, postcode and city, e.g. Tammelankatu 21, 33500 Tampere"),
        ("contact: 03 555 0177, paja@ketju.example", "contact: paja@ketju.example", "contact: 'paja@ketju.example' – expected a phone number and an e-mail address, e.g. +358 3 555 0177, workshop@ketju.example"),
        ("people: [Oona, Teemu]", "people: [Oona, oona]", "people: 'Oona · oona' – expected at least one name, each once"),
        ("people: [Oona, Teemu]", "", "people: missing – expected at least one name, each once"),
        ("people: [Oona, Teemu]", "people: [Oona]\nlogo: x", "logo: unknown – expected one of name, kind, languages, hours, address, contact, offer, people"),
        ("  - pyörän lukko / bike lock, 29,90\n", "", "offer: 'perushuolto / basic service, 60 min, 69 · täyshuolto, 180, alkaen 149 €' – expected at least one article: name, price"),
    ],
)  # fmt: skip
def test_what_is_said_about_an_answer_that_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, expected: str
) -> None:
    assert run(tmp_path, changed((old, new)), "--language", "en") == 1
    assert capsys.readouterr().err == f"answers.yml: {expected}\n"
    assert not (tmp_path / "new").exists()


def test_asking_goes_on_until_the_answer_can_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    said = iter(
        ["Usva", "tori", "kauppa", "fi", "ma-la 10-18", "Katu 1, 00100 Helsinki",
         "0455550100 hei@usva.example", "Sencha, 12,90", "Kannu, 39 €", ""]
    )  # fmt: skip
    found = new_business.by_asking("fi", lambda _: next(said))
    assert (found.kind, found.languages) == ("shop", ["fi"])
    assert [one.price.cents for one in found.goods] == [1290, 3900]
    out = capsys.readouterr().out
    assert "”tori” – odotin: ajanvaraus, kauppa tai molemmat" in out
    assert "8/8" not in out  # a shop is not asked who takes appointments


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("ma-pe 9-17", "fri", "09:00-17:00"),
        ("mon-fri 9:30-17", "mon", "09:30-17:00"),
        ("ma-pe 9.00–17.30, la kiinni", "sat", "closed"),
        ("maanantai-perjantai 8-16", "wed", "08:00-16:00"),
        ("ti 9-12, 13-18", "tue", "09:00-12:00, 13:00-18:00"),
        ("joka päivä 10-20", "sun", "10:00-20:00"),
        ("mon, wed 9-17", "wed", "09:00-17:00"),
    ],
)
def test_hours_as_people_write_them(text: str, day: str, expected: str) -> None:
    assert answers.hours(text)[day] == expected


@pytest.mark.parametrize(
    "text", ["", "9-17", "ma-pe", "pe-ma 9-17", "ma 17-9", "ma 9-25", "x 9-17"]
)
def test_hours_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=""):
        answers.hours(text)
