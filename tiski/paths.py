"""Where the project's files lie, whatever directory a command is started from."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def business_file() -> Path:
    """The owner's page: `business.yml`, or the file that TISKI_BUSINESS names."""
    return ROOT / os.environ.get("TISKI_BUSINESS", "business.yml")


def var_dir() -> Path:
    """What the desk writes at run time (database, logs, sockets): `var/`, or TISKI_VAR."""
    return ROOT / os.environ.get("TISKI_VAR", "var")
