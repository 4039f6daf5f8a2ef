"""tiski/channels/sessions.py: tokens and the secret they are signed with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiski.channels import sessions
from tiski.paths import var_dir


def test_a_token_names_its_sender() -> None:
    sender = sessions.new_sender_id()
    assert sessions.sender_of(sessions.token_for(sender)) == sender


def test_senders_differ() -> None:
    assert len({sessions.new_sender_id() for _ in range(100)}) == 100


def test_a_signature_fits_one_sender_only() -> None:
    one, other = sessions.new_sender_id(), sessions.new_sender_id()
    signature = sessions.token_for(one).rpartition(".")[2]
    assert sessions.sender_of(f"{other}.{signature}") is None


def test_a_secret_is_made_once_and_for_the_owner_only() -> None:
    token = sessions.token_for("web-1")
    file = var_dir() / "secret"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_text()) >= sessions.MIN_SECRET_CHARS
    sessions._kept_secret.cache_clear()  # as after a restart
    assert sessions.sender_of(token) == "web-1"
    assert [each.name for each in var_dir().iterdir()] == ["secret"]


def test_the_first_of_two_processes_makes_the_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"

    def other_was_faster(_draft: Path, target: Path) -> None:
        target.write_text("theirs")
        raise FileExistsError

    monkeypatch.setattr("os.link", other_was_faster)
    assert sessions._kept_secret(file) == b"theirs"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["secret"]


def test_a_secret_of_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    token = sessions.token_for("web-1")
    monkeypatch.setenv("TISKI_SECRET", "x" * sessions.MIN_SECRET_CHARS)
    assert sessions.sender_of(token) is None


def test_a_short_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TISKI_SECRET", "password")
    with pytest.raises(ValueError, match="TISKI_SECRET: 8 characters; expected at least 32"):
        sessions.secret()
