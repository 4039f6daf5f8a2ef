"""What the tables say where nothing was measured."""

from __future__ import annotations


class NotRun(Exception):
    """A candidate was not measured; the text says why, in a few words, for the table."""
