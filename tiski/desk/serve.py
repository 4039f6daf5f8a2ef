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
from tiski.business import BusinessError, load_business
from tiski.db.demo import load_demo
from tiski.db.migrate import upgrade
from tiski.desk.group import Group
from tiski.desk.training import TrainingError, train

_READY_SECONDS = 180


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
    except (CannotServe, BusinessError, TrainingError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _serve(arguments: argparse.Namespace) -> int:
    business = load_business()
    for port, option in ((arguments.port, "--port"), (arguments.actions_port, "--actions-port")):
        _check_port(port, option)
    if arguments.port == arguments.actions_port:
        raise CannotServe(f"--port and --actions-port are both {arguments.port}; choose two.")
    upgrade()
    if not arguments.no_demo or not business.is_demo:
        load_demo(clock.now())
    model = train()
    group = Group(model, arguments.host, arguments.port, arguments.actions_port)
    print("Opening the desk …", flush=True)
    group.start()
    try:
        if not group.wait_until_ready(_READY_SECONDS):
            raise CannotServe(
                f"The desk did not open. Last lines of its logs:\n{group.last_words()}"
            )
        print(f"\n{business.name.get(business.default_language)}: the desk is open.")
        print(f"  Customers' page:  {group.page}")
        print("  Stop with Ctrl-C.", flush=True)
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


def _ignore_signals() -> None:
    """From here on a second Ctrl-C must not leave anything running."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _check_port(port: int, option: str) -> None:
    if not 0 < port < 65536:
        raise CannotServe(f"{option} {port}: expected a number from 1 to 65535.")
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
