"""What other systems answer, read with care."""

from __future__ import annotations

from typing import Any

import httpx

from tiski.outside.errors import OutsideError, Trouble


def json_object(answer: httpx.Response, *, system: str) -> dict[str, Any]:
    """Return the JSON object of an answer.

    Raises:
        OutsideError: UNKNOWN: it is something else, such as the HTML page of a proxy.
    """
    try:
        content = answer.json()
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise OutsideError(system, Trouble.UNKNOWN, status=answer.status_code)
    return content
