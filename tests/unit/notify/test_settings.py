"""tiski/notify/settings.py: what MAIL_URL and MAIL_FROM may be, and what is said of the rest."""

from __future__ import annotations

import pytest

from tiski.notify.settings import MailSettings, MailSettingsError, Security, mail_settings


def test_without_a_server_no_mail_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert mail_settings() is None
    monkeypatch.setenv("MAIL_URL", "  ")
    monkeypatch.setenv("MAIL_FROM", "desk@salon.example")
    assert mail_settings() is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", MailSettings("mail.example", 587, Security.STARTTLS)),
        ("smtps://mail.example", MailSettings("mail.example", 465, Security.TLS)),
        ("smtp+plain://localhost", MailSettings("localhost", 25, Security.NONE)),
        ("smtp+plain://127.0.0.1:2525/", MailSettings("127.0.0.1", 2525, Security.NONE)),
        (
            "smtp://desk%40salon.example:p%23ss%2Fw%40rd%3A1@mail.example:2587",
            MailSettings(
                "mail.example", 2587, Security.STARTTLS, "desk@salon.example", "p#ss/w@rd:1"
            ),
        ),
    ],
)
def test_servers(monkeypatch: pytest.MonkeyPatch, url: str, expected: MailSettings) -> None:
    monkeypatch.setenv("MAIL_URL", url)
    assert mail_settings() == expected


def test_the_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_URL", "smtp://mail.example")
    monkeypatch.setenv("MAIL_FROM", "Desk@Salon.example")
    settings = mail_settings()
    assert settings is not None and settings.sender == "desk@salon.example"


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "mail.example:587",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:port",
        "smtp://mail.example:99999",
        "smtp://mail.example/inbox",
        "smtp://mail.example?tls=1",
        "smtp://user:sala#sana@mail.example",
        "smtp://user@mail.example",
        "smtp://:salasana@mail.example",
        "smtp://user:salasana@mail.example bcc",
        "smtp+plain://user:salasana@mail.example",
        "smtp://[mail.example",
    ],
)
def test_a_wrong_server_is_named_and_its_password_is_not(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("MAIL_URL", url)
    with pytest.raises(MailSettingsError) as caught:
        mail_settings()
    said = str(caught.value)
    assert said.startswith("MAIL_URL: expected smtp://user:password@host:587")
    assert "sala" not in said
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "sender", ["desk", "desk@", "a@b.example, c@d.example", "desk@salon.example\nBcc: x@y.example"]
)
def test_a_wrong_sender_is_named(monkeypatch: pytest.MonkeyPatch, sender: str) -> None:
    monkeypatch.setenv("MAIL_URL", "smtp://mail.example")
    monkeypatch.setenv("MAIL_FROM", sender)
    with pytest.raises(MailSettingsError, match=r"^MAIL_FROM: expected an e-mail address"):
        mail_settings()


def test_the_staff_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_URL", "smtp://mail.example")
    for page in (
        "http://localhost:5006/",
        "https://desk.salon.example",
        "https://a.example/tiski/",
    ):
        monkeypatch.setenv("STAFF_URL", page)
        settings = mail_settings()
        assert settings is not None and settings.staff_page == page


@pytest.mark.parametrize(
    "page", ["desk.salon.example", "ftp://a.example/", "https://u:salasana@a.example/", "https://"]
)
def test_a_wrong_staff_page_is_named(monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    monkeypatch.setenv("MAIL_URL", "smtp://mail.example")
    monkeypatch.setenv("STAFF_URL", page)
    with pytest.raises(MailSettingsError, match=r"^STAFF_URL: expected an address") as caught:
        mail_settings()
    assert "salasana" not in str(caught.value)


def test_the_password_is_not_printed() -> None:
    settings = MailSettings("mail.example", 587, Security.STARTTLS, "user", "salasana")
    assert "salasana" not in repr(settings)
