"""Twilio's API on this machine, as its documentation says: for unit tests and the connected desk.

The shapes are those of https://www.twilio.com/docs/messaging/api/message-resource (201 and the
message), https://www.twilio.com/docs/iam/api/account (the account) and
https://www.twilio.com/docs/usage/twilios-response (errors: code, message, more_info, status); the
codes are from https://www.twilio.com/docs/api/errors.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

ACCOUNT, TOKEN = "AC" + "0" * 32, "token-of-the-test"
SENDER = "+358455550000"


class FakeTwilio:
    """Takes messages, or answers with what a test has put into `answer`: status, content, headers.

    Attributes:
        came: what was sent, taken or not: path, form and proof of each.
        taken: the forms of the messages that were taken.
        quiet_until: on time.monotonic's clock, when it may be asked again after "too many".
    """

    def __init__(self) -> None:
        self.came: list[tuple[str, dict[str, list[str]], str]] = []
        self.taken: list[dict[str, list[str]]] = []
        self.answer: tuple[int, Any, dict[str, str]] | None = None
        self.quiet_until = 0.0
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                form = parse_qs(self.rfile.read(length).decode(), strict_parsing=True)
                self._note(form)
                if fake.answer is None:
                    fake.taken.append(form)
                self._give(*(fake.answer or (201, fake.message(form), {})))

            def do_GET(self) -> None:
                self._note({})
                account = {"sid": ACCOUNT, "friendly_name": "Salon", "status": "active"}
                self._give(*(fake.answer or (200, account, {})))

            def _note(self, form: dict[str, list[str]]) -> None:
                fake.came.append((self.path, form, self.headers["Authorization"]))

            def _give(self, status: int, content: Any, headers: dict[str, str]) -> None:
                body = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                if "Retry-After" in headers:
                    fake.quiet_until = time.monotonic() + int(headers["Retry-After"])

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    @staticmethod
    def message(form: dict[str, list[str]]) -> dict[str, Any]:
        """What Twilio answers with 201."""
        return {
            "account_sid": ACCOUNT,
            "api_version": "2010-04-01",
            "body": form["Body"][0],
            "date_created": "Mon, 23 Nov 2026 08:00:00 +0000",
            "date_sent": None,
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": form.get("From", [None])[0],
            "messaging_service_sid": form.get("MessagingServiceSid", [None])[0],
            "num_segments": "1",
            "sid": "SM" + "2" * 32,
            "status": "queued",
            "to": form["To"][0],
            "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/SM{'2' * 32}.json",
        }

    def fails(self, status: int, code: int, **headers: str) -> None:
        """Answer with an error."""
        content = {
            "code": code,
            "message": f"The 'To' number {SENDER} is not what was hoped for.",
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }
        self.answer = (status, content, headers)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


@contextmanager
def answering() -> Iterator[FakeTwilio]:
    """Have one, and stop it at the end."""
    server = FakeTwilio()
    try:
        yield server
    finally:
        server.close()
