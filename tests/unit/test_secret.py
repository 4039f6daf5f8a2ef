"""tiski/secret.py: where the installation's key comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiski import secret as module
from tiski.paths import var_dir
from tiski.secret import MIN_SECRET_CHARS, secret


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TISKI_SECRET", raising=False)
    monkeypatch.setenv("TISKI_VAR", str(tmp_path / "var"))


def test_a_secret_is_made_once_and_for_the_owner_only() -> None:
    made = secret()
    file = var_dir() / "secret"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_text()) >= MIN_SECRET_CHARS
    module._kept_secret.cache_clear()  # as after a restart
    assert secret() == made
    assert [each.name for each in var_dir().iterdir()] == ["secret"]


def test_the_first_of_two_processes_makes_the_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"

    def other_was_faster(_draft: Path, target: Path) -> None:
        target.write_text("theirs")
        raise FileExistsError

    monkeypatch.setattr("os.link", other_was_faster)
    assert module._kept_secret(file) == b"theirs"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["secret"]


def test_a_secret_of_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TISKI_SECRET", "x" * MIN_SECRET_CHARS)
    assert secret() == b"x" * MIN_SECRET_CHARS
    assert not var_dir().exists()


def test_a_short_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TISKI_SECRET", "password")
    with pytest.raises(ValueError, match="TISKI_SECRET: 8 characters; expected at least 32"):
        secret()
