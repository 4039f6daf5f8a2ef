"""tiski/booking/links.py: whose link it is, and for how long."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tiski.booking.links import appointment_of, token_for, visit_link
from tiski.outside.errors import SettingsError

ENDS = datetime(2026, 11, 24, 10, 45, tzinfo=timezone.utc)
BEFORE = datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TISKI_SECRET", "PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TISKI_VAR", str(tmp_path / "var"))


def test_a_token_names_its_appointment_until_a_day_after_the_visit() -> None:
    token = token_for(4711, ends_at=ENDS)

    assert appointment_of(token, BEFORE) == 4711
    assert appointment_of(token, ENDS + timedelta(hours=24)) == 4711
    assert appointment_of(token, ENDS + timedelta(hours=25)) is None


def test_the_zone_of_the_end_does_not_matter() -> None:
    elsewhere = ENDS.astimezone(timezone(timedelta(hours=-7)))
    assert token_for(1, ends_at=elsewhere) == token_for(1, ends_at=ENDS)


def test_a_token_is_made_of_what_no_program_breaks() -> None:
    token = token_for(2**31, ends_at=ENDS)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+){2}", token)
    assert len(token) <= 44


def test_a_changed_token_is_worth_nothing() -> None:
    token = token_for(17, ends_at=ENDS)
    for at in range(len(token)):
        for other in "0a-":
            changed = token[:at] + other + token[at + 1 :]
            if changed != token:
                assert appointment_of(changed, BEFORE) is None
    number, hours, signature = token.split("-")
    longer = f"{int(hours, 16) + 1000:x}"
    assert appointment_of(f"{number}-{longer}-{signature}", BEFORE) is None
    assert appointment_of(f"0{token}", BEFORE) is None
    assert appointment_of(token.upper(), BEFORE) is None


@pytest.mark.parametrize(
    "token", ["", "-", "--", "1-2-3", "x" * 10_000, "ä-ö-å", "\ud800-1-a", None, 7, ["a"]]
)
def test_what_is_no_token_names_nothing(token: object) -> None:
    assert appointment_of(token, BEFORE) is None


def test_a_token_is_for_one_purpose() -> None:
    token = token_for(17, ends_at=ENDS, purpose="receipt")
    assert appointment_of(token, BEFORE, "receipt") == 17
    assert appointment_of(token, BEFORE) is None


def test_another_secret_signs_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_for(17, ends_at=ENDS)
    monkeypatch.setenv("TISKI_SECRET", "x" * 32)
    assert appointment_of(token, BEFORE) is None


@pytest.mark.parametrize(
    ("public", "beginning"),
    [
        (None, "http://localhost:5005/desk/visit/"),
        ("https://desk.example.com/", "https://desk.example.com/desk/visit/"),
        ("https://example.com:8443/chat", "https://example.com:8443/chat/desk/visit/"),
        ("http://127.0.0.1:5005", "http://127.0.0.1:5005/desk/visit/"),
    ],
)
def test_the_link(public: str | None, beginning: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if public:
        monkeypatch.setenv("PUBLIC_URL", public)
    assert visit_link(17, ends_at=ENDS) == beginning + token_for(17, ends_at=ENDS)


@pytest.mark.parametrize(
    "public",
    [
        "desk.shop.example",
        "http://desk.example.com",
        "https://user:pass@desk.shop.example",
        "https://desk.example.com/?a=b",
        "https://desk.example.com\nx",
        "ftp://desk.example.com",
    ],
)
def test_a_wrong_address_is_named_and_not_repeated(
    public: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", public)
    with pytest.raises(SettingsError, match=r"^PUBLIC_URL: expected") as raised:
        visit_link(17, ends_at=ENDS)
    assert "shop" not in str(raised.value) and "pass" not in str(raised.value)
