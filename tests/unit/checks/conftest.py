"""Where the tests of the checks find their small project."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from small_project import root  # noqa: F401  (a fixture)
