"""Who is at a page: until there are accounts, on this machine alone, whoever sits here, as the terminal takes them."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, get_args

from starlette.requests import Request

from switchboard.console.app import Workplace

Role = Literal["viewer", "operator", "lead", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""Each may what those before it may."""


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in, or who sits at this machine."""

    name: str
    role: Role

    def may(self, least: Role) -> bool:
        """Whether what asks for a role is open to this person."""
        return ROLES.index(self.role) >= ROLES.index(least)


def any_accounts(place: Workplace) -> bool:
    """Whether somebody can sign in."""
    return False


def whose(place: Workplace, request: Request) -> Person | None:
    """The person who asks for a page."""
    return Person(place.called(""), "admin")


def is_this_machine(host: str) -> bool:
    """Whether an address to listen on is reached from this machine alone."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
