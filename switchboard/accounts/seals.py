"""Seals: who edits a row in the database cannot make one that fits, since the key is not there.

The key goes with the engine, so what writes rows need not be given it. Without a key nothing is sealed, and all fits.
"""

import hmac
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from switchboard.accounts.audit import canonical
from switchboard.errors import OperatorError

OPTION, TROUBLE = "switchboard_seal_key", "switchboard_seal_trouble"
NOT_SEALED = (
    "Nothing is sealed: who edits a call in the database, or an answer to it, could have it paid. "
    "Set SWITCHBOARD_SEAL_KEY, the same for all processes, and run `switchboard seal --all` once."
)
BROKEN = ""
"""The seal of what was made from a row whose own did not fit: it fits never."""


def use_key(engine: Engine, key: bytes) -> None:
    """Have rows that are written through an engine sealed, and what does not fit told."""
    engine.update_execution_options(**{OPTION: key})


def seal_nothing(engine: Engine, trouble: str) -> None:
    """Have nothing written through an engine that would be sealed, as the key is not that of the rows; "" lets it be again."""
    engine.update_execution_options(**{TROUBLE: trouble})


def check_key(asked: Session | Connection | Engine) -> None:
    """Raises OperatorError where the key at hand is not that of the rows: what is written then would look edited."""
    if trouble := _options(asked).get(TROUBLE):
        raise OperatorError(trouble)


def is_sealed(engine: Engine) -> bool:
    """Whether there is a key."""
    return bool(engine.get_execution_options().get(OPTION))


def seal(asked: Session | Connection | Engine, *parts: Any) -> str | None:
    """The seal of what a row holds; None without a key. Raises OperatorError as `check_key` does."""
    check_key(asked)
    return _made(asked, parts)


def fits(asked: Session | Connection | Engine, found: str | None, *parts: Any) -> bool:
    """Whether a row holds what it was sealed with."""
    made = _made(asked, parts)
    return made is None or hmac.compare_digest(made, found or BROKEN)


def _made(asked: Session | Connection | Engine, parts: tuple[Any, ...]) -> str | None:
    key = _options(asked).get(OPTION)
    return hmac.new(key, canonical(parts).encode(), "sha256").hexdigest() if key else None


def _options(asked: Session | Connection | Engine) -> Mapping[str, Any]:
    return (asked.get_bind() if isinstance(asked, Session) else asked).get_execution_options()
