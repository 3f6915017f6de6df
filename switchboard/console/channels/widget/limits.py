"""How much visitors may ask of one process: each of them, and all who come from one address."""

import ipaddress
import math
from collections import deque
from collections.abc import Collection
from time import monotonic

from starlette.requests import Request

from switchboard.console.web.who import address_of

OF_ONE_OWNER = 56
"""Bits of an IPv6 address that say whose it is: providers give a house as many networks as the other bits count."""
MOST_KEPT = 50_000
"""Of how many it is remembered when they asked."""


class Pace:
    """So many times within so many seconds, for each name."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds, self._times = most, seconds, dict[str, deque[float]]()

    def wait(self, name: str) -> int:
        """Count a time, and return 0; or the seconds after which there may be another, and count none."""
        now = monotonic()
        times = self._times.setdefault(name, deque())
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(times) >= self._most:
            return max(1, math.ceil(times[0] + self._seconds - now))
        times.append(now)
        if len(self._times) > MOST_KEPT:
            fresh = {one: kept for one, kept in self._times.items() if kept and kept[-1] > now - self._seconds}
            self._times = dict(list(fresh.items())[-MOST_KEPT // 2 :])
        return 0


def address(request: Request, proxies: Collection[str]) -> str:
    """Whose a request counts as: the address that it comes from; of IPv6 the network."""
    said = address_of(request, proxies)
    try:
        found = ipaddress.ip_address(said)
    except ValueError:
        return said
    return str(found if found.version == 4 else ipaddress.ip_network((found, OF_ONE_OWNER), strict=False))
