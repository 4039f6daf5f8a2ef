"""What the conversations of this test run reached; filled as they are played."""

from __future__ import annotations

from tiski.checks.coverage import Reached

CONVERSATIONS = Reached()
