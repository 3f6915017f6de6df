"""What the people of a desk may do: roles, each of which may what those before it may, and the scopes of API tokens."""

from typing import Literal, get_args

Role = Literal["viewer", "operator", "lead", "admin"]
Scope = Literal["cases:read", "cases:write", "approvals:decide", "stats:read", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
SCOPES: tuple[Scope, ...] = get_args(Scope)
NEEDED: dict[Scope, Role] = {
    "cases:read": "viewer",
    "cases:write": "operator",
    "approvals:decide": "operator",
    "stats:read": "viewer",
    "admin": "admin",
}
"""The role without which a scope gives nothing: a token may never more than whom it belongs to."""


def may(role: Role, needed: Role) -> bool:
    """Whether who has a role may do what needs another."""
    return ROLES.index(role) >= ROLES.index(needed)
