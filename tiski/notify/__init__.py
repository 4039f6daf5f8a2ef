"""Telling the owner what has come in."""
