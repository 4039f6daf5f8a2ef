"""Real CalDAV servers on this machine: Radicale, and Xandikos in an environment of its own."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tiski.desk.group import free_port
from tiski.paths import ROOT

USER, PASSWORD = "aino", "sala:sana ä"
_START_SECONDS = 60
_LOCK = Path(__file__).with_name("xandikos.lock")


class CannotInstall(Exception):
    """Xandikos cannot be installed here."""


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        home: the address under which calendars can be made; ends with "/".
    """

    name: str
    home: str

    def client(self) -> httpx.Client:
        """A client of staff, who write whatever they like."""
        return httpx.Client(auth=httpx.BasicAuth(USER.encode(), PASSWORD.encode()), timeout=20)

    def new_calendar(self, title: str = "Töitä") -> str:
        """Make an empty calendar and return its address."""
        url = f"{self.home}{uuid.uuid4().hex}/"
        body = (
            '<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>'
            f"<D:displayname>{title}</D:displayname></D:prop></D:set></C:mkcalendar>"
        )
        with self.client() as client:
            headers = {"Content-Type": "application/xml"}
            client.request(
                "MKCALENDAR", url, content=body.encode(), headers=headers
            ).raise_for_status()
        return url


@contextmanager
def radicale(folder: Path) -> Iterator[Server]:
    """Radicale with one user, everything it keeps in a folder."""
    port = free_port()
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    config = folder / "config"
    config.write_text(
        f"""\
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder / "users"}
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder / "collections"}
""",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "radicale", "--config", str(config)]
    address = f"http://127.0.0.1:{port}/"
    with _running(command, address, folder / "radicale.log"):
        with httpx.Client(auth=httpx.BasicAuth(USER.encode(), PASSWORD.encode())) as client:
            client.request("PROPFIND", f"{address}{USER}/").raise_for_status()  # makes the home
        yield Server("radicale", f"{address}{USER}/")


@contextmanager
def xandikos(folder: Path) -> Iterator[Server]:
    """Xandikos, everything it keeps in a folder. It asks for no password without TLS.

    Raises:
        CannotInstall: see there.
    """
    program = _installed_xandikos()
    port = free_port()
    command = [str(program), "serve", "-d", str(folder / "data"), "--defaults"]
    command += ["--state-dir", str(folder / "state"), "--no-detect-systemd"]
    command += ["-l", "127.0.0.1", "-p", str(port)]
    address = f"http://127.0.0.1:{port}/"
    with _running(command, address, folder / "xandikos.log"):
        yield Server("xandikos", f"{address}user/calendars/")


@contextmanager
def _running(command: list[str], address: str, log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait_for(process, address, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Wait until a server answers, whatever it says."""
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.request("OPTIONS", address, timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError(f"{process.args} does not answer:\n{log.read_text(errors='replace')}")


def _installed_xandikos() -> Path:
    """Install it once, as its lock says, and anew after the lock has changed."""
    home = ROOT / ".cache" / "xandikos"
    mark, lock = home / ".made-from", _LOCK.read_text(encoding="utf-8")
    if not (mark.exists() and mark.read_text(encoding="utf-8") == lock):
        uv = str(Path(sys.executable).with_name("uv"))
        python = str(home / "bin" / "python")
        install = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, str(_LOCK)]
        try:
            for command in (
                [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(home)],
                install,
            ):
                subprocess.run(command, check=True, timeout=300, capture_output=True)
        except (OSError, subprocess.SubprocessError) as error:
            raise CannotInstall(type(error).__name__) from error
        mark.write_text(lock, encoding="utf-8")
    return home / "bin" / "xandikos"
