"""How often a password may be tried: ten wrong ones lock an address, many slow everybody down."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

MOST_WRONG = 10
LOCKED_SECONDS = 15 * 60
# So many tries of all addresses within LOCKED_SECONDS look like a machine that guesses
SLOW_FROM = 30
SLOW_SECONDS = 2.0
_MOST_ADDRESSES = 10_000


@dataclass
class _Address:
    tries: int = 0
    last: float = 0.0


class Tries:
    """Counts tries in memory; a restart of the page forgets them.

    A try is counted before it is looked at, so that many at once do not slip through.

    Args:
        clock: seconds, as time.monotonic.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._addresses: OrderedDict[str, _Address] = OrderedDict()
        self._all: deque[float] = deque(maxlen=SLOW_FROM)

    def minutes_locked(self, address: str) -> int:
        """For how many minutes, rounded up, this address may not try; 0 when it may."""
        known = self._known(address)
        if known is None or known.tries < MOST_WRONG:
            return 0
        return math.ceil((known.last + LOCKED_SECONDS - self._clock()) / 60)

    def begin(self, address: str) -> float:
        """Count a try; returns the seconds that it must wait before it is looked at."""
        now = self._clock()
        known = self._known(address) or _Address()
        known.tries += 1
        known.last = now
        key = _network(address)
        self._addresses[key] = known
        self._addresses.move_to_end(key)
        if len(self._addresses) > _MOST_ADDRESSES:
            self._addresses.popitem(last=False)
        is_many = len(self._all) == SLOW_FROM and now - self._all[0] < LOCKED_SECONDS
        self._all.append(now)
        return SLOW_SECONDS if is_many else 0.0

    def was_right(self, address: str) -> None:
        """The last try was right: what this address tried before is forgotten."""
        self._addresses.pop(_network(address), None)

    def forget_all(self) -> None:
        """There is another password: who was locked may try it."""
        self._addresses.clear()
        self._all.clear()

    def _known(self, address: str) -> _Address | None:
        key = _network(address)
        known = self._addresses.get(key)
        if known is not None and self._clock() - known.last >= LOCKED_SECONDS:
            del self._addresses[key]
            return None
        return known


def _network(address: str) -> str:
    """An IPv6 customer has a whole /64 to try from: that counts as one address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False))
