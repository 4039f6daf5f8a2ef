"""Text messages to customers (SMS): one protocol, and Twilio behind it.

Twilio's contract is its documentation: the message resource
(https://www.twilio.com/docs/messaging/api/message-resource) and the error codes
(https://www.twilio.com/docs/api/errors). Twilio gives a request no key of its own by which it
would know a repeated one, so nothing is sent twice here: whoever calls decides what an answer that
never came means.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from tiski.outside.door import Door
from tiski.outside.errors import OutsideError, SettingsError, Trouble

SYSTEM = "twilio"
USUAL_API = "https://api.twilio.com"

_ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
_SERVICE = re.compile(r"MG[0-9a-f]{32}")
# A number, or up to eleven letters and digits with at least one letter
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &+_-]{1,11}")
# The token goes along with each message: encrypted, or no further than this machine
_API = re.compile(
    r"(https://[A-Za-z0-9.-]+(:\d{1,5})?|http://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?)/?"
)

# What the status alone does not tell. Codes change; those that are not here go by the status.
_TROUBLES = {
    20003: Trouble.INVALID_CREDENTIALS,  # authentication error
    20429: Trouble.RATE_LIMITED,  # too many requests
    21211: Trouble.REFUSED,  # the number is none
    21408: Trouble.REFUSED,  # no permission for that country
    21610: Trouble.REFUSED,  # the customer has answered STOP
    21614: Trouble.REFUSED,  # no mobile number
}
# Sent with 200 and more, and yet not on its way
_NOT_SENT = ("failed", "undelivered", "canceled")


class Texts(Protocol):
    """Whoever sends text messages."""

    async def send(self, to: str, text: str) -> str:
        """Hand over one message, and return the id that it has there.

        Args:
            to: in E.164.
            text: at most 1,600 characters.

        Raises:
            OutsideError: it was not taken. With `reached` and CANNOT_CONNECT or UNKNOWN it may
                have been: sending it again may send it twice.
        """
        ...

    async def check(self) -> str:
        """Return the account's name, as a sign that it lets us in; nothing is sent.

        Raises:
            OutsideError: it does not.
        """
        ...

    async def close(self) -> None:
        """Close its connections."""
        ...


def open_texts() -> Texts | None:
    """Open the door to whoever sends text messages; None when they are not set up.

    Raises:
        SettingsError: a variable is missing or wrong.
    """
    settings = text_settings()
    return Twilio(settings) if settings else None


@dataclass(frozen=True)
class TextSettings:
    """Who sends, and where to.

    Attributes:
        account: its SID.
        token: of the account, in the region of `api`.
        sender: a number, a name, or the id of a messaging service.
        api: an address without a slash at its end.
    """

    account: str
    token: str = field(repr=False)
    sender: str
    api: str = USUAL_API


def text_settings() -> TextSettings | None:
    """Read TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, SMS_FROM and TWILIO_API_URL; None without them.

    Raises:
        SettingsError: one is missing or wrong.
    """
    names = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "SMS_FROM")
    account, token, sender = ((os.environ.get(name) or "").strip() for name in names)
    api = (os.environ.get("TWILIO_API_URL") or "").strip()
    if not (account or token or sender or api):
        return None
    for name, value in zip(names, (account, token, sender), strict=True):
        if not value:
            raise SettingsError(f"{name}: not set; text messages need {', '.join(names)}")
    if not _ACCOUNT.fullmatch(account):
        raise SettingsError("TWILIO_ACCOUNT_SID: expected AC and 32 digits and letters a to f")
    if re.search(r"[\s\x00-\x1f]", token):
        raise SettingsError("TWILIO_AUTH_TOKEN: expected a token without spaces")
    if not any(shape.fullmatch(sender) for shape in (_NUMBER, _NAME, _SERVICE)):
        raise SettingsError(
            "SMS_FROM: expected a number such as +358401234567, a name of at most 11 letters and"
            " digits, or the id of a messaging service (MG…)"
        )
    return TextSettings(account, token, sender, _api(api) if api else USUAL_API)


def _api(written: str) -> str:
    """Read the address of Twilio's API: of another region, where the account's data is to stay."""
    if not _API.fullmatch(written):
        shown = "" if "@" in written else f"{written!r}; "  # before an @ a password may stand
        raise SettingsError(
            f"TWILIO_API_URL: {shown}expected https:// and a host, without a path, such as"
            " https://api.dublin.ie1.twilio.com (http:// for this machine only)"
        )
    return written.rstrip("/")


class Twilio:
    """Twilio's account of the business."""

    def __init__(self, settings: TextSettings) -> None:
        account = f"{settings.api}/2010-04-01/Accounts/{settings.account}"
        self._url, self._account_url = f"{account}/Messages.json", f"{account}.json"
        is_service = _SERVICE.fullmatch(settings.sender)
        self._from = {"MessagingServiceSid" if is_service else "From": settings.sender}
        self._door = Door(SYSTEM, auth=(settings.account, settings.token), reading=_reading)

    async def send(self, to: str, text: str) -> str:
        """See `Texts.send`."""
        answer = await self._door.call(
            "POST", self._url, data={**self._from, "To": to, "Body": text}
        )
        try:
            content = answer.json()
            sid, status = content["sid"], content["status"]
        except (ValueError, KeyError, TypeError):
            raise OutsideError(SYSTEM, Trouble.UNKNOWN, status=answer.status_code) from None
        if not isinstance(sid, str) or not sid:
            raise OutsideError(SYSTEM, Trouble.UNKNOWN, status=answer.status_code)
        if status in _NOT_SENT or content.get("error_code"):
            raise OutsideError(SYSTEM, Trouble.REFUSED, status=answer.status_code)
        return sid

    async def check(self) -> str:
        """See `Texts.check` (https://www.twilio.com/docs/iam/api/account)."""
        answer = await self._door.call("GET", self._account_url)
        try:
            name = answer.json()["friendly_name"]
        except (ValueError, KeyError, TypeError):
            raise OutsideError(SYSTEM, Trouble.UNKNOWN, status=answer.status_code) from None
        return str(name)

    async def close(self) -> None:
        """Close its connections."""
        await self._door.close()


def _reading(answer: httpx.Response) -> Trouble | None:
    try:
        return _TROUBLES.get(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return None
