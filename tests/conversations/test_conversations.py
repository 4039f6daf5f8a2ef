"""Plays every conversation below this folder. To add one, add a YAML file (script.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk
from figures import FIGURES
from script import Script, read_scripts
from stage import Stage

PLAYED: list[str] = []
SCRIPTS = read_scripts(Path(__file__).parent)
# Fewer are played sooner than a second desk opens.
_WORTH_A_SECOND_DESK = 30


@pytest.fixture(scope="module")
def stage(
    request: pytest.FixtureRequest, desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """The scripts of this run, being played."""
    scripts = [
        item.callspec.params["script"]
        for item in request.session.items
        if item.path == Path(__file__) and hasattr(item, "callspec")
    ]
    second = None
    if len(scripts) >= _WORTH_A_SECOND_DESK:
        second = Desk(tmp_path_factory.mktemp("second-desk"))  # opened by the stage
    playing = Stage([desk, second] if second else [desk], scripts)
    try:
        yield playing
    finally:
        try:
            playing.close()
        finally:
            if second:
                second.close()


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.id for script in SCRIPTS])
def test_conversation(stage: Stage, script: Script) -> None:
    stage.result(script)
    PLAYED.append(script.id)
    FIGURES["conversations"] = f"{len(PLAYED)} of {len(SCRIPTS)} played as written"
