"""The staff's one password: made once, told once, kept only as a scrypt hash in `var/`.

./scripts/staff-password    makes a new one and signs everybody out
STAFF_PASSWORD              sets one's own at the next start
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tiski.console.sessions import close_all
from tiski.db.migrate import upgrade
from tiski.paths import var_dir

MIN_CHARS = 10  # of a password that somebody chose
_MAX_CHARS = 200
# 32 MB and about a tenth of a second for each guess
_COST = {"n": 2**15, "r": 8, "p": 1}
_MEMORY = 64 * 1024 * 1024
# Nothing that looks or sounds like its neighbour: four groups of four are 74 bits
_LETTERS = "abcdefghjkmnpqrstuvwxyz23467"


class PasswordError(ValueError):
    """A password cannot be used; the text says which variable and what was expected."""


@dataclass(frozen=True)
class Prepared:
    """What the start has to tell of the password."""

    made: str | None  # the new password, shown this once; None if there was one already
    from_environment: bool = False


def password_file() -> Path:
    """Where the hash is kept; readable by the desk's own user only."""
    return var_dir() / "staff-password"


def check_environment() -> None:
    """Look at STAFF_PASSWORD before anything is started.

    Raises:
        PasswordError: it is set, but too short or too long.
    """
    chosen = _from_environment()
    if chosen and not MIN_CHARS <= len(chosen) <= _MAX_CHARS:
        raise PasswordError(
            f"STAFF_PASSWORD: {len(chosen)} characters; expected {MIN_CHARS} to {_MAX_CHARS}"
        )


def prepare() -> Prepared:
    """Make sure that there is a password; called at each start.

    A STAFF_PASSWORD that differs from the one kept takes its place and signs everybody out.

    Raises:
        PasswordError: as check_environment.
        OSError: `var/` cannot be written.
        sqlalchemy.exc.SQLAlchemyError: sessions could not be ended.
    """
    check_environment()
    chosen = _from_environment()
    if chosen:
        if not is_right(chosen):
            _keep(chosen)
            close_all()
        return Prepared(None, from_environment=True)
    if stored() is not None:
        return Prepared(None)
    return Prepared(new_password())


def new_password() -> str:
    """Make a password, keep its hash, sign everybody out; return it, as nothing else knows it.

    Raises:
        OSError: `var/` cannot be written.
        sqlalchemy.exc.SQLAlchemyError: the new one holds, but sessions could not be ended.
    """
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    made = "-".join(groups)
    _keep(made)
    close_all()
    return made


def stored() -> dict[str, Any] | None:
    """The hash with its salt and cost; None when no password was made yet, or it is unreadable."""
    try:
        kept = json.loads(password_file().read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return kept if isinstance(kept, dict) and {"hash", "salt", "n", "r", "p"} <= set(kept) else None


def is_right(typed: str) -> bool:
    """Whether this is the password. Takes a tenth of a second, right or wrong."""
    kept = stored()
    if kept is None:
        return False
    cost = {name: int(kept[name]) for name in _COST}
    # What is longer than any password is cut, so that a long text costs no time
    found = _hash(typed[: _MAX_CHARS + 1], bytes.fromhex(kept["salt"]), cost)
    return hmac.compare_digest(found, bytes.fromhex(kept["hash"]))


def _from_environment() -> str:
    return os.environ.get("STAFF_PASSWORD", "").strip()


def _hash(password: str, salt: bytes, cost: dict[str, int]) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, maxmem=_MEMORY, dklen=32, **cost)


def _keep(password: str) -> None:
    salt = secrets.token_bytes(16)
    kept = {**_COST, "salt": salt.hex(), "hash": _hash(password, salt, _COST).hex()}
    file = password_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        json.dump(kept, opened)
    os.replace(draft, file)  # whole or not at all


def main(arguments: list[str] | None = None) -> int:
    """The command line of ./scripts/staff-password."""
    argparse.ArgumentParser(
        prog="./scripts/staff-password",
        description="Make a new password for the staff page and sign everybody out.",
    ).parse_args(arguments)
    if _from_environment():
        print("STAFF_PASSWORD is set: change it there, and start the desk again.", file=sys.stderr)
        return 1
    upgrade()
    print(f"The new password of the staff page:  {new_password()}")
    print("Everybody is signed out. It is not shown again.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
