"""Figures that tests measure and the end of the run prints."""

from __future__ import annotations

FIGURES: dict[str, str] = {}
