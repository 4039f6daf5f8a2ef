"""tiski/notify/texts.py: what stands in a mail, and what cannot get into it."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import datetime, timezone
from email.message import EmailMessage
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tiski.business import Business, load_business
from tiski.checks.project import Project
from tiski.notify.texts import News, write
from tiski.paths import ROOT

OWNER, DESK = "owner@salon.example", "desk@salon.example"
NEWS = News(
    code="T34CDF",
    kind="return_order",
    need="Väri oli väärä",
    created_at=datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc),
    answer_by=datetime(2026, 11, 23, 8, 15, tzinfo=timezone.utc),
    reference="10234",
    name="Matti Meikäläinen",
    phone="+358455550101",
)
BAD = "hei\r\nBcc: kaikki@muualla.example\r\n\r\n<b>toinen</b>\n.\nQUIT\x00\x1b[2J\u2028Subject: x"


@pytest.fixture(scope="module")
def business() -> Business:
    return load_business()


def english(folder: Path, **changes: object) -> Business:
    """The demo business with English as its default language."""
    yaml = YAML(typ="safe", pure=True)
    page = yaml.load((ROOT / "business.yml").read_text(encoding="utf-8"))
    page.update({"default_language": "en", **changes})
    file = folder / "business.yml"
    with file.open("w", encoding="utf-8") as opened:
        yaml.dump(page, opened)
    return load_business(file)


def read(message: EmailMessage) -> EmailMessage:
    """The mail as it travels and is read again."""
    return email.message_from_bytes(message.as_bytes(), policy=email.policy.default)  # type: ignore[return-value]


def test_a_ticket(business: Business) -> None:
    mail = read(write(NEWS, business, sender=DESK, recipients=[OWNER, "b@salon.example"]))
    assert mail["Subject"] == "Kampaamo Aalto: palautus (T34CDF)"
    assert mail["From"] == DESK
    assert mail["To"] == "owner@salon.example, b@salon.example"
    assert mail.get_content() == (
        "Tiskille tuli uusi asia: palautus, tunnus T34CDF.\n"
        "\n"
        "Asiakkaan sanoin:\n"
        "  Väri oli väärä\n"
        "\n"
        "Koskee: 10234\n"
        "Yhteystiedot: Matti Meikäläinen, +358455550101\n"
        "Vastaus luvattu viimeistään: maanantaina 23.11. klo 10.15\n"
        "\n"
        "Keskustelu ja muut tiedot ovat henkilökunnan sivulla.\n"
    )


def test_a_lead_in_english(tmp_path: Path) -> None:
    lead = replace(
        NEWS, code="L7", kind="lead_quote", reference=None, when="in June", budget_cents=50000,
        is_qualified=False,
    )  # fmt: skip
    mail = read(write(lead, english(tmp_path), sender=DESK, recipients=[OWNER]))
    assert mail["Subject"] == "Aalto Hair Salon: request for a quote (L7)"
    text = mail.get_content()
    assert "When: in June\nBudget: €500\nMeets your criteria: no\nContact: Matti" in text
    assert "About:" not in text


def test_what_is_not_known_is_left_out(business: Business) -> None:
    bare = News("T3", "request_human", "apua", NEWS.created_at, answer_by=None)
    text = read(write(bare, business, sender=DESK, recipients=[OWNER])).get_content()
    assert text == (
        "Tiskille tuli uusi asia: viesti henkilökunnalle, tunnus T3.\n\nAsiakkaan sanoin:\n"
        "  apua\n\n\nKeskustelu ja muut tiedot ovat henkilökunnan sivulla.\n"
    )


def test_the_staff_page_is_named_where_it_is_known(business: Business) -> None:
    page = "https://desk.salon.example/"
    mail = write(NEWS, business, sender=DESK, recipients=[OWNER], staff_page=page)
    assert read(mail).get_content().endswith(f"henkilökunnan sivulla.\n{page}\n")


def test_nothing_a_customer_writes_becomes_a_header(business: Business) -> None:
    news = replace(NEWS, need=BAD, name=BAD, when=BAD, reference=BAD, email=BAD, phone=BAD)
    mail = read(write(news, business, sender=DESK, recipients=[OWNER]))
    assert set(mail.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert mail["To"] == OWNER
    headers = mail.as_bytes().split(b"\n\n")[0]
    assert b"muualla" not in headers
    text = mail.get_content()
    assert "  Bcc: kaikki@muualla.example\n" in text  # as words, set in like all of the need
    assert not any(line.startswith(("Bcc", "Subject", ".")) for line in text.splitlines())
    assert "\x00" not in text and "\x1b" not in text and "\u2028" not in text
    assert not mail.is_multipart()


def test_the_business_name_stays_on_one_line(tmp_path: Path) -> None:
    named = english(tmp_path, name={"fi": "A\nBcc: x@y.example", "en": "A\nBcc: x@y.example"})
    mail = read(write(NEWS, named, sender=DESK, recipients=[OWNER]))
    assert mail["Bcc"] is None
    assert str(mail["Subject"]).startswith("A Bcc: x@y.example: return")


def test_a_long_need_is_cut(business: Business) -> None:
    long = replace(NEWS, need="pitkä " * 1000)
    text = read(write(long, business, sender=DESK, recipients=[OWNER])).get_content()
    assert len(text) < 1500 and "…" in text


def test_the_same_ticket_has_the_same_id(business: Business) -> None:
    one, two = (write(NEWS, business, sender=DESK, recipients=[OWNER]) for _ in range(2))
    assert one["Message-ID"] == two["Message-ID"] == "<T34CDF.20261123080000@salon.example>"


def test_a_kind_without_words_has_a_name_too(business: Business) -> None:
    mail = write(replace(NEWS, kind="new_kind"), business, sender=DESK, recipients=[OWNER])
    assert mail["Subject"] == "Kampaamo Aalto: asia henkilökunnalle (T34CDF)"


def test_every_kind_is_an_intent_or_a_lead() -> None:
    project = Project(ROOT)
    kinds = [
        key.removeprefix("words_mail_kind_")
        for _, _, key, _ in project.words
        if key.startswith("words_mail_kind_")
    ]
    assert set(kinds) - project.intents == {"lead_quote", "lead_callback", "other"}
