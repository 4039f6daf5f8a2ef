"""A running desk for each business of docs/examples/, from its own page alone."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "conversations"))
