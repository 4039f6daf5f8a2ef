"""tiski/notify/visits.py: what a customer reads about an appointment, and what cannot get into it."""

from __future__ import annotations

import email
import email.policy
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from pathlib import Path

import pytest
from icalendar import Calendar
from mail_server import Mailbox, serving
from ruamel.yaml import YAML

from tiski import words
from tiski.answers.manner import in_manner
from tiski.business import Business, load_business
from tiski.notify.mail import send
from tiski.notify.settings import MailSettings, Security
from tiski.notify.visits import VisitNews, What, known_name, write_mail, write_text
from tiski.paths import ROOT

UTC = timezone.utc
DESK = "desk@example.com"
LINK = "https://desk.kampaamoaalto.example/desk/visit/1f-7ab12-abcdefghijklmnopqrstuvwxyz"
NEWS = VisitNews(
    what=What.BOOKED,
    id=31,
    code="K7M4QX",
    uid="0123456789abcdef@tiski",
    sequence=0,
    service_id="haircut",
    staff_id="aino",
    starts_at=datetime(2026, 11, 24, 13, tzinfo=UTC),
    ends_at=datetime(2026, 11, 24, 13, 45, tzinfo=UTC),
    language="fi",
    name="Maija Meikäläinen",
    email="maija@example.com",
    phone="+358401234567",
    created_at=datetime(2026, 11, 23, 8, tzinfo=UTC),
)
MOVED = replace(
    NEWS, what=What.MOVED, sequence=1, old_starts_at=datetime(2026, 11, 25, 7, tzinfo=UTC)
)
OPENING = replace(NEWS, what=What.OPENING, held_until=datetime(2026, 11, 23, 14, tzinfo=UTC))
BAD = "Maija\r\nBcc: kaikki@muualla.example\r\n\r\n<b>x</b> http://muualla.example\x00\u2028Subject: x"
# GSM 03.38, the letters that take one place (https://www.3gpp.org/dynareport/23038.htm)
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


@pytest.fixture(scope="module")
def business() -> Business:
    return load_business()


def every(language: str) -> list[VisitNews]:
    """One news of each kind."""
    return [
        replace(
            NEWS, what=what, language=language,
            old_starts_at=MOVED.old_starts_at if "moved" in what.value else None,
            held_until=OPENING.held_until if what is What.OPENING else None,
        )
        for what in What
    ]  # fmt: skip


def read(message: EmailMessage) -> EmailMessage:
    """The mail as it travels and is read again."""
    return email.message_from_bytes(message.as_bytes(), policy=email.policy.default)  # type: ignore[return-value]


def mail_of(news: VisitNews, business: Business) -> EmailMessage:
    return read(write_mail(news, business, sender=DESK, link=LINK))


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def events_of(mail: EmailMessage) -> list[Calendar]:
    """Each invitation in the mail."""
    return [
        Calendar.from_ical(part.get_content())
        for part in mail.walk()
        if part.get_content_type() in ("text/calendar", "application/ics")
    ]


def test_a_booking(business: Business) -> None:
    mail = mail_of(NEWS, business)
    assert mail["From"] == "Kampaamo Aalto <desk@example.com>"
    assert mail["To"] == "maija@example.com"
    assert mail["Reply-To"] == "hei@kampaamoaalto.example"
    assert mail["Subject"] == "Aikasi on varattu: tiistaina 24.11. klo 15.00 – Kampaamo Aalto"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert text_of(mail) == (
        "Hei Maija!\n"
        "\n"
        "Kiitos varauksesta! Nähdään tiistaina 24.11. klo 15.00.\n"
        "\n"
        "Palvelu: hiustenleikkaus\n"
        "Tekijä: Aino\n"
        "Aika: tiistaina 24.11. klo 15.00\n"
        "Hinta: 49 €\n"
        "Osoite: Kirkkopuistokatu 12, 65100 Vaasa\n"
        "Varauskoodi: K7M4QX\n"
        "\n"
        "Tästä linkistä voit siirtää tai perua ajan tai kirjoittaa meille:\n"
        f"{LINK}\n"
        "Linkki on vain sinulle: kuka tahansa, jolla se on, voi muuttaa aikaa.\n"
        "\n"
        "Autamme mielellämme myös puhelimessa: +358 6 555 0142.\n"
        "\n"
        "Terveisin\n"
        "Kampaamo Aalto\n"
    )


def test_its_parts_are_what_mail_programs_expect(business: Business) -> None:
    mail = mail_of(NEWS, business)
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/calendar",
        "application/ics",
    ]  # fmt: skip
    calendar = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert calendar["Content-Type"].params == {"charset": "utf-8", "method": "REQUEST"}
    assert [part.get_filename() for part in mail.iter_attachments()] == ["invite.ics"]
    one, other = events_of(mail)
    assert one.to_ical() == other.to_ical()
    (event,) = one.walk("VEVENT")
    assert (event["UID"], event.decoded("DTSTART")) == (NEWS.uid, NEWS.starts_at)
    assert LINK in event["DESCRIPTION"] and NEWS.code not in event.to_ical().decode()


@pytest.mark.parametrize(
    ("what", "method", "status"),
    [
        (What.MOVED, "REQUEST", "CONFIRMED"),
        (What.MOVED_BY_STAFF, "REQUEST", "CONFIRMED"),
        (What.CANCELLED, "CANCEL", "CANCELLED"),
        (What.CANCELLED_BY_STAFF, "CANCEL", "CANCELLED"),
    ],
)
def test_what_the_invitation_says(business: Business, what: What, method: str, status: str) -> None:
    for calendar in events_of(mail_of(replace(MOVED, what=what), business)):
        (event,) = calendar.walk("VEVENT")
        assert (calendar["METHOD"], event["STATUS"]) == (method, status)
        assert event["SEQUENCE"] == (2 if method == "CANCEL" else 1)


def test_reminders_and_openings_have_no_invitation(business: Business) -> None:
    for news in (replace(NEWS, what=What.REMINDER), OPENING):
        mail = mail_of(news, business)
        assert not mail.is_multipart() and mail.get_content_type() == "text/plain"


def test_a_move_names_both_times(business: Business) -> None:
    text = text_of(mail_of(replace(MOVED, language="en"), business))
    assert (
        "See you on Tuesday 24 November at 15:00.\nYour old time was Wednesday 25 November at 09:00."
        in text
    )


def test_an_opening_says_until_when(business: Business) -> None:
    text = text_of(mail_of(OPENING, business))
    assert "vastaat viimeistään maanantaina 23.11. klo 16.00" in text
    assert NEWS.code not in text  # nothing is booked


@pytest.mark.parametrize("language", ["fi", "en"])
def test_every_mail_has_what_is_needed(business: Business, language: str) -> None:
    when = {"fi": "tiistaina 24.11. klo 15.00", "en": "Tuesday 24 November at 15:00"}[language]
    subjects = set()
    for news in every(language):
        mail = mail_of(news, business)
        text = text_of(mail)
        assert when in text and when in mail["Subject"]
        assert LINK in text.splitlines() and business.contact.phone in text
        assert "{" not in text and "None" not in text
        subjects.add(str(mail["Subject"]))
    assert len(subjects) == len(What)


@pytest.mark.parametrize("language", ["fi", "en"])
def test_every_text_message_is_short_and_plain(business: Business, language: str) -> None:
    for news in every(language):
        text = write_text(news, business, link=LINK)
        assert set(text) <= GSM, set(text) - GSM
        assert len(text) <= 2 * 153
        assert text.endswith(f" {LINK}") and business.contact.phone in text
        assert text.startswith(business.name.get(language))
        assert ("ti 24.11. klo 15.00" if language == "fi" else "Tue 24 Nov 15:00") in text


def test_a_text_message_has_nothing_typed_in_it(business: Business) -> None:
    for news in every("fi"):
        bad = replace(news, name=BAD, email=BAD, phone=BAD)
        assert write_text(bad, business, link=LINK) == write_text(news, business, link=LINK)


def test_the_clock_is_the_businesss(business: Business) -> None:
    for day, hour in ((27, 8), (28, 7)):  # the same 10 o'clock on both sides of the change
        news = replace(NEWS, starts_at=datetime(2027, 3, day, hour, tzinfo=UTC))
        assert f"{day}.3. klo 10.00" in text_of(mail_of(news, business))
        assert f"{day}.3. klo 10.00" in write_text(news, business, link=LINK)
    for day, hour in ((30, 7), (31, 8)):
        news = replace(NEWS, starts_at=datetime(2027, 10, day, hour, tzinfo=UTC))
        assert f"{day}.10. klo 10.00" in text_of(mail_of(news, business))


def test_nothing_typed_becomes_a_header(business: Business) -> None:
    mail = mail_of(replace(NEWS, name=BAD), business)
    assert mail["Bcc"] is None and mail["To"] == "maija@example.com"
    whole = mail.as_bytes()
    assert b"muualla" not in whole
    assert text_of(mail).startswith("Hei!\n")
    for calendar in events_of(mail):
        assert b"muualla" not in calendar.to_ical()


@pytest.mark.parametrize(
    "address",
    [None, "", BAD, "a@example.com, b@example.com", "a@example.com\nBcc: b@example.com",
     "Maija <a@example.com>", "a b@example.com", "a@", "@example.com"],
)  # fmt: skip
def test_one_address_or_no_mail(business: Business, address: str | None) -> None:
    with pytest.raises(ValueError, match="expected one e-mail address") as raised:
        write_mail(replace(NEWS, email=address), business, sender=DESK, link=LINK)
    assert "example.com" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Maija Meikäläinen", "Maija Meikäläinen"),
        (" Anna-Liisa O'Neill ", "Anna-Liisa O'Neill"),
        ("李小龙", "李小龙"),
        ("www.example.com", None),
        ("voitit 100", None),
        ("Klikkaa https://x", None),
        ("a" * 61, None),
        ("", None),
    ],
)
def test_which_names_are_repeated(name: str, known: str | None) -> None:
    assert known_name(name) == known


def test_the_same_news_has_the_same_id(business: Business) -> None:
    def number(news: VisitNews) -> str:
        return str(write_mail(news, business, sender=DESK, link=LINK)["Message-ID"])

    others = [
        replace(NEWS, what=What.REMINDER),
        replace(NEWS, sequence=1),
        replace(NEWS, id=32, uid="other@tiski"),
        replace(NEWS, created_at=NEWS.created_at + timedelta(seconds=1)),
    ]
    assert number(NEWS) == number(replace(NEWS, language="en"))
    assert len({number(news) for news in (NEWS, *others)}) == 5
    assert number(NEWS).endswith("@example.com>")


def test_it_is_kept_as_json_and_read_again() -> None:
    for news in (NEWS, MOVED, OPENING, replace(NEWS, email=None, phone=None)):
        assert VisitNews.from_content(json.loads(json.dumps(news.as_content()))) == news
    with pytest.raises(ValueError):
        VisitNews.from_content({**NEWS.as_content(), "what": "eaten"})


def test_a_service_that_is_gone_does_not_stop_the_mail(business: Business) -> None:
    news = replace(NEWS, service_id="gone", staff_id="gone")
    text = text_of(mail_of(news, business))
    assert "Palvelu" not in text and "Hinta" not in text and "Aika: tiistaina" in text
    assert write_text(news, business, link=LINK).endswith(LINK)


def test_a_language_that_is_not_spoken_gives_the_default(business: Business) -> None:
    assert "Hei Maija!" in text_of(mail_of(replace(NEWS, language="sv"), business))


def test_te(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    yaml = YAML(typ="safe", pure=True)
    page = yaml.load((ROOT / "business.yml").read_text(encoding="utf-8"))
    page["manner"] = {"address": "te"}
    file = tmp_path / "business.yml"
    with file.open("w", encoding="utf-8") as opened:
        yaml.dump(page, opened)
    polite = load_business(file)
    said = words.Words(ROOT / "data" / "responses", lambda found: in_manner(found, polite))
    monkeypatch.setattr(words, "_words", lambda: said)

    mail = mail_of(NEWS, polite)
    assert str(mail["Subject"]).startswith("Aikanne on varattu")
    assert "voitte siirtää" in text_of(mail)
    for news in every("fi"):
        text = write_text(news, polite, link=LINK)
        assert "aikasi" not in text.lower() and len(text) <= 2 * 153


def test_it_goes_through_a_real_server(business: Business) -> None:
    box = Mailbox()
    mail = write_mail(MOVED, business, sender=DESK, link=LINK)
    with serving(box) as port:
        settings = MailSettings("127.0.0.1", port, Security.NONE)
        assert send(settings, mail, ["maija@example.com"], sender=DESK) == 0

    (came,) = box.mails
    assert box.envelopes[0].rcpt_tos == ["maija@example.com"]
    assert came["Subject"] == mail["Subject"] and came["Message-ID"] == mail["Message-ID"]
    assert LINK in text_of(came).splitlines()
    assert b"\n" not in box.envelopes[0].content.replace(b"\r\n", b"")
    sent, taken = events_of(read(mail)), events_of(came)
    assert [each.to_ical() for each in taken] == [each.to_ical() for each in sent]
    assert len(taken) == 2
