"""Contact details that only their owner recognises."""

from __future__ import annotations

import pytest

from tiski.answers.masked import mask_email


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("matti@posti.example", "m•••@posti.example"),
        ("m@posti.example", "m•••@posti.example"),
    ],
)
def test_mask_email(address: str, masked: str) -> None:
    assert mask_email(address) == masked
