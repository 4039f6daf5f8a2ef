"""`python -m tiski.console`: serve the staff page, alone or as one of the desk's processes."""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys

from tiski.business import BusinessError, load_business
from tiski.console.app import create_app
from tiski.db.migrate import upgrade


def main() -> int:
    """The command line; ./scripts/serve calls it with the address and the port."""
    parser = argparse.ArgumentParser(prog="python -m tiski.console", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (127.0.0.1)")
    parser.add_argument(
        "--port",
        type=int,
        default=int(os.environ.get("STAFF_PORT") or 5006),
        help="of the staff page (STAFF_PORT, or 5006)",
    )
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    try:
        load_business()
        listening = socket.create_server((arguments.host, arguments.port))
    except BusinessError as error:
        print(error, file=sys.stderr)
        return 1
    except (OSError, OverflowError) as error:
        print(f"Port {arguments.port} cannot be used: {error}", file=sys.stderr)
        return 1
    upgrade()
    # No access log: addresses of the staff and codes of tickets are nobody's business
    create_app().run(sock=listening, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
