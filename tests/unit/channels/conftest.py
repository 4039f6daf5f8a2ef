"""What the channels' tests share: words of their own, a secret, a bot."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from channel_server import FakeAgent

from tiski import words
from tiski.paths import ROOT

RESPONSES = """
responses:
  utter_greet:
  - condition: [{type: slot, name: language, value: fi}]
    text: Moi, olen {bot_name}!
    buttons: [{title: Varaa, payload: /book_appointment}]
  - condition: [{type: slot, name: language, value: en}]
    text: Hello, I am {bot_name}!
"""
FOR_EACH_KEY = """
  utter_{key}:
  - condition: [{{type: slot, name: language, value: fi}}]
    text: {key} suomeksi
  - condition: [{{type: slot, name: language, value: en}}]
    text: {key} in English
"""
KEYS = ("technical_problem", "empty_message", "message_too_long_cut", "too_fast")


@pytest.fixture(autouse=True)
def own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Responses that do not change when a writer changes the project's."""
    folder = tmp_path / "data" / "responses"
    folder.mkdir(parents=True)
    text = RESPONSES + "".join(FOR_EACH_KEY.format(key=key) for key in KEYS)
    (folder / "words.yml").write_text(text, encoding="utf-8")
    pieces = folder.parent / "words"  # what the page says of what the desk does
    pieces.mkdir()
    shutil.copy(ROOT / "data" / "words" / "use_cases.yml", pieces)
    loaded = words.Words(folder)
    monkeypatch.setattr(words, "_words", lambda: loaded)


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine that runs the tests reaches them."""
    for name in ("TISKI_REST_TOKEN", "TISKI_WEB_ORIGINS", "TISKI_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TISKI_VAR", str(tmp_path / "var"))


@pytest.fixture
def agent() -> FakeAgent:
    return FakeAgent()
