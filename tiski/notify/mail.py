"""Hands one mail to the mail server, and knows whether the server has it.

smtplib says the same of a server that never answered and of one that took the mail and then fell
silent. The first may be tried again; the second may not, or the owner gets it twice.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from tiski.notify.settings import MailSettings, Security

# For each answer of the server
TIMEOUT_SECONDS = 3.0
# Once it has all of the mail, a server may look at it for longer before it says that it took it
_LAST_TIMEOUT_SECONDS = 20.0


class NotSent(Exception):
    """The server does not have the mail; it may be tried again.

    Args:
        is_down: the server cannot be used at all, so other mails need not be tried now.
        code: the server's answer, e.g. 550. Its text is not kept: it may repeat addresses.
    """

    def __init__(self, why: str, *, is_down: bool, code: int | None = None) -> None:
        super().__init__(f"{why} ({code})" if code else why)
        self.is_down = is_down
        self.code = code


class PerhapsSent(Exception):
    """The server has all of the mail and did not say whether it took it: do not try again."""


class _Smtp(smtplib.SMTP):
    """Unencrypted, or encrypted from STARTTLS on. Notes when the server has the whole mail."""

    has_all = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, answer = self.docmd("data")
        if code != 354:
            raise smtplib.SMTPDataError(code, answer)
        content = msg.encode("ascii") if isinstance(msg, str) else msg
        # a line that begins with a point would end the mail
        content = re.sub(rb"(?m)^\.", b"..", content)
        if not content.endswith(b"\r\n"):
            content += b"\r\n"
        self.send(content + b".\r\n")
        self.has_all = True
        if self.sock is not None:
            self.sock.settimeout(_LAST_TIMEOUT_SECONDS)
        return self.getreply()


class _SmtpTls(_Smtp, smtplib.SMTP_SSL):
    """Encrypted from the first byte."""


def send(
    settings: MailSettings, message: EmailMessage, recipients: Sequence[str], *, sender: str
) -> int:
    """Send a mail; blocks for some seconds at most where the server is slow.

    Returns:
        How many of the recipients the server refused (fewer than all).

    Raises:
        NotSent: see there.
        PerhapsSent: see there.
    """
    content = message.as_bytes(policy=SMTP.clone(cte_type="7bit"))
    server: _Smtp | _SmtpTls | None = None
    try:
        server = _connect(settings)
        _sign_in(server, settings)
        refused = server.sendmail(sender, list(recipients), content)
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as error:
        raise NotSent(type(error).__name__, is_down=False, code=_code(error)) from None
    except smtplib.SMTPDataError as error:
        raise NotSent("SMTPDataError", is_down=False, code=error.smtp_code) from None
    except UnicodeError:  # an address with letters that this server does not take
        raise NotSent("UnicodeError", is_down=False) from None
    except (OSError, smtplib.SMTPException) as error:  # SSL's and time-outs are OSErrors
        if server is not None and server.has_all:
            raise PerhapsSent(type(error).__name__) from None
        raise NotSent(type(error).__name__, is_down=True, code=_code(error)) from None
    finally:
        if server is not None:
            server.close()
    return len(refused)


def check(settings: MailSettings) -> None:
    """Connect and sign in, and send nothing.

    Raises:
        NotSent: that was not possible.
    """
    server: _Smtp | _SmtpTls | None = None
    try:
        server = _connect(settings)
        server.ehlo_or_helo_if_needed()
        _sign_in(server, settings)
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(type(error).__name__, is_down=True, code=_code(error)) from None
    finally:
        if server is not None:
            server.close()


def _connect(settings: MailSettings) -> _Smtp | _SmtpTls:
    context = ssl.create_default_context()
    if settings.security is Security.TLS:
        return _SmtpTls(settings.host, settings.port, timeout=TIMEOUT_SECONDS, context=context)
    server = _Smtp(settings.host, settings.port, timeout=TIMEOUT_SECONDS)
    if settings.security is Security.STARTTLS:
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _sign_in(server: smtplib.SMTP, settings: MailSettings) -> None:
    if settings.user and settings.password:
        try:
            server.login(settings.user, settings.password)
        except UnicodeError:  # smtplib can send no other letters, nor do servers expect them
            raise smtplib.SMTPAuthenticationError(535, b"") from None


def _code(error: Exception) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _ in error.recipients.values()), None)
    return getattr(error, "smtp_code", None)
