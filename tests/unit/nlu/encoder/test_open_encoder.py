"""tiski/nlu/encoder: which encoder a process opens, and the one line when there is none."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tiski.nlu import encoder as opened
from tiski.nlu.encoder import OFF, SETTING, open_encoder, which_encoder
from tiski.nlu.encoder.packed import SHA256
from tiski.nlu.encoder.published import NETWORK, PIECES, name_of


@pytest.fixture(autouse=True)
def anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What this process has opened is put aside for a test."""
    monkeypatch.delenv(SETTING, raising=False)
    open_encoder.cache_clear()
    yield
    open_encoder.cache_clear()


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_the_wheels_weights_come_first(weights: Path, caplog: pytest.LogCaptureFixture) -> None:
    found = open_encoder()
    assert found is not None
    assert found.name.startswith("e5-small-")
    assert which_encoder() == SHA256
    assert open_encoder() is found  # once in a process
    assert warnings(caplog) == []


def test_switched_off(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv(SETTING, OFF)
    assert open_encoder() is None
    assert which_encoder() == OFF
    assert open_encoder() is None
    (line,) = warnings(caplog)
    assert line == "No sentence encoder (TISKI_ENCODER=off): understanding by n-grams only."


def test_without_the_wheel(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(opened, "installed_weights", lambda: None)
    assert open_encoder() is None
    assert which_encoder() == OFF
    (line,) = warnings(caplog)
    assert "is not installed and TISKI_ENCODER names no folder" in line
    assert line.endswith("understanding by n-grams only.")


def test_with_another_file_in_the_wheel(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    other = tmp_path / "e5-small-q4.bin"
    other.write_bytes(b"something else")
    monkeypatch.setattr(opened, "installed_weights", lambda: other)
    assert open_encoder() is None
    (line,) = warnings(caplog)
    assert str(other) in line


def test_a_folder_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setenv(SETTING, str(tmp_path / "none"))
    assert open_encoder() is None
    (line,) = warnings(caplog)
    assert str(tmp_path / "none" / "model.onnx") in line
    assert which_encoder() == str(tmp_path / "none")


@pytest.mark.parametrize("name", [NETWORK, PIECES])
def test_other_files_in_a_folder_are_another_encoder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    """So that a training notices them."""
    for file in (NETWORK, PIECES):
        (tmp_path / file).write_bytes(b"one")
    monkeypatch.setenv(SETTING, str(tmp_path))
    before = which_encoder()
    assert before == which_encoder() == name_of(tmp_path)
    (tmp_path / name).write_bytes(b"two")
    assert which_encoder() != before


def test_a_cache_that_cannot_be_made(
    weights: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setattr(opened, "CACHE", blocked / "cache")
    assert open_encoder() is None
    (line,) = warnings(caplog)
    assert str(blocked) in line
