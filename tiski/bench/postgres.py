"""A PostgreSQL server for measuring and for tests, on loopback, gone when it is stopped."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from tiski.desk.group import free_port


class NoPostgres(Exception):
    """There is no PostgreSQL on this machine."""

    def __init__(self) -> None:
        super().__init__("needs PostgreSQL (apt install postgresql)")


def binaries() -> Path | None:
    """Where initdb and pg_ctl lie; Debian keeps them off the path."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def server(*, is_durable: bool = False) -> Iterator[str]:
    """Start a server and give its address, with a user who may make databases; stop it at the end.

    It refuses to run as root: then it runs as the user that Debian's package has made.

    Args:
        is_durable: what is committed survives a power cut. It costs tests minutes, and measuring
            without it would be no fair comparison.

    Raises:
        NoPostgres: there is none.
        RuntimeError: it did not start; the text holds its last words.
    """
    programs = binaries()
    if programs is None:
        raise NoPostgres
    # Not in a folder of pytest's: it keeps those closed to other users
    folder = Path(tempfile.mkdtemp(prefix="tiski-postgres-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        as_user = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres", "postgres")
    try:
        yield from _serve(folder, programs, as_user, is_durable)
    finally:
        shutil.rmtree(folder)


def _serve(folder: Path, programs: Path, as_user: list[str], is_durable: bool) -> Iterator[str]:
    port = free_port()
    data, log = folder / "data", folder / "log"

    def run(*command: str) -> None:
        done = subprocess.run(
            [*as_user, *command], cwd="/", capture_output=True, text=True, timeout=60
        )
        if done.returncode:
            said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
            raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}{said}")

    run(str(programs / "initdb"), "-D", str(data), "-U", "desk", "-A", "trust", "-E", "UTF8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
    options += f" -c fsync={'on' if is_durable else 'off'} -c max_connections=60"
    run(str(programs / "pg_ctl"), "-D", str(data), "-l", str(log), "-o", options, "-w", "start")
    try:
        yield f"postgresql://desk@127.0.0.1:{port}"
    finally:
        run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")


def sql(address: str, command: str) -> None:
    """Run one command outside of a transaction."""
    connection = psycopg2.connect(f"{address}/postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(command)
    finally:
        connection.close()
