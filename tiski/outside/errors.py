"""The few ways in which another system can fail.

Whatever a vendor answers becomes one of the codes of `Trouble`. Each has words in both languages
(`words_trouble_…` in data/words/outside.yml). Neither a code nor an error holds anything that the
vendor said, an address with a password or a customer's data: they may be logged.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum


class Trouble(str, Enum):
    """What is wrong; the value is how it is stored and logged."""

    #: the user name, password, key or token is not taken, or lacks a right
    INVALID_CREDENTIALS = "invalid_credentials"
    #: no answer in time, no connection, or a gateway says that the system is down
    CANNOT_CONNECT = "cannot_connect"
    #: asked too often; `OutsideError.retry_after` says how long to leave it alone, where it is known
    RATE_LIMITED = "rate_limited"
    #: the calendar, event, order, … is not there
    NOT_FOUND = "not_found"
    #: it was understood and not done
    REFUSED = "refused"
    #: an answer that nobody can make sense of
    UNKNOWN = "unknown"

    @property
    def may_pass(self) -> bool:
        """Whether trying again later may help without anybody's doing."""
        return self in (Trouble.CANNOT_CONNECT, Trouble.RATE_LIMITED, Trouble.UNKNOWN)


class OutsideError(Exception):
    """Another system did not do what it was asked.

    Attributes:
        system: which one, e.g. "caldav".
        trouble: what is wrong.
        retry_after: how long it wants to be left alone, or None.
        status: the answer's HTTP status, or None when there was no whole answer.
        reached: False when the request surely did not arrive, so that nothing was done there.
    """

    def __init__(
        self,
        system: str,
        trouble: Trouble,
        *,
        retry_after: timedelta | None = None,
        status: int | None = None,
        reached: bool = True,
    ) -> None:
        super().__init__(f"{system}: {trouble.value}" + (f" ({status})" if status else ""))
        self.system = system
        self.trouble = trouble
        self.retry_after = retry_after
        self.status = status
        self.reached = reached


class SettingsError(Exception):
    """A variable of the environment is wrong; the text names it and what was expected.

    Never its value where that may hold a password: errors are printed and logged.
    """
