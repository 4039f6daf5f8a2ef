"""Plays every conversation below this folder. To add one, add a YAML file (script.py)."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk
from figures import FIGURES
from script import Player, Script, read_scripts

PLAYED: list[str] = []
SCRIPTS = read_scripts(Path(__file__).parent)


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.id for script in SCRIPTS])
def test_conversation(desk: Desk, script: Script) -> None:
    Player(desk, script).play()
    PLAYED.append(script.id)
    FIGURES["conversations"] = f"{len(PLAYED)} of {len(SCRIPTS)} played as written"
