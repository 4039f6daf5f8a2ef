"""tiski/nlu/contacts.py: e-mails, phones, postcodes, order numbers and codes in messages."""

from __future__ import annotations

import time

import pytest

from tiski.nlu.contacts import find_contacts, phone
from tiski.nlu.emails import email, tries_an_address


def found(text: str, asked: str | None = None) -> list[tuple[str, str]]:
    return [(entity.entity, entity.value) for entity in find_contacts(text, asked=asked)]


@pytest.mark.parametrize(
    "written",
    [
        "0455550199",
        "045 555 0199",
        "045-5550199",
        "045-555 0199",
        "(045) 555 0199",
        "045 555 01 99",
        "+358455550199",
        "+358 45 555 0199",
        "+358 (0)45 555 0199",
        "00358 45 5550199",
        "numeroni on 0455550199.",
        "puh. 045 5550199, kiitos",
        "tel:0455550199",
        "soita 0455550199!",
    ],
)
def test_a_finnish_phone_number_in_any_spelling(written: str) -> None:
    assert found(written) == [("phone_number", "+358455550199")]


def test_other_phone_numbers() -> None:
    assert found("06 555 0142") == [("phone_number", "+35865550142")]
    assert found("my number is +44 20 7946 0958") == [("phone_number", "+442079460958")]
    assert found("045 555 0199 tai 040 123 4567") == [
        ("phone_number", "+358455550199"),
        ("phone_number", "+358401234567"),
    ]
    assert phone("0455550199", "FI") == "+358455550199"
    assert phone("040", "FI") is None
    assert phone("ei ole", "FI") is None


@pytest.mark.parametrize(
    "written",
    [
        "matti@posti.example",
        "Matti@Posti.Example",
        "se on matti@posti.example.",
        "matti@posti.example!",
        "matti@posti.example, kiitos",
        "<matti@posti.example>",
        "mailto:matti@posti.example",
        "sähköposti:matti@posti.example",
    ],
)
def test_an_email_address_in_any_surroundings(written: str) -> None:
    assert found(written) == [("email", "matti@posti.example")]


@pytest.mark.parametrize("written", ["matti@posti", "@posti.example", "matti@", "a@b@c.fi", "@@@"])
def test_what_is_no_email_address(written: str) -> None:
    assert email(written) is None
    assert ("email", written) not in found(written)


def test_the_place_of_an_entity_is_that_of_its_text() -> None:
    text = "Tilaus #10234, matti@posti.example!"
    places = {entity.entity: text[entity.start : entity.end] for entity in find_contacts(text)}
    assert places == {"order_number": "#10234", "email": "matti@posti.example"}


@pytest.mark.parametrize(
    "written",
    ["10234", "#10234", "# 10234", "tilaus 10234", "tilaus nro:10234", "order no.10234", "10234?",
     "tilausnumero=10234", "order number is 10234", "numero 10234"],
)  # fmt: skip
def test_an_order_number(written: str) -> None:
    assert found(written) == [("order_number", "10234")]


def test_a_postcode_is_told_by_what_was_asked_and_what_stands_before() -> None:
    assert found("65100", asked="order_number") == [("order_number", "65100")]
    assert found("65100", asked="order_proof") == [("postcode", "65100")]
    assert found("#65100", asked="order_proof") == [("order_number", "65100")]
    assert found("postinumero 65100", asked="order_number") == [("postcode", "65100")]
    assert found("postcode is 65100") == [("postcode", "65100")]
    assert found("00100") == [("postcode", "00100")]  # no order number begins with a zero
    assert found("1023", asked="order_proof") == [("order_number", "1023")]  # not five digits


@pytest.mark.parametrize(
    "written",
    ["tilaus 10234, 65100", "10234 65100", "tilausnumero 10234 postinumero 65100",
     "order 10234 and the postcode 65100"],
)  # fmt: skip
def test_an_order_number_and_then_a_postcode(written: str) -> None:
    assert found(written) == [("order_number", "10234"), ("postcode", "65100")]


def test_the_other_way_round() -> None:
    assert found("postinumero 65100, tilaus 10234") == [
        ("postcode", "65100"),
        ("order_number", "10234"),
    ]


@pytest.mark.parametrize("written", ["DEMA42", "dema42", "koodi on Dema42.", "(dema42)"])
def test_an_appointment_code(written: str) -> None:
    assert found(written) == [("appointment_code", "DEMA42")]


@pytest.mark.parametrize(
    "written",
    ["haircut", "kampaus", "120min", "dema421", "ema42", "demo10", "234567", "klo14a", "abcdef"],
)
def test_a_word_is_no_code(written: str) -> None:
    assert "appointment_code" not in [kind for kind, _ in found(written)]


@pytest.mark.parametrize("written", ["QWERTY", " QWERTY. ", "koodi on qwerty", "my code is QWERTY"])
def test_letters_are_a_code_when_one_is_asked_for(written: str) -> None:
    assert found(written, asked="appointment_key") == [("appointment_code", "QWERTY")]
    assert found(written) == []


@pytest.mark.parametrize(
    "written", ["thanks", "QWERTYU", "QWERTY kiitos", "kiitos", "koodi on hukassa"]
)
def test_words_are_none_even_then(written: str) -> None:
    assert found(written, asked="appointment_key") == []


@pytest.mark.parametrize(
    "written",
    [
        "klo 14.30", "14:30", "klo 1430", "kello 0900", "at 1430", "9.00-18.00",
        "24.12.2026", "24.12. 2026", "2026-12-24", "24/12/2026", "24 December 2026",
        "December 24th, 2026", "joulukuussa 2026", "joulukuun 24. päivä 2026", "vuonna 2027",
        "in March 2027", "1200 €", "1200€", "€1200", "€ 1200", "1200 euroa", "1200,50", "2000,-",
        "1000 ml", "1 000", "123", "12345678901234",
    ],
)  # fmt: skip
def test_times_dates_prices_and_amounts_are_no_order_numbers(written: str) -> None:
    assert found(written) == []


def test_a_year_alone_can_be_an_order_number() -> None:
    assert found("tilaus 2045") == [("order_number", "2045")]
    assert found("2045", asked="order_number") == [("order_number", "2045")]


@pytest.mark.parametrize(
    "part",
    ["@", "a@", "a.@", "1 ", "1-", "9", "+", "a1", "(0", "45 ", "0401234567 ", "#", "-", "٣"],
)
def test_hostile_messages_are_read_fast(part: str) -> None:
    text = (part * 1000)[:1000]
    began = time.perf_counter()
    find_contacts(text)
    assert time.perf_counter() - began < 0.6


@pytest.mark.parametrize("text", ["liisa at posti", "liisa@", "liisa ät posti", "liisa@posti"])
def test_an_unfinished_address_is_an_attempt(text: str) -> None:
    assert tries_an_address(text)


@pytest.mark.parametrize("text", ["", "posti", "is it at home or at the post office", "meet at"])
def test_other_messages_are_none(text: str) -> None:
    assert not tries_an_address(text)
