"""What is said about each mistake on the page: file, line, key, value, what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest
from business_page import BASE, edited, load, problems

from tiski.business import BusinessError
from tiski.business_schema import BookingRules, BusinessPage, Service

HOURS = "expected hours such as 09:00-18:00, several in order with a comma between, or closed"
TEXT = "expected text (in quotes if it is only a number)"
DAYS = "expected a date such as 2026-12-24, or days such as 2027-07-05 to 2027-07-18"
ID = "expected a name in small letters a-z, digits and _, starting with a letter"
PRICE = "expected a price in euros such as 49 or 5.90, or a lowest one such as from 75"
CENTS = "expected a price in euros such as 49 or 5.90 (with a point, no currency sign)"
WEB = "expected a web address that starts with https://"
PAGE, BOOKING = (
    ", ".join(field.alias for field in block.__fields__.values())
    for block in (BusinessPage, BookingRules)
)
SERVICE = ", ".join(name for name in Service.__fields__ if name != "id")


MISTAKES = [
    # values
    ("minutes: 45", "minutes: 45min", "41: services.haircut.minutes: '45min' – expected a whole number of minutes from 5 to 600"),
    ("minutes: 45", "minutes: 4", "41: services.haircut.minutes: 4 – expected a whole number of minutes from 5 to 600"),
    ("minutes: 45", "minutes: 45.5", "41: services.haircut.minutes: 45.5 – expected a whole number of minutes from 5 to 600"),
    ("minutes: 45", "minutes: true", "41: services.haircut.minutes: true – expected a whole number of minutes from 5 to 600"),
    ("minutes: 45", "minutes:", "41: services.haircut.minutes: nothing – expected a whole number of minutes from 5 to 600"),
    ("buffer_minutes: 5", "buffer_minutes: -5", "42: services.haircut.buffer_minutes: -5 – expected a whole number of minutes from 0 to 240"),
    ("price: 49", "price: 49 €", f"43: services.haircut.price: '49 €' – {PRICE}"),
    ("from 75.50", "alkaen 75", f"49: services.colour.price: 'alkaen 75' – {PRICE}"),
    ("price: 5.90", 'price: "5,90"', f"74: shop.delivery_options[2].price: '5,90' – {CENTS}"),
    ("free_from: 60", "free_from: .inf", f"74: shop.delivery_options[2].free_from: .inf – {CENTS}"),
    ('"00100"', "00100", f"13: address.postcode: 00100 – {TEXT}"),
    ("bot_name: Apu", "bot_name: ''", f"2: bot_name: '' – {TEXT}"),
    ('"+358 6 555 0142"', "06 555 0142", "8: contact.phone: '06 555 0142' – expected a phone number in quotes with its country code, such as '+358 6 555 0142'"),
    ("hei@testi.example", "hei.testi.example", "9: contact.email: 'hei.testi.example' – expected an e-mail address such as hello@example.com"),
    ("https://testi.example", "testi.example", f"10: contact.website: 'testi.example' – {WEB}"),
    ("https://maps.example/testi", "ftp://maps.example", f"15: address.map_url: 'ftp://maps.example' – {WEB}"),
    ("Europe/Helsinki", "Europe/Helsingi", "6: timezone: 'Europe/Helsingi' – expected a time zone such as Europe/Helsinki; did you mean 'Europe/Helsinki'?"),
    ("Europe/Helsinki", "kotimaa", "6: timezone: 'kotimaa' – expected a time zone such as Europe/Helsinki"),
    ("country: FI", "country: Suomi", "5: country: 'Suomi' – expected a two-letter country code in capitals, such as FI"),
    ("country: FI", "country: XX", "5: country: 'XX' – expected a two-letter country code in capitals, such as FI; no holidays are known for this one"),
    ("step_minutes: 15", "step_minutes: 25", "67: booking.step_minutes: 25 – expected 5, 10, 15, 20, 30 or 60 (minutes)"),
    ("horizon_days: 90", "horizon_days: 0", "66: booking.horizon_days: 0 – expected a whole number of days from 1 to 730"),
    ("days_max: 4", "days_max: 1", "74: shop.delivery_options[2].days_max: 1 – expected a number that is not smaller than days_min"),
    ("days_min: 1, days_max: 2", "days_min: 0, days_max: 0", "73: shop.delivery_options[1].days_max: 0 – expected at least 1; what comes the same day takes days_min 0, days_max 1"),
    ("ends: 2026-12-23", "ends: 23.12.2026", "88: policies.discounts[2].ends: '23.12.2026' – expected a date such as 2026-12-24"),
    ("ends: 2026-12-23", "ends: 2026-02-30", "88: policies.discounts[2].ends: 2026-02-30 – expected a date such as 2026-12-24; there is no such day"),
    ("answer_within_minutes: 15", "answer_within_minutes: soon", "98: handoff.answer_within_minutes: 'soon' – expected a whole number of minutes from 1 to 10080 (one week)"),
    # what people share
    ("staff: [aino, leevi]", "staff: [aino, leevi]\n    uses: [chair]", "45: services.haircut.uses[1]: 'chair' – expected something listed under resources: there is nothing"),
    ("\nstaff:\n", "\nresources:\n  chair: {name: {fi: tuoli, en: chair}}\nstaff:\n", "53: resources.chair: nothing uses it – expected it in the `uses` of a service"),
    ("en: A colour}\n", "en: A colour}\n    uses: [chair, chair]\nresources:\n  chair: {name: {fi: tuoli, en: chair}}\n", "52: services.colour.uses[2]: 'chair' – expected each resource once; a visit takes one of each"),
    ("en: A colour}\n", "en: A colour}\n    uses: [chair]\nresources:\n  chair: {name: {fi: tuoli, en: chair}, count: 0}\n", "54: resources.chair.count: 0 – expected a whole number from 1 to 99"),
    ("en: A colour}\n", "en: A colour}\n    uses: [chiar]\nresources:\n  chair: {name: {fi: tuoli, en: chair}}\n  box: {name: {fi: koppi, en: box}, cuont: 2}\n", ["52: services.colour.uses[1]: 'chiar' – expected something listed under resources: chair, box; did you mean 'chair'?", "54: resources.chair: nothing uses it – expected it in the `uses` of a service", "55: resources.box.cuont: unknown key – did you mean 'count'?", "55: resources.box: nothing uses it – expected it in the `uses` of a service"]),
    # hours and days
    ("sat: 10:00-15:00", "sat: 10-15", f"26: hours.weekly.sat: '10-15' – {HOURS}"),
    ("sat: 10:00-15:00", "sat: 15:00-10:00", f"26: hours.weekly.sat: '15:00-10:00' – {HOURS}"),
    ("sat: 10:00-15:00", "sat: 10:00-25:00", f"26: hours.weekly.sat: '10:00-25:00' – {HOURS}"),
    ("sat: 10:00-15:00", "sat: 10:00-14:00, 13:00-15:00", f"26: hours.weekly.sat: '10:00-14:00, 13:00-15:00' – {HOURS}"),
    ("sat: 10:00-15:00", "sat: [10, 15]", f"26: hours.weekly.sat: a list – {HOURS}"),
    ("    sat: 10:00-15:00\n", "", f"20: hours.weekly.sat: missing – {HOURS}"),
    ("sat: 10:00-15:00", "sat: 10:00-15:00\n    lau: closed", "27: hours.weekly.lau: unknown key – expected one of mon, tue, wed, thu, fri, sat, sun"),
    ("public_holidays: closed", "public_holidays: no", "28: hours.public_holidays: 'no' – expected closed, as usual, or hours such as 10:00-14:00"),
    ("24: 10:00-13:00", "24: 10.00-13.00", f"30: hours.exceptions.2026-12-24: '10.00-13.00' – {HOURS}"),
    ("hours: 12:00-14:00", "hour: 12:00-14:00", ["32: hours.exceptions.2026-12-28.hours: missing – " + HOURS, "33: hours.exceptions.2026-12-28.hour: unknown key – did you mean 'hours'?"]),
    ("2026-12-24: 10", "24.12.: 10", f"30: hours.exceptions.24.12.: '24.12.' – {DAYS}"),
    ("2026-12-21 to 2026-12-30", "2026-12-30 to 2026-12-21", f"31: hours.exceptions.2026-12-30 to 2026-12-21: '2026-12-30 to 2026-12-21' – {DAYS}, the earlier day first"),
    ("    2026-12-28:", "    2026-12-30 to 2027-01-02:", "32: hours.exceptions.2026-12-30 to 2027-01-02: '2026-12-30 to 2027-01-02' – expected days that are not in '2026-12-21 to 2026-12-30' too"),
    ("2026-11-25", "2026-11-31", f"56: staff.aino.days_off[1]: 2026-11-31 – {DAYS}; there is no such day"),
    ("tue: 11:00-17:00", "tue: 11:00-19:00", "63: staff.leevi.weekly.tue: '11:00-19:00' – expected hours within the shop's, which are 09:00-12:00, 13:00-18:00"),
    ("mon: closed", "sun: 10:00-12:00", "62: staff.leevi.weekly.sun: '10:00-12:00' – expected hours within the shop's, which are closed"),
    # keys
    ("    minutes: 45", "    minuts: 45", ["36: services.haircut.minutes: missing – expected a whole number of minutes from 5 to 600", "41: services.haircut.minuts: unknown key – did you mean 'minutes'?"]),
    ("bot_name: Apu", "bot_name: Apu\nhymn: x.mp3", "3: hymn: unknown key – expected one of " + PAGE),
    ("    minutes: 45", "    id: cut\n    minutes: 45", "41: services.haircut.id: unknown key – the id is 'haircut' already"),
    ("    minutes: 45", "    minutes: 45\n    minutes: 60", "42: services.haircut.minutes: stands twice (first on line 41) – expected each key once"),
    ("  colour:\n", "  haircut:\n", "46: services.haircut: stands twice (first on line 36) – expected each key once"),
    ("country: FI\n", "", "1: country: missing – expected a two-letter country code in capitals, such as FI"),
    ("  city: Vaasa\n", "", f"11: address.city: missing – {TEXT}"),
    # texts and languages
    ("{fi: Kadulla, en: In the street}", "{fi: Kadulla}", f"17: parking.en: missing – {TEXT}"),
    ("{fi: Kadulla, en: In the street}", "{fi: Kadulla, en: }", f"17: parking.en: nothing – {TEXT}"),
    ("{fi: Kadulla, en: In the street}", "Kadulla", "17: parking: 'Kadulla' – expected a text for each language, such as fi: … and en: …"),
    ("en: In the street}", "en: In the street, sv: På gatan}", "17: parking.sv: unknown key – expected one of fi, en"),
    ("    - text: {fi: Opiskelijat, en: Students}", "    - text: {fi: Opiskelijat}", f"86: policies.discounts[1].text.en: missing – {TEXT}"),
    ("default_language: fi", "default_language: sv", "4: default_language: 'sv' – expected one of languages: fi, en"),
    ("languages: [fi, en]", "languages: [fi, en, fi]", "3: languages[3]: 'fi' – expected each language once"),
    ("languages: [fi, en]", "languages: fi", "3: languages: 'fi' – expected a list with at least one entry"),
    ("languages: [fi, en]", "languages: [fi, en, suomi]", "3: languages[3]: 'suomi' – expected a two-letter language code in small letters, such as fi"),
    # what must fit together
    ("staff: [aino, leevi]", "staff: [aino, levi]", "44: services.haircut.staff[2]: 'levi' – expected somebody listed under staff: aino, leevi; did you mean 'leevi'?"),
    ("staff: [aino, leevi]", "staff: []", "44: services.haircut.staff: a list – expected a list with at least one entry"),
    ("staff: [aino, leevi]", "staff: aino", "44: services.haircut.staff: 'aino' – expected a list with at least one entry"),
    ("staff: [aino, leevi]", "staff: [Aino]", ["44: services.haircut.staff[1]: 'Aino' – " + ID, "44: services.haircut.staff[1]: 'Aino' – expected somebody listed under staff: aino, leevi; did you mean 'aino'?"]),
    ("fi: [leikkaus, tukka]", "fi: [leikkaus, Värjäys]", "47: services.colour.name.fi: 'värjäys' – expected a word for one thing only, but services.haircut has it too"),
    ("fi: [leikkaus, tukka]", "fi: [leikkaus, 5]", f"39: services.haircut.aliases.fi[2]: 5 – {TEXT}"),
    ("fi: [leikkaus, tukka]", "fi: leikkaus", "39: services.haircut.aliases.fi: 'leikkaus' – expected a list of words such as [leikkaus, tukka]"),
    ("{fi: [Leksa]}", "{fi: [aino]}", "59: staff.leevi.aliases.fi[1]: 'aino' – expected a word for one thing only, but staff.aino has it too"),
    ("en: [brush]", "en: [Shampoos]", "77: shop.product_categories[2].aliases.en[1]: 'Shampoos' – expected a word for one thing only, but shop.product_categories[1] has it too"),
    ("id: tools", "id: shampoo", "77: shop.product_categories[2].id: 'shampoo' – expected an id of its own for each entry"),
    ("id: tools", "id: My tools", f"77: shop.product_categories[2].id: 'My tools' – {ID}"),
    ("  colour:\n", "  Hair-Colour:\n", f"46: services.Hair-Colour: 'Hair-Colour' – {ID}"),
    ("  colour:\n", "  colour: soon\n  other:\n", "46: services.colour: 'soon' – expected a group with the keys " + SERVICE),
    ("booking:\n", "booking: none\nx:\n", ["64: booking: 'none' – expected a group with the keys " + BOOKING, "65: x: unknown key – expected one of " + PAGE]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), MISTAKES)
def test_mistakes(tmp_path: Path, old: str, new: str, expected: str | list[str]) -> None:
    sentences = [expected] if isinstance(expected, str) else expected
    assert problems(tmp_path, edited((old, new))) == [f"business.yml:{each}" for each in sentences]


def test_all_problems_come_at_once_from_top_to_bottom(tmp_path: Path) -> None:
    page = edited(
        ("answer_within_minutes: 15", "answer_within_minutes: 0"),
        ("staff: [aino, leevi]", "staff: [aino, mikko]"),
        ("bot_name: Apu", "botname: Apu"),
        ("{fi: Kadulla, en: In the street}", "{fi: Kadulla}"),
    )
    assert problems(tmp_path, page) == [
        f"business.yml:1: bot_name: missing – {TEXT}",
        "business.yml:2: botname: unknown key – did you mean 'bot_name'?",
        f"business.yml:17: parking.en: missing – {TEXT}",
        "business.yml:44: services.haircut.staff[2]: 'mikko' – "
        "expected somebody listed under staff: aino, leevi",
        "business.yml:98: handoff.answer_within_minutes: 0 – "
        "expected a whole number of minutes from 1 to 10080 (one week)",
    ]


def test_a_new_language_asks_for_every_text(tmp_path: Path) -> None:
    said = problems(tmp_path, edited(("languages: [fi, en]", "languages: [fi, en, sv]")))
    assert len(said) == BASE.count(" en: ") - BASE.count(" en: [")
    assert f"business.yml:37: services.haircut.name.sv: missing – {TEXT}" in said


def test_nobody_can_be_called_any(tmp_path: Path) -> None:
    page = edited(("  leevi:\n", "  any:\n"), ("[aino, leevi]", "[aino]"))
    assert problems(tmp_path, page) == [
        "business.yml:57: staff.any: 'any' – expected another id, this one means anybody"
    ]


def test_a_business_without_services(tmp_path: Path) -> None:
    page = BASE[: BASE.index("services:")] + "services: {}\n" + BASE[BASE.index("staff:\n  aino") :]
    assert problems(tmp_path, page) == [
        "business.yml:35: services: nothing below it – expected at least one entry"
    ]


def test_the_error_reads_line_by_line(tmp_path: Path) -> None:
    with pytest.raises(BusinessError) as caught:
        load(
            tmp_path,
            edited(("minutes: 90", "minutes: 9h"), ("horizon_days: 90", "horizon_days: x")),
        )
    assert str(caught.value).splitlines() == caught.value.problems
    assert len(caught.value.problems) == 2
