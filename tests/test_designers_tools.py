"""./scripts/understand and ./scripts/confusions with the trained model, as a designer calls them."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from figures import FIGURES
from rasa.core.agent import Agent

from tiski.checks.project import Project
from tiski.nlu.encoder import open_encoder
from tiski.paths import ROOT
from tiski.tools.model import Understanding
from tiski.tools.reading import Reading, reading_of

NOW = "2026-11-25T10:00+02:00"
# For 300 messages, the start included; of the processor, as other work makes the clock run on
MOST_SECONDS = 45


pytestmark = pytest.mark.usefixtures("model")


def call(tool: str, *arguments: str, said: str = "", var: Path | None = None) -> str:
    environment = {**os.environ, **({"TISKI_VAR": str(var)} if var else {})}
    done = subprocess.run(
        [sys.executable, "-m", f"tiski.tools.{tool}", *arguments],
        cwd=ROOT,
        input=said,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def processor_seconds() -> float:
    """What all ended children have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def held_out(count: int) -> Sequence[str]:
    texts = [one.text for file in Project(ROOT).held_out for one in file.examples]
    return texts[:: len(texts) // count][:count]


def test_one_object_a_line_and_nothing_else() -> None:
    question = "Mihin aikaan avaatte?"
    texts = [*held_out(296), question, "", "/restart", "huomenna klo 15"]
    began, worked = time.monotonic(), processor_seconds()
    lines = call("understand", "--json", "--now", NOW, "-", said="\n".join(texts)).splitlines()
    seconds, worked = time.monotonic() - began, processor_seconds() - worked
    FIGURES["./scripts/understand --json"] = (
        f"{len(texts)} messages in {seconds:.0f} s, {worked:.0f} s of the processor"
    )
    readings = [json.loads(line) for line in lines]
    assert [reading["text"] for reading in readings] == texts
    for reading in readings:
        assert set(reading) == {
            "text",
            "language",
            "decision",
            "intent",
            "intent_ranking",
            "entities",
        }
        assert reading["language"] in ("fi", "en")
        assert reading["decision"] in ("sure", "clarify", "fallback")
        names = [guess["name"] for guess in reading["intent_ranking"]]
        assert reading["intent"]["name"] == (names[0] if names else None)
        assert not {"nlu_fallback", "faq", None} & set(names)
        if names and names[0] == "out_of_scope":
            assert reading["decision"] == "fallback"
    assert readings[296]["text"] == question and readings[296]["language"] == "fi"
    assert readings[296]["intent"]["name"] == "faq/opening_hours", "its full name"
    assert readings[297]["intent"]["name"] is None
    assert readings[298]["intent_ranking"] != [], "a typed /restart is words, not an order to Rasa"
    (day,) = [entity for entity in readings[299]["entities"] if entity["entity"] == "time"]
    assert day["value"] == "2026-11-26T15:00:00+02:00"
    assert day["additional_info"]["grain"] in ("hour", "minute")
    assert worked < MOST_SECONDS


# Beside the held-out messages: two wishes, typos, a number, nothing to read, another language
ODD = ["varaa aika ja peru tilaukseni", "varaaa aikka", "10234", "…", "englanniksi kiitos"]


@pytest.fixture(scope="module")
def read_by_the_desk(model: Path) -> list[Reading]:
    """Some messages, each parsed by itself as `rasa run` parses it."""
    agent = Agent.load(str(model))
    texts = [*held_out(60), *ODD]

    async def parse_all() -> list[Reading]:
        return [reading_of(text, await agent.parse_message(text)) for text in texts]

    return asyncio.run(parse_all())


def same(one: float, other: float) -> bool:
    """Equal but for the last digits, which differ with how many messages are multiplied at once."""
    return abs(one - other) < 1e-5


def test_understand_says_what_the_desk_would(read_by_the_desk: list[Reading]) -> None:
    texts = [reading.text for reading in read_by_the_desk]
    said = call("understand", "--json", "-", said="\n".join(texts)).splitlines()
    for line, desk in zip(said, read_by_the_desk, strict=True):
        tool = json.loads(line)
        found = {entity["entity"]: entity["value"] for entity in tool["entities"]}
        assert (tool["text"], tool["intent"]["name"]) == (desk.text, desk.intent)
        assert tool["decision"] == desk.decision
        assert same(tool["intent"]["confidence"], desk.confidence)
        assert set(found) == {entity["entity"] for entity in desk.entities}
        assert desk.language is None or tool["language"] == desk.language


def test_confusions_reads_as_the_desk_does(
    read_by_the_desk: list[Reading], model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The intent's components alone, all messages at once, their vectors new and from the disk."""
    encoder = open_encoder()
    assert encoder is not None
    monkeypatch.setattr(encoder, "_folder", tmp_path)
    texts = [reading.text for reading in read_by_the_desk]
    understanding = Understanding(model, only_intents=True)
    for _ in range(2):
        encoder._last.clear()
        with encoder.keeping("held-out"):
            readings = understanding.read_all(texts)
        for tool, desk in zip(readings, read_by_the_desk, strict=True):
            assert (tool.intent, tool.decision) == (desk.intent, desk.decision), desk.text
            assert tool.language == desk.language
            assert same(tool.confidence, desk.confidence)
            names = [name for name, _ in tool.ranking]
            assert names == [name for name, _ in desk.ranking]


def test_what_a_designer_sees() -> None:
    said = call("understand", "--now", NOW, "varaa aika huomenna kolmelta", "moi")
    first, second, _ = said.split("\n\n")
    assert first.startswith("varaa aika huomenna kolmelta\n  language  fi\n  decision  ")
    assert "  intent    book_appointment " in first
    assert 'time "huomenna kolmelta" = Thu 2026-11-26 15:00, to the hour' in first
    assert (
        'book_appointment  "' in first and "data/nlu/fi/appointments/book_appointment.yml:" in first
    )
    assert 'without "' in first and " book_appointment falls from " in first
    assert second.startswith("moi\n")


def test_confusions_are_told_and_drawn(tmp_path: Path) -> None:
    said = call("confusions", var=tmp_path)
    counts = {line.split()[0]: int(line.split()[1]) for line in said.splitlines()[1:3]}
    held = Project(ROOT).held_out
    assert counts == {
        language: sum(len(file.examples) for file in held if file.language == language)
        for language in ("fi", "en")
    }
    assert (tmp_path / "confusions-held-out.png").read_bytes().startswith(b"\x89PNG")
