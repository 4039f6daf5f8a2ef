"""What makes a page one's own: manner, fees, add-ons, own questions, and what a business has not.

Each mistake is a broken page: what is changed, and the sentence that is said about it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from business_page import BASE, edited, load, problems

from tiski.business_own_fields import Fee
from tiski.use_cases import NEEDS, switchable

TEXT = "expected text (in quotes if it is only a number)"
ASK = "expected a list of three or more different wordings"
FEE = "expected a fee in euros such as 25, or a part of the price such as 50%"
OFF = "expected a use case such as request_quote, faq/parking or newsletter"
ADD_ON = "services.haircut.add_ons[1]"
PRICE = "expected a price in euros such as 49 or 5.90, or a lowest one such as from 75"

OWN = edited(
    ("country: FI\n", "country: FI\nmanner:\n  address: te\n  emoji: true\nslogan: {fi: Moi, en: Hi}\n"),
    (
        "    description: {fi: Leikkaus, en: A cut}\n",
        "    description: {fi: Leikkaus, en: A cut}\n"
        "    age_limit: under 12\n"
        "    preparation: {fi: Pese tukka, en: Wash your hair}\n"
        "    add_ons:\n"
        "      - name: {fi: pesu, en: wash}\n"
        "        minutes: 10\n"
        "        price: 5\n",
    ),
    (
        "  free_cancellation_hours: 24\n",
        "  free_cancellation_hours: 24\n  lateness_minutes: 15\n  no_show_fee: 50%\n",
    ),
    ("  warranty: {", "  delivery: {fi: Heti, en: At once}\n  warranty: {"),
    ("shop:\n", "shop:\n  catalogue: goods.yml\n"),
) + """\
payment_methods:
  - {id: cash, name: {fi: käteinen, en: cash}}
off: [request_quote, faq/walk_in]
forbidden_topics:
  fi: [politiikka]
  en: [politics]
questions:
  wifi:
    ask:
      fi: [onko teillä wifi, mikä on wifin salasana, saako teillä nettiä]
      en: [do you have wifi, what is the wifi password, is there internet]
    answer: {fi: On., en: Yes.}
"""  # fmt: skip


def own(*edits: tuple[str, str]) -> str:
    page = OWN
    for old, new in edits:
        assert page.count(old) == 1, f"{old!r} stands {page.count(old)} times on the page"
        page = page.replace(old, new)
    return page


# what stands on the page, what is put there instead, lines further down, key and sentence
MISTAKES = [
    # manner
    ("address: te", "address: sina", 0, "manner.address: 'sina' – expected sinä or te"),
    ("address: te", "address:", 0, None),
    ("emoji: true", "emoji: some", 0, "manner.emoji: 'some' – expected true or false"),
    ("emoji: true", "emoji: 1", 0, "manner.emoji: 1 – expected true or false"),
    ("  emoji: true", "  emojis: true", 0, "manner.emojis: unknown key – did you mean 'emoji'?"),
    ("manner:\n  address: te\n  emoji: true\n", "manner: te\n", 0, "manner: 'te' – expected a group with the keys address, emoji"),
    ("slogan: {fi: Moi, en: Hi}", "slogan: {fi: Moi}", 0, f"slogan.en: missing – {TEXT}"),
    ("slogan: {fi: Moi, en: Hi}", "slogan: Moi", 0, "slogan: 'Moi' – expected a text for each language, such as fi: … and en: …"),
    # services
    ("age_limit: under 12", "age_limit: 12", 0, "services.haircut.age_limit: 12 – expected an age limit such as from 18 or under 12"),
    ("age_limit: under 12", "age_limit: over 12", 0, "services.haircut.age_limit: 'over 12' – expected an age limit such as from 18 or under 12"),
    ("age_limit: under 12", "age_limit: from 0", 0, "services.haircut.age_limit: 'from 0' – expected an age limit such as from 18 or under 12"),
    ("{fi: Pese tukka, en: Wash your hair}", "{fi: Pese tukka}", 0, f"services.haircut.preparation.en: missing – {TEXT}"),
    ("        minutes: 10\n", "        minutes: 500\n", 0, f"{ADD_ON}.minutes: 500 – expected a whole number of minutes from 0 to 240"),
    ("        price: 5\n", "        price: free\n", 0, f"{ADD_ON}.price: 'free' – {PRICE}"),
    ("        price: 5\n", "", -2, f"{ADD_ON}.price: missing – {PRICE}"),
    ("      - name: {fi: pesu, en: wash}", "      - name: pesu", 0, f"{ADD_ON}.name: 'pesu' – expected a text for each language, such as fi: … and en: …"),
    ("      - name: {fi: pesu, en: wash}", "      - title: {fi: pesu, en: wash}", 0, [f"{ADD_ON}.name: missing – expected a text for each language, such as fi: … and en: …", f"{ADD_ON}.title: unknown key – expected one of name, minutes, price"]),
    ("    add_ons:\n      - name: {fi: pesu, en: wash}\n        minutes: 10\n        price: 5\n", "    add_ons: wash\n", 0, "services.haircut.add_ons: 'wash' – expected a list"),
    # booking
    ("lateness_minutes: 15", "lateness_minutes: quarter", 0, "booking.lateness_minutes: 'quarter' – expected a whole number of minutes from 0 to 120"),
    ("lateness_minutes: 15", "lateness_minutes: 121", 0, "booking.lateness_minutes: 121 – expected a whole number of minutes from 0 to 120"),
    ("lateness_minutes: 15", "lateness_minutes: -5", 0, "booking.lateness_minutes: -5 – expected a whole number of minutes from 0 to 120"),
    ("no_show_fee: 50%", "no_show_fee: half", 0, f"booking.no_show_fee: 'half' – {FEE}"),
    ("no_show_fee: 50%", "no_show_fee: 150%", 0, f"booking.no_show_fee: '150%' – {FEE}"),
    ("no_show_fee: 50%", "no_show_fee: 0%", 0, f"booking.no_show_fee: '0%' – {FEE}"),
    ("no_show_fee: 50%", "no_show_fee: 20 €", 0, f"booking.no_show_fee: '20 €' – {FEE}"),
    ("  lateness_minutes: 15", "  latenes_minutes: 15", 0, "booking.latenes_minutes: unknown key – did you mean 'lateness_minutes'?"),
    # policies, payment, catalogue
    ("  delivery: {fi: Heti, en: At once}", "  delivery: {fi: Heti}", 0, f"policies.delivery.en: missing – {TEXT}"),
    ("  delivery: {fi: Heti, en: At once}", "  delivry: {fi: Heti, en: At once}", 0, "policies.delivry: unknown key – did you mean 'delivery'?"),
    ("  - {id: cash, name: {fi: käteinen, en: cash}}\n", "  - {id: cash, name: {fi: käteinen, en: cash}}\n  - {id: cash, name: {fi: kolikot, en: coins}}\n", 1, "payment_methods[2].id: 'cash' – expected an id of its own for each entry"),
    ("{id: cash, name", "{id: Cash!, name", 0, "payment_methods[1].id: 'Cash!' – expected a name in small letters a-z, digits and _, starting with a letter"),
    ("catalogue: goods.yml", "catalogue: no-such-file.yml", 0, "shop.catalogue: 'no-such-file.yml' – expected a file beside this page, or from the project's folder"),
    ("catalogue: goods.yml", "catalogue: [goods.yml]", 0, f"shop.catalogue: a list – {TEXT}"),
    # off
    ("off: [request_quote, faq/walk_in]", "off: [request_qoute]", 0, f"off[1]: 'request_qoute' – {OFF}; did you mean 'request_quote'?"),
    ("off: [request_quote, faq/walk_in]", "off: [request_quote, walk in]", 0, f"off[2]: 'walk in' – {OFF}; did you mean 'faq/walk_in'?"),
    ("off: [request_quote, faq/walk_in]", "off: [greet]", 0, f"off[1]: 'greet' – {OFF}"),
    ("off: [request_quote, faq/walk_in]", "off: [request_human]", 0, f"off[1]: 'request_human' – {OFF}; did you mean 'request_quote'?"),
    ("off: [request_quote, faq/walk_in]", "off: request_quote", 0, "off: 'request_quote' – expected a list"),
    ("off: [request_quote, faq/walk_in]", "off: [5]", 0, f"off[1]: 5 – {OFF}"),
    # forbidden topics
    ("  fi: [politiikka]", "  fi: politiikka", 0, "forbidden_topics.fi: 'politiikka' – expected a list of words such as [leikkaus, tukka]"),
    ("  fi: [politiikka]", "  fi: [ei]", 0, "forbidden_topics.fi[1]: 'ei' – expected a word of at least three letters"),
    ("  fi: [politiikka]", "  fi: [2026]", 0, f"forbidden_topics.fi[1]: 2026 – {TEXT}"),
    ("  en: [politics]", "  sv: [politik]", 0, "forbidden_topics.sv: unknown key – expected one of fi, en"),
    ("forbidden_topics:\n  fi: [politiikka]\n  en: [politics]\n", "forbidden_topics: [politics]\n", 0, "forbidden_topics: a list – expected lists of words by language, such as fi: [leikkaus, tukka]"),
    # own questions
    ("      fi: [onko teillä wifi, mikä on wifin salasana, saako teillä nettiä]", "      fi: [onko teillä wifi, saako nettiä]", 0, f"questions.wifi.ask.fi: a list – {ASK}"),
    ("      fi: [onko teillä wifi, mikä on wifin salasana, saako teillä nettiä]", "      fi: [onko teillä wifi, onko wifi, Onko  teillä wifi]", 0, f"questions.wifi.ask.fi: a list – {ASK}"),
    ("      fi: [onko teillä wifi, mikä on wifin salasana, saako teillä nettiä]", "      fi: onko teillä wifi", 0, f"questions.wifi.ask.fi: 'onko teillä wifi' – {ASK}"),
    ("      en: [do you have wifi, what is the wifi password, is there internet]\n", "", -2, f"questions.wifi.ask.en: missing – {ASK}"),
    ("answer: {fi: On., en: Yes.}", "answer: {fi: On.}", 0, f"questions.wifi.answer.en: missing – {TEXT}"),
    ("    answer: {fi: On., en: Yes.}\n", "", -4, "questions.wifi.answer: missing – expected a text for each language, such as fi: … and en: …"),
    ("answer: {fi: On., en: Yes.}", "reply: {fi: On., en: Yes.}", 0, ["questions.wifi.answer: missing – expected a text for each language, such as fi: … and en: …", "questions.wifi.reply: unknown key – expected one of ask, answer"]),
    ("  wifi:\n", "  Wifi here:\n", 0, "questions.Wifi here: 'Wifi here' – expected a name in small letters a-z, digits and _, starting with a letter"),
    ("    ask:\n      fi: [onko teillä wifi, mikä on wifin salasana, saako teillä nettiä]\n      en: [do you have wifi, what is the wifi password, is there internet]\n", "    ask: [onko teillä wifi]\n", 0, "questions.wifi.ask: a list – expected three or more wordings in each language, such as fi: [onko teillä kahvia, …]"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "goods.yml").write_text("[]\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("old", "new", "down", "expected"), MISTAKES)
def test_mistakes(
    folder: Path, old: str, new: str, down: int, expected: str | list[str] | None
) -> None:
    page = own((old, new))
    if expected is None:
        load(folder, page)
        return
    line = OWN[: OWN.index(old)].count("\n") + 1 + down
    sentences = [expected] if isinstance(expected, str) else expected
    said = problems(folder, page)
    assert [text.split(": ", 1)[1] for text in said] == sentences
    assert f"business.yml:{line}" in [text.split(": ", 1)[0] for text in said]


def without(page: str, *blocks: str) -> str:
    """The page without some of its top-level blocks."""
    kept, skipping = [], False
    for line in page.splitlines(keepends=True):
        if not line.startswith((" ", "-")):
            skipping = line.split(":")[0] in blocks
        if not skipping:
            kept.append(line)
    return "".join(kept)


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ("booking", "booking: missing – expected a group with the keys"),
        ("staff", "staff: missing – expected a group with an entry for each, as there is 'services'"),
        ("services", "services: missing – expected a group with an entry for each, as there is 'staff'"),
    ],
)  # fmt: skip
def test_appointments_are_described_as_a_whole(tmp_path: Path, gone: str, expected: str) -> None:
    assert any(expected in text for text in problems(tmp_path, without(BASE, gone)))


@pytest.mark.parametrize(("policy", "block"), [("cancellation", "services"), ("returns", "shop")])
def test_a_policy_that_something_makes_necessary(tmp_path: Path, policy: str, block: str) -> None:
    page = "".join(
        line for line in BASE.splitlines(keepends=True) if not line.startswith(f"  {policy}:")
    )
    assert problems(tmp_path, page) == [
        f"business.yml:78: policies.{policy}: missing – expected a text for each language, such as "
        f"fi: … and en: …, as there is '{block}'"
    ]


def test_a_business_that_has_everything(folder: Path) -> None:
    business = load(folder, OWN)
    off = {"request_quote", "faq/walk_in"}
    assert {each for each in NEEDS if not business.offers(each)} == off
    assert business.manner.address == "te" and business.manner.emoji
    assert business.booking.no_show_fee == Fee(percent=50)
    assert [way.id for way in business.ways_to_pay] == ["cash", "card"]
    assert business.offers("faq/own_wifi") and not business.offers("faq/own_gone")


def test_without_appointments(tmp_path: Path) -> None:
    business = load(tmp_path, without(BASE, "services", "staff", "booking"))
    assert not business.offers("book_appointment") and not business.offers("faq/prices")
    assert business.offers("check_order_status") and business.offers("greet")


def test_without_a_shop(tmp_path: Path) -> None:
    business = load(tmp_path, without(BASE, "shop", "parking"))
    for use_case in ("check_order_status", "ask_product", "faq/delivery_cost", "faq/parking"):
        assert not business.offers(use_case)
    assert business.offers("book_appointment") and not business.ways_to_pay


def test_what_must_work_anywhere_cannot_be_switched_off() -> None:
    for use_case in ("request_human", "complain", "delete_my_data", "faq/privacy", "stop"):
        assert use_case not in switchable()
