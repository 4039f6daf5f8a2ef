"""Real mail servers on this machine, good ones and bad ones, and a certificate for them."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tiski.desk.group import free_port

USER, PASSWORD = "desk@salon.example", "p#ss/w@rd:1"


class Mailbox:
    """A handler of aiosmtpd that keeps what it takes.

    Args:
        refused: recipients that are answered with 550.
        data_answer: the answer to the whole mail.
        silence: how long the answer to the whole mail takes, in seconds.
    """

    def __init__(
        self,
        refused: tuple[str, ...] = (),
        data_answer: str = "250 OK",
        silence: float = 0,
    ) -> None:
        self.refused, self.data_answer, self.silence = refused, data_answer, silence
        self.envelopes: list[Any] = []
        self.came = threading.Event()

    async def handle_RCPT(
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return f"550 no such mailbox here: {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:
        if self.data_answer.startswith("250"):
            self.envelopes.append(envelope)
        self.came.set()
        await asyncio.sleep(self.silence)
        return self.data_answer

    @property
    def mails(self) -> list[EmailMessage]:
        """What was taken, as a mail program reads it."""
        return [
            email.message_from_bytes(envelope.content, policy=email.policy.default)
            for envelope in self.envelopes
        ]

    @property
    def texts(self) -> list[str]:
        # Read at each connection: aiosmtpd looks at every attribute of its handler
        bodies = [mail.get_body(("plain",)) for mail in self.mails]
        return [body.get_content().replace("\r\n", "\n") for body in bodies if body]


@contextmanager
def serving(mailbox: Mailbox, port: int = 0, **options: Any) -> Iterator[int]:
    """A mail server on a port of this machine; yields the port."""
    port = port or free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def accepts(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    """An authenticator of aiosmtpd that knows one user."""
    is_right = data == LoginPassword(USER.encode(), PASSWORD.encode())
    # Not handled: aiosmtpd answers with 535
    return AuthResult(success=is_right, handled=is_right)


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and says nothing, for as long as the test runs; yields the port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(20)
        yield int(listener.getsockname()[1])


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for localhost that signs itself, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(timezone.utc)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    key_file, cert_file = folder / "key.pem", folder / "cert.pem"
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    cert_file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert_file, key_file)
    return cert_file, context
