"""tiski/worker/clockwork.py: it goes on whatever fails, and ends when it is told to."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from typing import Any

import pytest

from tiski.booking.calendars.follow import Look
from tiski.business import Business
from tiski.outside.errors import OutsideError, SettingsError, Trouble
from tiski.paths import ROOT
from tiski.worker import clockwork as module
from tiski.worker.clockwork import Clockwork

SECONDS = 20.0  # nothing here takes that long


@pytest.fixture(autouse=True)
def fast(settings: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    settings.delenv("MAIL_URL")
    for name in ("OUTBOX_SECONDS", "ROUNDS_SECONDS", "FAILED_SECONDS"):
        settings.setattr(module, name, 0.001)
    return settings


class Beats:
    """Stands in for a piece of work; counts, fails as told, and tells when it was called so often."""

    def __init__(self, *failures: Exception) -> None:
        self.calls = 0
        self._failures = list(failures)
        self.thrice = asyncio.Event()

    async def __call__(self, *_: Any) -> Any:
        self.calls += 1
        if self.calls == 3:
            self.thrice.set()
        if self._failures:
            raise self._failures.pop(0)
        return None


async def run_until(clockwork: Clockwork, *beats: Beats) -> None:
    """Run until each of the beats was called three times."""
    running = asyncio.create_task(clockwork.run())
    try:
        for beat in beats:
            await asyncio.wait_for(beat.thrice.wait(), SECONDS)
    finally:
        clockwork.stop()
        await asyncio.wait_for(running, SECONDS)


async def test_a_failure_stops_neither_itself_nor_the_others(
    salon: Business, fast: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reminders, waiting = Beats(KeyError("Maija"), KeyError("Maija"), ValueError("x")), Beats()
    fast.setattr(module, "remind", reminders)
    fast.setattr(module, "pass_on_expired", waiting)
    with caplog.at_level(logging.ERROR):
        await run_until(Clockwork(salon), reminders, waiting)
    told = [record.getMessage() for record in caplog.records]
    assert told == ["reminders: KeyError", "reminders: ValueError"], "each kind once, no names"


async def test_stop_ends_it_at_once_whatever_the_pause(
    salon: Business, fast: pytest.MonkeyPatch
) -> None:
    fast.setattr(module, "ROUNDS_SECONDS", 3600.0)
    clockwork = Clockwork(salon)
    running = asyncio.create_task(clockwork.run())
    await asyncio.sleep(0)
    clockwork.stop()
    await asyncio.wait_for(running, SECONDS)


async def test_stop_lets_what_is_being_done_be_done(
    salon: Business, fast: pytest.MonkeyPatch
) -> None:
    begun, go_on, ended = asyncio.Event(), asyncio.Event(), []

    async def slow(*_: Any) -> None:
        begun.set()
        await go_on.wait()
        ended.append(True)

    fast.setattr(module, "pass_on_expired", slow)
    clockwork = Clockwork(salon)
    running = asyncio.create_task(clockwork.run())
    await asyncio.wait_for(begun.wait(), SECONDS)
    clockwork.stop()
    await asyncio.sleep(0)
    assert not running.done()
    go_on.set()
    await asyncio.wait_for(running, SECONDS)
    assert ended == [True]


def connect(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "CALENDAR_VENDOR": "caldav", "CALENDARS": "aino=http://localhost:9/a/",
        "CALDAV_USER": "u", "CALDAV_PASSWORD": "p", "CALENDAR_SYNC_SECONDS": "1",
    }  # fmt: skip
    for name, value in values.items():
        monkeypatch.setenv(name, value)


async def test_calendars_are_followed_and_first_copies_made_once(
    salon: Business, fast: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    connect(fast)
    copies = Beats(OSError("database"))
    looked = Beats()

    async def follow(*_: Any) -> Look:
        await looked()
        return Look(failed={"aino": OutsideError("caldav", Trouble.CANNOT_CONNECT)})

    fast.setattr(module, "copy_all", copies)
    fast.setattr(module, "follow", follow)
    clockwork = Clockwork(salon)
    assert clockwork._settings is not None
    object.__setattr__(clockwork._settings, "sync_seconds", 0.001)
    with caplog.at_level(logging.WARNING):
        await run_until(clockwork, looked)
    assert copies.calls == 2, "once more after it failed, and no more"
    told = [record.getMessage() for record in caplog.records]
    assert "calendars: OSError" in told
    assert "The calendar of aino could not be read: caldav: cannot_connect" in told


def test_wrong_settings_are_told_at_the_start(salon: Business, fast: pytest.MonkeyPatch) -> None:
    fast.setenv("CALENDARS", "aino=here")
    with pytest.raises(SettingsError, match=r"^CALENDAR_VENDOR: "):
        Clockwork(salon)


@pytest.mark.parametrize(
    ("name", "value"), [("MAIL_URL", "mailto:p4ss@x"), ("PUBLIC_URL", "http://p4ss.example")]
)
def test_the_program_says_in_one_line_what_is_wrong(name: str, value: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tiski.worker"], cwd=ROOT, env={**os.environ, name: value},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith(f"{name}: ") and "p4ss" not in line
