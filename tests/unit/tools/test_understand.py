"""./scripts/understand: what it takes and refuses. The model itself: tests/test_designers_tools.py."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import datetime, timezone

import pytest

from tiski import clock
from tiski.paths import ROOT
from tiski.tools.output import only_ours
from tiski.tools.understand import messages


def test_a_message_a_line_and_the_empty_ones_count() -> None:
    source = io.BytesIO("moi\r\n\nei \u2028 käy\n\xe4\x0b".encode() + b"\xff\nlast")
    assert list(messages(["first", "-"], source)) == [
        "first",
        "moi",
        "",
        "ei \u2028 käy",
        "ä\x0b�",
        "last",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the following arguments are required: text"),
        (["--now", "tomorrow", "moi"], "expected a time with its offset, e.g. 2026-11-25T10:00"),
        (["--now", "2026-11-25T10:00", "moi"], "expected a time with its offset"),
    ],
)
def test_a_wrong_call(arguments: list[str], said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tiski.tools.understand", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_the_clock_can_be_fixed() -> None:
    moment = datetime.fromisoformat("2026-11-25T10:00+02:00")
    try:
        clock.fix(moment)
        assert clock.now() == moment and clock.now().tzinfo is timezone.utc
    finally:
        clock.fix(None)
    assert clock.now() != moment


def test_only_our_lines_reach_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    with only_ours() as out:
        os.write(1, b"a library below Python\n")
        print("a library")
        out.write("ours \ud800\n")
    print("after")
    said = capfd.readouterr()
    assert said.out == "ours ?\nafter\n"
    assert "a library below Python\n" in said.err and "a library\n" in said.err
