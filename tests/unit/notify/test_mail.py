"""tiski/notify/mail.py against real servers: what is taken, refused, and left hanging."""

from __future__ import annotations

import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from mail_server import PASSWORD, USER, Mailbox, accepts, certificate, serving, silent_server

from tiski.desk.group import free_port
from tiski.notify import mail
from tiski.notify.mail import NotSent, PerhapsSent, send
from tiski.notify.settings import MailSettings, Security

OWNER, PARTNER, DESK = "owner@salon.example", "partner@salon.example", "desk@salon.example"


def a_mail(text: str = "Hei\n") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = DESK, OWNER, "Palautus, ä"
    message.set_content(text, cte="quoted-printable")
    return message


def plain(port: int) -> MailSettings:
    return MailSettings("127.0.0.1", port, Security.NONE)


def test_a_mail_arrives_as_it_was_written() -> None:
    box = Mailbox()
    text = "Hyvää päivää\n.\n.. pisteitä\n.rivi\n" + "pitkä " * 60 + "\n"
    with serving(box) as port:
        assert send(plain(port), a_mail(text), [OWNER, PARTNER], sender=DESK) == 0
    assert box.texts == [text]
    assert box.mails[0]["Subject"] == "Palautus, ä"
    assert box.envelopes[0].mail_from == DESK
    assert box.envelopes[0].rcpt_tos == [OWNER, PARTNER]


def test_one_address_of_two_is_refused() -> None:
    box = Mailbox(refused=(PARTNER,))
    with serving(box) as port:
        assert send(plain(port), a_mail(), [OWNER, PARTNER], sender=DESK) == 1
    assert len(box.mails) == 1


def test_all_addresses_are_refused() -> None:
    with serving(Mailbox(refused=(OWNER,))) as port, pytest.raises(NotSent) as caught:
        send(plain(port), a_mail(), [OWNER], sender=DESK)
    assert not caught.value.is_down
    assert str(caught.value) == "SMTPRecipientsRefused (550)"  # and not the address


def test_the_mail_is_refused() -> None:
    with serving(Mailbox(data_answer="554 spam")) as port, pytest.raises(NotSent) as caught:
        send(plain(port), a_mail(), [OWNER], sender=DESK)
    assert not caught.value.is_down
    assert str(caught.value) == "SMTPDataError (554)"


def test_nobody_listens() -> None:
    with pytest.raises(NotSent) as caught:
        send(plain(free_port()), a_mail(), [OWNER], sender=DESK)
    assert caught.value.is_down


def test_there_is_no_such_host() -> None:
    settings = MailSettings("nowhere.invalid", 25, Security.NONE)
    with pytest.raises(NotSent) as caught:
        send(settings, a_mail(), [OWNER], sender=DESK)
    assert caught.value.is_down


def test_a_server_that_says_nothing_is_left_after_three_seconds() -> None:
    began = time.monotonic()
    with silent_server() as port, pytest.raises(NotSent) as caught:
        send(plain(port), a_mail(), [OWNER], sender=DESK)
    assert caught.value.is_down
    assert mail.TIMEOUT_SECONDS <= time.monotonic() - began < mail.TIMEOUT_SECONDS + 5


def test_silence_after_the_whole_mail_may_mean_that_it_was_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail, "_LAST_TIMEOUT_SECONDS", 0.3)
    box = Mailbox(silence=1.5)
    with serving(box) as port, pytest.raises(PerhapsSent):
        send(plain(port), a_mail(), [OWNER], sender=DESK)
    assert len(box.mails) == 1


def test_starttls_and_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cert, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    box = Mailbox()
    options = {"require_starttls": True, "tls_context": context, "authenticator": accepts}
    with serving(box, auth_required=True, **options) as port:
        right = MailSettings("localhost", port, Security.STARTTLS, USER, PASSWORD)
        assert send(right, a_mail(), [OWNER], sender=DESK) == 0
        wrong = MailSettings("localhost", port, Security.STARTTLS, USER, "wrong")
        with pytest.raises(NotSent) as caught:
            send(wrong, a_mail(), [OWNER], sender=DESK)
    assert caught.value.is_down
    assert len(box.mails) == 1


def test_tls_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cert, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    box = Mailbox()
    with serving(box, ssl_context=context, server_hostname="127.0.0.1") as port:
        send(MailSettings("localhost", port, Security.TLS), a_mail(), [OWNER], sender=DESK)
    assert len(box.mails) == 1


def test_a_certificate_that_nobody_signed_is_not_trusted(tmp_path: Path) -> None:
    _, context = certificate(tmp_path)
    box = Mailbox()
    with serving(box, tls_context=context) as port, pytest.raises(NotSent) as caught:
        send(MailSettings("localhost", port, Security.STARTTLS), a_mail(), [OWNER], sender=DESK)
    assert caught.value.is_down
    assert box.mails == []


def test_a_server_without_starttls_gets_no_mail() -> None:
    box = Mailbox()
    with serving(box) as port, pytest.raises(NotSent):
        send(MailSettings("127.0.0.1", port, Security.STARTTLS), a_mail(), [OWNER], sender=DESK)
    assert box.mails == []
