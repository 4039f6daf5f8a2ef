"""The tests of the door use the faulty server of the calendars."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "booking" / "calendars"))
