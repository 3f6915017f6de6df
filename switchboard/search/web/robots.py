"""What the sites ask of programs that read them (robots.txt, RFC 9309), asked once for each site and run."""

import re
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
MOST_SITES = 200
MOST_LINES = 10_000
"""A file with more of them forbids all, as one with more bytes does."""
AGENT_LINE = re.compile(r"user(?:-|\s+)?agent(?:\s*:|\s)\s*([^#\s]*)", re.IGNORECASE)
"""In all the ways of writing it that the parser takes; what stands behind the first word is no name of a program."""
NAME = re.compile(r"[a-z_-]*")
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
    lines = answer.body.decode("utf-8-sig", "replace").splitlines() if 200 <= answer.status < 300 else []
    return "\n".join(map(_of_three, lines)) if len(lines) <= MOST_LINES else FORBIDS_ALL


def _of_three(line: str) -> str:
    """A line, and where it names a program, all, us, or in the place of any other one always the same: the parser copies each
    rule for each of those that it is for.
    """
    found = AGENT_LINE.match(line.strip())
    if found is None:
        return line
    name = NAME.match(found[1].lower().replace("*", ""))
    return f"User-agent: {'*' if found[1] == '*' else AGENT if name and name[0] == AGENT else 'another'}"
