"""Ports of this machine for servers of tests that stop, and start again where they were."""

import socket
from contextlib import suppress
from random import SystemRandom

OWN = range(10_240, 32_000)
"""Below those that systems give out by themselves: what another test is given in the meantime is never one of these."""


def free_port() -> int:
    """A port that nobody listens on now."""
    while True:
        port = SystemRandom().choice(OWN)
        with suppress(OSError), socket.socket() as one:
            one.bind(("127.0.0.1", port))
            return port
