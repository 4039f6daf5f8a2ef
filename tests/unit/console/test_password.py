"""The staff's password: told once, kept as a hash."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from busy_day import NOW

from tiski.console import password, sessions


def test_it_is_made_once_and_told_once(var: Path) -> None:
    made = password.prepare().made
    assert made is not None and len(made) == 19
    again = password.prepare()
    assert again.made is None and not again.from_environment
    assert password.is_right(made)
    assert made != password.new_password()


def test_only_its_hash_is_kept_for_the_desk_alone(var: Path, secret: str) -> None:
    file = var / "staff-password"
    assert file.stat().st_mode & 0o777 == 0o600
    assert secret not in file.read_text(encoding="utf-8")
    assert [path.name for path in var.glob("staff-password*")] == ["staff-password"]


def test_two_hashes_of_one_password_differ(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    for _ in range(2):
        (var / "staff-password").unlink(missing_ok=True)
        monkeypatch.setenv("STAFF_PASSWORD", "kampaamon oma sana")
        password.prepare()
        seen.append(json.loads((var / "staff-password").read_text())["hash"])
    assert seen[0] != seen[1]


@pytest.mark.parametrize("typed", ["x", "ääkköset", "a" * 1000, "🙂"])
def test_anything_else_is_wrong(secret: str, typed: str) -> None:
    assert not password.is_right("")
    assert not password.is_right(typed)
    assert not password.is_right(secret + typed)
    assert not password.is_right(secret.upper())


def test_without_a_password_nobody_gets_in(var: Path) -> None:
    assert not password.is_right("")
    (var / "staff-password").write_text("{broken", encoding="utf-8")
    assert password.stored() is None and not password.is_right("")


def test_ones_own_password_counts_and_a_changed_one_signs_everybody_out(
    var: Path, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = sessions.open_session(NOW)
    monkeypatch.setenv("STAFF_PASSWORD", "kampaamon oma sana")
    assert password.prepare().from_environment
    assert password.is_right("kampaamon oma sana") and not password.is_right(secret)
    assert not sessions.is_signed_in(token, NOW)

    token = sessions.open_session(NOW)
    password.prepare()  # the next start, with the same one
    assert sessions.is_signed_in(token, NOW)


def test_a_short_one_is_refused_before_anything_starts(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAFF_PASSWORD", "lyhyt")
    with pytest.raises(password.PasswordError, match="STAFF_PASSWORD: 5 characters; expected 10"):
        password.check_environment()


def test_a_new_one_signs_everybody_out(
    var: Path, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    token = sessions.open_session(NOW)
    (var / "desk.db").touch()
    made = password.new_password()
    assert not password.is_right(secret) and password.is_right(made)
    assert not sessions.is_signed_in(token, NOW)


def test_the_script_leaves_ones_own_password_alone(
    var: Path, secret: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STAFF_PASSWORD", "kampaamon oma sana")
    assert password.main([]) == 1
    assert "STAFF_PASSWORD is set" in capsys.readouterr().err
    assert password.is_right(secret)
