"""Google's service accounts: a key of ours signs a request, and a token is given for it.

https://developers.google.com/identity/protocols/oauth2/service-account#httprest
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tiski import clock
from tiski.outside.errors import Trouble
from tiski.outside.tokens import SignedApi

API_URL = "https://www.googleapis.com/calendar/v3"
TOKEN_URL = "https://oauth2.googleapis.com/token"
#: read and write events, and nothing else: neither sharing nor the calendars themselves
SCOPE = "https://www.googleapis.com/auth/calendar.events"

_LASTS = timedelta(hours=1)  # Google takes no longer
_BEHIND = timedelta(seconds=30)  # a clock of ours that is ahead would sign in the future

# https://developers.google.com/workspace/calendar/api/guides/errors
_TOO_OFTEN = {
    "rateLimitExceeded",
    "userRateLimitExceeded",
    "quotaExceeded",
    "dailyLimitExceeded",
}
_NOT_DONE = {"forbiddenForNonOrganizer"}


@dataclass(frozen=True)
class GoogleKey:
    """The key of a service account.

    Attributes:
        email: the account's name; calendars are shared with it.
    """

    email: str
    key_id: str
    key: RSAPrivateKey = field(repr=False)


def google_key(text: str) -> GoogleKey:
    """Read the JSON file that Google gives for a service account.

    Raises:
        ValueError: it is something else.
    """
    content = json.loads(text)
    if not isinstance(content, dict) or content.get("type") != "service_account":
        raise ValueError("not the key of a service account")
    email, key_id, pem = (content.get(k) for k in ("client_email", "private_key_id", "private_key"))
    if not (isinstance(email, str) and isinstance(key_id, str) and isinstance(pem, str)):
        raise ValueError("something is missing")
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: it has a password
        raise ValueError("the key cannot be read") from None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the key is of another kind")
    return GoogleKey(email, key_id, key)


def google_account(
    key: GoogleKey, *, api_url: str = API_URL, token_url: str = TOKEN_URL
) -> SignedApi:
    """Return the door to the Calendar API for all calendars that are shared with an account.

    Args:
        key: of the account.
        api_url: another address than Google's, for tests.
        token_url: likewise.
    """

    def form() -> dict[str, str]:
        signed_at = clock.now() - _BEHIND
        claims = {
            "iss": key.email,
            "scope": SCOPE,
            "aud": token_url,
            "iat": int(signed_at.timestamp()),
            "exp": int((signed_at + _LASTS).timestamp()),
        }
        assertion = jwt.encode(claims, key.key, algorithm="RS256", headers={"kid": key.key_id})
        return {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": assertion,
        }

    return SignedApi("google", api_url, token_url=token_url, form=form, reading=_trouble)


def _trouble(answer: httpx.Response) -> Trouble | None:
    """Tell the many meanings of Google's 403 apart."""
    if answer.status_code != 403:
        return None
    try:
        reasons = {error.get("reason") for error in answer.json()["error"]["errors"]}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if reasons & _TOO_OFTEN:
        return Trouble.RATE_LIMITED
    return Trouble.REFUSED if reasons & _NOT_DONE else None
