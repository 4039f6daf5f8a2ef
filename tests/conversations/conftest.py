"""Conversations are played against one running desk (the fixture of tests/conftest.py)."""

from __future__ import annotations

from reached import CONVERSATIONS
from script import Player

Player.record = CONVERSATIONS.take_events
