"""Plays every conversation below this folder against the connected desk (player.py)."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk
from figures import FIGURES
from outside import Outside
from player import STEPS, ConnectedPlayer
from script import Script, read_scripts
from weak_link import MODES

SCRIPTS = read_scripts(Path(__file__).parent / "conversations", steps=STEPS)
PLAYED: list[str] = []


@pytest.mark.parametrize("language", ["fi", "en"])
def test_each_way_a_calendar_fails_is_played(language: str) -> None:
    played = {
        step["calendar_line"]
        for script in SCRIPTS
        if script.file.name.startswith(f"{language}_calendar_fails")
        for step in script.steps
        if "calendar_line" in step
    }
    assert set(MODES) - played == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.id for script in SCRIPTS])
def test_connected_conversation(request: pytest.FixtureRequest, script: Script) -> None:
    texts = script.file.parent.name == "text_messages"
    world: Outside = request.getfixturevalue("text_world" if texts else "world")
    desk: Desk = request.getfixturevalue("texting_desk" if texts else "connected_desk")
    ConnectedPlayer.outside = world
    ConnectedPlayer(desk, script).play()
    PLAYED.append(script.id)
    FIGURES["connected conversations"] = f"{len(PLAYED)} of {len(SCRIPTS)} played as written"
