"""Open the desk: check, prepare, train, start, and stop everything on Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import time
from types import FrameType

from tiski import clock
from tiski.booking.calendars.settings import calendar_settings
from tiski.booking.links import public_url
from tiski.business import BusinessError, load_business
from tiski.console import password
from tiski.db.demo import load_demo
from tiski.db.migrate import upgrade
from tiski.desk.group import Group
from tiski.desk.training import TrainingError, train
from tiski.notify.settings import MailSettingsError, mail_settings
from tiski.notify.text_messages import text_settings
from tiski.outside.errors import SettingsError
from tiski.outside.settings import rest_seconds

_READY_SECONDS = 300  # from a cold disk, Rasa alone takes more than two minutes to load


class CannotServe(Exception):
    """The desk cannot open; the text is what to tell, a line for each reason."""


def main() -> int:
    """The command line of ./scripts/serve."""
    parser = argparse.ArgumentParser(prog="./scripts/serve", description=__doc__)
    parser.add_argument("--port", type=int, default=5005, help="of the page and the chat (5005)")
    parser.add_argument(
        "--actions-port", type=int, default=5055, help="of the action server (5055)"
    )
    parser.add_argument(
        "--staff-port",
        type=int,
        help="of the staff page (STAFF_PORT, or the one after --port)",
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="where to listen: 127.0.0.1 is this machine only, 0.0.0.0 the network too",
    )
    parser.add_argument("--no-demo", action="store_true", help="do not load demo orders and visits")
    arguments = parser.parse_args()
    # Ending the process, or closing its terminal, ends the desk in the same order as Ctrl-C
    # SIGINT too: a shell starts background jobs with it ignored
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return _serve(arguments)
    except (
        CannotServe,
        BusinessError,
        MailSettingsError,
        SettingsError,
        TrainingError,
        password.PasswordError,
    ) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _serve(arguments: argparse.Namespace) -> int:
    business = load_business()
    # A wrong variable is told now, not when the first ticket or booking comes
    mail_settings()
    calendar_settings(business)
    text_settings()
    public_url()
    rest_seconds()
    staff_port = _staff_port(arguments)
    ports = {
        "--port": arguments.port,
        "--actions-port": arguments.actions_port,
        "--staff-port": staff_port,
    }
    _check_numbers(ports)
    for option, port in ports.items():
        _check_free(port, option)
    password.check_environment()
    upgrade()
    if not arguments.no_demo or not business.is_demo:
        load_demo(clock.now())
    model = train()
    group = Group(model, arguments.host, arguments.port, arguments.actions_port, staff_port)
    print("Opening the desk …", flush=True)
    group.start()
    try:
        if not group.wait_until_ready(_READY_SECONDS):
            raise CannotServe(
                f"The desk did not open. Last lines of its logs:\n{group.last_words()}"
            )
        lines = [
            f"\n{business.name.get(business.default_language)}: the desk is open.",
            f"  Customers' page:  {group.page}",
            f"  Staff page:       {group.staff_page}",
            f"  Its password:     {_password_line()}",
            "  Stop with Ctrl-C.",
        ]
        print("\n".join(lines), flush=True)
        while group.is_running():
            time.sleep(0.5)
        raise CannotServe(f"The desk closed by itself:\n{group.last_words()}")
    except KeyboardInterrupt:
        _ignore_signals()
        print("\nClosing the desk …", flush=True)
        return 0
    finally:
        _ignore_signals()
        group.stop()


def _staff_port(arguments: argparse.Namespace) -> int:
    """The port of the staff page: --staff-port, STAFF_PORT, or the one after the desk's."""
    if arguments.staff_port is not None:
        return int(arguments.staff_port)
    chosen = os.environ.get("STAFF_PORT", "").strip()
    if not chosen:
        return int(arguments.port) + 1
    if not chosen.isdecimal():
        raise CannotServe(f"STAFF_PORT: '{chosen}'; expected a number from 1 to 65535.")
    return int(chosen)


def _password_line() -> str:
    """What to say of the staff's password; a new one is made now, so that it is surely seen."""
    prepared = password.prepare()
    if prepared.made:
        return f"{prepared.made}   (not shown again)"
    if prepared.from_environment:
        return "from STAFF_PASSWORD"
    return "as before; a new one: ./scripts/staff-password"


def _check_numbers(ports: dict[str, int]) -> None:
    """What is wrong with the ports whoever listens on them now; that is looked at after this."""
    taken: dict[int, str] = {}
    for option, port in ports.items():
        if not 0 < port < 65536:
            raise CannotServe(f"{option} {port}: expected a number from 1 to 65535.")
        if port in taken:
            raise CannotServe(f"{taken[port]} and {option} are both {port}; choose two.")
        taken[port] = option


def _ignore_signals() -> None:
    """From here on a second Ctrl-C must not leave anything running."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _check_free(port: int, option: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except PermissionError:
            raise CannotServe(
                f"Port {port} may not be used by this user; choose one above 1023 with {option}."
            ) from None
        except OSError as error:
            raise CannotServe(
                f"Port {port} is in use ({os.strerror(error.errno or 0)}). Is the desk open already?"
                f" Choose another one with {option}."
            ) from None


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
