"""Where the project's files lie, whatever directory a command is started from."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import load_dotenv

ROOT = Path(__file__).resolve().parent.parent

# Every process reads the owner's settings, stock commands too; the environment's own values win.
load_dotenv(ROOT / ".env")


def business_file() -> Path:
    """The owner's page: `business.yml`, or the file that TISKI_BUSINESS names."""
    return ROOT / (os.environ.get("TISKI_BUSINESS") or "business.yml")


def var_dir() -> Path:
    """What the desk writes at run time (database, logs, sockets): `var/`, or TISKI_VAR."""
    return ROOT / (os.environ.get("TISKI_VAR") or "var")
