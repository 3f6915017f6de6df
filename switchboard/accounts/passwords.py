"""Passwords, of which argon2 keeps a hash, and tokens, of which SHA-256 is enough: they are too long to be guessed."""

import secrets
import threading
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from switchboard.errors import OperatorError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST, MOST = 10, 1000
"""Characters of a password. Neither kinds of characters nor a change now and then are asked for (NIST SP 800-63B)."""
BY_PROVIDER = "oidc:"
"""What stands in place of a password where a provider says who somebody is; whom it means follows, once that is known."""
AT_ONCE = threading.BoundedSemaphore(4)
"""A hash takes 64 MiB for a tenth of a second: many who try at once stand in line."""


def hashed(password: str) -> str:
    """A password as it is kept. Raises OperatorError where it is too short or too long, or argon2 is not installed."""
    if not LEAST <= len(password) <= MOST:
        raise OperatorError(f"A password has {LEAST} to {MOST} characters; this one has {len(password)}. Nothing was kept.")
    with AT_ONCE:
        return _hasher().hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether a password is the one that is kept. Without one it takes as long, so that nobody learns who has an account."""
    from argon2.exceptions import InvalidHashError, VerificationError

    hasher = _hasher()
    kept = None if kept and kept.startswith(BY_PROVIDER) else kept
    with AT_ONCE:
        try:
            return hasher.verify(kept or _nobodys(), password[: MOST + 1]) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether today's argon2 would make the hash another way, as a newer one asks for more work."""
    return _hasher().check_needs_rehash(kept)


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """A token as it is kept."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def known_to_provider(issuer: str, subject: str) -> str:
    """What stands in place of a password for whom a provider knows by this name of its own, which it gives nobody else."""
    return BY_PROVIDER + sha256(f"{issuer}\n{subject}".encode()).hexdigest()


@cache
def _hasher() -> "PasswordHasher":
    try:
        from argon2 import PasswordHasher
    except ImportError:
        raise OperatorError("Accounts need argon2: pip install 'switchboard-desk[serve]'") from None
    return PasswordHasher()


@cache
def _nobodys() -> str:
    return _hasher().hash(new_token())
