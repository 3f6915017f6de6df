"""What the sites ask of programs that read them (robots.txt, RFC 9309), asked once for each site and run."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from switchboard.search.web.urls import Target
from switchboard.toolsets.openapi.connection import Answer

if TYPE_CHECKING:
    from protego import Protego

AGENT = "switchboard"
"""What requests say they are from, and what a site calls us in its robots.txt."""
MOST_BYTES = 512_000
"""Of a robots.txt; RFC 9309 has at least 500 kibibytes read."""
MOST_SITES = 500
FORBIDS_ALL = "User-agent: *\nDisallow: /"


class Robots:
    """`get` gives a site's robots.txt, also past redirects, or None where nothing came."""

    def __init__(self, get: Callable[[Target, float], Answer | None]) -> None:
        self._get, self._lock = get, threading.Lock()
        self._known: OrderedDict[tuple[str, str], Protego] = OrderedDict()

    def allow(self, run: str, target: Target, until: float) -> bool:
        from protego import Protego  # of the extra `web`

        key = run, target.origin
        with self._lock:
            rules = self._known.get(key)
        if rules is None:
            rules = Protego.parse(_text(self._get(target, until)))
            with self._lock:
                self._known[key] = rules
                while len(self._known) > MOST_SITES:
                    self._known.popitem(last=False)
        return bool(rules.can_fetch(target.url, AGENT))


def _text(answer: Answer | None) -> str:
    """What a site forbids: nothing where it has no such file, and all where it cannot be asked (RFC 9309, 2.3.1)."""
    if answer is None or answer.status >= 500 or answer.status == 429:
        return FORBIDS_ALL
    return answer.body.decode("utf-8", "replace") if 200 <= answer.status < 300 else ""
