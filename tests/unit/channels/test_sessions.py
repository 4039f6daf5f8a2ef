"""tiski/channels/sessions.py: who a token names."""

from __future__ import annotations

import pytest

from tiski.channels import sessions
from tiski.secret import MIN_SECRET_CHARS


def test_a_token_names_its_sender() -> None:
    sender = sessions.new_sender_id()
    assert sessions.sender_of(sessions.token_for(sender)) == sender


def test_senders_differ() -> None:
    assert len({sessions.new_sender_id() for _ in range(100)}) == 100


def test_a_signature_fits_one_sender_only() -> None:
    one, other = sessions.new_sender_id(), sessions.new_sender_id()
    signature = sessions.token_for(one).rpartition(".")[2]
    assert sessions.sender_of(f"{other}.{signature}") is None


def test_another_secret_ends_all_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    token = sessions.token_for("web-1")
    monkeypatch.setenv("TISKI_SECRET", "x" * MIN_SECRET_CHARS)
    assert sessions.sender_of(token) is None
