"""Runs the clockwork until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

from tiski.business import BusinessError, load_business
from tiski.notify.settings import MailSettingsError
from tiski.outside.errors import SettingsError
from tiski.worker.clockwork import Clockwork


async def _run() -> None:
    clockwork = Clockwork(load_business())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, clockwork.stop)
    await clockwork.run()


def main() -> int:
    """The command line; takes no options."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)-7s %(name)s  %(message)s"
    )
    try:
        asyncio.run(_run())
    except (BusinessError, SettingsError, MailSettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
