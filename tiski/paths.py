"""Where the project's files lie, whatever directory a command is started from."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import load_dotenv

ROOT = Path(__file__).resolve().parent.parent

# Every process reads the owner's settings, stock commands too; the environment's own values win.
load_dotenv(ROOT / ".env")


# The goods of the demo shop. The business that sells them is the demo.
DEMO_CATALOGUE = ROOT / "tiski" / "orders" / "shops" / "demo_catalogue.yml"


def business_file() -> Path:
    """The owner's page: `business.yml`, or the file that TISKI_BUSINESS names."""
    return ROOT / (os.environ.get("TISKI_BUSINESS") or "business.yml")


def var_dir() -> Path:
    """What the desk writes at run time (database, logs, sockets): `var/`, or TISKI_VAR.

    Another business than the one of `business.yml` has a folder of its own in `var/`, named after
    its page, so that its customers and the demo's never meet.
    """
    if os.environ.get("TISKI_VAR"):
        return ROOT / os.environ["TISKI_VAR"]
    page = business_file()
    return ROOT / "var" if page == ROOT / "business.yml" else ROOT / "var" / page.stem
