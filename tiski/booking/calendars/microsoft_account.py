"""Microsoft Entra's apps: an id and a secret of ours are exchanged for a token.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx

from tiski.outside.errors import Trouble
from tiski.outside.tokens import SignedApi

API_URL = "https://graph.microsoft.com/v1.0"
SIGN_IN_URL = "https://login.microsoftonline.com"
SCOPE = "https://graph.microsoft.com/.default"  # what the app was granted
#: the permission (of the kind "application") that the desk needs
PERMISSION = "Calendars.ReadWrite"


@dataclass(frozen=True)
class MicrosoftApp:
    """An app registration.

    Attributes:
        tenant: id or domain of the organisation.
    """

    tenant: str
    client_id: str
    secret: str = field(repr=False)


def microsoft_account(
    app: MicrosoftApp, *, api_url: str = API_URL, sign_in_url: str = SIGN_IN_URL
) -> SignedApi:
    """Return the door to Microsoft Graph for all calendars that an app may use.

    Args:
        app: its registration.
        api_url: another address than Microsoft's, for tests.
        sign_in_url: likewise.
    """

    def form() -> dict[str, str]:
        return {
            "grant_type": "client_credentials",
            "client_id": app.client_id,
            "client_secret": app.secret,
            "scope": SCOPE,
        }

    token_url = f"{sign_in_url.rstrip('/')}/{quote(app.tenant, safe='')}/oauth2/v2.0/token"
    return SignedApi("microsoft", api_url, token_url=token_url, form=form, reading=_trouble)


def may_write(token: str) -> bool:
    """Whether a token was granted what writing needs; True when it does not say.

    The claim `roles` of an app's token lists its permissions. Graph's tokens need not be readable,
    so this serves to explain a refusal and for nothing else:
    https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
    """
    try:
        claims = token.split(".")[1]
        roles = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["roles"]
    except (IndexError, KeyError, TypeError, ValueError):
        return True
    return not isinstance(roles, list) or PERMISSION in roles


def _trouble(answer: httpx.Response) -> Trouble | None:
    """Tell an id that was never one of Graph's from other bad requests."""
    if answer.status_code != 400:
        return None
    try:
        code = answer.json()["error"]["code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return Trouble.NOT_FOUND if code == "ErrorInvalidIdMalformed" else None
