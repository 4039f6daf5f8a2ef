"""nlp.js as a yardstick: packages of its lock file in a folder of its own, run by node."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tiski.bench.nlu.not_run import NotRun
from tiski.paths import ROOT, var_dir

SOURCE = ROOT / "tiski" / "bench" / "nlpjs"
_FILES = ("package.json", "package-lock.json", "yardstick.js")
_INSTALL_SECONDS = 300


def install() -> Path:
    """Install the pinned packages under `var/`, unless they are there; return the folder.

    Raises:
        NotRun: node or npm is missing, or the packages could not be had.
    """
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise NotRun(f"no {program}")
    folder = var_dir() / "bench" / "nlpjs"
    folder.mkdir(parents=True, exist_ok=True)
    lock = (SOURCE / "package-lock.json").read_bytes()
    installed = folder / "installed-lock.json"  # written last, so a broken install is made anew
    is_there = installed.exists() and installed.read_bytes() == lock
    for name in _FILES:
        shutil.copyfile(SOURCE / name, folder / name)
    if not is_there:
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = _run(command, folder, _INSTALL_SECONDS)
        if done.returncode:
            raise NotRun(f"npm ci failed: {_last_line(done.stderr)}")
        installed.write_bytes(lock)
    return folder


def run(job: Path, limit: float) -> None:
    """Train and answer the job of a folder; `train.json` and `answer.json` are left in it.

    Raises:
        NotRun: it could not be installed, took over `limit` seconds, or failed.
    """
    folder = install()
    done = _run(["node", "yardstick.js", str(job)], folder, limit)
    if done.returncode:
        raise NotRun(f"node: {_last_line(done.stderr)}")


def _run(command: list[str], folder: Path, limit: float) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        raise NotRun(f"{command[0]} took over {limit:.0f} s") from None


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1][:200]
