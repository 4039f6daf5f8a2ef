"""The key of this installation, with which it signs what it hands out.

It is TISKI_SECRET; without it, a random one is made at the first start and kept in `var/secret`,
readable by the desk's own user only. Whoever signs puts a purpose of their own before what is
signed, so that a signature made for something else is worth nothing.
"""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from tiski.paths import var_dir

MIN_SECRET_CHARS = 32


def secret() -> bytes:
    """The key of this installation.

    Raises:
        ValueError: TISKI_SECRET is set, but too short to be safe.
    """
    from_environment = os.environ.get("TISKI_SECRET", "")
    if not from_environment:
        return _kept_secret(var_dir() / "secret")
    if len(from_environment) < MIN_SECRET_CHARS:
        raise ValueError(
            f"TISKI_SECRET: {len(from_environment)} characters; "
            f"expected at least {MIN_SECRET_CHARS} random ones"
        )
    return from_environment.encode()


@lru_cache(maxsize=4)
def _kept_secret(file: Path) -> bytes:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(secrets.token_hex(32))
        try:
            os.link(draft, file)  # whole or not at all, and the first of two processes wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_bytes().strip()
