"""Contact details as they are shown to somebody who may not be their owner."""

from __future__ import annotations


def mask_email(address: str) -> str:
    """Return an address that its owner recognises and nobody can write to: m•••@posti.example."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}"
